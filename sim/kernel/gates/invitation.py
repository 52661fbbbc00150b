"""The gate *invitation*: only invitees pass."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import NotNegative
from shequn.sim.kernel.gates.gate import COST, Gate
from shequn.sim.kernel.state import Channel, State
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through


class InvitationGate(Gate):
    """Only invitees pass."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    kind: Literal["invitation"]
    cost: NotNegative = Field(0.0, description=COST)

    def in_words(self) -> str:
        """The gate in a few words."""
        return _("an invitation")


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Whether the candidate was invited; a member whom the operator moves is."""
    return bool(who["channel"] == Channel.INVITATION or who["state"] == State.MEMBER)
