"""A real group as it stands at the end of a log, in parts of the size that was fitted, and run on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.baselines import WEEK
from shequn.experiments.calibration.trials import simulated
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
        The members of the log who stand in each draw, and are its first rows; all as many.
    n_rows : int
        Rows of a draw.
    """

    past: Activity
    members: Path
    parts: Sequence[Integers]
    n_rows: int

    @property
    def n_known(self) -> int:
        """People of a part who had written before: for them a post is no first one."""
        return len(self.parts[0])

    @property
    def share(self) -> float:
        """Share of the group that a part is."""
        return self.n_known / self.past.n_people

    def weeks_on(
        self, scenario: Scenario, seeds: Sequence[int], weeks: int
    ) -> Iterator[tuple[Integers, Integers, Integers]]:
        """Run the group on: for each seed the part, and person and week of each pair in which one wrote.

        Parameters
        ----------
        scenario : Scenario
            Started from this group.
        seeds : sequence of int
            One for each run. They are moved a little so that runs take the parts in turn.
        weeks : int
        """
        n = len(self.parts)
        for run, seed in enumerate(seeds):
            person, time = simulated(scenario, seed - seed % n + run % n)  # the seed names the part
            week = (time // WEEK).astype(int)
            inside = week < weeks
            pairs = np.unique(np.column_stack((person[inside], week[inside])), axis=0)
            yield self.parts[run % n], pairs[:, 0], pairs[:, 1]
