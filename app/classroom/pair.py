"""A visitor's two communities: the same people with the same luck, under two settings."""

import time

from shequn.app.classroom.settings import KNOB, SIDES, Bases, Settings
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
        As the sliders stand.
    waiting : set of str
        Keys of knobs that were moved since the start and count from the next start on.

    Raises
    ------
    ScenarioError, GraphError
        The settings cannot be run.
    """

    def __init__(self, bases: Bases, settings: Settings) -> None:
        self._bases = bases
        self.settings = settings
        self.waiting: set[str] = set()
        self.start(settings)

    def start(self, settings: Settings) -> None:
        """Begin anew, on day 0. Nothing is changed when these settings cannot be run."""
        sides = {name: Side(self._bases, settings, name) for name in SIDES}
        self.sides, self.settings, self.waiting = sides, settings, set()

    @property
    def day(self) -> int:
        """Days that have been run."""
        return self.sides["A"].day

    @property
    def last(self) -> int:
        """Days of the whole run."""
        return int(self.sides["A"].scenario.days)

    @property
    def over(self) -> bool:
        """Whether the run is at its end."""
        return self.day >= self.last

    def move(self, settings: Settings, key: str) -> bool:
        """Take over settings in which one knob was moved. Returns whether the run began anew.

        Before the first day everything begins anew at once. Later, live knobs count from the next day on,
        others from the next start.
        """
        later = not KNOB[key].live or (key == "locality" and self._without_places)
        if self.day == 0:
            self.start(settings)
            return True
        if later:
            for name in SIDES:
                self._bases.resolved(settings, name)  # what contradicts itself is told at once
            self.waiting.add(key)
        else:
            for side in self.sides.values():
                side.change(settings)
        self.settings = settings
        return False

    @property
    def _without_places(self) -> bool:
        return self.sides["A"].scenario.population.places is None

    def run(self, days: int, seconds: float) -> int:
        """Run both for some days, or until the time is used up. Returns the days run."""
        end = time.perf_counter() + seconds
        done = 0
        while done < days and not self.over and (done == 0 or time.perf_counter() < end):
            for side in self.sides.values():
                side.step()
            done += 1
        return done
