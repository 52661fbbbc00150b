"""A snapshot of a real group at the end of a log, in parts of the size that was fitted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.trials import Map, simulate_posts
from shequn.experiments.forecasting.weeks import WEEK
from shequn.experiments.logs.activity import Activity
from shequn.sim.scenario import Scenario

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Snapshot:
    """A group at the end of a log.

    Attributes
    ----------
    past : Activity
        The whole log.
    members : Path
        The table of members; each draw is a part.
    parts : sequence of integers
        The people of the log in each draw, who are its first rows; the same number in each.
    n_rows : int
        Number of rows of a draw.
    each : callable
        Runs it.
    """

    past: Activity
    members: Path
    parts: Sequence[Integers]
    n_rows: int
    each: Map = map

    @property
    def n_known(self) -> int:
        """Number of people of a part who wrote before the end of the log."""
        return len(self.parts[0])

    @property
    def share(self) -> float:
        """Share of the group's people in a part."""
        return self.n_known / self.past.n_people

    def run_weeks(
        self, scenario: Scenario, seeds: Sequence[int], weeks: int
    ) -> Iterator[tuple[Integers, Integers, Integers]]:
        """Run the group with each seed; yields its part, and person and week of each active week of a person.

        Parameters
        ----------
        scenario : Scenario
            Started from this group.
        seeds : sequence of int
            One for each run; each is shifted slightly so that runs take the parts in turn.
        weeks : int
        """
        n = len(self.parts)
        theirs = [seed - seed % n + run % n for run, seed in enumerate(seeds)]  # the seed selects the part
        runs = self.each(partial(_active_weeks, scenario, weeks), theirs)
        for run, (person, week) in enumerate(runs):
            yield self.parts[run % n], person, week


def _active_weeks(scenario: Scenario, weeks: int, seed: int) -> tuple[Integers, Integers]:
    """Person and week of each active week of a person in a run, in ascending order."""
    person, time = simulate_posts(scenario, seed)
    week = (time // WEEK).astype(int)
    inside = week < weeks
    pairs = np.unique(np.column_stack((person[inside], week[inside])), axis=0)
    return pairs[:, 0], pairs[:, 1]
