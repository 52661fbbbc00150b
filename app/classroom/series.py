"""Ten pairs of runs with ten seeds, in processes of their own that all visitors share."""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from shequn.app.classroom import limits
from shequn.app.classroom.measures import Measures
from shequn.experiments.replicates.workers import WorkerDiedError, Workers
from shequn.sim.processes import processors
from shequn.sim.scenario import Scenario

Pair = tuple[Measures, Measures]


class SeriesFullError(Exception):
    """As many visitors as may be are waiting for their runs."""


@dataclass
class Series:
    """The pairs of one visitor.

    Attributes
    ----------
    seeds : sequence of int
    pairs : dict of int to Pair
        Measures of A and B at the end, by seed; of the runs that are done.
    error : str or None
        Why it cannot be finished; empty if it takes too long or a process has died.
    """

    scenarios: tuple[Scenario, Scenario]
    seeds: Sequence[int]
    pairs: dict[int, Pair] = field(default_factory=dict)
    error: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether all runs have ended."""
        return len(self.pairs) == len(self.seeds)


class SeriesRunner:
    """Runs the series of all visitors, one pair of each in turn.

    Nothing happens between two calls of `proceed`; the processes start with the first series and stay.
    """

    def __init__(self) -> None:
        self._workers: Workers | None = None
        self._numbers = count()
        self._series: dict[int, Series] = {}
        self._queue: deque[tuple[int, int]] = deque()  # numbers of series, and the index of the next seed

    def start(self, scenarios: tuple[Scenario, Scenario], seeds: Sequence[int]) -> Series:
        """Line up the pairs of a visitor.

        Raises
        ------
        SeriesFullError
            Too many visitors are waiting.
        """
        if len(self._series) >= limits.MAX_SERIES:
            raise SeriesFullError
        number, series = next(self._numbers), Series(scenarios, seeds)
        self._series[number] = series
        self._queue.append((number, 0))
        if self._workers is None:
            n_workers = min(limits.MAX_WORKERS, max(1, processors() - 1))
            self._workers = Workers(n_workers, self._receive, __name__)
        return series

    def cancel(self, series: Series) -> None:
        """Begin no more runs of a series; those under way are not waited for."""
        self._series = {number: other for number, other in self._series.items() if other is not series}

    def proceed(self) -> None:
        """Hand out runs to idle processes, and take what they have done; does not wait."""
        if self._workers is None:
            return
        try:
            self._workers.listen()
            while self._workers.n_idle and self._queue:
                number, index = self._queue.popleft()
                series = self._series.get(number)
                if series is None:
                    continue
                self._workers.begin(run_pair, number, series.seeds[index], *series.scenarios)
                if index + 1 < len(series.seeds):
                    self._queue.append((number, index + 1))
        except WorkerDiedError:
            self.close()
            for series in self._series.values():
                series.error = ""
            self._series.clear()
            self._queue.clear()

    def _receive(self, number: int, seed: int, pair: Pair | None, error: str) -> None:
        series = self._series.get(number)
        if series is None:
            return
        if pair is None:
            series.error = error
        else:
            series.pairs[seed] = pair
        if series.is_done or series.error is not None:
            del self._series[number]

    def close(self) -> None:
        """End the processes."""
        if self._workers is not None:
            self._workers.__exit__(None, None, None)
            self._workers = None


def run_pair(number: int, seed: int, a: Scenario, b: Scenario, progress: Callable[..., Any]) -> None:
    """Run both scenarios with one seed, and report their measures (a job of a worker)."""
    end = time.monotonic() + limits.PAIR_SECONDS
    try:
        pair = pair_of(a, b, seed, end)
    except TimeoutError:
        progress(number, seed, None, "")
    except Exception as error:  # whatever it is, the page says it
        progress(number, seed, None, str(error) or repr(error))
    else:
        progress(number, seed, pair, "")


def pair_of(a: Scenario, b: Scenario, seed: int, end: float = math.inf) -> Pair:
    """Measures of both scenarios at the end of their runs with one seed.

    Parameters
    ----------
    a, b : Scenario
        With ``journal: full``, for what was written.
    seed : int
    end : float
        Time (of ``time.monotonic``) at which to give up.

    Raises
    ------
    TimeoutError
        It takes longer.
    """
    return _run(a, seed, end), _run(b, seed, end)


def _run(scenario: Scenario, seed: int, end: float) -> Measures:
    from shequn.app.classroom.measures import measure
    from shequn.app.classroom.record import Written
    from shequn.sim.course import Course

    written = Written()
    course = Course(scenario, seed, sink=written)
    for _ in range(scenario.days):
        course.step()
        if time.monotonic() > end:
            raise TimeoutError
    course.machine.empty_journal()
    return measure(course, written)
