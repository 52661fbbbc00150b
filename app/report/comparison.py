"""The report of a comparison: the answer as one would say it, the arms over time, and how certain it is."""

import datetime
from typing import Any

import pandas as pd

from shequn.app.answers.arm_names import arm_title
from shequn.app.answers.comparison import (  # fmt: skip
    FEW_PAIRS,
    answer_sentences,
    best_arms,
    certainty,
    costs,
    dependence,
    divergences,
    gain,
    in_pairs,
    stated_rows,
)
from shequn.app.answers.facts import Facts, facts
from shequn.app.answers.response_names import capitalise, response_name
from shequn.app.answers.values import is_share, value_texts
from shequn.app.report import assumed_numbers, provenance
from shequn.app.report.comparison_charts import (  # fmt: skip
    every_pair,
    interval_text,
    of_first_response,
    over_time_charts,
    signed,
)
from shequn.app.report.parts import Card, Chart, Part, Report, Section, Table, Text, warning_part
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.comparison.question import ArmComparison
from shequn.experiments.comparison.tables import ARMS, arm_comparisons
from shequn.experiments.sweeps.folder import INPUTS
from shequn.sim.language import _
from shequn.sim.results.manifest import read_json
from shequn.sim.scenario.dumping import inline_yaml
from shequn.sim.scenario.question import Question

_N_PICTURES = 2  # charts of the first screen
_MAX_STATED = 7  # arms with a sentence of their own; the table has all


def report(results: ResultFolder) -> Report:
    """Build the report of a comparison."""
    inputs = read_json(results.folder / INPUTS)
    scenarios = _scenarios(results)
    found = _facts(results, inputs, scenarios)
    charts = over_time_charts(_curves(results), found, _start(scenarios))
    has_several_arms = len(found.others) > 1
    warnings = _warnings(results, found)
    sections = [
        Section(
            "differences",
            _("Every difference"),
            [
                _table(found),
                *(_known(of_first_response(found)) if has_several_arms else []),
                *every_pair(results, found),
            ],
        ),
        Section("parting", _("When do they diverge?"), [Text(divergences(found))]),
        Section("alerts", _("What to be careful with"), _caveats(results, found, warnings)),
        Section(
            "scenario",
            _("What was compared, and how to reproduce it"),
            _reproduction(results, list(found.labels), inputs, scenarios),
        ),
    ]
    if charts[_N_PICTURES:]:
        sections.insert(0, Section("time", _("Further measures over time"), [*charts[_N_PICTURES:]]))
    sentences = answer_sentences(found)
    if len(sentences) > _MAX_STATED:
        rest = _("{n} further arms are in the table.").format(n=len(sentences) - _MAX_STATED)
        sentences = [*sentences[:_MAX_STATED], rest]
    sentences += best_arms(found)
    return Report(
        kind=_("Comparison"),
        title=found.title,
        subtitle=_("{n} pairs of runs with the same people and the same luck, seed {seed}").format(
            n=found.pairs, seed=inputs.get("seed", "?")
        ),
        question=found.question,
        answer_label=_("The answer"),
        answer=sentences,
        figures=[],
        pictures=charts[:_N_PICTURES],
        cards=[
            Card(_("What it costs"), costs(found)),
            Card(_("How sure this is"), certainty(found)),
            Card(_("What it depends on"), dependence(found)),
        ],
        sections=sections,
        footer="",
    )


def _known(chart: Chart | None) -> list[Part]:
    return [] if chart is None else [chart]


def _title(arm: str, scenario: dict[str, Any], scenario_title: str) -> str:
    base = Question.read(scenario.get("question")).base
    return arm_title(str(scenario.get("title", arm)), base, scenario_title)


def _facts(results: ResultFolder, inputs: dict[str, Any], scenarios: list[dict[str, Any]]) -> Facts:
    rows = arm_comparisons(results.table("comparisons"))
    arms = [rows[0].a, *dict.fromkeys(row.b for row in rows)]
    title = str(inputs.get("title", ""))
    return facts(
        title,
        str(inputs.get("question", "")),
        {arm: _title(arm, scenario, title) for arm, scenario in zip(arms, scenarios, strict=True)},
        rows,
        inputs.get("headline", []),
        [int(scenario["days"]) for scenario in scenarios],
        results.table("partings"),
        results.table("differences"),
        results.table("assumed") if results.has("assumed") else None,
    )


def _scenarios(results: ResultFolder) -> list[dict[str, Any]]:
    """The resolved scenarios of the arms, in their order."""
    from ruamel.yaml import YAML

    return [YAML(typ="safe").load(text) for text in _arm_texts(results)]


