"""The gate *identity*: the candidate's place or topic must be near enough."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.agents.curves import circle_distance
from shequn.sim.fields import NotNegative
from shequn.sim.kernel.gates.gate import COST, Gate
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

PLACE, TOPIC = 0, 1  # what it checks, in the order of the words below


class IdentityGate(Gate):
    """An identity check: the candidate's place or topic must be near enough."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    kind: Literal["identity"]
    sees: Literal["place", "topic"] = Field(
        description="What is checked: place (km from the city's centre) or topic."
    )
    within: NotNegative = Field(description="Largest distance: km, or on the circle of topics (0 to 0.5).")
    cost: NotNegative = Field(0.0, description=COST)

    def in_words(self) -> str:
        """The gate in a few words."""
        unit = _(" km from the centre") if self.sees == "place" else _(" from the community's topic")
        return _("an identity check ({sees} within {within:g}{unit})").format(
            sees=self.sees, within=self.within, unit=unit
        )

    def faults(self, content: "Content") -> Iterator[tuple[str, str]]:
        """Places in a scenario without places, or a distance that no topic can exceed."""
        if self.sees == "place" and content.population.places is None:
            yield "sees", _("the gate checks places, but population.places is not set")
        if self.sees == "topic" and self.within > 0.5:
            yield (
                "within",
                _("within is {within:g}, but no topic is farther away than 0.5").format(within=self.within),
            )


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Whether the candidate's place or topic is close enough."""
    p = world.params[0]
    if gate["identity_sees"] == TOPIC:
        return bool(circle_distance(np.float64(who["topic"]), p["centre"]) <= gate["identity_within"])
    middle = 0.5 * p["city"]
    member = world.members[who["member"]]
    dx = np.float64(member["x"]) - middle
    dy = np.float64(member["y"]) - middle
    return bool(math.sqrt(dx * dx + dy * dy) <= gate["identity_within"])
