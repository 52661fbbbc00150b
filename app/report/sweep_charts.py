"""Charts of a sweep: the mean of each response along a factor, with intervals."""

from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FactorRange, NumeralTickFormatter

from shequn.app.answers.response_names import capitalise, short_name
from shequn.app.report.drawing import COLOURS, Key, add_legend, escape_math, hover, new_chart
from shequn.app.report.parts import Chart, Table
from shequn.experiments.intervals import Interval, mean_interval
from shequn.sim.language import _

_MARKS = ("circle", "square", "diamond", "triangle", "inverted_triangle", "plus", "x")
_MAX_LEVELS = 12  # a numeric factor with more levels is divided into six bins
_MAX_CHARTS = 12


def of_response(rows: pd.DataFrame, response: str) -> pd.DataFrame:
    """The rows of a response that have a value."""
    return rows[(rows["response"] == response) & rows["value"].notna()]


def effect(rows: pd.DataFrame, factor: str, response: str) -> Interval:
    """How far the means over a factor's levels lie apart, over replicates: highest level less lowest.

    Replicates have the same seed at every point, so the difference is taken replicate by replicate.
    """
    known_rows = of_response(rows, response)
    by_run = (
        known_rows.groupby([_levels(known_rows[factor]), "run"], observed=True)["value"].mean().unstack("run")
    )
    if len(by_run) < 2:
        return Interval(0, 0.0, -np.inf, np.inf)
    means = by_run.mean(axis=1)
    return mean_interval(
        by_run.iloc[int(means.argmax())].to_numpy(dtype=float)
        - by_run.iloc[int(means.argmin())].to_numpy(dtype=float)
    )


def strongest(rows: pd.DataFrame, factors: list[str], response: str) -> str | None:
    """The factor that is shown to move a response most; None if intervals overlap, or it may be chance."""
    effects = {factor: effect(rows, factor, response) for factor in factors}
    if not effects:
        return None
    first = max(effects, key=lambda factor: effects[factor].mean)
    others = [interval.high for factor, interval in effects.items() if factor != first and interval.n]
    return first if effects[first].low > max(others, default=0.0) and effects[first].low > 0.0 else None


def _levels(values: pd.Series) -> pd.Series:
    """The levels of a factor; a numeric factor with many levels becomes six bins named by their midpoints."""
    if not pd.api.types.is_numeric_dtype(values) or values.nunique() <= _MAX_LEVELS:
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
    specs = [
        (str(spec["response"]), str(spec["along"]), spec.get("by"))
        for spec in design.get("figures") or []
        if spec.get("along") in factors and spec.get("response") in responses
    ]
    drawn_responses = {response for response, _along, _by in specs}
    for response in responses:
        if response not in drawn_responses and factors:
            order = sorted(factors, key=lambda factor: -effect(rows, factor, response).mean)
            by = next((f for f in order[1:] if rows[f].nunique() <= len(COLOURS)), None)
            specs.append((response, order[0], by))
    return [
        _chart(of_response(rows, response), response, factor, by, design)
        for response, factor, by in specs[:_MAX_CHARTS]
    ]


def _axis_label(factor: str, design: dict[str, Any]) -> str:
    """What was tried: the factor and, if it has another name, the key that it sets."""
    content = (design.get("factors") or {}).get(factor)
    key = content.get("key") if isinstance(content, dict) else None
    return factor if key in (None, factor) else f"{factor} ({key})"


def _chart(rows: pd.DataFrame, response: str, factor: str, by: str | None, design: dict[str, Any]) -> Chart:
    rows = rows.assign(level=_levels(rows[factor]))
    numeric = pd.api.types.is_numeric_dtype(rows["level"])
    levels = sorted(rows["level"].unique()) if numeric else list(dict.fromkeys(rows["level"].astype(str)))
    options: dict[str, Any] = (
        {} if numeric else {"x_range": FactorRange(*[escape_math(str(level)) for level in levels])}
    )
    chart = new_chart(310, x_axis_label=escape_math(_axis_label(factor, design)), **options)
    chart.yaxis.axis_label = short_name(response)
    chart.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
    groups = (
        [("", rows)] if by is None else [(str(label), part) for label, part in rows.groupby(by, sort=True)]
    )
    tables, keys, drawn_responses = [], [], []
    for index, (label, part) in enumerate(groups):
        shade = COLOURS[index % len(COLOURS)]
        table = _intervals(part, levels)
        if by is not None:
            table.insert(0, by, label)
        tables.append(table)
        x = table["level"].tolist() if numeric else [escape_math(str(level)) for level in table["level"]]
        source = ColumnDataSource(
            {"x": x, "mean": table["mean"], "low": table["low"], "high": table["high"], "n": table["n"],
             "by": [label] * len(table)}
        )  # fmt: skip
        chart.segment("x", "low", "x", "high", source=source, line_color=shade, line_width=2)
        chart.line("x", "mean", source=source, line_color=shade, line_width=1.6)
        drawn_responses.append(
            chart.scatter("x", "mean", source=source, marker=_MARKS[index % len(_MARKS)], size=9, color=shade)
        )
        keys.append(Key(f"{by} = {label}", shade, "line"))
    if by is not None:
        add_legend(chart, keys)
    tips = [
        (factor, "@x"),
        (_("mean"), "@mean{0,0.[0000]}"),
        (_("95 % interval"), "@low{0,0.[0000]} – @high{0,0.[0000]}"),
    ]
    hover(chart, [*tips, *([(by, "@by")] if by else []), (_("number of runs"), "@n")], drawn_responses)
    title = _("{what} along {factor}").format(what=capitalise(short_name(response)), factor=factor)
    caption = _("Means over runs with their 95 % intervals, over all levels of the other factors.")
    return Chart(
        title,
        chart,
        caption,
        Table(f"{response}-along-{factor}".replace("/", "-"), title, pd.concat(tables)),
    )


def _intervals(rows: pd.DataFrame, levels: list[Any]) -> pd.DataFrame:
    known_rows: list[tuple[Any, Interval]] = []
    for level in levels:
        values = rows["value"][rows["level"].astype(type(level)) == level].to_numpy(dtype=float)
        if len(values):
            known_rows.append((level, mean_interval(values)))
    return pd.DataFrame(
        {
            "level": [level for level, _i in known_rows],
            "n": [i.n for _l, i in known_rows],
            "mean": [i.mean for _l, i in known_rows],
            "low": [i.low if np.isfinite(i.low) else i.mean for _l, i in known_rows],
            "high": [i.high if np.isfinite(i.high) else i.mean for _l, i in known_rows],
        }
    )
