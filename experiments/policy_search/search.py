"""A search: trials in batches, runs of the best trials on fresh seeds, and the folder of results."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.experiments.designs.factors import Value
from shequn.experiments.policy_search.question import Search
from shequn.experiments.policy_search.study import Trials
from shequn.experiments.policy_search.tables import Answer, write_answer
from shequn.experiments.replicates.replicates import add_csv
from shequn.experiments.sweeps import folder as folders
from shequn.experiments.sweeps.execution import Watch, execute
from shequn.experiments.sweeps.executors import Backend, check_backend, executor
from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.work import RunOutcome, warm_up
from shequn.sim.results.manifest import write_manifest
from shequn.sim.scenario.errors import ScenarioError

#: Writes a summary and figures into the unfinished folder; returns remarks for the user.
Presenter = Callable[[Answer, Path], list[str]]

Numbers = npt.NDArray[np.float64]


def search(
    question: Search,
    final: Path,
    watch: Watch,
    on: str = "processes",
    jobs: int | None = None,
    csv: bool = False,
    restart: bool = False,
    present: Presenter | None = None,
) -> list[str]:
    """Run a search and write the folder ``final``, complete or not at all.

    The runs of a batch of trials run in parallel, but their results are reported to the sampler in the order of
    the trials: neither the number of processes nor an interruption changes any number.

    Other parameters, the return value and errors are those of :func:`shequn.experiments.sweeps.sweep.sweep`;
    ``present`` gets an `Answer`.
    """
    start = time.perf_counter()
    check_backend(on)
    question = replace(question, design=question.design.compiled_alike())
    with folders.writing(final, question.inputs(), restart) as folder:
        trials = Trials(folder, question)
        warm_up(question.design.bases.variant(None))
        with executor(on, jobs) as backend:
            n_finished = len(trials.finished)
            progress = watch(
                question.trials * question.design.replicates, n_finished * question.design.replicates
            )
            while n_finished < question.trials:
                _batch(
                    trials,
                    min(question.batch, question.trials - n_finished),
                    folder / folders.RUNNING,
                    backend,
                    progress,
                )
                n_finished = len(trials.finished)
            best = trials.best()
            finished = trials.finished
            points = [one.params for one in finished if one.number in best]
            fresh = np.empty((0, question.fresh, len(question.responses)))
            if points:
                plan = question.plan(points, fresh=True)
                fresh = _values(
                    _outcomes(plan, folder / folders.RUNNING / "fresh", backend, watch(plan.runs, 0)), plan
                )[0]
        answer = write_answer(question, folder, finished, best, fresh)
        remarks = [] if present is None else present(answer, folder)
        shutil.rmtree(folder / folders.RUNNING, ignore_errors=True)
        (folder / "design.yaml").write_text(question.design.text, encoding="utf-8", newline="\n")
        if csv:
            add_csv(folder)
        about: dict[str, Any] = {
            "title": question.design.title,
            "objectives": [str(aim) for aim in question.objectives],
            "trials": len(finished),
            "failed": sum(one.values is None for one in finished),
            "seconds": round(time.perf_counter() - start, 3),
        }
        write_manifest(folder, **about)
    return remarks


def _batch(
    trials: Trials, n: int, folder: Path, backend: Backend, progress: Callable[[RunOutcome], None]
) -> None:
    """Choose, run and report the next trials; a point of an earlier trial is not run again."""
    search = trials.search
    batch = trials.ask(n)
    known = {_key(one.params): one for one in trials.finished}
    new: dict[Any, dict[str, Value]] = {}
    faulty: dict[Any, str] = {}
    for trial in batch:
        key = _key(trial.params)
        if key not in known:
            try:
                search.scenario(trial.params)
                new[key] = trial.params
            except ScenarioError as error:
                faulty[key] = "; ".join(problem.message for problem in error.problems)
    results: dict[Any, tuple[Numbers | None, str]] = {key: (None, text) for key, text in faulty.items()}
    at = folder / f"{batch[0].number:06d}"
    if new:
        plan = search.plan(list(new.values()))
        values, messages = _values(_outcomes(plan, at, backend, progress), plan)
        for point, key in enumerate(new):
            failed = messages.get(point, "")
            results[key] = (None if failed else values[point], failed)
    for trial in batch:
        key = _key(trial.params)
        result, message = results[key] if key in results else (known[key].values, known[key].message)
        trials.tell(trial, result, message)
    shutil.rmtree(at, ignore_errors=True)


def _key(params: dict[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(params.items()))


def _outcomes(
    plan: Plan, folder: Path, backend: Backend, progress: Callable[[RunOutcome], None]
) -> Sequence[RunOutcome]:
    """The runs of a plan, including those that an interrupted command finished."""
    folder.mkdir(parents=True, exist_ok=True)
    with RunStore(folder, plan) as store:
        execute(store, backend, progress)
        return list(store)


def _values(runs: Sequence[RunOutcome], plan: Plan) -> tuple[Numbers, dict[int, str]]:
    """Responses (point, replicate, response), nan backend unknown; and the first failure of each point, if any."""
    values = np.full((plan.points, plan.replicates, len(plan.responses)), np.nan)
    messages: dict[int, str] = {}
    for run in runs:
        point, replicate = plan.point_and_replicate(run.number)
        if run.values is None:
            messages.setdefault(point, f"seed {plan.seed_of(run.number)}: {run.failure}")
        else:
            values[point, replicate] = run.values
    return values, messages
