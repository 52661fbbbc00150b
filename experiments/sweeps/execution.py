"""Carrying a plan out: runs are handed to an executor, and each result is kept as it comes."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait

from shequn.experiments.sweeps.executors import InProcess, Where, executor
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.work import RunOutcome, work

#: Called with every run that has just finished.
Progress = Callable[[RunOutcome], None]

#: Called before each round of runs with their number, and how many of them are finished already; gives what
#: is called with every other one.
Watch = Callable[[int, int], Progress]

_AHEAD = 2  # runs handed over for each one that can be made at once: no worker waits for us
DIED = "the worker died (out of memory, or killed)"


def execute(finished: RunStore, where: Where, progress: Progress) -> None:
    """Make all runs of a plan that are not finished yet.

    Only as many runs as the executor makes at once, and as many waiting, are handed over:
    memory does not grow with the plan, and a kill costs no more than these.

    Raises
    ------
    BrokenExecutor
        The executor is gone for good.
    """
    plan = finished.plan
    numbers = (number for number in range(plan.runs) if number not in finished)
    for done in _made(finished, where, numbers):
        finished.add(done)
        progress(done)


def _made(finished: RunStore, where: Where, numbers: Iterable[int]) -> Iterator[RunOutcome]:
    plan = finished.plan
    ahead = 1 if isinstance(where.executor, InProcess) else _AHEAD * where.width
    waiting: dict[Future[RunOutcome], int] = {}
    try:
        for number in numbers:
            waiting[where.executor.submit(work, plan.run(number))] = number
            if len(waiting) >= ahead:
                yield from _first_done(waiting)
        while waiting:
            yield from _first_done(waiting)
    finally:
        for future in waiting:
            future.cancel()


def _first_done(waiting: dict["Future[RunOutcome]", int]) -> Iterator[RunOutcome]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in sorted(done, key=waiting.__getitem__):
        result = future.result()  # before it is forgotten: a broken executor must leave it waiting
        del waiting[future]
        yield result


def execute_on(finished: RunStore, on: str, jobs: int | None, progress: Progress) -> None:
    """As `carry_out`, on the executor that ``on`` and ``jobs`` name.

    When a worker process dies, the runs that were in flight are made again one at a time, each by
    a worker of its own; one whose worker dies again has failed.
    """
    while True:
        with executor(on, jobs) as where:
            try:
                execute(finished, where, progress)
                return
            except BrokenExecutor:
                if on != "processes":
                    raise
                ahead = _AHEAD * where.width
        _one_by_one(finished, ahead, progress)


def _one_by_one(finished: RunStore, ahead: int, progress: Progress) -> None:
    """Make the next runs, which may hold the one that kills its worker, each by itself."""
    plan = finished.plan
    numbers = (number for number in range(plan.runs) if number not in finished)
    for _, number in zip(range(ahead), numbers, strict=False):
        with executor("processes", 1) as where:
            try:
                done = where.executor.submit(work, plan.run(number)).result()
            except BrokenExecutor:
                done = RunOutcome(number, None, DIED)
        finished.add(done)
        progress(done)
