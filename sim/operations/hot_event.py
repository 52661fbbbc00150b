"""The operation *hot event*: a hot topic or product event, which fades."""

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.agents.drivers import Driver
from shequn.sim.fields import Days, NotNegative, Share
from shequn.sim.language import _
from shequn.sim.levers import Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator

FORGOTTEN_AFTER = 12.0  # in durations; by then an event has faded to e^-12 and is ignored


class HotEvent(Operation):
    """A hot topic or product event: a burst that fades."""

    acts_through: ClassVar[Through] = Through((Driver.EVENT,))

    do: Literal["hot_event"]
    intensity: Share = Field(0.8, description="Signal of the event driver at its start.")
    days: Days = Field(5.0, description="Duration: it fades as exp(−age/days).")
    boost: NotNegative = Field(
        4.0,
        description="Share by which it raises visits at its start, times each member's weight of the event driver.",
    )
    discovery: float = Field(
        1.0,
        ge=1,
        le=1e6,
        description="Multiplies discovery at its start by strangers who care for events alone; for others the part "
        "above 1 counts by their weight of the event driver.",
    )

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Begin the event now."""
        operator.begin_event(self)
        return None

    def reach(self, age: float) -> float:
        """What it adds to discovery by strangers who care for events alone, ``age`` days after the start."""
        return (self.discovery - 1.0) * math.exp(-age / self.days)

    def is_forgotten(self, age: float) -> bool:
        """Whether the event is over, ``age`` days after its start."""
        return age >= FORGOTTEN_AFTER * self.days

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        discovery = (
            _(" and up to {discovery:g} × discovery").format(discovery=self.discovery)
            if self.discovery > 1
            else ""
        )
        return _(
            "a hot event of intensity {intensity:g} that fades over {days:g} days; at its start those who care for "
            "events alone come up to {boost:g} times as often{found}"
        ).format(intensity=self.intensity, days=self.days, boost=1 + self.boost, found=discovery)

    def label(self) -> str:
        """What it does, in a few words."""
        return _("hot event")
