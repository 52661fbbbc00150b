"""The report of a sweep: what each factor does to each response."""

from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FactorRange, NumeralTickFormatter

from app.report import provenance
from app.report.drawing import Key, add_legend, hover, plain, safe
from app.report.finished import Finished
from app.report.parts import Chart, Figure, Listing, Part, Report, Section, Table, Text
from experiments.comparison.wording import name, number
from experiments.intervals import Interval, mean_interval
from sim.language import _
from sim.results import colours

FEW_REPLICATES = 10
_SHADES = (
    colours.BLUE,
    colours.VERMILION,
    colours.GREEN,
    colours.ORANGE,
    colours.PURPLE,
    colours.SKY,
    colours.BLACK,
)
_MARKS = ("circle", "square", "diamond", "triangle", "inverted_triangle", "plus", "x")
_FIXED = ("point", "run", "seed", "response", "value", "message")
_LEVELS = 12  # up to which a numeric factor's levels are averaged one by one; beyond, it is cut into parts
_CHARTS = 12
_SHOWN = 60  # parameter sets whose means are written on the page


def report(found: Finished) -> Report:
    """Everything that is to be said of a sweep."""
    rows = found.table("responses")
    factors = [column for column in rows.columns if column not in _FIXED]
    responses = list(dict.fromkeys(rows["response"].astype(str)))
    design = _design(found)
    points, replicates = rows["point"].nunique(), int(rows.groupby("point")["run"].nunique().max())
    title = str(design.get("title") or found.manifest.get("title") or found.folder.name)
    charts = _charts(rows, factors, responses, design)
    warnings = _alerts(found, rows, points, replicates)
    sections = [
        Section("effects", _("What each factor does"), [*charts[1:], _ranges(rows, factors, responses)]),
        Section("means", _("Every parameter set"), _means(rows, factors, responses)),
        Section(
            "alerts",
            _("What to be careful with"),
            [Listing(warnings, "warning") if warnings else Text([_("Nothing looks wrong or too thin.")])],
        ),
        Section("scenario", _("The design, and how to make the same again"), _again(found)),
    ]
    return Report(
        kind=_("Sweep"),
        title=title,
        subtitle=_("{points} parameter sets, {n} runs of each; the same seeds in all").format(
            points=points, n=replicates
        ),
        question=" ".join(str(design.get("question", "")).split()),
        answer=[_sentence(rows, factors, response) for response in responses[:3]],
        figures=_figures(rows, responses),
        picture=charts[0] if charts else None,
        sections=sections,
        footer="",
    )


def _design(found: Finished) -> dict[str, Any]:
    """The design as it was written; empty for a model of one's own."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe").load(found.text("design.yaml"))
    except YAMLError:
        return {}
    return content if isinstance(content, dict) else {}


def _of(rows: pd.DataFrame, response: str) -> pd.DataFrame:
    return rows[(rows["response"] == response) & rows["value"].notna()]


def _sentence(rows: pd.DataFrame, factors: list[str], response: str) -> str:
    """Where a response is least and most, and which factor moves it most."""
    means = _of(rows, response).groupby("point")["value"].mean()
    if not len(means):
        return _("Of {what} nothing is known.").format(what=name(response))
    places = rows.drop_duplicates("point").set_index("point")
    low, high = int(means.argmin()), int(means.argmax())
    strongest = max(factors, key=lambda factor: _effect(rows, factor, response), default="")
    return _("{what}: from {low} ({at_low}) to {high} ({at_high}); {factor} moves it most.").format(
        what=_capital(name(response)),
        low=number(float(means.iloc[low]), _digits(means)),
        high=number(float(means.iloc[high]), _digits(means)),
        at_low=_place(places.loc[means.index[low]], factors),
        at_high=_place(places.loc[means.index[high]], factors),
        factor=strongest,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short_name(response: str) -> str:
    """A response in words, without what it means."""
    return name(response).split(" (")[0].split("（")[0]


def _digits(means: pd.Series) -> float:
    return float(means.max() - means.min()) / 10 or abs(float(means.iloc[0])) / 10


def _place(row: pd.Series, factors: list[str]) -> str:
    return ", ".join(f"{factor} = {_level(row[factor])}" for factor in factors)


def _level(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _effect(rows: pd.DataFrame, factor: str, response: str) -> float:
    """How far the means over a factor's levels lie apart."""
    found = _of(rows, response)
    means = found.groupby(_levels(found[factor]), observed=True)["value"].mean()
    return float(means.max() - means.min()) if len(means) else 0.0


def _levels(values: pd.Series) -> pd.Series:
    """A factor's levels; of a sample from a range six parts, named by their middles."""
    if not pd.api.types.is_numeric_dtype(values) or values.nunique() <= _LEVELS:
        return values
    parts = pd.qcut(values, 6, duplicates="drop")
    return parts.map(lambda part: round(float(part.mid), 6)).astype(float)


