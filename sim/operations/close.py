"""The operation *close*: a term is over, and members become graduates, who may come again."""

from typing import TYPE_CHECKING, ClassVar, Literal

from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.members import OnAllMembers

if TYPE_CHECKING:
    from shequn.sim.operator import Operator


class Close(OnAllMembers):
    """End the membership of members, as at the end of a term. Unlike those removed, they may come again."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    do: Literal["close"]

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """End their membership now."""
        operator.machine.close(self.whom(operator, key, occurrence))
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        return _("the term is over for {members}").format(members=self.members_in_words())

    def label(self) -> str:
        """What it does, in a few words."""
        return _("end of the term")
