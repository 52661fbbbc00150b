"""The operation *season*: more or fewer strangers find the community for a while, by no doing of the operator."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.sim.fields import Days, Fault
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class Season(Operation):
    """More or fewer strangers find the community for a while: holidays, a new term, a rise or fall of interest."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.REACH,))

    do: Literal["season"]
    days: Days = Field(30.0, description="How long it lasts.")
    discovery: float = Field(ge=0, le=1e6, description="Multiplies discovery by strangers.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Begin the season now."""
        return operator.begin_for_a_while(self, self.days)

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        return _("a season of {days:g} days in which discovery is × {discovery:g}").format(
            days=self.days, discovery=self.discovery
        )

    def label(self) -> str:
        """What it does, in a few words."""
        return _("season of {days:g} days").format(days=self.days)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """The season changes nothing."""
        if self.discovery == 1.0:
            yield ("discovery",), _("this season changes nothing: discovery is multiplied by 1")