def _figures(rows: pd.DataFrame, responses: list[str]) -> list[Figure]:
    found = []
    for response in responses[:4]:
        means = _of(rows, response).groupby("point")["value"].mean()
        if len(means):
            half = _digits(means)
            found.append(
                Figure(
                    f"{number(means.min(), half)} … {number(means.max(), half)}",
                    "",
                    _short_name(response),
                    _("lowest and highest mean over the parameter sets"),
                )
            )
    return found


def _charts(
    rows: pd.DataFrame, factors: list[str], responses: list[str], design: dict[str, Any]
) -> list[Chart]:
    """The figures that the design asks for; else each response along the factor that moves it most."""
    asked = [
        (str(one["response"]), str(one["along"]), one.get("by"))
        for one in design.get("figures") or []
        if one.get("along") in factors and one.get("response") in responses
    ]
    drawn = {response for response, _along, _by in asked}
    for response in responses:
        if response not in drawn and factors:
            order = sorted(factors, key=lambda factor: -_effect(rows, factor, response))
            by = next((f for f in order[1:] if rows[f].nunique() <= len(_SHADES)), None)
            asked.append((response, order[0], by))
    return [_chart(_of(rows, response), response, along, by) for response, along, by in asked[:_CHARTS]]


def _chart(rows: pd.DataFrame, response: str, along: str, by: str | None) -> Chart:
    rows = rows.assign(level=_levels(rows[along]))
    numeric = pd.api.types.is_numeric_dtype(rows["level"])
    levels = sorted(rows["level"].unique()) if numeric else list(dict.fromkeys(rows["level"].astype(str)))
    options: dict[str, Any] = (
        {} if numeric else {"x_range": FactorRange(*[safe(str(level)) for level in levels])}
    )
    drawing = plain(310, x_axis_label=safe(along), **options)
    drawing.yaxis.axis_label = _short_name(response)
    drawing.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
    groups = (
        [("", rows)] if by is None else [(str(label), part) for label, part in rows.groupby(by, sort=True)]
    )
    tables, keys, drawn = [], [], []
    for number_of, (label, part) in enumerate(groups):
        shade = _SHADES[number_of % len(_SHADES)]
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
    hover(drawing, [*tips, *([(by, "@by")] if by else []), (_("runs"), "@n")], drawn)
    title = _("{what} along {factor}").format(what=_capital(_short_name(response)), factor=along)
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


def _ranges(rows: pd.DataFrame, factors: list[str], responses: list[str]) -> Table:
    """How far each factor moves each response."""
    table = pd.DataFrame(
        {
            _("response"): [name(response) for response in responses],
            **{
                factor: [
                    number(_effect(rows, factor, response), _effect(rows, factor, response) / 10)
                    for response in responses
                ]
                for factor in factors
            },
        }
    )
    note = _(
        "Distance between the lowest and the highest mean over the levels of a factor, whatever the others. "
        "Chance alone "
        "moves it a little, too."
    )
    return Table("effects", _("How far each factor moves each response"), table, note=note)


def _means(rows: pd.DataFrame, factors: list[str], responses: list[str]) -> list[Part]:
    means = rows.groupby(["point", "response"])["value"].mean().unstack("response")
    means = means[[response for response in responses if response in means.columns]]
    places = rows.drop_duplicates("point").set_index("point")[factors]
    table = places.join(means).sort_index()
    whole = Table("means", _("Means of every parameter set"), table.reset_index(), is_shown=False)
    short = table.head(_SHOWN).map(_level).reset_index(drop=True)
    note = _("The first {n} of {all}.").format(n=_SHOWN, all=len(table)) if len(table) > _SHOWN else ""
    every = Table("responses", _("Every run and response"), rows, is_shown=False)
    return [Table("means-short", _("Means over runs"), short, note=note), whole, every]


def _alerts(found: Finished, rows: pd.DataFrame, points: int, replicates: int) -> list[str]:
    said = []
    if replicates < FEW_REPLICATES:
        said.append(
            _("There are only {n} runs of each parameter set: what lies near together may be luck.").format(
                n=replicates
            )
        )
    unknown = rows[rows["value"].isna()]
    for response, part in unknown.groupby("response", observed=True):
        said.append(
            _("{what} is unknown in {n} runs, which do not count.").format(
                what=name(str(response)), n=len(part)
            )
        )
    failed = len(found.table("failures")) if found.has("failures") else 0
    if failed:
        said.append(_("{n} runs failed and are left out.").format(n=failed))
    if points > 20:
        said.append(
            _(
                "The best of {n} parameter sets is flattered by its luck: run it again with another seed."
            ).format(n=points)
        )
    said.append(
        _(
            "Most numbers of the model are assumed (MODEL.md): trust directions and comparisons more than "
            "levels."
        )
    )
    return said


def _again(found: Finished) -> list[Part]:
    parts: list[Part] = []
    if found.text("design.yaml"):
        parts.append(provenance.commands(found, ["shequn sweep design.yaml"]))
        parts.append(Text([found.text("design.yaml")], mono=True, title=_("The design (design.yaml)")))
    if found.text("scenario.yaml"):
        parts.append(
            Text([found.text("scenario.yaml")], mono=True, title=_("The scenario it varies (scenario.yaml)"))
        )
    parts += [provenance.versions(found), provenance.files(found)]
    return parts
