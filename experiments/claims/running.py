"""All claims put to the test: their runs, and the folder of results."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from shequn.experiments.claims.boundaries import Step, Turn, steps, turning_plan, turns
from shequn.experiments.claims.study import Cell, Numbers, Runs, Study, effects_of
from shequn.experiments.claims.tables import write_findings
from shequn.experiments.claims.verdicts import Effect, Finding, finding
from shequn.experiments.replicates.replicates import add_csv
from shequn.experiments.sweeps import folder as folders
from shequn.experiments.sweeps.execution import Watch, execute_on
from shequn.experiments.sweeps.executors import check_backend
from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.work import warm_up
from shequn.sim.results.manifest import write_manifest

#: Writes a summary into the unfinished folder; returns remarks for the user.
Presenter = Callable[[Path], list[str]]


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
    start = time.perf_counter()
    check_backend(on)
    with folders.writing(final, study.inputs(), restart) as folder:
        runs = _runs(study, folder, watch, on, jobs)
        found = [(claim, effects, finding(claim, effects)) for claim, effects in effects_of(study, runs)]
        turned, failed = _turned(
            study, [(effects, one) for _, effects, one in found], runs, folder, watch, on, jobs
        )
        write_findings(study, folder, found, runs, turned)
        remarks = [] if present is None else present(folder)
        if csv:
            add_csv(folder)
        about = {
            "runs": study.size.pairs,
            "failed": runs.failed + failed,
            "seconds": round(time.perf_counter() - start, 3),
        }
        write_manifest(folder, title="claims", **about)
    return remarks


def _runs(study: Study, folder: Path, watch: Watch, on: str, jobs: int | None) -> Runs:
    """Perform all runs that an earlier command has not finished."""
    if not study.cells:
        return Runs([], [], 0)
    warm_up(next(iter(study.cells[0].arms.values())))
    values, failed = _values(study.plan(), folder, watch, on, jobs)
    moved = np.empty((0, 0))
    if study.size.draws:
        at = folder / folders.RUNNING
        at.mkdir(exist_ok=True)
        moved, failed_there = _values(study.moved_plan(), at, watch, on, jobs)
        failed += failed_there
    return Runs(_by_cell(study.cells, values), _draws_by_cell(study, moved), failed)


def _turned(
    study: Study,
    findings: Sequence[tuple[list[Effect], Finding]],
    runs: Runs,
    folder: Path,
    watch: Watch,
    on: str,
    jobs: int | None,
) -> tuple[list[tuple[Turn, list[Step]]], int]:
    """Move the number that may turn each claim that depends; and how many runs failed."""
    found = turns(study, findings, runs)
    if not found:
        return [], 0
    at = folder / folders.RUNNING / folders.RUNNING
    at.mkdir(parents=True, exist_ok=True)
    values, failed = _values(turning_plan(study, found), at, watch, on, jobs)
    return steps(found, values), failed


def _values(plan: Plan, folder: Path, watch: Watch, on: str, jobs: int | None) -> tuple[Numbers, int]:
    """The response of each run (point, replicate), nan where it failed; and how many failed."""
    values = np.full((plan.points, plan.replicates), np.nan)
    failed = 0
    with RunStore(folder, plan) as store:
        execute_on(store, on, jobs, watch(plan.runs, store.count))
        for run in store:
            if run.values is None:
                failed += 1
            else:
                values[plan.point_and_replicate(run.number)] = run.values[0]
    return values, failed


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
