"""The operation *shock*: many fresh people come to the door at once."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.sim.fields import MAX_PEOPLE, DaysOrNone, WholeNumber
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.fresh_people import FreshPeople

if TYPE_CHECKING:
    from shequn.sim.operator import Operator


class Shock(FreshPeople):
    """Many fresh people come to the door at once."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.REACH,))

    do: Literal["shock"]
    people: Annotated[int, WholeNumber(1, MAX_PEOPLE)] = Field(description="Number of people.")
    over: DaysOrNone = Field(3.0, description="Days over which they come, evenly; 0 = all at once.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Let the people come from now on, evenly."""
        times = operator.machine.time + self.over * np.arange(self.people) / self.people
        operator.bring(self, key, occurrence, times)
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        over = _(" over {over:g} days").format(over=self.over) if self.over else _(" at once")
        return _("{people:,} fresh people come to the door{over}{traits}").format(
            people=self.people, over=over, traits=self.traits_in_words()
        )

    def label(self) -> str:
        """What it does, in a few words."""
        return _("{n:,} people arrive").format(n=self.people)
