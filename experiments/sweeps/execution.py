"""Execution of a plan: runs are submitted to an executor, and each outcome is stored as it comes."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait

from shequn.experiments.sweeps.executors import Backend, InProcess, executor
from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.work import RunOutcome, perform_run

#: Called with every run that has just finished.
Progress = Callable[[RunOutcome], None]

#: Called before each round of runs with their number and the number of those already finished; returns what is
#: called with each of the others once it has finished.
Watch = Callable[[int, int], Progress]

_AHEAD = 2  # runs submitted per worker, so that no worker waits for the next one
DIED = "the worker died (out of memory, or killed)"


def execute(store: RunStore, backend: Backend, progress: Progress) -> None:
    """Perform all runs of a plan that are not finished yet.

    At most two runs per worker are submitted at a time, so memory does not grow with the plan, and a kill loses
    no more than these.

    Raises
    ------
    BrokenExecutor
        A worker process died.
    """
    numbers = (number for number in range(store.plan.runs) if number not in store)
    for outcome in _outcomes(store.plan, backend, numbers):
        store.add(outcome)
        progress(outcome)


def _outcomes(plan: Plan, backend: Backend, numbers: Iterable[int]) -> Iterator[RunOutcome]:
    """Perform the runs of these numbers; yield their outcomes in the order in which they finish."""
    ahead = 1 if isinstance(backend.executor, InProcess) else _AHEAD * backend.width
    waiting: dict[Future[RunOutcome], int] = {}
    try:
        for number in numbers:
            waiting[backend.executor.submit(perform_run, plan.run(number))] = number
            if len(waiting) >= ahead:
                yield from _next_outcomes(waiting)
        while waiting:
            yield from _next_outcomes(waiting)
    finally:
        for future in waiting:
            future.cancel()


def _next_outcomes(waiting: dict["Future[RunOutcome]", int]) -> Iterator[RunOutcome]:
    """Wait until a run finishes; yield the outcomes of all that have."""
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in sorted(done, key=waiting.__getitem__):
        outcome = future.result()  # raises if the executor is broken: then the run stays among the waiting
        del waiting[future]
        yield outcome


def execute_on(store: RunStore, on: str, jobs: int | None, progress: Progress) -> None:
    """As `execute`, on the executor that ``on`` and ``jobs`` name.

    When a worker process dies, the runs in progress are repeated one at a time, each in a new process. A run
    whose process dies again has failed.
    """
    while True:
        with executor(on, jobs) as backend:
            try:
                execute(store, backend, progress)
                return
            except BrokenExecutor:
                if on != "processes":
                    raise
                ahead = _AHEAD * backend.width
        _one_by_one(store, ahead, progress)


def _one_by_one(store: RunStore, ahead: int, progress: Progress) -> None:
    """Perform the next runs, one of which killed its worker, each in a process of its own."""
    plan = store.plan
    numbers = (number for number in range(plan.runs) if number not in store)
    for _, number in zip(range(ahead), numbers, strict=False):
        with executor("processes", 1) as backend:
            try:
                outcome = backend.executor.submit(perform_run, plan.run(number)).result()
            except BrokenExecutor:
                outcome = RunOutcome(number, None, DIED)
        store.add(outcome)
        progress(outcome)
