"""One of the two communities: runs it, changes its settings between days, and encodes what to draw."""

import base64
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.app.classroom.bases import Bases
from shequn.app.classroom.knobs import DRIVERS
from shequn.app.classroom.limits import MAX_BROUGHT, MAX_PEOPLE
from shequn.app.classroom.measures import Measures, measure
from shequn.app.classroom.placement import positions
from shequn.app.classroom.record import JournalCopy, Written
from shequn.app.classroom.settings import Settings
from shequn.sim.course import Course
from shequn.sim.kernel.everybody import Everybody
from shequn.sim.kernel.people import redraw_drivers
from shequn.sim.kernel.state import JournalKind, State
from shequn.sim.language import _
from shequn.sim.population import distributions_of
from shequn.sim.scenario.errors import scenario_error

# how a person is drawn, as one byte
UNSEEN, AWAY, GONE = 0, 9, 10  # 1 to 8: member, by activity; GONE to GONE + 4: left, fading with time
_ACTIVITY_LEVELS, _GONE_LEVELS, _GONE_DAYS = 8, 5, 25.0
_MAX_TIES = 3_000  # to draw


class Side:
    """A community of the page.

    Parameters
    ----------
    bases : Bases
    settings : Settings
    name : str
        ``A`` or ``B``.

    Raises
    ------
    ScenarioError, GraphError
        The settings cannot be run.
    """

    def __init__(self, bases: Bases, settings: Settings, name: str) -> None:
        self._bases, self.name = bases, name
        self._settings = settings
        self.journal_copy = JournalCopy()
        self.scenario = bases.resolved(settings, name)
        self.course = Course(self.scenario, sink=self.journal_copy)
        self._n_initial = self._n_drawn = len(self.people)
        most = MAX_PEOPLE + MAX_BROUGHT
        if self._n_initial > most:
            raise scenario_error(
                _("there are {n} people, staff included; the class page has places for {most}").format(
                    n=f"{self._n_initial:,}", most=f"{most:,}"
                )
            )

    @property
    def day(self) -> int:
        """Number of days simulated so far."""
        return int(self.course.time)

    @property
    def people(self) -> Everybody:
        """The records of all people (`shequn.sim.kernel.everybody.everybody_dtype`)."""
        return self.course.machine.world.everybody

    @property
    def days(self) -> npt.NDArray[Any]:
        """The rows of the days so far (`shequn.sim.kernel.state.day_dtype`)."""
        days: npt.NDArray[Any] = self.course.machine.days
        return days

    @property
    def written(self) -> Written:
        """What has been written so far."""
        self.course.machine.empty_journal()
        return self.journal_copy.written

    def measures(self) -> Measures:
        """Its key numbers at the end of its last day."""
        return measure(self.course, self.written)

    def rows(self) -> npt.NDArray[Any]:
        """The journal so far (`shequn.app.classroom.record.row_dtype`)."""
        self.course.machine.empty_journal()
        return self.journal_copy.rows()

    def step(self) -> None:
        """Run one day, unless the run is over."""
        if self.day < self.scenario.days:
            self.course.step()

    def change(self, settings: Settings) -> None:
        """Apply changed settings to the running community, as far as their knobs are live.

        Only knobs that were moved have an effect: a gate that an operation of the scenario has opened stays
        open when another slider moves.

        Raises
        ------
        ScenarioError
            The settings contradict each other.
        """
        scenario = self._bases.resolved(settings, self.name)
        previous_settings = self._settings
        moved = {
            key
            for key in ("openness", "gate", "limit", "invitations", *DRIVERS)
            if settings.position(self.name, key) != previous_settings.position(self.name, key)
        }
        machine = self.course.machine
        if "openness" in moved:
            self.course.set_openness(scenario.community.openness)
        if "invitations" in moved:
            machine.params["inviting_rate"] = scenario.rules["inviting"]["rate"]
            machine.parameters_changed()
        if moved & {"gate", "limit"}:
            machine.replace_gates(scenario.places[0].gates)
        if moved & set(DRIVERS):
            self._redraw_drivers(scenario)
        self._settings = settings

    def _redraw_drivers(self, scenario: Any) -> None:
        """Replace the driver weights of everybody: the same random draws around the new means."""
        world = self.course.machine.world
        world.distributions[:] = distributions_of(scenario.population)
        redraw_drivers(world, np.arange(self._n_initial))

    def appearance_codes(self) -> str:
        """How everybody is drawn now: one byte per person, as base64."""
        self.course.machine.empty_journal()  # into the record, which computes the activity
        people, now = self.people, float(self.day)
        codes = np.zeros(len(people), dtype=np.uint8)
        members = people["state"] == State.MEMBER
        activity = self.journal_copy.activity(len(people), now)
        codes[members] = 1 + np.minimum(_ACTIVITY_LEVELS - 1, 2.0 * np.sqrt(activity[members])).astype(
            np.uint8
        )
        codes[members & (people["lapsed"] == 1)] = AWAY
        days_gone = now - people["left_at"]
        gone = ((people["state"] == State.LEFT) | (people["state"] == State.REMOVED)) & (
            days_gone < _GONE_DAYS
        )
        codes[gone] = GONE + (np.maximum(0.0, days_gone[gone]) / _GONE_DAYS * _GONE_LEVELS).astype(np.uint8)
        return base64.b64encode(codes.tobytes()).decode("ascii")

    def positions_and_qualities(self) -> dict[str, str]:
        """Positions (16 bits each, all x, then all y) and qualities (8 bits) of everybody, as base64."""
        self._n_drawn = len(self.people)
        x, y = positions(self.course.machine.world.people, self._n_initial)
        coordinates = np.concatenate([x, y]) * 32_767
        quality = np.clip(self.people["quality"] * 255, 0, 255).astype(np.uint8)
        return {
            "at": base64.b64encode(coordinates.astype("<i2").tobytes()).decode("ascii"),
            "quality": base64.b64encode(quality.tobytes()).decode("ascii"),
        }

    def has_new_people(self) -> bool:
        """Whether people have been added since `positions_and_qualities` was last called."""
        return len(self.people) > self._n_drawn

    def ties(self) -> str:
        """The strongest ties between members: pairs of people, 16 bits each, as base64."""
        a, b, strength = self.course.machine.edges()
        inside = self.people["state"] == State.MEMBER
        both = np.flatnonzero(inside[a] & inside[b])
        if len(both) > _MAX_TIES:
            both = both[np.argpartition(-strength[both], _MAX_TIES)[:_MAX_TIES]]
        pairs = np.column_stack([a[both], b[both]]).astype("<u2")
        return base64.b64encode(pairs.tobytes()).decode("ascii")

    def latest_departures(self, n: int = 6) -> list[int]:
        """The last departures, latest first, at most `n`."""
        rows = self.course.machine.membership()
        left = rows["person"][rows["kind"] == JournalKind.LEAVE]
        return [int(person) for person in left[::-1][:n]]
