"""All claims put to the test: their runs, and the folder of results."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from shequn.experiments.claims.boundaries import (
    TIMES,
    Step,
    Turn,
    clearest_first,
    sides,
    sides_plan,
    steps,
    turning_plan,
    turns,
)
from shequn.experiments.claims.study import Cell, Numbers, Runs, Study, effects_of
from shequn.experiments.claims.tables import write_findings
from shequn.experiments.claims.verdicts import Effect, Finding, finding
from shequn.experiments.sweeps.execution import Watch
from shequn.experiments.sweeps.studies import Presenter, Where, values_of, write_study


def try_claims(
    study: Study,
    final: Path,
    watch: Watch,
    on: str = "processes",
    jobs: int | None = None,
    csv: bool = False,
    restart: bool = False,
    present: Presenter | None = None,
) -> list[str]:
    """Run a study and write the folder ``final``, complete or not at all.

    Parameters and return value are those of :func:`shequn.experiments.sweeps.sweep.sweep`; ``present`` gets the folder.

    Raises
    ------
    ExecutorError, MismatchError, InUseError, OSError
    ScenarioError
        An arm cannot be run.
    """
    where = Where(watch, on, jobs, csv, restart)

    def fill(folder: Path) -> int:
        runs = _runs(study, folder, where)
        found = [(claim, effects, finding(claim, effects)) for claim, effects in effects_of(study, runs)]
        turned, failed = _turned(study, [(effects, one) for _, effects, one in found], runs, folder, where)
        on_sides, failed_there = _on_sides(study, turned, folder, where)
        write_findings(study, folder, found, runs, turned, on_sides)
        return runs.failed + failed + failed_there

    return write_study(final, study.inputs(), "claims", study.size.pairs, fill, where, present)


def _runs(study: Study, folder: Path, where: Where) -> Runs:
    """Perform all runs that an earlier command has not finished."""
    if not study.cells:
        return Runs([], [], 0)
    values, failed = values_of(study.plan(), folder, where)
    by_draw = np.empty((0, 0))
    if study.size.draws:
        moved, failed_there = values_of(study.moved_plan(), folder, where, stage=1)
        by_draw, failed = moved[..., 0], failed + failed_there
    return Runs(_by_cell(study.cells, values[..., 0]), _draws_by_cell(study, by_draw), failed)


def _turned(
    study: Study, findings: Sequence[tuple[list[Effect], Finding]], runs: Runs, folder: Path, where: Where
) -> tuple[list[tuple[Turn, list[Step]]], int]:
    """Move the numbers that may turn each claim that depends; and how many runs failed."""
    found = turns(study, findings, runs)
    if not found:
        return [], 0
    values, failed = values_of(turning_plan(study, found), folder, where, stage=2)
    return clearest_first(steps([(turn, TIMES) for turn in found], values[..., 0])), failed


def _on_sides(
    study: Study, turned: Sequence[tuple[Turn, list[Step]]], folder: Path, where: Where
) -> tuple[list[tuple[Turn, list[Step]]], int]:
    """On both sides of the clearest number of each claim, runs of their own; and how many runs failed."""
    first = {turn.cell.claim.id: (turn, its_steps) for turn, its_steps in reversed(turned)}
    found = [(turn, both) for turn, its_steps in first.values() if (both := sides(its_steps)) is not None]
    if not found:
        return [], 0
    values, failed = values_of(sides_plan(study, found), folder, where, stage=3)
    return steps(found, values[..., 0]), failed


def _by_cell(cells: Sequence[Cell], values: Numbers) -> list[dict[str, Numbers]]:
    found, point = [], 0
    for cell in cells:
        found.append({arm: values[point + place] for place, arm in enumerate(cell.arms)})
        point += len(cell.arms)
    return found


def _draws_by_cell(study: Study, moved: Numbers) -> list[dict[str, Numbers]]:
    arms = sum(len(cell.arms) for cell in study.cells)
    means = _means(moved.reshape(study.size.draws, arms, study.size.draw_pairs))
    return _by_cell(study.cells, means.T)


def _means(values: Numbers) -> Numbers:
    """Means over the last axis, nan where a value is unknown."""
    return np.asarray(values.mean(axis=-1))
