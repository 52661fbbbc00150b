"""The operation *remove*: remove members, who never come again."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, assert_never

from shequn.sim.fields import Fault
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.members import OnMembers

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class Remove(OnMembers):
    """Remove members, who never come again."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    do: Literal["remove"]

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Remove members now, in their order."""
        operator.machine.remove(self.whom(operator, key, occurrence))
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        return _("{members} are removed").format(members=self.members_in_words())

    def label(self) -> str:
        """What it does, in a few words."""
        match self.who:
            case "inactive":
                return _("removal of the inactive")
            case "lowest_quality":
                return _("removal of the lowest in quality")
            case "highest_quality":
                return _("removal of the highest in quality")
            case "most_recognised":
                return _("removal of the most recognised")
            case "last_room":
                return _("removal from the last room")
            case "random":
                return _("removal at random")
            case _:
                assert_never(self.who)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """An unknown space, or a number of members to remove that is not given."""
        yield from super().faults(content)
        if self.who != "inactive" and not self.is_given("share"):
            yield (
                (),
                _("share is missing: which share of the members to remove ({who})").format(who=self.who),
            )
