"""The knobs of the page, and the grid of values of each.

A setting is a position, never a free number, whether it comes from a slider, a code or a message. Position 0 leaves
what the file says as it is; position k sets the value k − 1 of the grid.
"""

from typing import Any, NamedTuple

from shequn.agents.drivers import Driver
from shequn.app.classroom.limits import MAX_DAYS, MAX_PEOPLE

FILE = 0  # the position that leaves what the file says as it is
DRIVERS = tuple(driver.name.lower() for driver in Driver)
FLOOD_DAY, FLOOD_DAYS = 60, 14  # day of the flood, and for how many days the door is open
_TASK = {"kind": "task", "sees": "quality"}
#: The gates that can be set.
GATES: dict[str, dict[str, Any]] = {
    "none": {},
    "easy": {
        "rules": {"kind": "rules", "cost": 0.1},
        "task": {**_TASK, "noise": 0.15, "at_least": 0.4, "cost": 0.2},
    },
    "strict": {
        "rules": {"kind": "rules", "cost": 0.1},
        "task": {**_TASK, "noise": 0.1, "at_least": 0.7, "cost": 0.4},
    },
    "fee": {"fee": {"kind": "fee", "amount": 99, "cost": 0.4}},
    "invitation": {"invitation": {"kind": "invitation"}},
}


class Knob(NamedTuple):
    """One thing that can be set.

    A ``live`` knob takes effect the next day, the others at the next start. A ``shared`` knob is the same in
    both communities, because it determines the people.
    """

    key: str
    values: tuple[Any, ...]
    live: bool
    shared: bool = False

    @property
    def n_positions(self) -> int:
        """Number of positions, that of the file included."""
        return len(self.values) + 1

    def value(self, position: int) -> Any:
        """The value at a position other than that of the file."""
        if position == FILE:
            raise ValueError(f"{self.key}: the file says what it is")
        return self.values[position - 1]

    def position(self, value: Any) -> int:
        """The position of a value.

        Raises
        ------
        ValueError
            It is not on the grid.
        """
        return self.values.index(value) + 1


def _shares(step: int) -> tuple[float, ...]:
    return tuple(k / 100 for k in range(0, 101, step))


#: The codes of settings depend on order and grids: if they change, increase `sharing.VERSION`.
KNOBS = (
    Knob("people", tuple(range(50, MAX_PEOPLE + 1, 50)), live=False, shared=True),
    Knob("founders", tuple(range(5, 505, 5)), live=False, shared=True),
    Knob("days", tuple(range(30, MAX_DAYS + 1, 5)), live=False, shared=True),
    Knob("seed", tuple(range(1000)), live=False, shared=True),
    Knob("openness", _shares(5), live=True),
    Knob("gate", tuple(GATES), live=True),
    Knob("limit", (0, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500), live=True),
    Knob("invitations", tuple(range(31)), live=True),  # per day and 1,000 ties to people outside
    *(Knob(driver, _shares(5), live=True) for driver in DRIVERS),
    Knob("events", (0, 60, 30, 14, 7), live=False),  # days between two hot events; 0 = none
    Knob("flood", tuple(range(0, 601, 50)), live=False),  # newcomers on day 60
    Knob("plan", ("none",), live=False),  # the file's other operations: left out, or not
)
KNOB = {knob.key: knob for knob in KNOBS}
SHARED = tuple(knob.key for knob in KNOBS if knob.shared)
PER_SIDE = tuple(knob.key for knob in KNOBS if not knob.shared)
