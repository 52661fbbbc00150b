"""The tables of the playbook: everything from which the page is made."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from shequn.experiments.designs.strict_files import Words
from shequn.experiments.intervals import Numbers, corrected_level, mean_interval
from shequn.experiments.playbook.design import AS_SHIPPED, GOALS
from shequn.experiments.playbook.effects import (
    Effect,
    Per,
    Turn,
    best,
    costs,
    differences,
    effect,
    first_with,
    rankings,
    ratios,
    turn,
)
from shequn.experiments.playbook.reading import Kind
from shequn.experiments.playbook.study import MEASURED, Study
from shequn.sim.results.parquet import write_table
from shequn.sim.results.schema import Column, Table
from shequn.sim.version import __version__

_KIND = Column("kind", "string", "", "Kind of community.")
_LEVER = Column("lever", "string", "", "Name of the lever.")
_MIX = Column("mix", "string", "", "Mix of drivers: as-shipped, or the driver whose weight is raised.")
_GOAL = Column("goal", "string", "", "What it is tried for: retention, quality, growth or income.")
_PER = Column(
    "per", "string", "", "By what: the lever, 1,000 yuan of its cost, or an hour of the staff's work."
)
_UNIT = "of the goal"
_FEW = "known in fewer than 2 pairs"
_NOWHERE = "known in no pair"


def _texts(name: str, text: str) -> tuple[Column, Column]:
    return (
        Column(f"{name}_en", "string", "", f"{text} In English."),
        Column(f"{name}_zh", "string", "", f"{text} In Chinese."),
    )


def _interval(name: str, unit: str, text: str) -> tuple[Column, Column, Column]:
    return (
        Column(name, "double", unit, text, _NOWHERE),
        Column(f"{name}_low", "double", unit, f"Lower end of the corrected interval of {name}.", _FEW),
        Column(f"{name}_high", "double", unit, f"Upper end of the corrected interval of {name}.", _FEW),
    )


KINDS = Table(
    "kinds",
    "One row for each kind of community.",
    (
        _KIND,
        *_texts("title", "What it is."),
        Column("scenario", "string", "", "The shipped scenario."),
        Column("days", "int64", "days", "Length of its runs."),
        Column("retention", "string", "", "Of whom retention is measured: newcomers or members."),
    ),
)
LEVERS = Table(
    "levers",
    "One row for each kind and lever: what it is, and what it costs with the mix as shipped.",
    (
        _KIND,
        _LEVER,
        *_texts("title", "As an operator says it."),
        *_texts("what", "What is done."),
        *_texts("source", "Where it and its size come from."),
        *_interval("money", "yuan", "Rewards, reach and pay, more than as it is; the mean."),
        *_interval("hours", "hours", "Work of the staff on their duties, more than as it is; the mean."),
    ),
)
MIXES = Table(
    "mixes",
    "One row for each mix of drivers, that of the scenarios first.",
    (_MIX, *_texts("title", "What it is.")),
)
EFFECTS = Table(
    "lever_effects",
    "One row for each mix, kind, lever and goal: with the lever minus as it is.",
    (
        _MIX,
        _KIND,
        _LEVER,
        _GOAL,
        Column("n", "int64", "pairs", "Pairs in which both are known."),
        Column("before", "double", _UNIT, "Mean as it is.", _NOWHERE),
        Column("after", "double", _UNIT, "Mean with the lever.", _NOWHERE),
        *_interval("effect", _UNIT, "The mean difference."),
        Column(
            "turns", "string", "", "Whether its sign turns against the mix as shipped: no, perhaps or shown."
        ),
    ),
)
RATIOS = Table(
    "ratios",
    "One row for each kind, lever, goal and cost that is clearly above 0, with the mix as shipped.",
    (_KIND, _LEVER, _GOAL, _PER, *_interval("ratio", _UNIT, "The effect for each of these.")),
)
RANKS = Table(
    "ranks",
    "One row for each kind, goal, cost and lever, the best first, with the mix as shipped.",
    (
        _KIND,
        _GOAL,
        _PER,
        Column("rank", "int64", "number", "Its place, from 1."),
        _LEVER,
        Column("value", "double", _UNIT, "By which it is ranked."),
        Column(
            "ahead", "bool", "", "Whether it is clearly ahead of the next: the interval of their difference."
        ),
    ),
)
FIRSTS = Table(
    "firsts",
    "One row for each mix, kind and goal: the lever that is first there.",
    (
        _MIX,
        _KIND,
        _GOAL,
        _LEVER,
        Column("lead_over", "string", "", "The lever to take first with the mix as shipped."),
        *_interval("lead", _UNIT, "Its lead over that one with this mix."),
    ),
)
RUN_VALUES = Table(
    "lever_runs",
    "One row for each run: what all else is computed from.",
    (
        _MIX,
        _KIND,
        Column("arm", "string", "", "The lever, or as-it-is."),
        Column("run", "int32", "number", "The pair: all arms of a pair have the same seed."),
        *(
            Column(
                name.replace(".", "_"), "double", "", f"The response {name}.", "unknown, or the run failed"
            )
            for name in MEASURED
        ),
    ),
)
STUDY = Table(
    "playbook",
    "One row: how much was run.",
    (
        Column("pairs", "int64", "pairs", "Pairs of runs of each lever, with the mix as shipped."),
        Column("mix_pairs", "int64", "pairs", "The same, with each other mix."),
        Column("quick", "bool", "", "Whether this was a quick run, with few of both."),
        Column("intervals", "int64", "intervals", "Number of effects for which each interval is corrected."),
        Column("mix_intervals", "int64", "intervals", "The same, of the effects with other mixes."),
        Column("raised_by", "double", "share", "By how much the weight of a driver is raised in a mix."),
        Column("committed", "string", "", "Commit of the designs, before any run."),
        Column("version", "string", "", "Version of shequn."),
    ),
)
TABLES = (STUDY, KINDS, LEVERS, MIXES, EFFECTS, RATIOS, RANKS, FIRSTS, RUN_VALUES)

Rows = Iterator[tuple[Any, ...]]


class CellRuns(NamedTuple):
    """The runs of a kind with a mix.

    Attributes
    ----------
    kind : Kind
    mix : str
    arms : dict
        Of each arm: f8 array (pair, response), in the order of `MEASURED`; nan where a run failed.
    """

    kind: Kind
    mix: str
    arms: dict[str, Numbers]


def write_tables(study: Study, folder: Path, runs: list[CellRuns]) -> None:
    """Write all tables into ``folder/tables``.

    Parameters
    ----------
    study : Study
    folder : Path
    runs : list of CellRuns
        Those with the mix as shipped first.
    """
    level = corrected_level(study.playbook.intervals)
    mix_level = corrected_level(_mix_intervals(study))
    shipped = [cell for cell in runs if cell.mix == AS_SHIPPED]
    known = {cell.kind.name: _effects(cell, level) for cell in shipped}
    rows: dict[Table, Rows] = {
        STUDY: iter([_study_row(study)]),
        KINDS: _kind_rows(study),
        LEVERS: (row for cell in shipped for row in _lever_rows(cell, level)),
        MIXES: _mix_rows(study),
        EFFECTS: (
            row
            for cell in runs
            for row in _effect_rows(
                cell, known[cell.kind.name], level if cell.mix == AS_SHIPPED else mix_level
            )
        ),
        RATIOS: (row for cell in shipped for row in _ratio_rows(cell, level)),
        RANKS: (row for cell in shipped for row in _rank_rows(cell, level)),
        FIRSTS: _first_rows(runs, known, level, mix_level),
        RUN_VALUES: _run_rows(runs),
    }
    for table, its_rows in rows.items():
        write_table(folder, table, table.frame(pd.DataFrame(list(its_rows), columns=list(table.names))))


def _mix_intervals(study: Study) -> int:
    return study.playbook.intervals * len(study.playbook.settings.mixes)


def _finite(*numbers: float) -> tuple[float | None, ...]:
    return tuple(number if math.isfinite(number) else None for number in numbers)


def _both(words: Words) -> tuple[str, str]:
    return words.en, words.zh


def _study_row(study: Study) -> tuple[Any, ...]:
    settings = study.playbook.settings
    counts = (study.playbook.intervals, _mix_intervals(study))
    return (*study.size[:3], *counts, settings.raised_by, settings.committed, __version__)


def _kind_rows(study: Study) -> Rows:
    for cell in study.shipped:
        kind = cell.kind
        days = next(iter(cell.arms.values())).days
        yield kind.name, *_both(kind.title), kind.scenario, days, kind.retention


def _lever_rows(cell: CellRuns, level: float) -> Rows:
    for name, lever in cell.kind.levers.items():
        intervals = (mean_interval(values, level) for values in costs(cell.arms, name))
        numbers = (number for _n, *of_one in intervals for number in of_one)
        yield (
            cell.kind.name,
            name,
            *_both(lever.title),
            *_both(lever.what),
            *_both(lever.source),
            *_finite(*numbers),
        )


def _mix_rows(study: Study) -> Rows:
    settings = study.playbook.settings
    yield AS_SHIPPED, *_both(settings.as_shipped)
    if study.size.mix_pairs:
        for name, mix in settings.mixes.items():
            yield name, *_both(mix.title)


def _effects(cell: CellRuns, level: float) -> dict[tuple[str, str], Effect]:
    return {
        (lever, goal): effect(cell.kind, cell.arms, lever, goal, level)
        for lever in cell.kind.levers
        for goal in GOALS
    }


def _effect_rows(cell: CellRuns, shipped: Mapping[tuple[str, str], Effect], level: float) -> Rows:
    for (lever, goal), one in _effects(cell, level).items():
        turned = Turn.NO if cell.mix == AS_SHIPPED else turn(shipped[lever, goal], one)
        n, *numbers = one.interval
        yield cell.mix, cell.kind.name, lever, goal, n, *_finite(one.before, one.after, *numbers), str(turned)


def _ratio_rows(cell: CellRuns, level: float) -> Rows:
    for goal, by_lever in differences(cell.kind, cell.arms).items():
        for lever, difference in by_lever.items():
            for per, ratio in ratios(difference, *costs(cell.arms, lever), level).items():
                if ratio is not None:
                    yield cell.kind.name, lever, goal, str(per), *_finite(*ratio)


def _rank_rows(cell: CellRuns, level: float) -> Rows:
    for goal in GOALS:
        for per, ranks in rankings(cell.kind, cell.arms, goal, level).items():
            for place, rank in enumerate(ranks, 1):
                yield cell.kind.name, goal, str(per), place, *rank


def _first_rows(
    runs: list[CellRuns],
    known: Mapping[str, Mapping[tuple[str, str], Effect]],
    level: float,
    mix_level: float,
) -> Rows:
    firsts: dict[tuple[str, str], str | None] = {}
    for cell in runs:
        its_level = level if cell.mix == AS_SHIPPED else mix_level
        for goal, by_lever in differences(cell.kind, cell.arms).items():
            name = cell.kind.name
            if cell.mix == AS_SHIPPED:
                shown = {lever: known[name][lever, goal].interval.low > 0.0 for lever in cell.kind.levers}
                ranks = rankings(cell.kind, cell.arms, goal, its_level)[Per.LEVER]
                firsts[name, goal] = best(ranks, shown)
            over = firsts[name, goal]
            first = None if over is None else first_with(by_lever, over, its_level)
            if first is not None:
                _n, *numbers = first.lead
                yield cell.mix, name, goal, first.lever, first.lead_over, *_finite(*numbers)


def _run_rows(runs: list[CellRuns]) -> Rows:
    for cell in runs:
        for arm, values in cell.arms.items():
            for run, of_run in enumerate(values):
                yield cell.mix, cell.kind.name, arm, run, *_finite(*map(float, of_run))
