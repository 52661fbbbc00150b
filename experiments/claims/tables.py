"""The tables of the claims: everything from which the page is made."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from shequn.experiments.claims.boundaries import Step, Turn, crossing, shows_both_sides
from shequn.experiments.claims.design import COMMON, Claim
from shequn.experiments.claims.draws import factors
from shequn.experiments.claims.numbers import influences
from shequn.experiments.claims.study import Runs, Study, draw_effects
from shequn.experiments.claims.verdicts import Effect, Finding
from shequn.experiments.designs.strict_files import Words
from shequn.sim.results.parquet import write_table
from shequn.sim.results.schema import Column, Table
from shequn.sim.version import __version__

_CLAIM = Column("claim", "string", "", "Number of the claim in the field notes.")
_SETTING = Column("setting", "string", "", "Community in which it is tried: article, forum, graph or log.")
_FIRST = Column("first", "string", "", "First arm of the contrast.")
_SECOND = Column("second", "string", "", "Second arm; the first again where there is one only.")
_UNIT = "of the response"
_FEW = "known in fewer than 2 pairs"
_NOT_TRIED = "it is not tried"
_NO_SIDE = "it is not tried, or says a range"


def _texts(name: str, text: str, missing: str = "") -> tuple[Column, Column]:
    return (
        Column(f"{name}_en", "string", "", f"{text} In English.", missing),
        Column(f"{name}_zh", "string", "", f"{text} In Chinese.", missing),
    )


CLAIMS = Table(
    "claims",
    "One row for each claim: what it says, its verdict, and what that rests on.",
    (
        _CLAIM,
        Column("articles", "string", "", "Articles that state it."),
        Column("whose", "string", "", "Whether the articles say it, or it is inferred."),
        *_texts("words", "The claim, in short."),
        *_texts("hypothesis", "What runs would show if it were right."),
        *_texts("because", "Why just this smallest effect, or range.", _NOT_TRIED),
        *_texts("why_not", "Why it cannot fail here, or cannot be tried.", "it is tried"),
        *_texts("world", "What has been measured in the world.", "nothing is known to us"),
        *_texts("source", "Where that was published or measured.", "nothing is known to us"),
        *_texts("changed", "Changes of the design after a run, with date and reason.", "none"),
        Column("response", "string", "", "What is measured.", _NOT_TRIED),
        Column("side", "string", "", "How the second arm is said to lie to the first.", _NO_SIDE),
        Column(
            "smallest",
            "double",
            "of the response",
            "The smallest effect that matters.",
            "it is a share, or none",
        ),
        Column(
            "smallest_share",
            "double",
            "share",
            "The same, as a share of the first arm's mean.",
            "it is no share",
        ),
        Column("verdict", "string", "", "The verdict."),
        Column("holds_in", "string", "", "Settings in which it holds."),
        Column("fails_in", "string", "", "Settings in which it fails."),
        Column("open_in", "string", "", "Settings in which it is open."),
        Column("by_setting", "string", "", "Setting in which assumed numbers decide.", "they do not"),
        Column("by_first", "string", "", "First arm of the contrast there.", "they do not"),
        Column("by_second", "string", "", "Second arm of the contrast there.", "they do not"),
        Column(
            "needed", "int64", "pairs", "Pairs in all that would decide.", "decided, or more than a million"
        ),
    ),
)

EFFECTS = Table(
    "effects",
    "One row for each claim, setting and contrast: second arm minus first, or the value of a single arm.",
    (
        _CLAIM,
        _SETTING,
        _FIRST,
        _SECOND,
        Column("n", "int64", "pairs", "Pairs in which both are known."),
        Column("mean_first", "double", _UNIT, "Mean of the first arm.", "known in no pair"),
        Column("mean_second", "double", _UNIT, "Mean of the second arm.", "known in no pair"),
        Column("effect", "double", _UNIT, "Mean difference, or value.", "known in no pair"),
        Column(
            "low",
            "double",
            "of the response",
            "Lower end of its corrected interval.",
            _FEW,
        ),
        Column(
            "high",
            "double",
            "of the response",
            "Upper end of its corrected interval.",
            _FEW,
        ),
        Column("sd", "double", _UNIT, "Standard deviation over pairs.", _FEW),
        Column("claimed_low", "double", _UNIT, "Lower end of what is claimed.", "no lower end"),
        Column("claimed_high", "double", _UNIT, "Upper end of what is claimed.", "no upper end"),
        Column("outcome", "string", "", "Whether the claim holds, fails or is open here."),
        Column("draws", "int64", "draws", "Draws of the assumed numbers in which the effect is known."),
        Column("agreement", "double", "share", "Share of them on the claimed side.", "no draws"),
        Column(
            "by_luck",
            "double",
            "share",
            "The same if assumed numbers made no difference.",
            "known in few pairs",
        ),
        Column("reach", "double", "share", "Share of them within what is claimed.", "no draws"),
        Column(
            "needed", "int64", "pairs", "Pairs in all that would decide.", "decided, or more than a million"
        ),
    ),
)

RUN_VALUES = Table(
    "run_values",
    "One row for each run with the numbers as they are.",
    (
        _CLAIM,
        _SETTING,
        Column("arm", "string", "", "The arm."),
        Column("run", "int32", "number", "The pair: all arms of a pair have the same seed."),
        Column("value", "double", _UNIT, "The response.", "unknown, or the run failed"),
    ),
)

DRAWS = Table(
    "draws",
    "One row for each contrast and draw of the assumed numbers.",
    (
        _CLAIM,
        _SETTING,
        _FIRST,
        _SECOND,
        Column("draw", "int32", "number", "The draw."),
        Column("effect", "double", _UNIT, "The effect in it.", "unknown, or a run failed"),
    ),
)

INFLUENCES = Table(
    "influences",
    "One row for each contrast and assumed number, where there are at least 8 draws: the five largest.",
    (
        _CLAIM,
        _SETTING,
        _FIRST,
        _SECOND,
        Column("number", "string", "", "The assumed number, group.name."),
        Column(
            "correlation",
            "double",
            "-1 to 1",
            "Rank correlation of its factor with the effect, over the draws.",
        ),
        Column(
            "clear",
            "bool",
            "",
            "Whether that is beyond chance, at 5 % over all numbers and contrasts of the claim.",
        ),
        Column(
            "crossing",
            "double",
            "factor",
            "Factor of the number at which a straight line through the draws crosses an end of what is claimed.",
            "at no factor above 0",
        ),
    ),
)

_NUMBER = Column("number", "string", "", "The assumed number that is moved, group.name.")

BOUNDARIES = Table(
    "boundaries",
    "One row for each number that was moved alone to turn a claim that depends; the clearest of a claim first.",
    (
        _CLAIM,
        _SETTING,
        _FIRST,
        _SECOND,
        _NUMBER,
        Column(
            "crossing",
            "double",
            "factor",
            "Factor of the number at which the effect crosses an end of what is claimed, between two steps.",
            "not between 0.25 and 4",
        ),
        Column(
            "both_sides",
            "bool",
            "",
            "Whether the claim holds on one side and fails on the other, in runs of their own.",
        ),
    ),
)

_AT_A_FACTOR = (
    _CLAIM,
    _SETTING,
    _NUMBER,
    Column("times", "double", "factor", "Factor of the number."),
    Column("value", "double", "", "The number, in the second arm; within its bounds."),
    Column("n", "int64", "pairs", "Pairs in which the effect is known."),
    Column("effect", "double", _UNIT, "Mean difference, or value.", "known in no pair"),
    Column("low", "double", _UNIT, "Lower end of its interval, corrected for these factors.", _FEW),
    Column("high", "double", _UNIT, "Upper end of its interval, corrected for these factors.", _FEW),
    Column("claimed_low", "double", _UNIT, "Lower end of what is claimed.", "no lower end"),
    Column("claimed_high", "double", _UNIT, "Upper end of what is claimed.", "no upper end"),
    Column("outcome", "string", "", "Whether the claim holds, fails or is open there."),
)

STEPS = Table(
    "steps", "One row for each of these and each factor of the number, all else as it is.", _AT_A_FACTOR
)

SIDES = Table(
    "sides",
    "Two rows for each claim that one of these turns: one on each side, with more pairs and seeds of their own.",
    _AT_A_FACTOR,
)

SETTINGS = Table(
    "settings",
    "One row for each community in which all claims are tried.",
    (
        _SETTING,
        *_texts("title", "What it is."),
        Column("graph", "string", "", "File or generator of its graph.", "that of its scenario"),
    ),
)

STUDY = Table(
    "study",
    "One row: how much was run.",
    (
        Column("pairs", "int64", "pairs", "Pairs of runs in each setting."),
        Column("draws", "int64", "draws", "Draws of all assumed numbers at once."),
        Column("draw_pairs", "int64", "pairs", "Pairs of runs in each draw."),
        Column("quick", "bool", "", "Whether this was a quick run, with few of both."),
        Column("intervals", "int64", "intervals", "Number of intervals for which each is corrected."),
        Column("committed", "string", "", "Commit of the designs, before any run."),
        Column("version", "string", "", "Version of shequn."),
    ),
)

TABLES = (CLAIMS, EFFECTS, RUN_VALUES, DRAWS, INFLUENCES, BOUNDARIES, STEPS, SIDES, SETTINGS, STUDY)
_INFLUENCES = 5  # of each contrast that are kept


def write_findings(
    study: Study,
    folder: Path,
    found: Sequence[tuple[Claim, list[Effect], Finding]],
    runs: Runs,
    turned: Sequence[tuple[Turn, list[Step]]],
    on_sides: Sequence[tuple[Turn, list[Step]]],
) -> None:
    """Write all tables into ``folder/tables``."""
    rows: dict[Table, Iterator[tuple[Any, ...]]] = {
        CLAIMS: (_claim_row(claim, finding) for claim, _effects, finding in found),
        EFFECTS: (_effect_row(claim, one) for claim, effects, _finding in found for one in effects),
        RUN_VALUES: _run_rows(study, runs),
        DRAWS: _draw_rows(study, runs),
        INFLUENCES: _influence_rows(study, runs, {claim.id: effects for claim, effects, _finding in found}),
        BOUNDARIES: (_boundary_row(turn, its_steps, on_sides) for turn, its_steps in turned),
        STEPS: (_step_row(turn, step) for turn, its_steps in turned for step in its_steps),
        SIDES: (_step_row(turn, step) for turn, its_steps in on_sides for step in its_steps),
        SETTINGS: _setting_rows(study),
        STUDY: iter([_study_row(study)]),
    }
    for table, its_rows in rows.items():
        frame = pd.DataFrame(list(its_rows), columns=list(table.names))
        whole = {c.name: "Int64" for c in table.columns if c.type == "int64" and c.missing}
        write_table(folder, table, table.frame(frame.astype(whole)))


def _both(words: Words | None) -> tuple[str | None, str | None]:
    return (None, None) if words is None else (words.en, words.zh)


def _claim_row(claim: Claim, finding: Finding) -> tuple[Any, ...]:
    changes = [
        (f"{change.date}: {change.reason.en}", f"{change.date}：{change.reason.zh}")
        for change in claim.changed
    ]
    by = finding.by_numbers
    return (
        claim.id,
        " ".join(claim.articles),
        claim.whose,
        *_both(claim.words),
        *_both(claim.hypothesis),
        *_both(claim.because),
        *_both(claim.built_in or claim.untried),
        *_both(claim.world),
        *_both(None if claim.world is None else claim.world.source),
        *(("; ".join(texts) for texts in zip(*changes, strict=True)) if changes else (None, None)),
        claim.response,
        claim.side,
        None if claim.smallest is None else claim.smallest.value,
        None if claim.smallest is None else claim.smallest.share,
        str(finding.verdict),
        *(" ".join(places) for places in (finding.holds_in, finding.fails_in, finding.open_in)),
        *((None, None, None) if by is None else (by.setting, by.first, by.second)),
        finding.more,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _effect_row(claim: Claim, one: Effect) -> tuple[Any, ...]:
    numbers = (one.mean_first, one.mean_second, one.effect, one.low, one.high, one.sd, *one.claimed)
    return (
        claim.id, one.setting, one.first, one.second, one.n, *map(_finite, numbers), str(one.outcome), one.draws,
        _finite(one.agreement), _finite(one.by_luck), _finite(one.reach), one.needed,
    )  # fmt: skip


def _run_rows(study: Study, runs: Runs) -> Iterator[tuple[Any, ...]]:
    for cell, values in zip(study.cells, runs.values, strict=True):
        for arm, of_arm in values.items():
            for run, value in enumerate(of_arm):
                yield cell.claim.id, cell.setting, arm, run, _finite(float(value))


def _draw_rows(study: Study, runs: Runs) -> Iterator[tuple[Any, ...]]:
    for cell, moved in zip(study.cells, runs.moved, strict=True):
        for first, second in cell.claim.pairs_of_arms:
            for draw, value in enumerate(draw_effects(moved, first, second)):
                yield cell.claim.id, cell.setting, first, second, draw, _finite(float(value))


def _influence_rows(study: Study, runs: Runs, effects: dict[str, list[Effect]]) -> Iterator[tuple[Any, ...]]:
    for cell, moved in zip(study.cells, runs.moved, strict=True):
        of_numbers = {number.name: factors(number.name, study.size.draws) for number in cell.numbers}
        of_claim = effects[cell.claim.id]
        for one in of_claim:
            if one.setting == cell.setting:
                there = draw_effects(moved, one.first, one.second)
                for influence in influences(of_numbers, there, one.claimed, len(of_claim))[:_INFLUENCES]:
                    yield cell.claim.id, cell.setting, one.first, one.second, *influence


def _boundary_row(
    turn: Turn, its_steps: Sequence[Step], on_sides: Sequence[tuple[Turn, list[Step]]]
) -> tuple[Any, ...]:
    one = turn.effect
    return (
        turn.cell.claim.id, one.setting, one.first, one.second, turn.number.name, crossing(its_steps),
        any(shows_both_sides(found) for other, found in on_sides if other is turn),
    )  # fmt: skip


def _step_row(turn: Turn, step: Step) -> tuple[Any, ...]:
    numbers = (step.effect, step.low, step.high, *step.claimed)
    return (
        turn.cell.claim.id, turn.effect.setting, turn.number.name, step.times, step.value, step.n,
        *map(_finite, numbers), str(step.outcome),
    )  # fmt: skip


def _setting_rows(study: Study) -> Iterator[tuple[Any, ...]]:
    for name in COMMON:
        common = getattr(study.claims.settings, name)
        yield name, *_both(common.title), common.data if study.data is not None else common.generator


def _study_row(study: Study) -> tuple[Any, ...]:
    claims = study.claims
    return (*study.size, claims.intervals, claims.settings.committed, __version__)
