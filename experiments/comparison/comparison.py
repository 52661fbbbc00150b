"""Compares arms: all are run with the same seeds, and each is compared with the first."""

import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from shequn.experiments.comparison.assumed import assumed_plan, effects_of_assumed
from shequn.experiments.comparison.paired import Numbers, difference, first_parting
from shequn.experiments.comparison.question import ArmComparison, Question
from shequn.experiments.comparison.tables import ASSUMED, Answer, write_answer
from shequn.experiments.replicates.course import branching
from shequn.experiments.replicates.replicates import add_csv
from shequn.experiments.sweeps import folder as folders
from shequn.experiments.sweeps.execution import Watch, execute_on
from shequn.experiments.sweeps.executors import check_backend
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.tables import write_tables
from shequn.experiments.sweeps.work import warm_up
from shequn.sim.results.manifest import write_manifest
from shequn.sim.results.parquet import write_table

#: Writes a summary and figures into the unfinished folder; returns remarks for the user.
Presenter = Callable[[Answer, Path], list[str]]

_MIN_STEP = 10  # pairs


def compare(
    question: Question,
    final: Path,
    watch: Watch,
    on: str = "processes",
    jobs: int | None = None,
    csv: bool = False,
    restart: bool = False,
    present: Presenter | None = None,
) -> list[str]:
    """Answer a question and write the folder ``final``, complete or not at all.

    Parameters and return value are those of :func:`shequn.experiments.sweeps.sweep.sweep`; ``present`` gets an
    `Answer`.

    Raises
    ------
    ExecutorError, MismatchError, InUseError, OSError
    ScenarioError
        An arm cannot run with one of the assumed numbers changed.
    """
    start = time.perf_counter()
    check_backend(on)
    if question.assumed:
        plan = assumed_plan(question)
        for point in range(plan.points):
            plan.scenario_of(point)  # raises an error before anything runs
    with folders.writing(final, question.inputs(), restart) as folder:
        warm_up(next(iter(question.arms.values())), question.past is None)
        runs = question.runs
        max_runs = max(runs, question.max_runs) * len(question.arms)
        while True:  # an earlier command's rounds are repeated with the runs that it finished
            with RunStore(folder, question.plan(runs), max_runs) as store:
                execute_on(store, on, jobs, watch(store.plan.runs, store.count))
                values, partings = _values(store)
                comparisons = _comparisons(question, values)
                next_runs = _next_runs(question, comparisons, runs)
                if next_runs == runs:
                    failed = write_tables(store, folder / "tables", len(question.responses))
                    break
            runs = next_runs
        answer = write_answer(question, folder, comparisons, values, partings)
        if question.assumed:
            moved, assumed_runs = _move_assumed(question, folder, values, watch, on, jobs)
            answer = answer._replace(assumed=moved, assumed_runs=assumed_runs)
        remarks = [] if present is None else present(answer, folder)
        if csv:
            add_csv(folder)
        about = {
            **({} if question.past is None else {"branching": branching(question.past)}),
            "runs": runs,
            "failed": failed,
            "seconds": round(time.perf_counter() - start, 3),
        }
        write_manifest(folder, arms=list(question.arms), **about)
    return remarks


def _move_assumed(
    question: Question, folder: Path, values: Numbers, watch: Watch, on: str, jobs: int | None
) -> tuple[pd.DataFrame, int]:
    """Change each assumed number and write the table `ASSUMED`; returns it and the number of runs."""
    plan = assumed_plan(question)
    at = folder / folders.RUNNING
    at.mkdir(exist_ok=True)
    moved = np.full((plan.points, plan.replicates, len(plan.responses)), np.nan)
    with RunStore(at, plan) as store:
        execute_on(store, on, jobs, watch(plan.runs, store.count))
        for run in store:
            if run.values is not None:
                moved[plan.point_and_replicate(run.number)] = run.values
    table = effects_of_assumed(question, values, moved)
    write_table(folder, ASSUMED, table)
    return table, plan.runs


def differences(
    question: Question, folder: Path, on: str = "processes", jobs: int | None = None
) -> list[ArmComparison]:
    """The paired differences of a question, from runs stored in ``folder``; no tables are written.

    Raises
    ------
    ExecutorError, MismatchError, OSError
    """
    warm_up(next(iter(question.arms.values())))
    with RunStore(folder, question.plan(question.runs)) as store:
        execute_on(store, on, jobs, lambda _: None)
        return _comparisons(question, _values(store)[0])


def _values(store: RunStore) -> tuple[Numbers, Numbers]:
    """Responses (arm, run, response), and first days on which runs differ from those of the first arm (arm, run).

    nan means unknown because a run failed. A day of inf means that the two runs never differ.
    """
    plan = store.plan
    values = np.full((plan.points, plan.replicates, len(plan.responses)), np.nan)
    partings = np.full((plan.points, plan.replicates), np.nan)
    first_trace = ""
    for run in store:
        point, replicate = plan.point_and_replicate(run.number)
        if point == 0:
            first_trace = run.trace  # the arms of a replicate come one after the other
        if run.values is None:
            continue
        values[point, replicate] = run.values
        if first_trace:
            day = first_parting(first_trace, run.trace)
            partings[point, replicate] = math.inf if day is None else day
    return values, partings


def _comparisons(question: Question, values: Numbers) -> list[ArmComparison]:
    a, *others = question.arms
    return [
        ArmComparison(a, b, str(response), difference(values[0, :, index], values[arm, :, index]))
        for arm, b in enumerate(others, start=1)
        for index, response in enumerate(question.responses)
    ]


def _next_runs(question: Question, comparisons: list[ArmComparison], runs: int) -> int:
    """Number of pairs to run before checking again; ``runs`` if these are enough.

    At most twice as many as now, because early estimates of the spread are too imprecise for a larger step.
    """
    if question.until is None:
        return runs
    main = str(question.responses[0])
    widest = max(c.difference.half_width for c in comparisons if c.response == main)
    if widest <= question.until or runs >= question.max_runs:
        return runs
    needed = math.inf if not math.isfinite(widest) else runs * (widest / question.until) ** 2
    next_runs = max(math.ceil(needed), runs + _MIN_STEP) if needed < 2 * runs else 2 * runs
    return int(min(next_runs, question.max_runs))
