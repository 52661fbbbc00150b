"""The operation *remove*: remove members, who never come again."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, assert_never

import numpy as np
from pydantic import Field

from shequn.sim.fields import Days, Share
from shequn.sim.kernel.chance import Purpose, uniforms
from shequn.sim.kernel.state import State
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.timed import Fault
from shequn.sim.wording import exact_percent

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class Remove(Operation):
    """Remove members, who never come again."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    do: Literal["remove"]
    who: Literal["inactive", "lowest_quality", "random"] = Field("inactive", description="Which members.")
    share: Share = Field(
        1.0, description="Share of the inactive members, or of all members with another who."
    )
    unseen: Days = Field(30.0, description="inactive: number of days since they were last seen.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Remove members now, in order of last visit, of quality, or of a keyed draw."""
        machine = operator.machine
        people = machine.world.people
        members = np.flatnonzero(people["state"] == State.MEMBER)
        match self.who:
            case "inactive":
                members = members[machine.time - people["last_visit_at"][members] > self.unseen]
                order = np.argsort(people["last_visit_at"][members], kind="stable")
            case "lowest_quality":
                order = np.argsort(people["quality"][members], kind="stable")
            case "random":
                keys = np.ascontiguousarray(people["key"][members])
                seed = int(machine.totals["seed"])
                order = np.argsort(uniforms(seed, Purpose.OPERATION, keys, key ^ occurrence), kind="stable")
            case _:
                assert_never(self.who)
        machine.remove(members[order][: round(self.share * len(members))])
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        share = exact_percent(self.share)
        match self.who:
            case "inactive":
                if self.share == 1:
                    words = _("all members not seen for {unseen:g} days are removed")
                    return words.format(unseen=self.unseen)
                words = _("{share} of the members not seen for {unseen:g} days are removed")
                return words.format(share=share, unseen=self.unseen)
            case "lowest_quality":
                which = _("with the lowest quality")
            case "random":
                which = _("drawn at random")
            case _:
                assert_never(self.who)
        return _("{share} of the members are removed, {which}").format(share=share, which=which)

    def label(self) -> str:
        """What it does, in a few words."""
        match self.who:
            case "inactive":
                return _("removal of the inactive")
            case "lowest_quality":
                return _("removal of the lowest in quality")
            case "random":
                return _("removal at random")
            case _:
                assert_never(self.who)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """The number of members to remove is not given."""
        if self.who != "inactive" and not self.is_given("share"):
            yield (
                (),
                _("share is missing: which share of the members to remove ({who})").format(who=self.who),
            )
