"""The report of a comparison: what changes with B instead of A, how certain that is, and when they diverge."""

from typing import Any

import pandas as pd

from shequn.app.answers.comparison import divergence, gain
from shequn.app.answers.response_names import capitalise, response_name, short_name
from shequn.app.report import assumed_numbers, provenance
from shequn.app.report.comparison_charts import (  # fmt: skip
    ComparisonRow,
    every_pair,
    forest,
    forests,
    interval_text,
    of_first_response,
    signed,
)
from shequn.app.report.parts import Figure, Part, Report, Section, Table, Text, warning_part
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.comparison.tables import ARMS
from shequn.experiments.sweeps.folder import INPUTS
from shequn.sim.language import _
from shequn.sim.presentation.formats import number
from shequn.sim.results.manifest import read_json
from shequn.sim.scenario.dumping import inline_yaml

FEW_PAIRS = 20
_N_SENTENCES = 3
_N_FIGURES = 4
_MAX_TITLE_ARMS = 3  # arms in a title; with more, it gives their number
_MAX_UNCLEAR = 6  # unclear differences that are listed one by one


def report(results: ResultFolder) -> Report:
    """Build the report of a comparison."""
    rows = [
        ComparisonRow({str(key): value for key, value in row.items()})
        for row in results.table("comparisons").to_dict("records")
    ]
    arms = [rows[0].a, *dict.fromkeys(row.b for row in rows)]
    inputs = read_json(results.folder / INPUTS)
    warnings = _warnings(results, rows)
    short = _short_arms(arms)
    has_several_arms = len(arms) > 2
    others = ", ".join(short[arm] for arm in arms[1:])
    title = _("{b} against {a}").format(b=others, a=short[arms[0]])
    if len(arms) - 1 > _MAX_TITLE_ARMS:
        title = _("{n} alternatives to {a}").format(n=len(arms) - 1, a=short[arms[0]])
    return Report(
        kind=_("Comparison"),
        title=title,
        subtitle=_("{n} pairs of runs with the same people and the same luck, seed {seed}").format(
            n=max(row.difference.n for row in rows), seed=inputs.get("seed", "?")
        ),
        question=_("What changes with {b} instead of {a}?").format(b=others, a=short[arms[0]]),
        answer=_answer(rows, short),
        figures=_figures(rows, short),
        picture=of_first_response(rows, short) if has_several_arms else forest(rows, _("What differs")),
        sections=[
            Section(
                "differences",
                _("Every difference"),
                [
                    _table(rows, short),
                    *(forests(rows, short) if has_several_arms else []),
                    *every_pair(results, rows, short),
                ],
            ),
            Section("parting", _("When do they diverge?"), _divergence(results)),
            Section("alerts", _("What to be careful with"), _caveats(results, rows, warnings)),
            Section(
                "scenario",
                _("What was compared, and how to reproduce it"),
                _reproduction(results, arms, inputs),
            ),
        ],
        footer="",
    )


def _short_arms(arms: list[str]) -> dict[str, str]:
    """Short names of arms: the variant, if all arms are variants of one scenario."""
    bases = {arm.rpartition(":")[0] or arm for arm in arms}
    if len(bases) > 1:
        return {arm: arm for arm in arms}
    return {arm: arm.rpartition(":")[2] for arm in arms}


def _answer(rows: list[ComparisonRow], short: dict[str, str]) -> list[str]:
    """One sentence per response, or per arm (about the first response) if there are several arms."""
    arms = list(dict.fromkeys(row.b for row in rows))
    chosen_rows = rows if len(arms) == 1 else _first_of_each(rows)
    return [_sentence(row, short if len(arms) > 1 else None) for row in chosen_rows[:_N_SENTENCES]]


def _first_of_each(rows: list[ComparisonRow]) -> list[ComparisonRow]:
    """The first response of each arm, the largest difference first."""
    chosen_rows = [row for row in rows if row.response == rows[0].response]
    return sorted(chosen_rows, key=lambda row: -abs(row.difference.mean) if row.difference.n else 0.0)


