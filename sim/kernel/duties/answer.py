"""The duty *answer*: reply to what members write, or to what they hand in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.fields import Fault
from shequn.sim.kernel.answering import be_answered, count_post, lay_post
from shequn.sim.kernel.duties.duty import Minutes, OnOccasion
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.state import NOBODY, JournalKind, Occasion, PostKind, State
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

_OCCASIONS = {
    "post": Occasion.POST,
    "first_post": Occasion.FIRST_POST,
    "question": Occasion.QUESTION,
    "task": Occasion.TASK,
}


class AnswerDuty(OnOccasion):
    """Answer members: as an answer by a member does, it gives recognition, ties and a reason to come back."""

    acts_through: ClassVar[Through] = Through(
        (Driver.HONOR, Driver.RELATIONSHIP), (Direct.WORKING_TIME, Direct.ATTENTION)
    )

    do: Literal["answer"]
    to: Literal["post", "first_post", "question", "task"] = Field(
        "first_post",
        description="What is answered: any post, somebody's first, questions (rules.posting.question), or tasks.",
    )
    task: str | None = Field(None, description="With to: task: which one; null = all.")
    minutes: Minutes = Field(3.0, description="Minutes that an answer takes (assumed).")

    def occasion(self) -> Occasion:
        """What is answered."""
        return _OCCASIONS[self.to]

    def in_words(self) -> str:
        """What is done, in a few words."""
        match self.to:
            case "post":
                return _("answer posts")
            case "first_post":
                return _("answer the first posts of newcomers")
            case "question":
                return _("answer questions")
            case "task":
                return _("answer what is handed in") + (f" ({self.task})" if self.task else "")

    def faults(self, content: "Content") -> Iterator[Fault]:
        """An unknown task, or none at all."""
        yield from super().faults(content)
        known = ", ".join(content.tasks) or _("none")
        if self.task is not None and (self.to != "task" or self.task not in content.tasks):
            yield (
                ("task",),
                _("{task} is no task that is answered here; tasks: {known}").format(
                    task=self.task, known=known
                ),
            )
        elif self.to == "task" and not content.tasks:
            yield ("to",), _("there are no tasks to answer")


@compiled
def carry_out(world: World, worker: int, work: Any, duty: Any, now: float) -> None:
    """Answer a post with one of the worker's own, or a task without."""
    staff = world.people[worker]
    author = int(work["person"])
    room_id = int(work["room"])
    if room_id == NOBODY:
        task = int(work["number"])
        seat = int(world.people[author]["membership"])
        mine = world.progress[seat, task]
        # no post of the worker's names this answer: the stay, the task and the number of the answer do
        count = (np.int64(work["stay"]) << 40) | (np.int64(task + 1) << 32) | np.int64(mine["answered"])
        mine["answered"] = min(mine["answered"] + 1, mine["done"])  # two answers to one task count once
        world.tasks[task]["answered"] += 1
        be_answered(world, author, worker, count, now)
        return
    shown = int(world.params[0]["shown"])
    answered = world.posts[room_id * shown + int(work["number"]) % shown]
    answered["hot"] += 1.0
    topic = float(answered["topic"])
    be_answered(world, author, worker, int(member_of(world, worker)["n_posts"]), now)
    kind = PostKind.OFFICIAL.value if staff["state"] == State.STAFF else PostKind.MEMBER.value
    quality = np.float64(staff["quality"])
    number = lay_post(
        world, room_id, worker, int(member_of(world, worker)["n_posts"]), quality, topic, author, kind, now
    )
    count_post(world, worker)
    write(world, now, JournalKind.REPLY.value, worker, author, room_id, number, quality)
