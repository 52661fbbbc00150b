"""The operation *close*: a term is over, and members become graduates, who may come again."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.sim.fields import Share
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.members import OnMembers

if TYPE_CHECKING:
    from shequn.sim.operator import Operator


class Close(OnMembers):
    """End the membership of members, as at the end of a term. Unlike those removed, they may come again."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    do: Literal["close"]
    who: Literal[
        "inactive", "lowest_quality", "highest_quality", "most_recognised", "last_room", "random"
    ] = Field("random", description="Which members; random with share 1 = all.")
    share: Share = Field(
        1.0, description="Share of the inactive members, or of all members with another who."
    )

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
