"""The gate *purchase*: customers only."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import NotNegative, Share
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.gates.gate import COST, Gate
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.wording import exact_percent

ONCE = 1 << 24  # count of a draw that each person has only once: being a customer does not change


class PurchaseGate(Gate):
    """Customers only."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    kind: Literal["purchase"]
    share: Share = Field(description="Share of people who are customers.")
    cost: NotNegative = Field(0.0, description=COST)

    def in_words(self) -> str:
        """The gate in a few words."""
        return _("a purchase ({share} of people are customers)").format(share=exact_percent(self.share))


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Whether the candidate is a customer."""
    draw = uniform(world.totals[0]["seed"], Purpose.GATE, who["key"], ONCE)
    return bool(draw < gate["purchase_share"])
