"""The report of a sweep: the effect of each factor on each response."""

import math
from typing import Any

import pandas as pd

from shequn.app.answers.response_names import capitalise, response_name, short_name
from shequn.app.report import provenance
from shequn.app.report.parts import Figure, Part, Report, Section, Table, Text, warning_part
from shequn.app.report.result_folder import ResultFolder
from shequn.app.report.sweep_charts import charts_of, effect, of_response, strongest
from shequn.experiments.intervals import Interval
from shequn.sim.language import _
from shequn.sim.presentation.formats import number

FEW_REPLICATES = 10
_FIXED = ("point", "run", "seed", "response", "value", "message")
_MAX_POINTS = 60  # parameter sets on the page; the file has all of them


def report(results: ResultFolder) -> Report:
    """Build the report of a sweep."""
    rows = results.table("responses")
    factors = [column for column in rows.columns if column not in _FIXED]
    responses = list(dict.fromkeys(rows["response"].astype(str)))
    design = results.design
    points, replicates = rows["point"].nunique(), int(rows.groupby("point")["run"].nunique().max())
    title = str(design.get("title") or results.manifest.get("title") or results.folder.name)
    charts = charts_of(rows, factors, responses, design)
    warnings = _warnings(results, rows, points, replicates)
    sections = [
        Section("effects", _("What each factor does"), [*charts[1:], _ranges(rows, factors, responses)]),
        Section("means", _("Every parameter set"), _means(rows, factors, responses)),
        Section(
            "alerts",
            _("What to be careful with"),
            [warning_part(warnings)],
        ),
        Section("scenario", _("The design, and how to reproduce it"), _reproduction(results)),
    ]
    return Report(
        kind=_("Sweep"),
        title=title,
        subtitle=_("{points} parameter sets, {n} runs of each; the same seeds in all").format(
            points=points, n=replicates
        ),
        question=" ".join(str(design.get("question", "")).split()),
        answer_label=_("The answer"),
        answer=[_sentence(rows, factors, response) for response in responses[:3]],
        figures=_figures(rows, responses),
        pictures=charts[:1],
        cards=[],
        sections=sections,
        footer="",
    )


def _sentence(rows: pd.DataFrame, factors: list[str], response: str) -> str:
    """One sentence: where a response is lowest and highest, and which factor is shown to affect it most."""
    means = of_response(rows, response).groupby("point")["value"].mean()
    if not len(means):
        return _("{what} is unknown in all runs.").format(what=response_name(response))
    points_by_number = rows.drop_duplicates("point").set_index("point")
    low, high = int(means.argmin()), int(means.argmax())
    factor = strongest(rows, factors, response)
    words = (
        _("{what}: from {low} with {at_low} to {high} with {at_high}; {factor} moves it most.")
        if factor is not None
        else _(
            "{what}: from {low} with {at_low} to {high} with {at_high}; no factor is shown to move it most."
        )
    )
    return words.format(
        what=capitalise(response_name(response)),
        low=number(float(means.iloc[low]), _digits(means)),
        high=number(float(means.iloc[high]), _digits(means)),
        at_low=_point_text(points_by_number.loc[means.index[low]], factors),
        at_high=_point_text(points_by_number.loc[means.index[high]], factors),
        factor=factor,
    )


def _digits(means: pd.Series) -> float:
    return float(means.max() - means.min()) / 10 or abs(float(means.iloc[0])) / 10


def _point_text(row: pd.Series, factors: list[str]) -> str:
    return ", ".join(f"{factor} = {_level_text(row[factor])}" for factor in factors)


def _level_text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _figures(rows: pd.DataFrame, responses: list[str]) -> list[Figure]:
    results = []
    for response in responses[:4]:
        means = of_response(rows, response).groupby("point")["value"].mean()
        if len(means):
            half = _digits(means)
            results.append(
                Figure(
                    f"{number(means.min(), half)} … {number(means.max(), half)}",
                    "",
                    short_name(response),
                    _("lowest and highest mean over the parameter sets"),
                )
            )
    return results


def _ranges(rows: pd.DataFrame, factors: list[str], responses: list[str]) -> Table:
    """Table of the effect of each factor on each response."""
    table = pd.DataFrame(
        {
            _("response"): [response_name(response) for response in responses],
            **{
                factor: [_effect_text(effect(rows, factor, response)) for response in responses]
                for factor in factors
            },
        }
    )
    note = _(
        "Difference between the lowest and the highest mean over the levels of a factor, averaged over "
        "the other factors, ± half of its 95 % interval. Chance alone makes a small difference, too."
    )
    return Table("effects", _("How far each factor moves each response"), table, note=note)


def _effect_text(interval: Interval) -> str:
    half = interval.half_width
    if not interval.n:
        return _("unknown")
    if not math.isfinite(half):
        return number(interval.mean, abs(interval.mean) / 10)
    return f"{number(interval.mean, half)} ± {number(half, half)}"


def _means(rows: pd.DataFrame, factors: list[str], responses: list[str]) -> list[Part]:
    means = rows.groupby(["point", "response"])["value"].mean().unstack("response")
    means = means[[response for response in responses if response in means.columns]]
    points_by_number = rows.drop_duplicates("point").set_index("point")[factors]
    table = points_by_number.join(means).sort_index()
    all_means = Table("means", _("Means of every parameter set"), table.reset_index(), is_shown=False)
    shown_rows = table.head(_MAX_POINTS).map(_level_text).reset_index(drop=True)
    note = (
        _("The first {n} of {all}.").format(n=_MAX_POINTS, all=len(table)) if len(table) > _MAX_POINTS else ""
    )
    all_runs = Table("responses", _("Every run and response"), rows, is_shown=False)
    return [Table("means-short", _("Means over runs"), shown_rows, note=note), all_means, all_runs]


def _warnings(results: ResultFolder, rows: pd.DataFrame, points: int, replicates: int) -> list[str]:
    warnings = []
    if replicates < FEW_REPLICATES:
        warnings.append(
            _("There are only {n} runs of each parameter set: small differences may be luck.").format(
                n=replicates
            )
        )
    unknown = rows[rows["value"].isna()]
    for response, part in unknown.groupby("response", observed=True):
        warnings.append(
            _("{what} is unknown in {n} runs, which are left out.").format(
                what=response_name(str(response)), n=len(part)
            )
        )
    failed = len(results.table("failures")) if results.has("failures") else 0
    if failed:
        warnings.append(_("{n} runs failed and are left out.").format(n=failed))
    if points > 20:
        warnings.append(
            _(
                "The best of {n} parameter sets looks better than it is, by luck: run it again with "
                "another seed."
            ).format(n=points)
        )
    warnings.append(
        _(
            "Most numbers of the model are assumed (MODEL.md): trust directions and comparisons more than "
            "levels."
        )
    )
    return warnings


def _reproduction(results: ResultFolder) -> list[Part]:
    parts: list[Part] = []
    if results.text("design.yaml"):
        parts.append(provenance.commands(results, ["shequn sweep design.yaml"]))
        parts.append(Text([results.text("design.yaml")], mono=True, title=_("The design (design.yaml)")))
    if results.text("scenario.yaml"):
        parts.append(
            Text(
                [results.text("scenario.yaml")], mono=True, title=_("The scenario it varies (scenario.yaml)")
            )
        )
    parts += [provenance.versions(results), provenance.files(results)]
    return parts
