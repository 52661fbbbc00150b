"""The duty *moderate*: take down what is against the standards, and remove who does it again and again."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import Share, WholeNumber
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.duties.duty import Minutes, OnOccasion
from shequn.sim.kernel.heap import event_tag, push
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.state import EventKind, JournalKind, Occasion, PostKind, State
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through

_OCCASIONS = {"report": Occasion.REPORT, "post": Occasion.ANY_POST}


class ModerateDuty(OnOccasion):
    """Look at posts: advertisements, and posts below a standard, are taken down; nobody reads them any more."""

    acts_through: ClassVar[Through] = Through((), (Direct.WORKING_TIME, Direct.LEVEL, Direct.ADMISSION))

    do: Literal["moderate"]
    to: Literal["report", "post"] = Field(
        "report", description="What is looked at: posts that members report, or every post of members."
    )
    below: Share = Field(0.0, description="The standard: posts of members below this quality go, too.")
    error: Share = Field(0.02, description="Share of the judgements that are wrong, either way (assumed).")
    strikes: Annotated[int, WholeNumber(1, 1_000_000)] | None = Field(
        None, description="Posts taken down in a stay after which their author is removed; null = nobody is."
    )
    minutes: Minutes = Field(1.0, description="Minutes that each takes (assumed).")

    def occasion(self) -> Occasion:
        """What is looked at."""
        return _OCCASIONS[self.to]

    def in_words(self) -> str:
        """What is done, in a few words."""
        match self.to:
            case "report":
                return _("look at what members report")
            case "post":
                return _("look at every post")


@compiled
def is_against_standards(post: Any, duty: Any) -> bool:
    """Whether a post should go: an advertisement, or a post of a member below the standard."""
    if post["kind"] == PostKind.ADVERTISEMENT:
        return True
    return bool(post["kind"] <= PostKind.QUESTION and np.float64(post["quality"]) < duty["below"])


@compiled
def carry_out(world: World, worker: int, work: Any, duty: Any, now: float) -> None:
    """Judge a post, take it down or leave it, and perhaps remove its author."""
    shown = int(world.params[0]["shown"])
    room_id = int(work["room"])
    post = world.posts[room_id * shown + int(work["number"]) % shown]
    if post["kind"] > PostKind.QUESTION and post["kind"] != PostKind.ADVERTISEMENT:
        return  # of the staff
    author_id = int(post["author"])
    author = world.people[author_id]
    is_against = is_against_standards(post, duty)
    key = pair(author["key"], duty["key"])
    is_wrong = uniform(world.totals[0]["seed"], Purpose.JUDGE, key, post["own"]) < duty["error"]
    if is_against == is_wrong:
        return
    post["kind"] = PostKind.TAKEN_DOWN.value
    total = world.totals[0]
    total["taken_down"] += 1
    if is_wrong:
        total["mistakes"] += 1
    against = 1.0 if is_against else 0.0
    write(world, now, JournalKind.TAKE_DOWN.value, worker, author_id, room_id, int(work["number"]), against)
    if author["state"] != State.MEMBER:
        return
    seat_id = int(author["membership"])
    world.strikes[seat_id] += 1
    if 0 < duty["strikes"] <= world.strikes[seat_id]:
        push(world.queue, now, event_tag(EventKind.REMOVAL, author_id, author["door_version"]))
