"""One trial: a scenario run once at a point of the parameters, and the log that its posts make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from shequn.experiments.calibration.moments import moments
from shequn.experiments.logs.activity import DAY, Activity
from shequn.sim.kernel.state import JournalKind
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario

FEWEST_WRITERS = 20  # below this a run says too little to be compared


class TooManyEventsError(Exception):
    """A run wrote more than it is worth waiting for."""


class Posts:
    """A journal's reader that keeps who wrote when, and nothing else.

    Parameters
    ----------
    most : int, optional
        Events after which the run is given up.

    Raises
    ------
    TooManyEventsError
        From the run, once there are more.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._n = 0
        self._people: list[Any] = []
        self._times: list[Any] = []

    def __call__(self, rows: Any) -> None:
        """Take a chunk of the journal."""
        wrote = (rows["kind"] == JournalKind.POST) | (rows["kind"] == JournalKind.REPLY)
        self._people.append(rows["person"][wrote])  # a copy: the buffer is used again
        self._times.append(rows["time"][wrote])
        self._n += int(np.count_nonzero(wrote))
        if self._most is not None and self._n > self._most:
            raise TooManyEventsError(f"more than {self._most} events")

    def log(self) -> tuple[Any, Any]:
        """Person and time (days since the start) of each event."""
        none = np.zeros(0)
        return np.concatenate([none.astype(int), *self._people]), np.concatenate([none, *self._times])


def run_to_the_end(scenario: Scenario, seed: int, posts: Posts) -> Machine:
    """Run a scenario with nothing but its posts kept.

    With operations it runs as a Mesa model, as ever; without any there is nothing for Mesa to do, and the
    machine alone gives the same journal in less than half the time.
    """
    if scenario.operations:
        from shequn.sim.community import Community

        community = Community(scenario, seed=seed, sink=posts)
        for _ in range(scenario.days):
            community.step()
        machine: Machine = community.machine
    else:
        machine = Machine(scenario, seed, sink=posts)
        machine.run_until(float(scenario.days))
    machine.empty_journal()
    return machine


def simulated(scenario: Scenario, seed: int, most: int | None = None) -> tuple[Any, Any]:
    """Person and time in days of every post and reply of one run.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    most : int, optional
        Events after which the run is given up.

    Raises
    ------
    TooManyEventsError
        There were more.
    """
    posts = Posts(most)
    run_to_the_end(scenario, seed, posts)
    return posts.log()


def activity_of(person: Any, days: Any, scenario: Scenario) -> Activity:
    """The activity of a run, on the scenario's calendar.

    Raises
    ------
    ValueError
        There was no event.
    """
    start = np.datetime64(scenario.start, "D").astype(int) * DAY
    return Activity.of(person, start + np.asarray(days) * DAY, float(start + scenario.days * DAY))


@dataclass(frozen=True)
class Trial:
    """What came of one run: its place, and its moments (none if too few or too many events)."""

    number: int
    unit: tuple[float, ...]
    moments: dict[str, float] | None


@dataclass(frozen=True)
class Bench:
    """What all trials of a fit share.

    Attributes
    ----------
    scenario : Scenario
    keys : tuple of str
        Keys of the parameters.
    silence : int
        Days without an event after which somebody counts as having left.
    fewest, most : int
        Events outside of which a run is nothing like the log; it is given up once it has more.
    seed : int
        Of the fit; a trial's own follows from it and the trial's number.
    """

    scenario: Scenario
    keys: tuple[str, ...]
    silence: int
    fewest: int
    most: int
    seed: int

    def seed_of(self, number: int) -> int:
        """The seed of a trial."""
        return int(np.random.SeedSequence((self.seed, number)).generate_state(1, np.uint32)[0])

    def run(self, number: int, unit: tuple[float, ...], values: Mapping[str, float]) -> Trial:
        """Run one trial."""
        try:
            person, time = simulated(self.scenario.with_(values), self.seed_of(number), self.most)
        except TooManyEventsError:
            return Trial(number, unit, None)
        if len(person) < self.fewest or len(np.unique(person)) < FEWEST_WRITERS:
            return Trial(number, unit, None)
        return Trial(number, unit, moments(activity_of(person, time, self.scenario), self.silence))
