"""A desk of the staff in a quiet room, for exact cases."""

from typing import Any

import numpy as np
import pytest

from shequn.sim.kernel import chance
from shequn.sim.kernel.duties.duty import at_most
from shequn.sim.kernel.state import NOBODY, JournalKind
from shequn.sim.kernel.writing import write_post
from shequn.sim.machine import Machine
from shequn.sim.operator import Operator
from shequn.sim.scenario import Scenario
from shequn.sim.staffing import duty_order
from tests.sim.small_worlds import Journal, Rows

MINUTE = 1.0 / 1440.0
QUIET: dict[str, Any] = {
    "leaving": {"mode": "stay", "stay_days": 1000}, "visiting": {"recall": 0}, "posting": {"again": 0},
}  # fmt: skip
JOBS: dict[str, Any] = {"host": {"hours": [9, 10], "minutes": 60}}
DUTIES: dict[str, Any] = {
    "first": {"job": "host", "do": "talk", "minutes": 10, "every": 50},
    "second": {"job": "host", "do": "call", "minutes": 2, "every": 50},
}


def pair(a: Any, b: Any) -> np.uint64:
    """The key of a pair; Python would take it for a signed number where the code is compiled."""
    return np.uint64(chance.pair(a, b))


class Desk:
    """A room of thirty founders, of whom nobody visits or leaves, and a job that is done there."""

    def __init__(self, staff: Any = None, duties: Any = None, **content: Any) -> None:
        self.scenario = Scenario.from_mapping(
            {
                "format": 2, "title": "t", "days": 40, "journal": "full",
                "population": {
                    "people": 30, "founders": "all", "graph": {"generator": "none"},
                    "pace": {"mean": 1e-9, "log_sd": 0},
                },
                "staff": staff or JOBS, "duties": duties or DUTIES,
                **content,
                "rules": {**QUIET, **content.get("rules", {})},
            }
        )  # fmt: skip
        self.journal = Journal()
        self.machine = Machine(self.scenario, 7, sink=self.journal)
        self.operator = Operator(self.scenario, self.machine)

    @property
    def world(self) -> Any:
        """All records."""
        return self.machine.world

    def hire(self, *places: int) -> None:
        """Those whom the operator pays begin."""
        for place in places:
            self.machine.hire(place, int(self.world.staff["paid"][place]))

    def volunteer(self, place: int, person: int) -> None:
        """A member takes a place."""
        self.machine.hire(place, person)

    def give(self, duty: int, *people: int, at: float, desk: int = 0) -> None:
        """A round of a duty on these members begins."""
        self.machine.run_until(at)
        n = len(people)
        self.machine.begin_round(duty, at_most(None, [desk] * n, people, [NOBODY] * n, [NOBODY] * n))

    def write(self, person: int, at: float, answer_to: int = -1) -> None:
        """A member writes a post, or a reply to the post at a position."""
        self.machine.run_until(at)
        write_post(self.world, person, at, answer_to)

    def begin_round(self, name: str, at: float) -> None:
        """The operator begins a round of a duty."""
        self.machine.run_until(at)
        number = duty_order(self.scenario).index(name)
        self.operator.carry_out(len(self.scenario.operations) + number)

    def done(self, until: float) -> list[tuple[float, int, int]]:
        """Minutes after 9:00 of the first day (whole), duty and member of what has been done."""
        rows = self.rows(JournalKind.DUTY, until)
        minutes = np.rint((rows["time"] - 9 / 24) / MINUTE)
        assert rows["time"] == pytest.approx(9 / 24 + minutes * MINUTE, abs=1e-12)
        return list(
            zip(minutes.astype(int).tolist(), rows["detail"].tolist(), rows["other"].tolist(), strict=True)
        )

    def rows(self, kind: JournalKind, until: float) -> Rows:
        """The rows of one kind up to a time."""
        self.machine.run_until(until)
        self.machine.empty_journal()
        return self.journal.rows[self.journal.rows["kind"] == kind]

    def counts(self, duty: int) -> tuple[int, int, int, float]:
        """Of a duty today: done, missed, waiting, and minutes."""
        record = self.world.duties[duty]
        return tuple(record[name].item() for name in ("done", "missed", "waiting", "minutes_spent"))  # type: ignore[return-value]
