"""The operation *campaign*: bought reach, reminders and rewards for a while."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from shequn.agents.drivers import Driver
from shequn.sim.fields import Days, Fault, NotNegative, WholeNumber
from shequn.sim.kernel.features import Feature
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content

_EFFECTS = ("discovery", "reminders", "pay_inviter", "pay_invited")


class Campaign(Operation):
    """Bought reach, reminders to invite, and rewards for inviter and invitee, for a while."""

    acts_through: ClassVar[Through] = Through((Driver.BENEFIT,), (Direct.REACH, Direct.ATTENTION))

    do: Literal["campaign"]
    days: Days = Field(14.0, description="How long it lasts.")
    discovery: float = Field(
        1.0, ge=1, le=1e6, description="Multiplies discovery by strangers; the part above 1 is bought."
    )
    cost_per_stranger: NotNegative = Field(
        5.0, description="Money that each stranger reached by bought reach costs (assumed)."
    )
    reminders: Annotated[int, WholeNumber(0, 100)] = Field(
        0,
        description="Reminders to invite at each visit; each takes the place of a post that would have been read.",
    )
    pay_inviter: NotNegative = Field(0.0, description="Money the inviter gets for each join.")
    pay_invited: NotNegative = Field(0.0, description="Money an invitee gets who joins.")

    def features(self) -> Feature:
        """Rewards."""
        return Feature.DOORS if self.pay_inviter > 0 or self.pay_invited > 0 else Feature(0)

    def costs_money(self) -> bool:
        """Whether it buys reach or pays rewards."""
        bought = self.bought_reach() * self.cost_per_stranger
        return bought > 0 or self.pay_inviter > 0 or self.pay_invited > 0

    def bought_reach(self) -> float:
        """Reach that it buys, as a multiple of the community's own."""
        return self.discovery - 1.0

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Begin the campaign now."""
        return operator.begin_for_a_while(self, self.days)

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        effects = []
        if self.discovery > 1:
            effects.append(
                _("discovery × {discovery:g}, at {cost:g} for each stranger reached").format(
                    discovery=self.discovery, cost=self.cost_per_stranger
                )
            )
        if self.reminders:
            effects.append(
                _("{reminders} reminders to invite at each visit").format(reminders=self.reminders)
            )
        if self.pay_inviter:
            effects.append(_("{money:g} for the inviter of each who joins").format(money=self.pay_inviter))
        if self.pay_invited:
            effects.append(_("{money:g} for each invitee who joins").format(money=self.pay_invited))
        return _("a campaign of {days:g} days: {effects}").format(
            days=self.days, effects=_(", ").join(effects)
        )

    def label(self) -> str:
        """What it does, in a few words."""
        return _("campaign of {days:g} days").format(days=self.days)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """The campaign has no effect."""
        if all(getattr(self, key) == type(self).model_fields[key].default for key in _EFFECTS):
            yield (
                (),
                _("this campaign changes nothing: give at least one of {effects}").format(
                    effects=", ".join(_EFFECTS)
                ),
            )
