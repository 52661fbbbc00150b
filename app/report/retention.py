"""Retention: the share of each cohort that is active in each later week."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, LinearColorMapper
from bokeh.palettes import Cividis256

from shequn.app.report.drawing import Clock, Key, add_legend, colour_bar, hover, new_chart
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours
from shequn.sim.results.retention import GROUPS, cohort_groups, retention_column, retention_percent

_MAX_ROWS, _MAX_COLUMNS = 60, 60  # of the map; more cohorts or weeks are merged


def section(results: ResultFolder, clock: Clock) -> Section:
    """The section on retention by cohort."""
    cohorts = results.table("cohorts")
    title = _("Retention: who keeps coming?")
    if not len(cohorts):
        return Section(
            "retention", title, [Text([_("The run is too short for a cohort: two weeks at least.")])]
        )
    column = retention_column(cohorts)
    groups = _group_lines(cohorts, clock)
    parts: list[Text | Chart] = [
        _curves_chart(groups, column) if groups else Text([_("No cohort can be followed for a week.")])
    ]
    if (~cohorts["founder"]).any():
        parts.append(_cohort_map(cohorts, column, clock))
    return Section("retention", title, list(parts))


def _measure(column: str) -> str:
    return _("seen in that week, %") if column == "active" else _("still members after that week, %")


class _GroupLine(NamedTuple):
    """People who joined in one period; one line of the chart."""

    name: str
    shade: str
    rows: pd.DataFrame  # of the table ``cohorts``


def _group_lines(cohorts: pd.DataFrame, clock: Clock) -> list[_GroupLine]:
    """Up to five groups of newcomers by time of joining, and the founders."""
    groups = []
    for group in cohort_groups(cohorts):
        name = (
            f"{clock.date(group.first_day)} – {clock.date(group.last_day)}"
            if clock.has_dates
            else _("days {first} to {last}").format(first=group.first_day, last=group.last_day)
        )
        shade = Cividis256[min(group.number * 240 // GROUPS, 255)]
        groups.append(_GroupLine(name, shade, group.rows))
    if cohorts["founder"].any():
        groups.append(_GroupLine(_("founders"), colours.VERMILION, cohorts[cohorts["founder"]]))
    return groups


def _curves_chart(groups: list[_GroupLine], column: str) -> Chart:
    chart = new_chart(320, x_axis_label=_("weeks since joining"))
    chart.yaxis.axis_label = _measure(column)
    keys, tables, lines = [], [], []
    for name, shade, rows in groups:
        by_run = retention_percent(rows, column, ["run", "week"]).pivot(
            index="week", columns="run", values="share"
        )
        part = pd.DataFrame(
            {
                "joined": name,
                "week": by_run.index,
                "median": by_run.median(axis=1).to_numpy().round(2),
                "low": by_run.min(axis=1).to_numpy().round(2),
                "high": by_run.max(axis=1).to_numpy().round(2),
            }
        )
        source = ColumnDataSource({key: part[key].to_list() for key in part.columns})
        chart.varea("week", "low", "high", source=source, fill_color=shade, fill_alpha=0.12)
        line = chart.line("week", "median", source=source, line_color=shade, line_width=2.2)
        keys.append(Key(name, shade, "line"))
        lines.append(line)
        tables.append(part)
    chart.y_range.start, chart.y_range.end = 0, 105
    add_legend(chart, keys)
    chart.x_range.start = 0
    tips = [
        (_("joined"), "@joined"),
        (_("weeks since joining"), "@week"),
        (_measure(column), "@median{0.0} (@low{0.0} – @high{0.0})"),
    ]
    hover(chart, tips, lines)
    title = _("Retention by time of joining")
    caption = _(
        "Each line shows the people who joined in one period, the darkest being the earliest; the "
        "week of joining is week 0."
    )
    return Chart(title, chart, caption, Table("retention", title, pd.concat(tables, ignore_index=True)))


def _cohort_map(cohorts: pd.DataFrame, column: str, clock: Clock) -> Chart:
    rows = cohorts[~cohorts["founder"]]
    row_weeks = int(rows["cohort"].max()) // _MAX_ROWS + 1
    column_weeks = int(rows["week"].max()) // _MAX_COLUMNS + 1
    rows = rows.assign(
        row=rows["cohort"] // row_weeks * row_weeks, column=rows["week"] // column_weeks * column_weeks
    )
    table = retention_percent(rows, column, ["row", "column"])
    joined = table["row"] * 7
    names = [clock.date(day) or str(day) for day in joined]
    chart = new_chart(
        max(180, min(16 * table["row"].nunique() + 70, 460)), x_axis_label=_("weeks since joining")
    )
    chart.yaxis.axis_label = _("week of joining")
    chart.x_range.range_padding = chart.y_range.range_padding = 0
    chart.y_range.flipped = True
    chart.grid.grid_line_color = None
    later_shares = table.loc[table["column"] > 0, "share"]  # everybody is seen in the week of joining
    mapper = LinearColorMapper(
        "Cividis256", low=0, high=max(float(later_shares.max()), 10.0) if len(later_shares) else 100.0
    )
    source = ColumnDataSource(
        {
            "x": (table["column"] + column_weeks / 2).to_numpy(dtype=np.float32),
            "y": (table["row"] + row_weeks / 2).to_numpy(dtype=np.float32),
            "share": table["share"].to_numpy(dtype=np.float32),
            "week": table["column"].to_list(),
            "joined": names,
            "n": table["size"].to_list(),
        }
    )
    cells = chart.rect(
        "x", "y", column_weeks, row_weeks, source=source, line_color="white", line_width=0.3,
        fill_color={"field": "share", "transform": mapper},
    )  # fmt: skip
    colour_bar(chart, mapper, "0")
    tips = [
        (_("joined in the week of"), "@joined"),
        (_("weeks since joining"), "@week"),
        (_measure(column), "@share{0.0}"),
    ]
    hover(chart, tips, [cells])
    title = _("Every cohort, week by week")
    caption = _("One row per week of joining, all runs together; bright means that many keep coming.")
    csv_rows = pd.DataFrame(
        {"cohort": table["row"], "joined": names, "week": table["column"], "people": table["size"],
         "share_percent": table["share"].round(2)}
    )  # fmt: skip
    return Chart(title, chart, caption, Table("cohorts", title, csv_rows))
