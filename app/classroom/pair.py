"""A visitor's two communities: the same people and the same seed under two settings."""

import time

from shequn.app.classroom.bases import Bases
from shequn.app.classroom.settings import SIDES, Settings
from shequn.app.classroom.side import Side


class Pair:
    """Two communities that run side by side.

    Parameters
    ----------
    bases : Bases
    settings : Settings

    Attributes
    ----------
    settings : Settings
        The current positions of the sliders.
    pending : set of str
        Keys of knobs that were moved since the start and take effect at the next start.

    Raises
    ------
    ScenarioError, GraphError
        The settings cannot be run.
    """

    def __init__(self, bases: Bases, settings: Settings) -> None:
        self._bases = bases
        self.settings = settings
        self.pending: set[str] = set()
        self.start(settings)

    def start(self, settings: Settings) -> None:
        """Start again on day 0; if these settings cannot be run, nothing changes."""
        sides = {name: Side(self._bases, settings, name) for name in SIDES}
        self.sides, self.settings, self.pending = sides, settings, set()

    @property
    def day(self) -> int:
        """Number of days simulated so far."""
        return self.sides["A"].day

    @property
    def last(self) -> int:
        """The last day of the run."""
        return int(self.sides["A"].scenario.days)

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self.day >= self.last

    def move(self, settings: Settings, key: str) -> bool:
        """Apply settings in which one knob was moved; return whether the run started again.

        Before the first day the run starts again at once. Later, live knobs take effect the next day, the
        others at the next start.
        """
        if self.day == 0:
            self.start(settings)
            return True
        if not self._bases.is_live(settings, key):
            for name in SIDES:
                self._bases.resolved(settings, name)  # contradictory settings raise at once
            self.pending.add(key)
        else:
            for side in self.sides.values():
                side.change(settings)
        self.settings = settings
        return False

    def run(self, days: int, seconds: float) -> int:
        """Run both for `days` days or until `seconds` have passed (at least one day); return the days run."""
        end = time.perf_counter() + seconds
        days_run = 0
        while days_run < days and not self.is_over and (days_run == 0 or time.perf_counter() < end):
            for side in self.sides.values():
                side.step()
            days_run += 1
        return days_run
