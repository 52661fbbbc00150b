"""The duty *talk*: talk to members one to one."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.answering import know_each_other
from shequn.sim.kernel.duties.duty import Minutes
from shequn.sim.kernel.duties.of_members import InRoundsOfMembers
from shequn.sim.kernel.ties import interact
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through


class TalkDuty(InRoundsOfMembers):
    """Talk to members one to one: a tie grows, or is made, and who knows the other already feels answered."""

    acts_through: ClassVar[Through] = Through((Driver.RELATIONSHIP,), (Direct.WORKING_TIME,))

    do: Literal["talk"]
    minutes: Minutes = Field(10.0, description="Minutes that a talk takes (assumed).")

    def in_words(self) -> str:
        """What is done, in a few words."""
        return _("talk one to one to {members}").format(members=self.members_in_words())


@compiled
def carry_out(world: World, worker: int, work: Any, duty: Any, now: float) -> None:
    """Talk to a member."""
    person = int(work["person"])
    know_each_other(world, person, worker, now)
    interact(world, worker, person, now, True)
