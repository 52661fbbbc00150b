"""The operation *rival*: somebody else wants certain members, and offers them something."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.agents import benefit
from shequn.agents.drivers import Driver
from shequn.sim.fields import Positive
from shequn.sim.kernel.features import Feature
from shequn.sim.language import _
from shequn.sim.levers import Through
from shequn.sim.operations.members import OnMembers

if TYPE_CHECKING:
    from shequn.sim.operator import Operator


class Rival(OnMembers):
    """A rival offers members money: who cares for benefit must be more satisfied to stay (S42)."""

    acts_through: ClassVar[Through] = Through((Driver.BENEFIT,))

    do: Literal["rival"]
    who: Literal[
        "inactive", "lowest_quality", "highest_quality", "most_recognised", "last_room", "random"
    ] = Field("highest_quality", description="Which members.")
    pay: Positive = Field(
        description="Money that the rival offers, for each period of the purse; it adds weight of benefit × its gains "
        "to the satisfaction that keeps them."
    )

    def features(self) -> Feature:
        """Contacts."""
        return Feature.STAFF

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Make the offer now; the last one counts."""
        machine = operator.machine
        params, world = machine.params, machine.world
        seats = world.people["membership"][self.whom(operator, key, occurrence)]
        world.contacts["rival"][seats] = benefit.gain_of_money(self.pay, float(params["purse_mean"]), params)
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        return _("a rival offers {pay:g} to {members}").format(pay=self.pay, members=self.members_in_words())

    def label(self) -> str:
        """What it does, in a few words."""
        return _("rival: {pay:g}").format(pay=self.pay)
