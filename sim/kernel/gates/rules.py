"""The gate *rules*: rules to accept."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import NotNegative
from shequn.sim.kernel.gates.gate import COST, Gate
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through


class RulesGate(Gate):
    """Rules to accept."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    kind: Literal["rules"]
    cost: NotNegative = Field(0.1, description=COST)

    def in_words(self) -> str:
        """The gate in a few words."""
        return _("rules to accept")


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Always: the cost alone deters candidates."""
    return True
