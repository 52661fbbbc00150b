"""The duty *post*: what the staff write of their own accord."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import Fault, Share
from shequn.sim.kernel.answering import count_post, lay_post
from shequn.sim.kernel.duties.duty import InRounds, Minutes, Round, at_most
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.state import NOBODY, JournalKind
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class PostDuty(InRounds):
    """Write a post: a notice, a note, a lesson. Everybody reads it who sits in the rooms that the staff look after."""

    acts_through: ClassVar[Through] = Through((), (Direct.WORKING_TIME, Direct.ATTENTION))

    do: Literal["post"]
    quality: Share = Field(0.8, description="Quality of the post.")
    topic: Share | None = Field(None, description="Its topic; null = the community's own.")
    kind: Literal["official", "lesson"] = Field("official", description="What it is.")
    pinned: bool = Field(
        False,
        description="Members read it first, whatever the order of the space, until a newer one is pinned or as many "
        "newer posts have come as a room shows.",
    )
    minutes: Minutes = Field(10.0, description="Minutes that it takes (assumed).")

    def in_words(self) -> str:
        """What is done, in a few words."""
        text = _("write a post of quality {quality:g}")
        if self.kind == "lesson":
            text = _("give a lesson of quality {quality:g}")
        if self.pinned:
            text = _("{post}, pinned").format(post=text)
        return text.format(quality=self.quality)

    def work(self, operator: "Operator", duty: int, key: int) -> Round:
        """One post at each desk."""
        world = operator.machine.world
        n = int(world.jobs["n_desks"][world.duties["job"][duty]])
        nothing = np.full(n, NOBODY)
        return at_most(self.most, np.arange(n), nothing, nothing, nothing)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """There is no room to write in."""
        yield from super().faults(content)
        job = content.staff.get(self.job)
        space = None if job is None or job.in_ is None else content.spaces.get(job.in_)
        if space is not None and not space.talk:
            yield (
                ("job",),
                _("{job} sits in {space}, which has no posts of its own (talk: false)").format(
                    job=self.job, space=job.in_ if job is not None else ""
                ),
            )


@compiled
def carry_out(world: World, worker: int, work: Any, duty: Any, now: float) -> None:
    """Write the post into each room that the desk looks after."""
    job = world.jobs[duty["job"]]
    desk = work["number"]
    quality, topic, kind = duty["quality"], duty["topic"], int(duty["post_kind"])
    space = world.spaces[job["space"]]
    for position in range(space["n_rooms"]):
        room_id = int(world.room_of[job["space"], position])
        if world.rooms[room_id]["desk"] != desk:
            continue
        own = int(member_of(world, worker)["n_posts"])
        number = lay_post(world, room_id, worker, own, quality, topic, NOBODY, kind, now)
        if duty["pinned"] > 0:
            world.rooms[room_id]["pinned"] = number + 1
        count_post(world, worker)
        write(world, now, JournalKind.POST.value, worker, NOBODY, room_id, number, quality)
