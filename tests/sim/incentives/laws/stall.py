"""A quiet community in which members do only what a test has them do, for exact cases of earning and buying."""

from typing import Any

import numpy as np

from shequn.agents.drivers import Driver
from shequn.sim.kernel.accounts import issue
from shequn.sim.kernel.membership import depart, join
from shequn.sim.kernel.offers import look_at_offers
from shequn.sim.kernel.rewards import earn
from shequn.sim.kernel.state import NOBODY, Act, Channel, JournalKind, Reason
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario
from tests.sim.records import record_of, records
from tests.sim.small_worlds import Journal, Rows
from tests.sim.staff.desk import QUIET

MEAN_PURSE = 40.0
GAIN = 4.0  # money that is worth one unit of gains: a tenth of the mean purse
SPACES: dict[str, Any] = {"camp": {}, "class": {"in": "camp", "copies": 2}, "office": {}}
CAMP, FIRST, SECOND, OFFICE = range(4)  # their rooms


class Stall:
    """Thirty founders who neither visit nor leave, all of whom care for nothing but benefit."""

    def __init__(self, log_sd: float = 0.0, **content: Any) -> None:
        self.scenario = Scenario.from_mapping(
            {
                "format": 2, "title": "t", "days": 400, "journal": "full",
                "population": {
                    "people": 30, "founders": "all", "graph": {"generator": "none"},
                    "pace": {"mean": 1e-9, "log_sd": 0},
                    "purse": {"mean": MEAN_PURSE, "log_sd": log_sd, "days": 7},
                },
                "community": {"openness": 0},
                "units": {"points": {}},
                **content,
                "rules": {**QUIET, "inviting": {"rate": 0}, **content.get("rules", {})},
            }
        )  # fmt: skip
        self.journal = Journal()
        self.machine = Machine(self.scenario, 7, sink=self.journal)
        records(self.world)["drivers"] = 0.0
        records(self.world)["drivers"][:, Driver.BENEFIT] = 1.0

    @property
    def world(self) -> Any:
        """All records."""
        return self.machine.world

    def unit(self, name: str) -> Any:
        """The record of a unit."""
        return self.world.units[self.number(name)]

    def number(self, name: str) -> int:
        """The number of a unit."""
        return 0 if name == "money" else 1 + list(self.scenario.units).index(name)

    def do(self, person: int, at: float, act: Act = Act.POST, task: int = NOBODY) -> None:
        """A member does something."""
        self.machine.run_until(at)
        earn(self.world, act.value, task, person, at)

    def give(self, person: int, amount: float, at: float, unit: str = "points") -> None:
        """A member gets units."""
        self.machine.run_until(at)
        issue(self.world, person, self.number(unit), amount, at)

    def look(self, person: int, at: float) -> int:
        """A member looks at all offers, as at the end of a visit; returns how many they have taken."""
        before = len(self.rows(JournalKind.BUY))
        self.machine.run_until(at)
        look_at_offers(self.world, person, at)
        record_of(self.world, person)["n_visits"] += 1
        return len(self.rows(JournalKind.BUY)) - before

    def leave(self, person: int, at: float) -> None:
        """A member leaves."""
        self.machine.run_until(at)
        depart(self.world, person, at, Reason.CLOCK.value)

    def join(self, person: int, at: float, room: int = 0, inviter: int = NOBODY) -> None:
        """Somebody joins."""
        self.machine.run_until(at)
        join(self.world, person, room, at, Channel.INVITATION.value, inviter, 0.0)

    def sit(self, room: int, *people: int) -> None:
        """These members take seats in a room of ``SPACES``."""
        space = self.world.rooms["space"][room]
        for person in people:
            if self.room(person) == OFFICE or space == 2:
                self.machine.move([person], int(space))
            seat = self.world.memberships[self.world.people["membership"][person]]
            seat["room"] = room

    def room(self, person: int) -> int:
        """Where a member sits."""
        return int(self.world.memberships["room"][self.world.people["membership"][person]])

    def balance(self, person: int, unit: str = "points") -> float:
        """What a member has."""
        seat = self.world.people["membership"][person]
        return float(self.world.holdings["balance"][seat, self.number(unit)])

    def paid(self) -> list[tuple[float, int, float]]:
        """Time, member and amount of all payments by rules so far."""
        rows = self.rows(JournalKind.EARN)
        return list(zip(rows["time"].tolist(), rows["person"].tolist(), rows["value"].tolist(), strict=True))

    def rows(self, *kinds: JournalKind) -> Rows:
        """The rows of some kinds so far."""
        self.machine.empty_journal()
        rows = self.journal.rows
        return rows[np.isin(rows["kind"], kinds)]
