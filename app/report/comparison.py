"""The report of a comparison: what changes with B instead of A, how certain that is, and when they diverge."""

from typing import Any

import pandas as pd

from shequn.app.answers.comparison import divergence, gain
from shequn.app.answers.wording import name
from shequn.app.report import assumed_numbers, provenance
from shequn.app.report.comparison_charts import (  # fmt: skip
    Compared,
    every_pair,
    forest,
    forests,
    interval_text,
    of_first_response,
    short_name,
    signed,
)
from shequn.app.report.parts import Figure, Listing, Part, Report, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.comparison.tables import ARMS
from shequn.experiments.sweeps.folder import INPUTS
from shequn.sim.language import _
from shequn.sim.presentation.formats import number
from shequn.sim.results.manifest import read_json
from shequn.sim.scenario.dumping import flow

FEW_PAIRS = 20
_SENTENCES = 3
_FIGURES = 4
_NAMED = 3  # arms in a title; with more, it gives their number
_NOT_SHOWN = 6  # unclear differences that are listed one by one


def report(found: ResultFolder) -> Report:
    """Build the report of a comparison."""
    rows = [
        Compared({str(key): value for key, value in row.items()})
        for row in found.table("comparisons").to_dict("records")
    ]
    arms = [rows[0].a, *dict.fromkeys(row.b for row in rows)]
    asked = read_json(found.folder / INPUTS)
    warnings = _alerts(found, rows)
    short = _short_arms(arms)
    several = len(arms) > 2
    others = ", ".join(short[arm] for arm in arms[1:])
    title = _("{b} against {a}").format(b=others, a=short[arms[0]])
    if len(arms) - 1 > _NAMED:
        title = _("{n} alternatives to {a}").format(n=len(arms) - 1, a=short[arms[0]])
    return Report(
        kind=_("Comparison"),
        title=title,
        subtitle=_("{n} pairs of runs with the same people and the same luck, seed {seed}").format(
            n=max(row.found.n for row in rows), seed=asked.get("seed", "?")
        ),
        question=_("What changes with {b} instead of {a}?").format(b=others, a=short[arms[0]]),
        answer=_answer(rows, short),
        figures=_figures(rows, short),
        picture=of_first_response(rows, short) if several else forest(rows, _("What differs")),
        sections=[
            Section(
                "differences",
                _("Every difference"),
                [
                    _table(rows, short),
                    *(forests(rows, short) if several else []),
                    *every_pair(found, rows, short),
                ],
            ),
            Section("parting", _("When do they part?"), _parting(found)),
            Section("alerts", _("What to be careful with"), _careful(found, rows, warnings)),
            Section(
                "scenario", _("What was compared, and how to make the same again"), _again(found, arms, asked)
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


def _answer(rows: list[Compared], short: dict[str, str]) -> list[str]:
    """One sentence per response, or per arm (about the first response) if there are several arms."""
    arms = list(dict.fromkeys(row.b for row in rows))
    chosen = rows if len(arms) == 1 else _first_of_each(rows)
    return [_sentence(row, short if len(arms) > 1 else None) for row in chosen[:_SENTENCES]]


def _first_of_each(rows: list[Compared]) -> list[Compared]:
    """The first response of each arm, the largest difference first."""
    chosen = [row for row in rows if row.response == rows[0].response]
    return sorted(chosen, key=lambda row: -abs(row.found.mean) if row.found.n else 0.0)


def _sentence(row: Compared, short: dict[str, str] | None) -> str:
    """One sentence on a response; with `short`, it names the arm, otherwise the question does."""
    found, half = row.found, row.found.half_width
    what = _capital(name(row.response))
    if short is not None:
        what = _("{b}: {what}").format(b=short[row.b], what=name(row.response))
    if found.n < 2:
        return _("{what}: nothing can be said, it is known in {n} pairs of runs.").format(
            what=what, n=found.n
        )
    if found.sd == 0.0 and found.mean == 0.0:
        return _("{what}: the same in all {n} pairs of runs.").format(what=what, n=found.n)
    low, high = number(abs(found.low), half), number(abs(found.high), half)
    if not found.is_different:
        return _(
            "{what}: no difference is shown; between {low} lower and {high} higher (95 % interval)."
        ).format(what=what, low=low, high=high)
    if found.mean > 0.0:
        return _(
            "{what}: {n} higher (95 % interval {low} to {high}), and higher in {share} of the pairs."
        ).format(what=what, n=number(found.mean, half), low=low, high=high, share=f"{found.b_higher:.0%}")
    share = f"{1.0 - found.b_higher - found.equal:.0%}"
    return _("{what}: {n} lower (95 % interval {low} to {high}), and lower in {share} of the pairs.").format(
        what=what, n=number(-found.mean, half), low=high, high=low, share=share
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figures(rows: list[Compared], short: dict[str, str]) -> list[Figure]:
    one = len({row.b for row in rows}) == 1
    chosen = rows if one else _first_of_each(rows)
    return [
        Figure(
            signed(row.found.mean, row.found.half_width),
            _("{low} to {high} (95 % interval)").format(
                low=signed(row.found.low, row.found.half_width),
                high=signed(row.found.high, row.found.half_width),
            ),
            short_name(row.response) if one else f"{short[row.b]}: {short_name(row.response)}",
            _("{a} with A, {b} with B").format(
                a=number(row.found.a, row.found.half_width), b=number(row.found.b, row.found.half_width)
            )
            + ("" if row.found.is_different else "; " + _("no difference is shown")),
        )
        for row in chosen[:_FIGURES]
    ]


def _table(rows: list[Compared], short: dict[str, str]) -> Table:
    table = pd.DataFrame(
        {
            "B": [short[row.b] for row in rows],
            _("response"): [name(row.response) for row in rows],
            "A": [number(row.found.a, row.found.half_width) for row in rows],
            _("with B"): [number(row.found.b, row.found.half_width) for row in rows],
            "B − A": [signed(row.found.mean, row.found.half_width) for row in rows],
            _("95 % interval"): [interval_text(row) for row in rows],
            _("B higher"): [f"{row.found.b_higher:.0%}" if row.found.n else "" for row in rows],
            _("pairing gains"): [gain(row.found) for row in rows],
        }
    )
    note = _(
        "A is {a}. B higher: in what share of the pairs. Pairing gains: how many times as many runs with "
        "luck of their own "
        "would give the same interval."
    ).format(a=short[rows[0].a])
    return Table("comparisons", _("All responses"), table, note=note)


def _parting(found: ResultFolder) -> list[Part]:
    days = found.table("partings")
    parts: list[Part] = []
    for arm, rows in days.groupby("b", sort=False):
        parts.append(Text([f"{arm}: {divergence(rows['day'].to_numpy(dtype=float))}"]))
    known = days[days["day"].notna()]
    if len(known):
        shown = known.groupby("b", sort=False)["day"].describe()[["count", "min", "50%", "max"]].reset_index()
        shown.columns = ["B", _("pairs"), _("earliest day"), _("middle day"), _("latest day")]
        shown = shown.astype(dict.fromkeys(shown.columns[1:], int))
        parts.append(Table("partings", _("First day on which anything differs"), shown))
    return parts


def _alerts(found: ResultFolder, rows: list[Compared]) -> list[str]:
    said = []
    n = max(row.found.n for row in rows)
    if n < FEW_PAIRS:
        said.append(
            _("There are only {n} pairs of runs; intervals of so few are wide. Try --runs 60.").format(n=n)
        )
    open_ones = [row for row in rows if not row.found.is_different and (row.found.needed or 0) > row.found.n]
    for row in open_ones[:_NOT_SHOWN]:
        needed = row.found.needed
        if needed:
            said.append(
                _(
                    "{what} ({b}): no difference is shown; one as large as that seen would take about {n:,} "
                    "pairs."
                ).format(what=name(row.response), b=row.b, n=needed)
            )
    if len(open_ones) > _NOT_SHOWN:
        said.append(
            _("{n} further differences are not shown; more pairs might show them.").format(
                n=len(open_ones) - _NOT_SHOWN
            )
        )
    said += [
        _("{what} ({b}) is known in {k} of {n} pairs only.").format(
            what=name(row.response), b=row.b, k=row.found.n, n=n
        )
        for row in rows
        if row.found.n < n
    ]
    if len(rows) > 1:
        said.append(
            _(
                "Each of these {n} intervals is a 95 % one by itself: where nothing differs, one in twenty "
                "leaves out 0."
            ).format(n=len(rows))
        )
    failed = len(found.table("failures")) if found.has("failures") else 0
    if failed:
        said.append(_("{n} runs failed; their pairs are left out.").format(n=failed))
    return said


def _careful(found: ResultFolder, rows: list[Compared], warnings: list[str]) -> list[Part]:
    parts: list[Part] = (
        [Listing(warnings, "warning")] if warnings else [Text([_("Nothing looks wrong or too thin.")])]
    )
    if found.has("assumed"):
        table = found.table("assumed")
        parts.append(assumed_numbers.of_comparison(table, rows[0].response))
        parts.append(
            Table("assumed", _("What every assumed number does to every difference"), table, is_shown=False)
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


def _again(found: ResultFolder, arms: list[str], asked: dict[str, Any]) -> list[Part]:
    parts: list[Part] = [*_what_differs(found, arms)]
    responses = " ".join(f"--response {response}" for response in asked.get("responses", []))
    runs, seed = f"--runs {found.manifest.get('runs')}", f"--seed {asked.get('seed')}"
    if found.manifest.get("branching"):  # seed and people come from the saved states
        states = provenance.states_folder(found)
        variants = [_variant(arm) for arm in arms]
        named = [states if variant is None else f"{states}:{variant}" for variant in variants]
        command = f"shequn compare {' '.join(named)} {runs} {responses}"
    else:
        command = f"shequn compare {' '.join(_paths(found) or arms)} {runs} {seed} {responses}"
    parts += provenance.of_states(found)
    parts.append(provenance.commands(found, [command]))
    for arm, text in zip(arms, _arm_texts(found), strict=False):
        parts.append(Text([text], mono=True, title=_("The scenario of {arm}, every key").format(arm=arm)))
    parts += [provenance.versions(found), provenance.files(found)]
    return parts


def _variant(arm: str) -> str | None:
    """The variant in the name of an arm that continues a saved state, such as ``gated-group@90:no-gates``."""
    return arm.rpartition("@")[2].partition(":")[2] or None


def _paths(found: ResultFolder) -> list[str]:
    """The scenario files of the arms, relative to the folder; they reproduce the comparison."""
    return [
        path.relative_to(found.folder).as_posix() for path in sorted((found.folder / ARMS).glob("*.yaml"))
    ]


def _arm_texts(found: ResultFolder) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((found.folder / ARMS).glob("*.yaml"))]


def _what_differs(found: ResultFolder, arms: list[str]) -> list[Part]:
    """Table of the scenario keys that differ between the arms."""
    from ruamel.yaml import YAML

    texts = _arm_texts(found)
    if len(texts) != len(arms):
        return [Text([_("This folder was made by a version that did not keep the arms' scenarios.")])]
    leaves = [dict(_leaves(YAML(typ="safe").load(text))) for text in texts]
    keys = [
        key
        for key in dict.fromkeys(key for one in leaves for key in one)
        if len({str(one.get(key)) for one in leaves}) > 1
    ]
    keys = [key for key in keys if key not in ("title", "description", "question", "source", "why")]
    table = pd.DataFrame(
        {
            _("key"): keys,
            **{arm: [_short(one.get(key)) for key in keys] for arm, one in zip(arms, leaves, strict=True)},
        }
    )
    return [Table("what-differs", _("What differs between the arms"), table)]


def _leaves(value: Any, before: str = "") -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [(before, value)]
    return [
        leaf
        for key, part in value.items()
        for leaf in _leaves(part, f"{before}.{key}" if before else str(key))
    ]


def _short(value: Any) -> str:
    if value is None or value == []:
        return "–"
    return flow(value)
