"""The operation *push*: a message to members, which may bring them back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.sim.fields import Fault
from shequn.sim.hints import did_you_mean
from shequn.sim.kernel.features import Feature
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.members import OnAllMembers

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class Push(OnAllMembers):
    """Send members a message: some come sooner, and each takes the place of a post at their next visit.

    The more messages a member has had in the last week, here and from other groups, the fewer they follow.
    """

    acts_through: ClassVar[Through] = Through(direct=(Direct.ATTENTION,))

    do: Literal["push"]
    offer: str | None = Field(
        None, description="An offer that it is about: who would take it comes all the more; null = none."
    )

    def features(self) -> Feature:
        """Contacts."""
        return Feature.STAFF

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Send it now."""
        people = self.whom(operator, key, occurrence)
        offers = list(operator.scenario.offers)
        about = None if self.offer is None else offers.index(self.offer)
        operator.machine.send_messages(people, key, occurrence, about)
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        if self.offer is None:
            return _("a message to {members}").format(members=self.members_in_words())
        return _("a message about {offer} to {members}").format(
            offer=self.offer, members=self.members_in_words()
        )

    def label(self) -> str:
        """What it does, in a few words."""
        return _("message") if self.offer is None else _("message: {offer}").format(offer=self.offer)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """An unknown space, unit or offer."""
        yield from super().faults(content)
        if self.offer is not None and self.offer not in content.offers:
            near = did_you_mean(self.offer, content.offers) or _("; this scenario has no offers")
            yield ("offer",), _("there is no offer {offer}{near}").format(offer=self.offer, near=near)
