"""The duty *welcome*: greet who joins."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.duties.duty import Minutes, OnOccasion
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.recognition import welcome
from shequn.sim.kernel.rooms import pond_of
from shequn.sim.kernel.state import JournalKind, Occasion
from shequn.sim.kernel.ties import interact
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through


class WelcomeDuty(OnOccasion):
    """Welcome who joins (founders excepted): recognition before they have written anything, and perhaps a tie."""

    acts_through: ClassVar[Through] = Through((Driver.HONOR, Driver.RELATIONSHIP), (Direct.WORKING_TIME,))

    do: Literal["welcome"]
    minutes: Minutes = Field(2.0, description="Minutes that a welcome takes (assumed).")

    def occasion(self) -> Occasion:
        """Somebody has joined."""
        return Occasion.JOIN

    def in_words(self) -> str:
        """What is done, in a few words."""
        return _("welcome newcomers")


@compiled
def carry_out(world: World, worker: int, work: Any, duty: Any, now: float) -> None:
    """Welcome a newcomer."""
    person = int(work["person"])
    who = world.people[person]
    room_id = int(world.memberships[who["membership"]]["room"])
    welcome(pond_of(world, room_id), world.members[who["member"]], now, world.params[0])
    interact(world, worker, person, now, True)
    write(world, now, JournalKind.WELCOME.value, person, worker, room_id, work["duty"], now - work["since"])
