"""The gate *capacity*: a limit on the members of the whole community."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import MAX_PEOPLE, NotNegative, WholeNumber
from shequn.sim.kernel.gates.gate import COST, Gate
from shequn.sim.language import _, plural
from shequn.sim.levers import Direct, Through


class CapacityGate(Gate):
    """A limit on the members of the whole community."""

    everybody: ClassVar[bool] = True

    acts_through: ClassVar[Through] = Through(direct=(Direct.CAPACITY, Direct.ADMISSION))

    kind: Literal["capacity"]
    members: Annotated[int, WholeNumber(1, MAX_PEOPLE)] = Field(description="Largest number of members.")
    cost: NotNegative = Field(0.0, description=COST)

    def in_words(self) -> str:
        """The gate in a few words."""
        members = plural("{n} member", "{n} members", self.members).format(n=f"{self.members:,}")
        return _("a limit of {members}").format(members=members)


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Whether the space has fewer members than the limit."""
    return bool(world.spaces[gate["space"]]["members"] < gate["capacity_members"])
