"""A search: trials in batches, the best again on fresh seeds, and the folder of results."""

import shutil
import time
from collections.abc import Callable, Sequence
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
    asked: Search,
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
    begun = time.perf_counter()
    check_backend(on)
    with folders.writing(final, asked.inputs(), restart) as folder:
        trials = Trials(folder, asked)
        warm_up(asked.design.bases.variant(None))
        with executor(on, jobs) as backend:
            done = len(trials.tried)
            tell = watch(asked.trials * asked.design.replicates, done * asked.design.replicates)
            while done < asked.trials:
                _batch(trials, min(asked.batch, asked.trials - done), folder / folders.RUNNING, backend, tell)
                done = len(trials.tried)
            best = trials.best()
            tried = trials.tried
            points = [one.params for one in tried if one.number in best]
            fresh = np.empty((0, asked.fresh, len(asked.responses)))
            if points:
                plan = asked.plan(points, fresh=True)
                fresh = _values(
                    _made(plan, folder / folders.RUNNING / "fresh", backend, watch(plan.runs, 0)), plan
                )[0]
        answer = write_answer(asked, folder, tried, best, fresh)
        remarks = [] if present is None else present(answer, folder)
        shutil.rmtree(folder / folders.RUNNING, ignore_errors=True)
        (folder / "design.yaml").write_text(asked.design.text, encoding="utf-8", newline="\n")
        if csv:
            add_csv(folder)
        about: dict[str, Any] = {
            "title": asked.design.title,
            "objectives": [str(aim) for aim in asked.objectives],
            "trials": len(tried),
            "failed": sum(one.values is None for one in tried),
            "seconds": round(time.perf_counter() - begun, 3),
        }
        write_manifest(folder, **about)
    return remarks


def _batch(
    trials: Trials, n: int, folder: Path, backend: Backend, tell: Callable[[RunOutcome], None]
) -> None:
    """Choose, run and report the next trials; a point that was tried before is not run again."""
    search = trials.search
    asked = trials.ask(n)
    known = {_key(one.params): one for one in trials.tried}
    new: dict[Any, dict[str, Value]] = {}
    wrong: dict[Any, str] = {}
    for trial in asked:
        key = _key(trial.params)
        if key not in known:
            try:
                search.scenario(trial.params)
                new[key] = trial.params
            except ScenarioError as error:
                wrong[key] = "; ".join(problem.message for problem in error.problems)
    found: dict[Any, tuple[Numbers | None, str]] = {key: (None, text) for key, text in wrong.items()}
    at = folder / f"{asked[0].number:06d}"
    if new:
        plan = search.plan(list(new.values()))
        values, messages = _values(_made(plan, at, backend, tell), plan)
        for point, key in enumerate(new):
            failed = messages.get(point, "")
            found[key] = (None if failed else values[point], failed)
    for trial in asked:
        key = _key(trial.params)
        values_of, message = found[key] if key in found else (known[key].values, known[key].message)
        trials.tell(trial, values_of, message)
    shutil.rmtree(at, ignore_errors=True)


def _key(params: dict[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(params.items()))


def _made(
    plan: Plan, folder: Path, backend: Backend, tell: Callable[[RunOutcome], None]
) -> Sequence[RunOutcome]:
    """The runs of a plan, including those that an interrupted command finished."""
    folder.mkdir(parents=True, exist_ok=True)
    with RunStore(folder, plan) as store:
        execute(store, backend, tell)
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
