"""Charts of a comparison: the arms over time, differences with their intervals, and all pairs."""

import datetime
import math
from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import BasicTicker, ColumnDataSource, FactorRange, NumeralTickFormatter, Range1d

from shequn.app.answers.facts import Facts
from shequn.app.answers.response_names import capitalise, response_name, short_name
from shequn.app.report.drawing import (  # fmt: skip
    COLOURS,
    Clock,
    Key,
    add_legend,
    escape_math,
    hover,
    new_chart,
    over_time,
)
from shequn.app.report.parts import Chart, Part, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.comparison.curves import INSIDE
from shequn.experiments.comparison.paired import Difference
from shequn.sim.language import _
from shequn.sim.presentation import colours
from shequn.sim.presentation.formats import number

_MAX_DOTS = 400  # pairs of one arm to draw
_MAX_BANDS = 6  # arms; bands of more would cover each other
_MARGIN = 1.05  # of an axis around what it shows
_MIN_RANGE = 0.1  # of quality: small changes must not look like large ones


def signed(value: float, half_width: float) -> str:
    """A difference with its sign; the width of its interval decides the number of digits."""
    text = number(value, half_width)
    return f"+{text}" if value > 0 and text != "unknown" else text


def interval_text(d: Difference, scale: float = 1.0) -> str:
    """The 95 % interval of a difference, times ``scale``, as text."""
    half = scale * d.half_width
    return f"{signed(scale * d.low, half)} … {signed(scale * d.high, half)}"


def over_time_charts(curves: pd.DataFrame, found: Facts, start: datetime.date | None) -> list[Chart]:
    """A chart of each measure over time, a line with a band for each arm; the one stated first comes first.

    Parameters
    ----------
    curves : DataFrame
        The table of this name.
    found : Facts
    start : date or None
        Day 0; None if the arms begin on different dates.
    """
    last = int(curves["day"].max()) if len(curves) else 0
    clock = Clock(start or datetime.date.max, last, [])
    first = found.headline[0].partition("@")[0]
    measures = sorted(curves["measure"].unique(), key=lambda measure: measure != first)
    return [
        _curves_chart(curves[curves["measure"] == measure], found, clock, str(measure))
        for measure in measures
    ]


def _curves_chart(rows: pd.DataFrame, found: Facts, clock: Clock, measure: str) -> Chart:
    numerals = "0.00" if measure == "temperature" else "0,0"
    plot = over_time(clock, "", numerals, height=250)
    data: dict[str, Any] = {}
    keys, tips = [], [(_("day"), "@day{0}" + (" (@date)" if clock.has_dates else ""))]
    for place, (arm, label) in enumerate(found.labels.items()):
        of_arm = rows[rows["arm"] == arm]
        data |= {f"{key}_{place}": of_arm[key].to_numpy(np.float32) for key in ("mean", "low", "high")}
        data |= {"x": clock.x(of_arm["day"]), "day": of_arm["day"].to_numpy(np.float32)}
        keys.append(Key(label, COLOURS[place % len(COLOURS)], "line"))
        tips.append(
            (
                escape_math(label),
                f"@mean_{place}{{{numerals}}} (@low_{place}{{{numerals}}} – @high_{place}{{{numerals}}})",
            )
        )
    if clock.has_dates:
        data["date"] = [clock.date(float(day)) for day in data["day"]]
    source = ColumnDataSource(data)
    lines = []
    for place, key in enumerate(keys):
        if len(keys) <= _MAX_BANDS:
            plot.varea(
                "x", f"low_{place}", f"high_{place}", source=source, fill_color=key.colour, fill_alpha=0.14
            )
        lines.append(plot.line("x", f"mean_{place}", source=source, line_color=key.colour, line_width=2.4))
    if measure in ("members", "active_week"):
        plot.y_range.start = 0
    if measure == "temperature":
        ends = rows[["mean", "low", "high"]]
        middle = (float(ends.min().min()) + float(ends.max().max())) / 2.0
        half = max(float(ends.max().max()) - middle, _MIN_RANGE / 2.0) * _MARGIN
        if math.isfinite(middle):
            plot.y_range = Range1d(middle - half, middle + half)
    add_legend(plot, keys)
    hover(plot, tips, lines[:1], "vline")
    title = capitalise(short_name(measure))
    caption = (
        _("Line: mean over runs. Band: {share:.0%} of the runs.").format(share=INSIDE)
        if len(keys) <= _MAX_BANDS
        else _("Line: mean over runs.")
    )
    table = rows.drop(columns="measure").assign(arm=rows["arm"].map(found.labels))
    return Chart(title, plot, caption, Table(f"{measure}-over-time", title, table))


