"""Departures by quality and reason, and whether one departure triggered others."""

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FactorRange

from shequn.app.report.drawing import (
    COLOURS,
    Clock,
    Key,
    Line,
    add_legend,
    hover,
    lines,
    new_chart,
    over_time,
    zero_line,
)
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats
from shequn.sim.presentation.reasons import reason_text

N_FIFTHS = 5
_REASON_COLOURS = (*COLOURS[:6], colours.GREY)
_MAX_REASONS = 6  # reasons with their own colour; the others share one
_WEEKS_PER_POINT = 4  # per point of the rank curve
_MIN_DEPARTURES = 5  # departures that a run needs for a point


def section(results: ResultFolder, clock: Clock) -> Section:
    """The section on who left and why."""
    departures, runs = results.table("departures"), results.table("runs")
    title = _("Who left, and why?")
    if not len(departures):
        return Section("leaving", title, [Text([_("Nobody left.")])])
    parts: list[Text | Chart | Table] = [_quality_chart(results)]
    if departures["matched_rank"].notna().any():
        parts.append(_rank_chart(departures, clock))
    parts.append(_reasons_table(departures, len(runs)))
    if runs["branching"].notna().any():
        parts.append(
            Text(
                [
                    _(
                        "{share} of the departures came within 14 days after that of somebody the member knew; the "
                        "largest such cascade took {n} members."
                    ).format(
                        share=formats.spread(runs["branching"], formats.percent),
                        n=formats.spread(runs["largest_cascade"], formats.count),
                    )
                ]
            )
        )
    return Section("leaving", title, list(parts))


def _fifth_of(quality: pd.Series, edges: np.ndarray) -> np.ndarray:
    return np.searchsorted(edges, quality.to_numpy(), side="right")


def by_quality(members: pd.DataFrame, departures: pd.DataFrame) -> pd.DataFrame:
    """Departures per 100 people who ever joined, by fifth of quality (rows) and reason (columns)."""
    departures = departures[departures["run"].isin(members["run"].unique())]
    edges = np.quantile(members["quality"], np.linspace(0, 1, N_FIFTHS + 1)[1:-1])
    n = np.bincount(_fifth_of(members["quality"], edges), minlength=N_FIFTHS)
    counts = pd.crosstab(_fifth_of(departures["quality"], edges), departures["reason"].astype(str))
    counts = counts.reindex(range(N_FIFTHS), fill_value=0)
    order = counts.sum().sort_values(ascending=False, kind="stable").index
    return counts[order].mul(100.0 / np.maximum(n, 1), axis=0)


def _quality_chart(results: ResultFolder) -> Chart:
    shares = by_quality(results.table("members"), results.table("departures"))
    if len(shares.columns) > _MAX_REASONS:
        rest = shares[shares.columns[_MAX_REASONS:]].sum(axis=1)
        shares = shares[shares.columns[:_MAX_REASONS]].assign(other=rest)
    names = [_("all others") if word == "other" else reason_text(word) for word in shares.columns]
    rows = [_("lowest fifth"), _("2nd"), _("3rd"), _("4th"), _("best fifth")]
    chart = new_chart(300, x_range=FactorRange(*rows), x_axis_label=_("quality of the member"))
    chart.yaxis.axis_label = _("departures per 100 who ever joined")
    source = ColumnDataSource(
        {"row": rows, **{w: shares[w].to_numpy(dtype=np.float32) for w in shares.columns}}
    )
    bars = chart.vbar_stack(
        list(shares.columns),
        x="row",
        width=0.7,
        source=source,
        color=list(_REASON_COLOURS[: len(names)]),
        line_color="white",
    )
    keys = zip(names, _REASON_COLOURS, strict=False)
    add_legend(chart, [Key(name, colour, "area") for name, colour in keys])
    chart.y_range.start = 0
    hover(
        chart,
        [("", "@row"), *((n, f"@{w}{{0.0}}") for n, w in zip(names, shares.columns, strict=True))],
        bars,
    )
    table = pd.DataFrame({"quality": rows, **{w: shares[w].to_numpy().round(2) for w in shares.columns}})
    caption = _(
        "Everybody who ever joined, in five groups of equal size by quality. If departures did not "
        "depend on quality, the bars would be equally high. A member who left twice counts twice."
    )
    title = _("Departures by quality and reason")
    return Chart(title, chart, caption, Table("departures-by-quality", title, table))


def _rank_chart(departures: pd.DataFrame, clock: Clock) -> Chart:
    ranked = departures[~departures["removed"] & departures["matched_rank"].notna()]
    bins = (ranked["time"] // (7 * _WEEKS_PER_POINT)).astype(int)
    groups = ranked.groupby([bins.rename("bin"), ranked["run"]])["matched_rank"]
    rank = groups.mean().where(groups.size() >= _MIN_DEPARTURES).unstack("run").dropna(how="all")
    if not len(rank):
        rank = groups.mean().unstack("run")
    if len(rank) == 1:
        # a line needs two points
        rank = pd.concat([rank, rank.rename(index={rank.index[0]: rank.index[0] + 1})])
    rank.index = pd.Index(np.minimum((rank.index.to_numpy() + 0.5) * 7 * _WEEKS_PER_POINT, clock.days))
    chart = over_time(clock, _("rank in quality (0 to 1)"), "0.00", 240)
    chart.y_range.start, chart.y_range.end = 0.0, 1.0
    zero_line(chart, 0.5)
    name = _("departing members among members of similar tenure")
    table = lines(clock, chart, [Line("rank", name, colours.VERMILION)], {"rank": rank}, "0.00")
    caption = _(
        "Four-week means. At 0.50, departing members are like everybody else; clearly above 0.50, the"
        " better ones leave first."
    )
    title = _("Quality rank of departing members")
    return Chart(title, chart, caption, Table("rank-of-departures", title, table))


def _reasons_table(departures: pd.DataFrame, runs: int) -> Table:
    by_reason = departures.groupby(departures["reason"].astype(str))
    n = by_reason.size()
    n = n[n > 0].sort_values(ascending=False, kind="stable")
    means = by_reason[["quality", "tenure", "matched_rank"]].mean()
    rows = pd.DataFrame(
        {
            _("reason"): [reason_text(str(word)) for word in n.index],
            _("departures per run"): [formats.count(value / runs) for value in n],
            _("share"): [formats.percent(value / n.sum()) for value in n],
            _("mean quality"): [formats.level(means.loc[word, "quality"]) for word in n.index],
            _("matched rank"): [formats.level(means.loc[word, "matched_rank"]) for word in n.index],
            _("mean tenure, days"): [formats.rate(means.loc[word, "tenure"]) for word in n.index],
        }
    )
    note = _("The reason is what had fallen most for the departing member, compared with earlier visits.")
    return Table("reasons", _("Reasons for leaving"), rows, note=note)
