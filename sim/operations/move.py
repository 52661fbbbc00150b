"""The operation *move*: send members to the door of another space (promotion, demotion)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.sim.choice import unknown_space
from shequn.sim.fields import Fault
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.members import OnMembers

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class Move(OnMembers):
    """Send members to the door of another space; they move if its gates let them in, and else stay."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    do: Literal["move"]
    to: str = Field(description="The space.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Send them now."""
        operator.machine.move(self.whom(operator, key, occurrence), operator.space_number(self.to))
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        return _("{members} are sent to {space}").format(members=self.members_in_words(), space=self.to)

    def label(self) -> str:
        """What it does, in a few words."""
        return _("to {space}").format(space=self.to)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """An unknown space."""
        yield from super().faults(content)
        yield from unknown_space(self.to, "to", content)
        inner: str | None = self.in_
        for _level in range(len(content.spaces)):
            if inner == self.to:
                yield (
                    ("to",),
                    _("those in {inner} sit in {outer} already").format(inner=self.in_, outer=self.to),
                )
                return
            space = content.spaces.get(inner) if inner is not None else None
            inner = None if space is None else space.in_