def of_first_response(found: Facts) -> Chart | None:
    """Chart of the first response in all arms, in its own unit."""
    first = found.rows[0].response
    rows = [row for row in found.rows if row.response == first and row.difference.n > 1]
    if not rows:
        return None
    what = response_name(first)
    differences = [row.difference for row in rows]
    labels = [escape_math(found.labels[row.b]) for row in rows]
    table = pd.DataFrame(
        {
            "response": first,
            "b": [row.b for row in rows],
            "difference": [d.mean for d in differences],
            "low": [d.low for d in differences],
            "high": [d.high for d in differences],
        }
    )
    chart = new_chart(
        80 + 34 * len(rows), y_range=FactorRange(*reversed(labels)), x_axis_label=short_name(first)
    )
    chart.xaxis.formatter = NumeralTickFormatter(format="0,0.[00]")
    chart.xaxis.ticker = BasicTicker(desired_num_ticks=5)
    chart.ygrid.grid_line_color = None
    chart.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    source = ColumnDataSource(
        {
            "label": labels,
            "x": table["difference"],
            "low": table["low"],
            "high": table["high"],
            "colour": [colours.BLUE if d.is_different else "#9aa5b1" for d in differences],
            "value": [signed(d.mean, d.half_width) for d in differences],
            "interval": [interval_text(d) for d in differences],
        }
    )
    chart.hbar("label", 0.16, "high", "low", source=source, color="colour")
    dots = chart.scatter("x", "label", source=source, size=10, color="colour", line_color="white")
    hover(chart, [("", "@label"), (_("difference"), "@value"), (_("95 % interval"), "@interval")], [dots])
    title = _("{what}: difference from {a}").format(
        what=capitalise(what), a=next(iter(found.labels.values()))
    )
    caption = _(
        "Dot: mean difference; bar: its 95 % interval. Grey: the interval contains 0, so no difference "
        "is shown."
    )
    return Chart(title, chart, caption, Table("differences-in-short", title, table))


def every_pair(results: ResultFolder, found: Facts) -> list[Part]:
    """Chart of all pairs in the first response, and the table of all differences."""
    first, short = found.rows[0].response, found.labels
    pairs = results.table("differences")
    pairs = pairs[(pairs["response"] == first) & pairs["difference"].notna()]
    if not len(pairs):
        return []
    arms = list(dict.fromkeys(pairs["b"]))
    chart = new_chart(
        80 + 70 * len(arms), y_range=FactorRange(*[escape_math(short[arm]) for arm in reversed(arms)])
    )
    chart.xaxis.axis_label = _("difference in {what}, pair by pair").format(what=response_name(first))
    chart.xaxis.formatter = NumeralTickFormatter(format="0,0.[000]")
    chart.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    renderers = []
    for shade, arm in zip(COLOURS * len(arms), arms, strict=False):
        arm_pairs = pairs[pairs["b"] == arm].head(_MAX_DOTS)
        # jitter from the pair number, so it is always the same
        jitter = 0.56 * ((np.arange(len(arm_pairs)) * 0.618034) % 1.0) - 0.28
        source = ColumnDataSource(
            {
                "x": arm_pairs["difference"].tolist(), "y": [(escape_math(short[arm]), float(at)) for at in jitter],
                "run": arm_pairs["run"].tolist(),
                "a": arm_pairs["value_a"].tolist(), "b": arm_pairs["value_b"].tolist(),
            }
        )  # fmt: skip
        renderers.append(chart.scatter("x", "y", source=source, size=7, color=shade, alpha=0.55))
    a = escape_math(next(iter(short.values())))
    tips = [
        (_("pair"), "@run"),
        (a, "@a{0.[000]}"),
        (_("this arm"), "@b{0.[000]}"),
        (_("difference"), "@x{0.[000]}"),
    ]
    hover(chart, tips, renderers)
    title = _("Every pair of runs: {what}").format(what=response_name(first))
    caption = _("Each dot is a pair of runs with the same people and the same luck.")
    all_pairs = Table(
        "differences",
        _("Differences of every pair and response"),
        results.table("differences"),
        is_shown=False,
    )
    return [
        Chart(title, chart, caption, Table("pairs", title, pairs.drop(columns=["a", "response"]))),
        all_pairs,
    ]