def _sentence(row: ComparisonRow, short: dict[str, str] | None) -> str:
    """One sentence on a response; with `short`, it names the arm, otherwise the question does."""
    difference, half = row.difference, row.difference.half_width
    what = capitalise(response_name(row.response))
    if short is not None:
        what = _("{b}: {what}").format(b=short[row.b], what=response_name(row.response))
    if difference.n < 2:
        return _("{what}: nothing can be said, it is known in {n} pairs of runs.").format(
            what=what, n=difference.n
        )
    if difference.sd == 0.0 and difference.mean == 0.0:
        return _("{what}: the same in all {n} pairs of runs.").format(what=what, n=difference.n)
    low, high = number(abs(difference.low), half), number(abs(difference.high), half)
    if not difference.is_different:
        return _(
            "{what}: no difference is shown; between {low} lower and {high} higher (95 % interval)."
        ).format(what=what, low=low, high=high)
    if difference.mean > 0.0:
        return _(
            "{what}: {n} higher (95 % interval {low} to {high}), and higher in {share} of the pairs."
        ).format(
            what=what, n=number(difference.mean, half), low=low, high=high, share=f"{difference.b_higher:.0%}"
        )
    share = f"{1.0 - difference.b_higher - difference.equal:.0%}"
    return _("{what}: {n} lower (95 % interval {low} to {high}), and lower in {share} of the pairs.").format(
        what=what, n=number(-difference.mean, half), low=high, high=low, share=share
    )


def _figures(rows: list[ComparisonRow], short: dict[str, str]) -> list[Figure]:
    has_one_arm = len({row.b for row in rows}) == 1
    chosen_rows = rows if has_one_arm else _first_of_each(rows)
    return [
        Figure(
            signed(row.difference.mean, row.difference.half_width),
            _("{low} to {high} (95 % interval)").format(
                low=signed(row.difference.low, row.difference.half_width),
                high=signed(row.difference.high, row.difference.half_width),
            ),
            short_name(row.response) if has_one_arm else f"{short[row.b]}: {short_name(row.response)}",
            _("{a} with A, {b} with B").format(
                a=number(row.difference.a, row.difference.half_width),
                b=number(row.difference.b, row.difference.half_width),
            )
            + ("" if row.difference.is_different else "; " + _("no difference is shown")),
        )
        for row in chosen_rows[:_N_FIGURES]
    ]


def _table(rows: list[ComparisonRow], short: dict[str, str]) -> Table:
    table = pd.DataFrame(
        {
            "B": [short[row.b] for row in rows],
            _("response"): [response_name(row.response) for row in rows],
            "A": [number(row.difference.a, row.difference.half_width) for row in rows],
            _("with B"): [number(row.difference.b, row.difference.half_width) for row in rows],
            "B − A": [signed(row.difference.mean, row.difference.half_width) for row in rows],
            _("95 % interval"): [interval_text(row) for row in rows],
            _("B higher"): [f"{row.difference.b_higher:.0%}" if row.difference.n else "" for row in rows],
            _("pairing gain"): [gain(row.difference) for row in rows],
        }
    )
    note = _(
        "A is {a}. B higher: in what share of the pairs. Pairing gain: how many times as many runs "
        "would be needed for the same interval without pairing."
    ).format(a=short[rows[0].a])
    return Table("comparisons", _("All responses"), table, note=note)


def _divergence(results: ResultFolder) -> list[Part]:
    days = results.table("partings")
    parts: list[Part] = []
    for arm, rows in days.groupby("b", sort=False):
        parts.append(Text([f"{arm}: {divergence(rows['day'].to_numpy(dtype=float))}"]))
    known = days[days["day"].notna()]
    if len(known):
        divergence_days = (
            known.groupby("b", sort=False)["day"].describe()[["count", "min", "50%", "max"]].reset_index()
        )
        divergence_days.columns = ["B", _("pairs"), _("earliest day"), _("median day"), _("latest day")]
        divergence_days = divergence_days.astype(dict.fromkeys(divergence_days.columns[1:], int))
        parts.append(Table("partings", _("First day on which anything differs"), divergence_days))
    return parts


def _warnings(results: ResultFolder, rows: list[ComparisonRow]) -> list[str]:
    warnings = []
    n = max(row.difference.n for row in rows)
    if n < FEW_PAIRS:
        warnings.append(
            _("There are only {n} pairs of runs; intervals of so few are wide. Try --runs 60.").format(n=n)
        )
    unclear_rows = [
        row
        for row in rows
        if not row.difference.is_different and (row.difference.needed or 0) > row.difference.n
    ]
    for row in unclear_rows[:_MAX_UNCLEAR]:
        n_needed = row.difference.needed
        if n_needed:
            warnings.append(
                _(
                    "{what} ({b}): no difference is shown; detecting one as large as observed would "
                    "take about {n:,} pairs."
                ).format(what=response_name(row.response), b=row.b, n=n_needed)
            )
    if len(unclear_rows) > _MAX_UNCLEAR:
        warnings.append(
            _("{n} further responses show no difference; with more pairs they might.").format(
                n=len(unclear_rows) - _MAX_UNCLEAR
            )
        )
    warnings += [
        _("{what} ({b}) is known in {k} of {n} pairs only.").format(
            what=response_name(row.response), b=row.b, k=row.difference.n, n=n
        )
        for row in rows
        if row.difference.n < n
    ]
    if len(rows) > 1:
        warnings.append(
            _(
                "Each of these {n} intervals is a 95 % interval on its own: where nothing differs, one "
                "in twenty excludes 0."
            ).format(n=len(rows))
        )
    failed = len(results.table("failures")) if results.has("failures") else 0
    if failed:
        warnings.append(_("{n} runs failed; their pairs are left out.").format(n=failed))
    return warnings


