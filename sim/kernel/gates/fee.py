"""The gate *fee*: money paid at entry."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import NotNegative
from shequn.sim.kernel.gates.gate import COST, Gate
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through


class FeeGate(Gate):
    """An entrance fee."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.PURSE, Direct.ADMISSION))

    kind: Literal["fee"]
    amount: NotNegative = Field(
        description="Money paid at admission, the operator's income; it deters those whose purse is smaller."
    )
    cost: NotNegative = Field(0.0, description=COST)

    def in_words(self) -> str:
        """The gate in a few words."""
        return _("a fee of {amount:g}").format(amount=self.amount)

    def price(self) -> float:
        """Money that each person who passes pays."""
        return self.amount


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Always: its cost and its price alone deter candidates."""
    return True
