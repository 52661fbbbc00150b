"""Charts of a comparison: differences with their intervals, and all pairs."""

from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import BasicTicker, ColumnDataSource, FactorRange, NumeralTickFormatter

from shequn.app.answers.wording import name
from shequn.app.report.drawing import SHADES, hover, plain, safe
from shequn.app.report.parts import Chart, Part, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.comparison.paired import Difference
from shequn.sim.language import _
from shequn.sim.presentation import colours
from shequn.sim.presentation.formats import number

_DOTS = 400  # pairs of one arm to draw
_MOST_FORESTS = 8


class Compared:
    """One response of one arm against the first: a row of the table ``comparisons``."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.a, self.b, self.response = str(row["a"]), str(row["b"]), str(row["response"])
        rest = ("low", "high", "sd", "b_higher", "equal", "reduction", "reduction_low", "reduction_high")
        self.found = Difference(
            int(row["n"]), row["mean_a"], row["mean_b"], row["difference"], *(row[key] for key in rest)
        )


def signed(value: float, half_width: float) -> str:
    """A difference with its sign; the width of its interval decides the number of digits."""
    text = number(value, half_width)
    return f"+{text}" if value > 0 and text != "unknown" else text


def interval_text(row: Compared) -> str:
    """The 95 % interval of a difference as text."""
    return f"{signed(row.found.low, row.found.half_width)} … {signed(row.found.high, row.found.half_width)}"


def short_name(response: str) -> str:
    """The short name of a response, without its explanation."""
    return name(response).split(" (")[0].split("（")[0]


def of_first_response(rows: list[Compared], short: dict[str, str]) -> Chart | None:
    """Chart of the first response in all arms, in its own unit."""
    known = [row for row in rows if row.response == rows[0].response and row.found.n > 1]
    what = name(rows[0].response)
    return _interval_chart(known, [short[row.b] for row in known], 1.0, what, what) if known else None


def forest(rows: list[Compared], title: str) -> Chart | None:
    """Chart of all responses of one arm, in standard deviations of the paired differences."""
    known = [row for row in rows if row.found.n > 1 and row.found.sd > 0]
    scale = np.array([row.found.sd for row in known])
    labels = [short_name(row.response).removeprefix("the ") for row in known]
    unit = _("in standard deviations of a pair")
    return _interval_chart(known, labels, scale, title, unit) if known else None


def forests(rows: list[Compared], short: dict[str, str]) -> list[Part]:
    """One chart per arm with all its responses, for the first eight arms."""
    arms = list(dict.fromkeys(row.b for row in rows))
    drawn = [forest([row for row in rows if row.b == arm], short[arm]) for arm in arms[:_MOST_FORESTS]]
    return [chart for chart in drawn if chart is not None]


def _interval_chart(known: list[Compared], labels: list[str], scale: Any, title: str, unit: str) -> Chart:
    """Chart with a dot and an interval bar for each difference."""
    labels = [safe(label) for label in labels]
    table = pd.DataFrame(
        {
            "response": [row.response for row in known],
            "b": [row.b for row in known],
            "difference": [row.found.mean for row in known],
            "low": [row.found.low for row in known],
            "high": [row.found.high for row in known],
            "sd": [row.found.sd for row in known],
        }
    )
    drawing = plain(
        80 + 34 * len(known), y_range=FactorRange(*reversed(labels)), x_axis_label=unit.split(" (")[0]
    )
    drawing.xaxis.formatter = NumeralTickFormatter(format="0,0.[00]")
    drawing.xaxis.ticker = BasicTicker(desired_num_ticks=5)
    drawing.ygrid.grid_line_color = None
    drawing.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    source = ColumnDataSource(
        {
            "label": labels,
            "x": table["difference"] / scale,
            "low": table["low"] / scale,
            "high": table["high"] / scale,
            "colour": [colours.BLUE if row.found.is_different else "#9aa5b1" for row in known],
            "value": [signed(row.found.mean, row.found.half_width) for row in known],
            "interval": [interval_text(row) for row in known],
        }
    )
    drawing.hbar("label", 0.16, "high", "low", source=source, color="colour")
    dots = drawing.scatter("x", "label", source=source, size=10, color="colour", line_color="white")
    hover(drawing, [("", "@label"), (_("difference"), "@value"), (_("95 % interval"), "@interval")], [dots])
    caption = _(
        "Dot: mean difference; bar: its 95 % interval. Grey: the interval holds 0, so no difference is shown."
    )
    return Chart(title, drawing, caption, Table("differences-in-short", title, table))


def every_pair(found: ResultFolder, rows: list[Compared], short: dict[str, str]) -> list[Part]:
    """Chart of all pairs in the first response, and the table of all differences."""
    first = rows[0].response
    pairs = found.table("differences")
    pairs = pairs[(pairs["response"] == first) & pairs["difference"].notna()]
    if not len(pairs):
        return []
    arms = list(dict.fromkeys(pairs["b"]))
    drawing = plain(80 + 70 * len(arms), y_range=FactorRange(*[safe(short[arm]) for arm in reversed(arms)]))
    drawing.xaxis.axis_label = _("difference in {what}, pair by pair").format(what=name(first))
    drawing.xaxis.formatter = NumeralTickFormatter(format="0,0.[000]")
    drawing.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    drawn = []
    for shade, arm in zip(SHADES * len(arms), arms, strict=False):
        part = pairs[pairs["b"] == arm].head(_DOTS)
        # jitter from the pair number, so it is always the same
        place = 0.56 * ((np.arange(len(part)) * 0.618034) % 1.0) - 0.28
        source = ColumnDataSource(
            {
                "x": part["difference"].tolist(), "y": [(safe(short[arm]), float(at)) for at in place],
                "run": part["run"].tolist(), "a": part["value_a"].tolist(), "b": part["value_b"].tolist(),
            }
        )  # fmt: skip
        drawn.append(drawing.scatter("x", "y", source=source, size=7, color=shade, alpha=0.55))
    hover(
        drawing,
        [(_("pair"), "@run"), ("A", "@a{0.[000]}"), ("B", "@b{0.[000]}"), ("B − A", "@x{0.[000]}")],
        drawn,
    )
    title = _("Every pair of runs: {what}").format(what=name(first))
    caption = _("Each dot is a pair of runs with the same people and the same luck.")
    all_pairs = Table(
        "differences", _("Differences of every pair and response"), found.table("differences"), is_shown=False
    )
    return [
        Chart(title, drawing, caption, Table("pairs", title, pairs.drop(columns=["a", "response"]))),
        all_pairs,
    ]
