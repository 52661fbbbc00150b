"""The duty *feature*: lay the best posts before more readers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import Fault, WholeNumber
from shequn.sim.kernel.answering import lay_post
from shequn.sim.kernel.chance import Purpose, uniforms
from shequn.sim.kernel.duties.duty import InRounds, Minutes, Round, at_most
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.rewards import earn
from shequn.sim.kernel.state import NO_TALK, NOBODY, Act, JournalKind, PostKind, State
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content

FEATURED = 1 << 30  # added to the number of a post among its author's own: readers have another draw for it


class FeatureDuty(InRounds):
    """Feature the best new posts of members: lay them into the room of the staff, or the next one around it."""

    acts_through: ClassVar[Through] = Through((), (Direct.WORKING_TIME, Direct.ATTENTION))

    do: Literal["feature"]
    most: Annotated[int, WholeNumber(1, 10_000)] = Field(
        3, description="Posts in one round, for the staff of each room."
    )
    by: Literal["reactions", "quality"] = Field(
        "reactions",
        description="Which are the best: those with the most reactions and replies, or by quality.",
    )
    minutes: Minutes = Field(5.0, description="Minutes that each takes (assumed).")

    def in_words(self) -> str:
        """What is done, in a few words."""
        return _("feature the best {n} posts").format(n=self.most)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """There is no room around those where members write."""
        yield from super().faults(content)
        job = content.staff.get(self.job)
        if job is None:
            return
        name = next(iter(content.spaces), None) if job.in_ is None else job.in_
        space = None if name is None else content.spaces.get(name)
        if space is not None and (
            space.in_ is not None or any(inner.in_ == name for inner in content.spaces.values())
        ):
            return
        yield (
            ("job",),
            _("{job} sits in no room where more people would read a featured post").format(job=self.job),
        )

    def work(self, operator: "Operator", duty: int, key: int) -> Round:
        """The best posts of members since the last round that are in view."""
        machine = operator.machine
        world, total = machine.world, machine.totals
        people, shown, n = world.people, int(machine.params["shown"]), int(total["n_rooms"])
        job = int(world.duties["job"][duty])
        targets = np.empty(n, dtype=np.int64)
        fill_targets(world, int(world.jobs["space"][job]), targets)
        desks = machine.desks_of_rooms(job)
        at = np.arange(n * shown)
        room, newest = at // shown, world.rooms["n_posts"][:n].repeat(shown) - 1
        number = newest - (newest - at) % shown
        posts = world.posts[: n * shown]
        is_new = (number >= 0) & (posts["serial"] >= world.duties["since"][duty]) & (posts["own"] < FEATURED)
        world.duties["since"][duty] = total["n_posts"]
        at = at[
            is_new
            & (posts["kind"] <= PostKind.QUESTION)
            & (targets[room] != NOBODY)
            & (desks[room] != NOBODY)
        ]
        at = at[people["state"][posts["author"][at]] == State.MEMBER]
        worth = posts["hot"][at] if self.by == "reactions" else posts["quality"][at]
        keys = np.ascontiguousarray(people["key"][posts["author"][at]])
        draws = uniforms(int(total["seed"]), Purpose.DUTY, keys, key)
        at = at[np.lexsort((posts["serial"][at], draws, -worth))]
        return at_most(self.most, desks[room[at]], posts["author"][at], room[at], number[at])


@compiled
def target_room(world: World, room: int, space: int) -> int:
    """The room into which staff of ``space`` lay a post of ``room``: theirs, or the next one around with posts.

    NOBODY if there is none, or if it is ``room`` itself.
    """
    at = room
    while at != NOBODY and world.rooms[at]["space"] != space:
        at = int(world.rooms[at]["parent"])
    if at != NOBODY and world.spaces[space]["child"] == NOBODY:  # the staff sit in a leaf: go one further
        at = int(world.rooms[at]["parent"])
    while at != NOBODY and world.rooms[at]["talk"] == NO_TALK:
        at = int(world.rooms[at]["parent"])
    return NOBODY if at == room else at


@compiled
def fill_targets(world: World, space: int, targets: Any) -> None:
    """Fill ``targets`` with the `target_room` of each room."""
    for room in range(len(targets)):
        targets[room] = target_room(world, room, space)


@compiled
def carry_out(world: World, worker: int, work: Any, duty: Any, now: float) -> None:
    """Lay the post into the other room; its author stays its author."""
    shown = int(world.params[0]["shown"])
    post = world.posts[int(work["room"]) * shown + int(work["number"]) % shown]
    room = target_room(world, int(work["room"]), int(world.jobs[duty["job"]]["space"]))
    author = int(work["person"])
    quality = float(post["quality"])
    own = int(post["own"]) + FEATURED
    number = lay_post(world, room, author, own, quality, float(post["topic"]), NOBODY, int(post["kind"]), now)
    write(world, now, JournalKind.FEATURE.value, worker, author, room, number, quality)
    earn(world, Act.FEATURED.value, NOBODY, author, now)