def _start(scenarios: list[dict[str, Any]]) -> datetime.date | None:
    """Day 0 of all arms; None if they differ."""
    days = {str(scenario["start"]) for scenario in scenarios}
    return datetime.date.fromisoformat(days.pop()) if len(days) == 1 else None


def _curves(results: ResultFolder) -> pd.DataFrame:
    """The table of this name; empty for results of a version that recorded none."""
    return results.table("curves") if results.has("curves") else pd.DataFrame({"measure": [], "day": []})


def _difference_text(row: ArmComparison) -> str:
    """The mean difference with its sign; of shares in percentage points."""
    d = row.difference
    if is_share(row.response):
        return _("{n} points").format(n=signed(100.0 * d.mean, 100.0 * d.half_width))
    return signed(d.mean, d.half_width)


def _table(found: Facts) -> Table:
    rows = [row for row in found.rows if not row.difference.is_nothing]
    texts = [value_texts(row.response, row.difference.a, row.difference.b) for row in rows]
    differences = [row.difference for row in rows]
    several = {_("arm"): [found.labels[row.b] for row in rows]} if len(found.others) > 1 else {}
    first, second = list(found.labels.values())[:2]
    table = pd.DataFrame(
        {
            **several,
            _("response"): [capitalise(response_name(row.response)) for row in rows],
            first: [a for a, _b in texts],
            _("this arm") if several else second: [b for _a, b in texts],
            _("difference"): [_difference_text(row) for row in rows],
            _("95 % interval"): [
                interval_text(row.difference, 100.0 if is_share(row.response) else 1.0) for row in rows
            ],
            _("higher in"): [in_pairs(d) for d in differences],
            _("pairing gain"): [gain(d) for d in differences],
        }
    )
    note = _(
        "All numbers are means over runs. Higher in: in how many pairs. Pairing gain: how many times as many "
        "runs would be needed for the same interval without pairing."
    )
    return Table("comparisons", _("All responses"), table, note=note)


def _warnings(results: ResultFolder, found: Facts) -> list[str]:
    warnings = []
    if found.pairs < FEW_PAIRS:
        warnings.append(
            _("There are only {n} pairs of runs; intervals of so few are wide. Try --runs 60.").format(
                n=found.pairs
            )
        )
    warnings += [
        _("{what} ({b}) is known in {k} of {n} pairs only.").format(
            what=capitalise(response_name(row.response)),
            b=found.labels[row.b],
            k=row.difference.n,
            n=found.pairs,
        )
        for row in found.rows
        if row.difference.n < found.pairs
    ]
    if len(found.rows) > 1:
        warnings.append(
            _(
                "Each of these {n} intervals is a 95 % interval on its own: where nothing differs, one "
                "in twenty excludes 0."
            ).format(n=len(found.rows))
        )
    failed = len(results.table("failures")) if results.has("failures") else 0
    if failed:
        warnings.append(_("{n} runs failed; their pairs are left out.").format(n=failed))
    return warnings


def _caveats(results: ResultFolder, found: Facts, warnings: list[str]) -> list[Part]:
    parts: list[Part] = [warning_part(warnings)]
    if found.assumed is None:
        return [*parts, Text(dependence(found))]
    parts += [assumed_numbers.comparison_table(rows, response) for response, rows in stated_rows(found)]
    title = _("Effect of every assumed number on every difference")
    return [*parts, Table("assumed", title, found.assumed, is_shown=False)]


def _reproduction(
    results: ResultFolder, arms: list[str], inputs: dict[str, Any], scenarios: list[dict[str, Any]]
) -> list[Part]:
    parts: list[Part] = [_what_differs(arms, scenarios)]
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


def _what_differs(arms: list[str], scenarios: list[dict[str, Any]]) -> Table:
    """Table of the scenario keys that differ between the arms."""
    leaves = [dict(_leaves(scenario)) for scenario in scenarios]
    keys = [
        key
        for key in dict.fromkeys(key for leaf_values in leaves for key in leaf_values)
        if len({str(leaf_values.get(key)) for leaf_values in leaves}) > 1
    ]
    texts = ("title", "description", "question", "source", "why")
    keys = [key for key in keys if key.partition(".")[0] not in texts]
    table = pd.DataFrame(
        {
            _("key"): keys,
            **{
                arm: [_short(leaf_values.get(key)) for key in keys]
                for arm, leaf_values in zip(arms, leaves, strict=True)
            },
        }
    )
    return Table("what-differs", _("What differs between the arms"), table)


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
