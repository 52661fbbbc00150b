"""The operation *campaign*: more strangers and invitations for a while, perhaps with rewards."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from shequn.sim.fields import Days, NotNegative
from shequn.sim.language import _
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.timed import Fault

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content

_EFFECTS = ("discovery", "invitations", "reward_inviter", "reward_invited")


class Campaign(Operation):
    """More strangers and invitations for a while, perhaps with rewards for inviter and invitee."""

    do: Literal["campaign"]
    days: Days = Field(14.0, description="How long it lasts.")
    discovery: NotNegative = Field(1.0, description="Multiplies discovery by strangers.")
    invitations: NotNegative = Field(1.0, description="Multiplies invitations.")
    reward_inviter: NotNegative = Field(0.0, description="Gains of the inviter for each join.")
    reward_invited: NotNegative = Field(0.0, description="Gains of an invitee who joins.")
    budget_per_join: NotNegative = Field(
        0.0,
        description="Money that each join of a stranger or by invitation costs while it lasts.",
    )

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Begin the campaign now."""
        return operator.begin_campaign(self)

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        effects = []
        if self.discovery != 1:
            effects.append(_("discovery × {discovery:g}").format(discovery=self.discovery))
        if self.invitations != 1:
            effects.append(_("invitations × {invitations:g}").format(invitations=self.invitations))
        if self.reward_inviter:
            effects.append(
                _("the inviter gets {reward_inviter:g}").format(reward_inviter=self.reward_inviter)
            )
        if self.reward_invited:
            effects.append(
                _("the invitee gets {reward_invited:g}").format(reward_invited=self.reward_invited)
            )
        if self.budget_per_join:
            effects.append(
                _("each join costs {budget_per_join:g}").format(budget_per_join=self.budget_per_join)
            )
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
