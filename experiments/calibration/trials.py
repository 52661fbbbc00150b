"""One trial: a run of the scenario at a point of the parameters, and the log of its posts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from shequn.experiments.calibration.moments import moments
from shequn.experiments.logs.activity import DAY, Activity
from shequn.sim.course import run_to_the_end
from shequn.sim.kernel.state import JournalKind
from shequn.sim.scenario import Scenario

#: Calls a function with each of its arguments, in order: ``map``, or that of an executor.
Map = Callable[..., Iterator[Any]]

MIN_WRITERS = 20  # a run with fewer has too little information to be compared


class TooManyEventsError(Exception):
    """A run has so many events that it is stopped."""


class Posts:
    """A sink for the journal that stores only who wrote and when.

    Parameters
    ----------
    max_events : int, optional
        Number of events after which the run is stopped.

    Raises
    ------
    TooManyEventsError
        From the run, once there are more events.
    """

    def __init__(self, max_events: int | None = None) -> None:
        self._max_events = max_events
        self._n = 0
        self._people: list[Any] = []
        self._times: list[Any] = []

    def __call__(self, rows: Any) -> None:
        """Take a chunk of the journal."""
        wrote = (rows["kind"] == JournalKind.POST) | (rows["kind"] == JournalKind.REPLY)
        self._people.append(rows["person"][wrote])  # a copy, because the buffer is reused
        self._times.append(rows["time"][wrote])
        self._n += int(np.count_nonzero(wrote))
        if self._max_events is not None and self._n > self._max_events:
            raise TooManyEventsError(f"more than {self._max_events} events")

    def log(self) -> tuple[Any, Any]:
        """Person and time (days since the start) of each event."""
        none = np.zeros(0)
        return np.concatenate([none.astype(int), *self._people]), np.concatenate([none, *self._times])


def simulate_posts(scenario: Scenario, seed: int, max_events: int | None = None) -> tuple[Any, Any]:
    """Person and time in days of every post and reply of one run.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    max_events : int, optional
        Number of events after which the run is stopped.

    Raises
    ------
    TooManyEventsError
        There were more.
    """
    posts = Posts(max_events)
    run_to_the_end(scenario, seed, posts)
    return posts.log()


def activity_of(person: Any, days: Any, scenario: Scenario) -> Activity:
    """The activity of a run, on the scenario's calendar.

    Raises
    ------
    ValueError
        There is no event.
    """
    start = np.datetime64(scenario.start, "D").astype(int) * DAY
    return Activity.of(person, start + np.asarray(days) * DAY, float(start + scenario.days * DAY))


@dataclass(frozen=True)
class Trial:
    """The result of one run.

    Attributes
    ----------
    number : int
    unit : tuple of float
        Its position.
    moments : dict or None
        None if the run cannot be compared with the log: with too few or too many events, or too few writers.
    events : int
        Its events; of a run that was stopped, one more than are allowed.
    """

    number: int
    unit: tuple[float, ...]
    moments: dict[str, float] | None
    events: int = 0


@dataclass(frozen=True)
class Bench:
    """The common settings of all trials of a fit.

    Attributes
    ----------
    scenario : Scenario
    keys : tuple of str
        Keys of the parameters.
    silence : int
        Days without an event after which somebody counts as having left.
    min_events, max_events : int
        Limits of the events of a run that is compared with the log; it is stopped when it has more.
    seed : int
        Seed of the fit, from which that of a trial follows with its number.
    """

    scenario: Scenario
    keys: tuple[str, ...]
    silence: int
    min_events: int
    max_events: int
    seed: int

    def seed_of(self, number: int) -> int:
        """The seed of a trial."""
        return int(np.random.SeedSequence((self.seed, number)).generate_state(1, np.uint32)[0])

    def run(self, number: int, unit: tuple[float, ...], values: Mapping[str, float]) -> Trial:
        """Run one trial."""
        try:
            person, time = simulate_posts(self.scenario.with_(values), self.seed_of(number), self.max_events)
        except TooManyEventsError:
            return Trial(number, unit, None, self.max_events + 1)
        if len(person) < self.min_events or len(np.unique(person)) < MIN_WRITERS:
            return Trial(number, unit, None, len(person))
        return Trial(
            number, unit, moments(activity_of(person, time, self.scenario), self.silence), len(person)
        )
