"""The report of a sweep: the effect of each factor on each response."""

from typing import Any

import pandas as pd

from shequn.app.answers.wording import name
from shequn.app.report import provenance
from shequn.app.report.parts import Figure, Listing, Part, Report, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.app.report.sweep_charts import capital, charts_of, effect, of_response, short_name
from shequn.sim.language import _
from shequn.sim.presentation.formats import number

FEW_REPLICATES = 10
_FIXED = ("point", "run", "seed", "response", "value", "message")
_SHOWN = 60  # parameter sets on the page; the file has all of them


def report(found: ResultFolder) -> Report:
    """Build the report of a sweep."""
    rows = found.table("responses")
    factors = [column for column in rows.columns if column not in _FIXED]
    responses = list(dict.fromkeys(rows["response"].astype(str)))
    design = _design(found)
    points, replicates = rows["point"].nunique(), int(rows.groupby("point")["run"].nunique().max())
    title = str(design.get("title") or found.manifest.get("title") or found.folder.name)
    charts = charts_of(rows, factors, responses, design)
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


def _design(found: ResultFolder) -> dict[str, Any]:
    """The content of ``design.yaml``; empty for a custom model."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe").load(found.text("design.yaml"))
    except YAMLError:
        return {}
    return content if isinstance(content, dict) else {}


def _sentence(rows: pd.DataFrame, factors: list[str], response: str) -> str:
    """One sentence: where a response is lowest and highest, and which factor affects it most."""
    means = of_response(rows, response).groupby("point")["value"].mean()
    if not len(means):
        return _("Of {what} nothing is known.").format(what=name(response))
    places = rows.drop_duplicates("point").set_index("point")
    low, high = int(means.argmin()), int(means.argmax())
    strongest = max(factors, key=lambda factor: effect(rows, factor, response), default="")
    return _("{what}: from {low} ({at_low}) to {high} ({at_high}); {factor} moves it most.").format(
        what=capital(name(response)),
        low=number(float(means.iloc[low]), _digits(means)),
        high=number(float(means.iloc[high]), _digits(means)),
        at_low=_place(places.loc[means.index[low]], factors),
        at_high=_place(places.loc[means.index[high]], factors),
        factor=strongest,
    )


def _digits(means: pd.Series) -> float:
    return float(means.max() - means.min()) / 10 or abs(float(means.iloc[0])) / 10


def _place(row: pd.Series, factors: list[str]) -> str:
    return ", ".join(f"{factor} = {_level(row[factor])}" for factor in factors)


def _level(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _figures(rows: pd.DataFrame, responses: list[str]) -> list[Figure]:
    found = []
    for response in responses[:4]:
        means = of_response(rows, response).groupby("point")["value"].mean()
        if len(means):
            half = _digits(means)
            found.append(
                Figure(
                    f"{number(means.min(), half)} … {number(means.max(), half)}",
                    "",
                    short_name(response),
                    _("lowest and highest mean over the parameter sets"),
                )
            )
    return found


def _ranges(rows: pd.DataFrame, factors: list[str], responses: list[str]) -> Table:
    """Table of the effect of each factor on each response."""
    table = pd.DataFrame(
        {
            _("response"): [name(response) for response in responses],
            **{
                factor: [
                    number(effect(rows, factor, response), effect(rows, factor, response) / 10)
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


def _alerts(found: ResultFolder, rows: pd.DataFrame, points: int, replicates: int) -> list[str]:
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


def _again(found: ResultFolder) -> list[Part]:
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
