"""The duty *call*: remind members of the community, one by one."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import Days
from shequn.sim.kernel.answering import call_back
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.duties.duty import Minutes
from shequn.sim.kernel.duties.of_members import InRoundsOfMembers
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through


class CallDuty(InRoundsOfMembers):
    """Call members back: with the chance `rules.visiting.recall` they come sooner, as after an answer."""

    acts_through: ClassVar[Through] = Through((), (Direct.WORKING_TIME,))

    do: Literal["call"]
    unseen: Days = Field(7.0, description="inactive: number of days since they were last seen.")
    minutes: Minutes = Field(2.0, description="Minutes that a call takes (assumed).")

    def in_words(self) -> str:
        """What is done, in a few words."""
        return _("call {members}").format(members=self.members_in_words())


@compiled
def carry_out(world: World, worker: int, work: Any, duty: Any, now: float) -> None:
    """Call a member; whether they come is a new draw at each call: by the pair, the duty and its round."""
    key = pair(pair(world.people[worker]["key"], world.people[work["person"]]["key"]), duty["key"])
    u = uniform(world.totals[0]["seed"], Purpose.CALL, key, duty["rounds"])
    call_back(world, int(work["person"]), u, now)
