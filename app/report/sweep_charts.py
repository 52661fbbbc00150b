"""Charts of a sweep: the mean of each response along a factor, with intervals."""

from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FactorRange, NumeralTickFormatter

from shequn.app.answers.wording import name
from shequn.app.report.drawing import SHADES, Key, add_legend, hover, plain, safe
from shequn.app.report.parts import Chart, Table
from shequn.experiments.intervals import Interval, mean_interval
from shequn.sim.language import _

_MARKS = ("circle", "square", "diamond", "triangle", "inverted_triangle", "plus", "x")
_LEVELS = 12  # a numeric factor with more levels is divided into six bins
_CHARTS = 12


def of_response(rows: pd.DataFrame, response: str) -> pd.DataFrame:
    """The rows of a response that have a value."""
    return rows[(rows["response"] == response) & rows["value"].notna()]


def short_name(response: str) -> str:
    """The short name of a response, without its explanation."""
    return name(response).split(" (")[0].split("（")[0]


def capital(text: str) -> str:
    """Capitalize the first letter only."""
    return text[:1].upper() + text[1:]


def effect(rows: pd.DataFrame, factor: str, response: str) -> float:
    """The range of the means over a factor's levels."""
    found = of_response(rows, response)
    means = found.groupby(_levels(found[factor]), observed=True)["value"].mean()
    return float(means.max() - means.min()) if len(means) else 0.0


def _levels(values: pd.Series) -> pd.Series:
    """The levels of a factor; a numeric factor with many levels becomes six bins named by their midpoints."""
    if not pd.api.types.is_numeric_dtype(values) or values.nunique() <= _LEVELS:
        return values
    parts = pd.qcut(values, 6, duplicates="drop")
    return parts.map(lambda part: round(float(part.mid), 6)).astype(float)


def charts_of(
    rows: pd.DataFrame, factors: list[str], responses: list[str], design: dict[str, Any]
) -> list[Chart]:
    """The charts that the design requests, then each other response along the factor that affects it most.

    A response that is unknown in all runs has none.
    """
    responses = [response for response in responses if len(of_response(rows, response))]
    asked = [
        (str(one["response"]), str(one["along"]), one.get("by"))
        for one in design.get("figures") or []
        if one.get("along") in factors and one.get("response") in responses
    ]
    drawn = {response for response, _along, _by in asked}
    for response in responses:
        if response not in drawn and factors:
            order = sorted(factors, key=lambda factor: -effect(rows, factor, response))
            by = next((f for f in order[1:] if rows[f].nunique() <= len(SHADES)), None)
            asked.append((response, order[0], by))
    return [
        _chart(of_response(rows, response), response, along, by) for response, along, by in asked[:_CHARTS]
    ]


def _chart(rows: pd.DataFrame, response: str, along: str, by: str | None) -> Chart:
    rows = rows.assign(level=_levels(rows[along]))
    numeric = pd.api.types.is_numeric_dtype(rows["level"])
    levels = sorted(rows["level"].unique()) if numeric else list(dict.fromkeys(rows["level"].astype(str)))
    options: dict[str, Any] = (
        {} if numeric else {"x_range": FactorRange(*[safe(str(level)) for level in levels])}
    )
    drawing = plain(310, x_axis_label=safe(along), **options)
    drawing.yaxis.axis_label = short_name(response)
    drawing.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
    groups = (
        [("", rows)] if by is None else [(str(label), part) for label, part in rows.groupby(by, sort=True)]
    )
    tables, keys, drawn = [], [], []
    for number_of, (label, part) in enumerate(groups):
        shade = SHADES[number_of % len(SHADES)]
        table = _intervals(part, levels)
        if by is not None:
            table.insert(0, by, label)
        tables.append(table)
        x = table["level"].tolist() if numeric else [safe(str(level)) for level in table["level"]]
        source = ColumnDataSource(
            {"x": x, "mean": table["mean"], "low": table["low"], "high": table["high"], "n": table["n"],
             "by": [label] * len(table)}
        )  # fmt: skip
        drawing.segment("x", "low", "x", "high", source=source, line_color=shade, line_width=2)
        drawing.line("x", "mean", source=source, line_color=shade, line_width=1.6)
        drawn.append(
            drawing.scatter(
                "x", "mean", source=source, marker=_MARKS[number_of % len(_MARKS)], size=9, color=shade
            )
        )
        keys.append(Key(f"{by} = {label}", shade, "line"))
    if by is not None:
        add_legend(drawing, keys)
    tips = [
        (along, "@x"),
        (_("mean"), "@mean{0,0.[0000]}"),
        (_("95 % interval"), "@low{0,0.[0000]} – @high{0,0.[0000]}"),
    ]
    hover(drawing, [*tips, *([(by, "@by")] if by else []), (_("number of runs"), "@n")], drawn)
    title = _("{what} along {factor}").format(what=capital(short_name(response)), factor=along)
    caption = _("Means over runs with their 95 % intervals, over all levels of the other factors.")
    return Chart(
        title,
        drawing,
        caption,
        Table(f"{response}-along-{along}".replace("/", "-"), title, pd.concat(tables)),
    )


def _intervals(rows: pd.DataFrame, levels: list[Any]) -> pd.DataFrame:
    found: list[tuple[Any, Interval]] = []
    for level in levels:
        values = rows["value"][rows["level"].astype(type(level)) == level].to_numpy(dtype=float)
        if len(values):
            found.append((level, mean_interval(values)))
    return pd.DataFrame(
        {
            "level": [level for level, _i in found],
            "n": [i.n for _l, i in found],
            "mean": [i.mean for _l, i in found],
            "low": [i.low if np.isfinite(i.low) else i.mean for _l, i in found],
            "high": [i.high if np.isfinite(i.high) else i.mean for _l, i in found],
        }
    )
