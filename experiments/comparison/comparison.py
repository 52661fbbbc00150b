"""Comparing arms: all are run with the same seeds, and each is compared with the first."""

import math
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from shequn.experiments.comparison.assumed import assumed_plan, moved_differences
from shequn.experiments.comparison.paired import Numbers, difference, first_parting
from shequn.experiments.comparison.question import Compared, Question
from shequn.experiments.comparison.tables import ASSUMED, Answer, write_answer
from shequn.experiments.replicates.course import branching
from shequn.experiments.replicates.replicates import add_csv
from shequn.experiments.sweeps import folder as folders
from shequn.experiments.sweeps.execution import Watch, execute_on
from shequn.experiments.sweeps.executors import check_backend
from shequn.experiments.sweeps.run_store import FILE, RunStore
from shequn.experiments.sweeps.tables import write_tables
from shequn.experiments.sweeps.work import warm_up
from shequn.sim.results.manifest import write_manifest
from shequn.sim.results.parquet import write_table

#: Writes a summary and figures into the unfinished folder; returns remarks for the user.
Presenter = Callable[[Answer, Path], list[str]]

_LEAST_MORE = 10  # pairs


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
        An arm cannot run with one of the assumed numbers moved.
    """
    begun = time.perf_counter()
    check_backend(on)
    if question.assumed:
        moves = assumed_plan(question)
        for point in range(moves.points):
            moves.scenario_of(point)  # raises before anything runs
    with folders.writing(final, question.inputs(), restart) as folder:
        if question.past is None:  # with saved states, compiled code exists already
            warm_up(next(iter(question.arms.values())))
        runs = question.runs
        most = max(runs, question.most_runs) * len(question.arms)
        while True:  # repeats the rounds of an earlier command over the runs it finished
            with RunStore(folder, question.plan(runs), most) as store:
                execute_on(store, on, jobs, watch(store.plan.runs, store.count))
                values, partings = _values(store)
                found = _differences(question, values)
                more = _more(question, found, runs)
                if more == runs:
                    failed = write_tables(store, folder / "tables")
                    break
            runs = more
        answer = write_answer(question, folder, found, values, partings)
        if question.assumed:
            moved, assumed_runs = _move_assumed(question, folder, values, watch, on, jobs)
            answer = answer._replace(assumed=moved, assumed_runs=assumed_runs)
        remarks = [] if present is None else present(answer, folder)
        if csv:
            add_csv(folder)
        (folder / FILE).unlink()
        shutil.rmtree(folder / folders.RUNNING, ignore_errors=True)
        about = {
            **({} if question.past is None else {"branching": branching(question.past)}),
            "runs": runs,
            "failed": failed,
            "seconds": round(time.perf_counter() - begun, 3),
        }
        write_manifest(folder, arms=list(question.arms), **about)
    return remarks


def _move_assumed(
    question: Question, folder: Path, values: Numbers, watch: Watch, on: str, jobs: int | None
) -> tuple[pd.DataFrame, int]:
    """Move every assumed number and write the table `ASSUMED`; return it and the number of runs."""
    plan = assumed_plan(question)
    at = folder / folders.RUNNING
    at.mkdir(exist_ok=True)
    moved = np.full((plan.points, plan.replicates, len(plan.responses)), np.nan)
    with RunStore(at, plan) as store:
        execute_on(store, on, jobs, watch(plan.runs, store.count))
        for run in store:
            if run.values is not None:
                moved[plan.point_and_replicate(run.number)] = run.values
    table = moved_differences(question, values, moved)
    write_table(folder, ASSUMED, table)
    return table, plan.runs


def differences(
    question: Question, folder: Path, on: str = "processes", jobs: int | None = None
) -> list[Compared]:
    """The paired differences of a question, from runs kept in ``folder``; no tables are written.

    Raises
    ------
    ExecutorError, MismatchError, OSError
    """
    warm_up(next(iter(question.arms.values())))
    with RunStore(folder, question.plan(question.runs)) as store:
        execute_on(store, on, jobs, lambda _: None)
        return _differences(question, _values(store)[0])


def _values(store: RunStore) -> tuple[Numbers, Numbers]:
    """Responses (arm, run, response) and first days of parting from the first arm (arm, run).

    nan means unknown: a run failed. A day of inf means that the runs never part.
    """
    plan = store.plan
    values = np.full((plan.points, plan.replicates, len(plan.responses)), np.nan)
    partings = np.full((plan.points, plan.replicates), np.nan)
    first = ""
    for run in store:
        point, replicate = plan.point_and_replicate(run.number)
        if point == 0:
            first = run.trace  # the arms of a replicate come one after the other
        if run.values is None:
            continue
        values[point, replicate] = run.values
        if first:
            day = first_parting(first, run.trace)
            partings[point, replicate] = math.inf if day is None else day
    return values, partings


def _differences(question: Question, values: Numbers) -> list[Compared]:
    a, *others = question.arms
    return [
        Compared(a, b, str(response), difference(values[0, :, place], values[arm, :, place]))
        for arm, b in enumerate(others, start=1)
        for place, response in enumerate(question.responses)
    ]


def _more(question: Question, found: list[Compared], runs: int) -> int:
    """Number of pairs to run before checking again; ``runs`` if these are enough.

    At most twice as many as now: the first estimates of the spread are too rough for a larger step.
    """
    if question.until is None:
        return runs
    main = str(question.responses[0])
    widest = max(c.found.half_width for c in found if c.response == main)
    if widest <= question.until or runs >= question.most_runs:
        return runs
    wanted = math.inf if not math.isfinite(widest) else runs * (widest / question.until) ** 2
    more = max(math.ceil(wanted), runs + _LEAST_MORE) if wanted < 2 * runs else 2 * runs
    return int(min(more, question.most_runs))
