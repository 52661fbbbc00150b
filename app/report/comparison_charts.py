"""Charts of a comparison: differences with their intervals, and all pairs."""

from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import BasicTicker, ColumnDataSource, FactorRange, NumeralTickFormatter

from shequn.app.answers.response_names import response_name, short_name
from shequn.app.report.drawing import COLOURS, escape_math, hover, new_chart
from shequn.app.report.parts import Chart, Part, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.comparison.paired import Difference
from shequn.sim.language import _
from shequn.sim.presentation import colours
from shequn.sim.presentation.formats import number

_MAX_DOTS = 400  # pairs of one arm to draw
_MAX_FORESTS = 8


class ComparisonRow:
    """One response of one arm against the first: a row of the table ``comparisons``."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.a, self.b, self.response = str(row["a"]), str(row["b"]), str(row["response"])
        rest = ("low", "high", "sd", "b_higher", "equal", "reduction", "reduction_low", "reduction_high")
        self.difference = Difference(
            int(row["n"]), row["mean_a"], row["mean_b"], row["difference"], *(row[key] for key in rest)
        )


def signed(value: float, half_width: float) -> str:
    """A difference with its sign; the width of its interval decides the number of digits."""
    text = number(value, half_width)
    return f"+{text}" if value > 0 and text != "unknown" else text


def interval_text(row: ComparisonRow) -> str:
    """The 95 % interval of a difference as text."""
    low, high, half_width = row.difference.low, row.difference.high, row.difference.half_width
    return f"{signed(low, half_width)} … {signed(high, half_width)}"


def of_first_response(rows: list[ComparisonRow], short: dict[str, str]) -> Chart | None:
    """Chart of the first response in all arms, in its own unit."""
    shown_rows = [row for row in rows if row.response == rows[0].response and row.difference.n > 1]
    what = response_name(rows[0].response)
    return (
        _interval_chart(shown_rows, [short[row.b] for row in shown_rows], 1.0, what, what)
        if shown_rows
        else None
    )


def forest(rows: list[ComparisonRow], title: str) -> Chart | None:
    """Chart of all responses of one arm, in standard deviations of the paired differences."""
    shown_rows = [row for row in rows if row.difference.n > 1 and row.difference.sd > 0]
    scale = np.array([row.difference.sd for row in shown_rows])
    labels = [short_name(row.response).removeprefix("the ") for row in shown_rows]
    unit = _("in standard deviations of the paired differences")
    return _interval_chart(shown_rows, labels, scale, title, unit) if shown_rows else None


def forests(rows: list[ComparisonRow], short: dict[str, str]) -> list[Part]:
    """One chart per arm with all its responses, for the first eight arms."""
    arms = list(dict.fromkeys(row.b for row in rows))
    charts = [forest([row for row in rows if row.b == arm], short[arm]) for arm in arms[:_MAX_FORESTS]]
    return [chart for chart in charts if chart is not None]


def _interval_chart(
    shown_rows: list[ComparisonRow], labels: list[str], scale: Any, title: str, unit: str
) -> Chart:
    """Chart with a dot and an interval bar for each difference."""
    labels = [escape_math(label) for label in labels]
    table = pd.DataFrame(
        {
            "response": [row.response for row in shown_rows],
            "b": [row.b for row in shown_rows],
            "difference": [row.difference.mean for row in shown_rows],
            "low": [row.difference.low for row in shown_rows],
            "high": [row.difference.high for row in shown_rows],
            "sd": [row.difference.sd for row in shown_rows],
        }
    )
    chart = new_chart(
        80 + 34 * len(shown_rows), y_range=FactorRange(*reversed(labels)), x_axis_label=unit.split(" (")[0]
    )
    chart.xaxis.formatter = NumeralTickFormatter(format="0,0.[00]")
    chart.xaxis.ticker = BasicTicker(desired_num_ticks=5)
    chart.ygrid.grid_line_color = None
    chart.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    source = ColumnDataSource(
        {
            "label": labels,
            "x": table["difference"] / scale,
            "low": table["low"] / scale,
            "high": table["high"] / scale,
            "colour": [colours.BLUE if row.difference.is_different else "#9aa5b1" for row in shown_rows],
            "value": [signed(row.difference.mean, row.difference.half_width) for row in shown_rows],
            "interval": [interval_text(row) for row in shown_rows],
        }
    )
    chart.hbar("label", 0.16, "high", "low", source=source, color="colour")
    dots = chart.scatter("x", "label", source=source, size=10, color="colour", line_color="white")
    hover(chart, [("", "@label"), (_("difference"), "@value"), (_("95 % interval"), "@interval")], [dots])
    caption = _(
        "Dot: mean difference; bar: its 95 % interval. Grey: the interval contains 0, so no difference "
        "is shown."
    )
    return Chart(title, chart, caption, Table("differences-in-short", title, table))


def every_pair(results: ResultFolder, rows: list[ComparisonRow], short: dict[str, str]) -> list[Part]:
    """Chart of all pairs in the first response, and the table of all differences."""
    first = rows[0].response
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
    hover(
        chart,
        [(_("pair"), "@run"), ("A", "@a{0.[000]}"), ("B", "@b{0.[000]}"), ("B − A", "@x{0.[000]}")],
        renderers,
    )
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
