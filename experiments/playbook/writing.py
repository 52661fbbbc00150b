"""Writes the tables of the playbook, from the values of its runs."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from shequn.experiments.designs.strict_files import Words
from shequn.experiments.intervals import Numbers, corrected_level, mean_interval
from shequn.experiments.playbook import tables
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
from shequn.experiments.playbook.study import Study
from shequn.sim.results.parquet import write_table
from shequn.sim.results.schema import Table
from shequn.sim.version import __version__

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
        tables.STUDY: iter([_study_row(study)]),
        tables.KINDS: _kind_rows(study),
        tables.LEVERS: (row for cell in shipped for row in _lever_rows(cell, level)),
        tables.MIXES: _mix_rows(study),
        tables.EFFECTS: (
            row
            for cell in runs
            for row in _effect_rows(
                cell, known[cell.kind.name], level if cell.mix == AS_SHIPPED else mix_level
            )
        ),
        tables.RATIOS: (row for cell in shipped for row in _ratio_rows(cell, level)),
        tables.RANKS: (row for cell in shipped for row in _rank_rows(cell, level)),
        tables.FIRSTS: _first_rows(runs, known, level, mix_level),
        tables.RUN_VALUES: _run_rows(runs),
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