def _caveats(results: ResultFolder, rows: list[ComparisonRow], warnings: list[str]) -> list[Part]:
    parts: list[Part] = [warning_part(warnings)]
    if results.has("assumed"):
        table = results.table("assumed")
        parts.append(assumed_numbers.comparison_table(table, rows[0].response))
        parts.append(
            Table("assumed", _("Effect of every assumed number on every difference"), table, is_shown=False)
        )
    else:
        parts.append(
            Text(
                [
                    _(
                        "Which assumed numbers the answer depends on was not tested: run the same command with "
                        "--assumed to find out (about 300 runs a pair)."
                    )
                ]
            )
        )
    return parts


def _reproduction(results: ResultFolder, arms: list[str], inputs: dict[str, Any]) -> list[Part]:
    parts: list[Part] = [*_what_differs(results, arms)]
    responses = " ".join(f"--response {response}" for response in inputs.get("responses", []))
    runs, seed = f"--runs {results.manifest.get('runs')}", f"--seed {inputs.get('seed')}"
    if results.manifest.get("branching"):  # seed and people come from the saved states
        states = provenance.states_folder(results)
        variants = [_variant(arm) for arm in arms]
        arguments = [states if variant is None else f"{states}:{variant}" for variant in variants]
        command = f"shequn compare {' '.join(arguments)} {runs} {responses}"
    else:
        command = f"shequn compare {' '.join(_paths(results) or arms)} {runs} {seed} {responses}"
    parts += provenance.state_parts(results)
    parts.append(provenance.commands(results, [command]))
    for arm, text in zip(arms, _arm_texts(results), strict=False):
        parts.append(Text([text], mono=True, title=_("The scenario of {arm}, every key").format(arm=arm)))
    parts += [provenance.versions(results), provenance.files(results)]
    return parts


def _variant(arm: str) -> str | None:
    """The variant in the name of an arm that continues a saved state, such as ``gated-group@90:no-gates``."""
    return arm.rpartition("@")[2].partition(":")[2] or None


def _paths(results: ResultFolder) -> list[str]:
    """The scenario files of the arms, relative to the folder; they reproduce the comparison."""
    return [
        path.relative_to(results.folder).as_posix() for path in sorted((results.folder / ARMS).glob("*.yaml"))
    ]


def _arm_texts(results: ResultFolder) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((results.folder / ARMS).glob("*.yaml"))]


def _what_differs(results: ResultFolder, arms: list[str]) -> list[Part]:
    """Table of the scenario keys that differ between the arms."""
    from ruamel.yaml import YAML

    texts = _arm_texts(results)
    if len(texts) != len(arms):
        return [Text([_("This folder was made by a version that did not save the arms' scenarios.")])]
    leaves = [dict(_leaves(YAML(typ="safe").load(text))) for text in texts]
    keys = [
        key
        for key in dict.fromkeys(key for leaf_values in leaves for key in leaf_values)
        if len({str(leaf_values.get(key)) for leaf_values in leaves}) > 1
    ]
    keys = [key for key in keys if key not in ("title", "description", "question", "source", "why")]
    table = pd.DataFrame(
        {
            _("key"): keys,
            **{
                arm: [_short(leaf_values.get(key)) for key in keys]
                for arm, leaf_values in zip(arms, leaves, strict=True)
            },
        }
    )
    return [Table("what-differs", _("What differs between the arms"), table)]


def _leaves(value: Any, prefix: str = "") -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [(prefix, value)]
    return [
        leaf
        for key, part in value.items()
        for leaf in _leaves(part, f"{prefix}.{key}" if prefix else str(key))
    ]


def _short(value: Any) -> str:
    if value is None or value == []:
        return "–"
    return inline_yaml(value)
