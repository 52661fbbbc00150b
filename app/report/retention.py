"""Retention: the share of each cohort that is active in each later week."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, LinearColorMapper
from bokeh.palettes import Cividis256

from shequn.app.report.drawing import Clock, Key, add_legend, colour_bar, hover, plain
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours
from shequn.sim.results.retention import GROUPS, cohort_groups, retention_column, retention_percent

_ROWS, _COLUMNS = 60, 60  # of the map; more cohorts or weeks are merged


def section(results: ResultFolder, clock: Clock) -> Section:
    """The section on retention by cohort."""
    cohorts = results.table("cohorts")
    title = _("Retention: who keeps coming?")
    if not len(cohorts):
        return Section(
            "retention", title, [Text([_("The run is too short for a cohort: two weeks at least.")])]
        )
    column = retention_column(cohorts)
    groups = _groups(cohorts, clock)
    parts: list[Text | Chart] = [
        _curves(groups, column) if groups else Text([_("No cohort can be followed for a week.")])
    ]
    if (~cohorts["founder"]).any():
        parts.append(_map(cohorts, column, clock))
    return Section("retention", title, list(parts))


def _measure(column: str) -> str:
    return _("seen in that week, %") if column == "active" else _("still members after that week, %")


class _Group(NamedTuple):
    """People who joined in one period; one line of the chart."""

    name: str
    shade: str
    rows: pd.DataFrame  # of the table ``cohorts``


def _groups(cohorts: pd.DataFrame, clock: Clock) -> list[_Group]:
    """Up to five groups of newcomers by time of joining, and the founders."""
    groups = []
    for group in cohort_groups(cohorts):
        name = (
            f"{clock.date(group.first_day)} – {clock.date(group.last_day)}"
            if clock.has_dates
            else _("days {first} to {last}").format(first=group.first_day, last=group.last_day)
        )
        shade = Cividis256[min(group.number * 240 // GROUPS, 255)]
        groups.append(_Group(name, shade, group.rows))
    if cohorts["founder"].any():
        groups.append(_Group(_("founders"), colours.VERMILION, cohorts[cohorts["founder"]]))
    return groups


def _curves(groups: list[_Group], column: str) -> Chart:
    drawing = plain(320, x_axis_label=_("weeks since joining"))
    drawing.yaxis.axis_label = _measure(column)
    keys, tables, drawn = [], [], []
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
        drawing.varea("week", "low", "high", source=source, fill_color=shade, fill_alpha=0.12)
        line = drawing.line("week", "median", source=source, line_color=shade, line_width=2.2)
        keys.append(Key(name, shade, "line"))
        drawn.append(line)
        tables.append(part)
    drawing.y_range.start, drawing.y_range.end = 0, 105
    add_legend(drawing, keys)
    drawing.x_range.start = 0
    tips = [
        (_("joined"), "@joined"),
        (_("weeks since joining"), "@week"),
        (_measure(column), "@median{0.0} (@low{0.0} – @high{0.0})"),
    ]
    hover(drawing, tips, drawn)
    title = _("Retention by time of joining")
    caption = _(
        "Each line shows the people who joined in one period, the darkest being the earliest; the "
        "week of joining is week 0."
    )
    return Chart(title, drawing, caption, Table("retention", title, pd.concat(tables, ignore_index=True)))


def _map(cohorts: pd.DataFrame, column: str, clock: Clock) -> Chart:
    rows = cohorts[~cohorts["founder"]]
    step = int(rows["cohort"].max()) // _ROWS + 1
    wide = int(rows["week"].max()) // _COLUMNS + 1
    rows = rows.assign(row=rows["cohort"] // step * step, column=rows["week"] // wide * wide)
    table = retention_percent(rows, column, ["row", "column"])
    joined = table["row"] * 7
    names = [clock.date(day) or str(day) for day in joined]
    drawing = plain(
        max(180, min(16 * table["row"].nunique() + 70, 460)), x_axis_label=_("weeks since joining")
    )
    drawing.yaxis.axis_label = _("week of joining")
    drawing.x_range.range_padding = drawing.y_range.range_padding = 0
    drawing.y_range.flipped = True
    drawing.grid.grid_line_color = None
    later = table.loc[table["column"] > 0, "share"]  # everybody is seen in the week of joining
    mapper = LinearColorMapper(
        "Cividis256", low=0, high=max(float(later.max()), 10.0) if len(later) else 100.0
    )
    source = ColumnDataSource(
        {
            "x": (table["column"] + wide / 2).to_numpy(dtype=np.float32),
            "y": (table["row"] + step / 2).to_numpy(dtype=np.float32),
            "share": table["share"].to_numpy(dtype=np.float32),
            "week": table["column"].to_list(),
            "joined": names,
            "n": table["size"].to_list(),
        }
    )
    cells = drawing.rect(
        "x", "y", wide, step, source=source, line_color="white", line_width=0.3,
        fill_color={"field": "share", "transform": mapper},
    )  # fmt: skip
    colour_bar(drawing, mapper, "0")
    tips = [
        (_("joined in the week of"), "@joined"),
        (_("weeks since joining"), "@week"),
        (_measure(column), "@share{0.0}"),
    ]
    hover(drawing, tips, [cells])
    title = _("Every cohort, week by week")
    caption = _("One row per week of joining, all runs together; bright means that many keep coming.")
    out = pd.DataFrame(
        {"cohort": table["row"], "joined": names, "week": table["column"], "people": table["size"],
         "share_percent": table["share"].round(2)}
    )  # fmt: skip
    return Chart(title, drawing, caption, Table("cohorts", title, out))
