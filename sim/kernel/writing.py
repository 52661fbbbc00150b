"""Writing: whether a visitor writes, whom they answer, and whether they write again in the same session."""

from typing import Any

import numpy as np

from shequn.agents import earning, honor, posting
from shequn.agents.compiled import compiled
from shequn.agents.curves import exponential_wait
from shequn.agents.observation import Observation
from shequn.sim.kernel.answering import be_answered, count_post, know_own_post, lay_post
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.daring import share_who_dare
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.heap import event_tag, push
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.marks import may
from shequn.sim.kernel.reading import read_path
from shequn.sim.kernel.rewards import earn, worth_of_act
from shequn.sim.kernel.staff import give_post
from shequn.sim.kernel.state import NOBODY, OPEN, Act, EventKind, JournalKind, PostKind, Privilege
from shequn.sim.kernel.world import World

_MINUTES_OF_DAY = 1440.0


@compiled
def maybe_write(world: World, person: int, observation: Observation, now: float) -> None:
    """Perhaps write: a reply to someone who answered the member, a reply to a post just read, or a post."""
    p = world.params[0]
    seed = world.totals[0]["seed"]
    who = world.people[person]
    member = world.members[who["member"]]
    if world.rooms[world.memberships[who["membership"]]["room"]]["home"] == NOBODY:
        return  # members write nowhere here
    count = 2 * np.int64(member["n_visits"])  # even; odd counts are for what is written later in a session
    chance = posting.posting_probability(
        np.float64(member["talkativeness"]),
        np.float64(member["satisfaction"]),
        honor.standing(observation.recognition, observation.recognition_of_others),
        p,
    )
    if answers_back(world, who, count):
        write_post(world, person, now, int(world.reading[0]["to_me"]))
    elif uniform(seed, Purpose.POST, who["key"], count) < chance * share_who_dare(world, who):
        write_post(world, person, now, to_answer(world, person))


@compiled
def answers_back(world: World, who: Any, count: int) -> bool:
    """Whether a member who has just read an answer to their post answers back."""
    if world.reading[0]["to_me"] < 0:
        return False
    u = uniform(world.totals[0]["seed"], Purpose.ANSWER_BACK, who["key"], count)
    return u < posting.answer_back_probability(world.params[0])


@compiled
def to_answer(world: World, person: int) -> int:
    """Position of the post to which the member replies now; -1 for a new post."""
    who = world.people[person]
    member = world.members[who["member"]]
    u = uniform(world.totals[0]["seed"], Purpose.POST, who["key"], 2 * np.int64(member["n_posts"]) + 1)
    chance = posting.reply_probability(np.float64(member["n_visits"]), world.params[0])
    return int(world.reading[0]["answer_to"]) if u < chance else -1


@compiled
def write_again(world: World, person: int, now: float) -> None:
    """The session goes on: read what was posted meanwhile, and write once more."""
    who = world.people[person]
    member = world.members[who["member"]]
    if world.rooms[world.memberships[who["membership"]]["room"]]["home"] == NOBODY:
        return  # they have moved meanwhile to where members write nowhere
    read_path(world, person, now)
    answer_to = to_answer(world, person)
    if answers_back(world, who, 2 * np.int64(member["n_posts"]) + 1):
        answer_to = int(world.reading[0]["to_me"])
    write_post(world, person, now, answer_to)


@compiled
def write_again_later(world: World, person: int, now: float) -> None:
    """After writing, perhaps schedule another post in the same session, some minutes later."""
    p = world.params[0]
    who = world.people[person]
    member = world.members[who["member"]]
    u = uniform(world.totals[0]["seed"], Purpose.WRITE_AGAIN, who["key"], member["n_posts"])
    chance = posting.again_probability(p)
    if u < chance:
        minutes = exponential_wait(u / chance, p["posting_pause"])  # u / chance is uniform again
        at = now + minutes / _MINUTES_OF_DAY
        push(world.queue, at, event_tag(EventKind.WRITE_AGAIN, person, who["door_version"]))


@compiled
def write_post(world: World, person: int, now: float, answer_to: int) -> None:
    """Write a post, or a reply to one (``answer_to`` is its position, -1 for none), if the member's marks allow it.

    The writer may write again later in the session.
    """
    if not may(world, person, Privilege.POST.value if answer_to < 0 else Privilege.REPLY.value):
        return
    who = world.people[person]
    put_post(world, person, now, answer_to, np.float64(who["quality"]), np.float64(who["topic"]))
    write_again_later(world, person, now)


@compiled
def put_post(world: World, person: int, now: float, answer_to: int, quality: float, topic: float) -> None:
    """Put what a member has written into a room, and have it do what it does.

    A reply goes into the room of the post if members may write there; anything else into the member's own.
    A reply changes the recognition of the author who is answered, and may call them back.
    """
    who = world.people[person]
    member = world.members[who["member"]]
    seat = world.memberships[who["membership"]]
    shown = int(world.params[0]["shown"])
    room_id = int(world.rooms[seat["room"]]["home"])
    if answer_to >= 0 and world.rooms[answer_to // shown]["talk"] == OPEN:
        room_id = answer_to // shown
    kind = JournalKind.POST.value
    post_kind = PostKind.MEMBER.value
    author_id = NOBODY
    if answer_to >= 0:
        answered = world.posts[answer_to]
        author_id = int(answered["author"])
        answered["hot"] = np.float64(answered["hot"]) + 1.0
        be_answered(world, author_id, person, int(member["n_posts"]), now)
        world.totals[0]["replies"] += 1
        kind = JournalKind.REPLY.value
    elif asks(world, who):
        post_kind = PostKind.QUESTION.value
    own = int(member["n_posts"])
    number = lay_post(world, room_id, person, own, quality, topic, author_id, post_kind, now)
    know_own_post(world, seat, room_id, number)
    count_post(world, person)
    write(world, now, kind, person, author_id, room_id, number, quality)
    give_post(world, person, room_id, number, post_kind, now)
    if kind == JournalKind.POST:
        earn(world, Act.POST.value, NOBODY, person, now)
    else:
        earn(world, Act.REPLY.value, NOBODY, person, now)
    if own == 0:
        earn(world, Act.FIRST_POST.value, NOBODY, person, now)


@compiled(only_with=Feature.STAFF)
def perhaps_write_for_pay(world: World, person: int, now: float, count: int) -> None:
    """Perhaps write one more post in this session, some minutes later, for what it would bring; by draw ``count``."""
    p = world.params[0]
    who = world.people[person]
    if world.rooms[world.memberships[who["membership"]]["room"]]["home"] == NOBODY:
        return
    if not may(world, person, Privilege.POST.value):
        return
    chance = earning.paid_post_probability(worth_of_act(world, Act.POST.value, NOBODY, person, now), p)
    if chance <= 0.0:
        return
    u = uniform(world.totals[0]["seed"], Purpose.PAID_POST, who["key"], count)
    if u < chance:
        minutes = exponential_wait(u / chance, p["posting_pause"])  # u / chance is uniform again
        at = now + minutes / _MINUTES_OF_DAY
        push(world.queue, at, event_tag(EventKind.WRITE_FOR_PAY, person, who["door_version"]))


@compiled(only_with=Feature.STAFF)
def write_for_pay(world: World, person: int, now: float) -> None:
    """Write a post for what it brings, without care and about anything, and perhaps one more."""
    p = world.params[0]
    who = world.people[person]
    member = world.members[who["member"]]
    if world.rooms[world.memberships[who["membership"]]["room"]]["home"] == NOBODY:
        return
    if not may(world, person, Privilege.POST.value):
        return  # a title has been lost meanwhile
    if worth_of_act(world, Act.POST.value, NOBODY, person, now) <= p["earning_effort"]:
        return  # it is paid no longer
    topic = uniform(world.totals[0]["seed"], Purpose.OFF_TOPIC, who["key"], member["n_posts"])
    put_post(world, person, now, -1, np.float64(who["quality"]) * p["earning_care"], topic)
    perhaps_write_for_pay(world, person, now, 2 * np.int64(member["n_posts"]) + 1)


@compiled
def asks(world: World, who: Any) -> bool:
    """Whether a new post is a question."""
    member = world.members[who["member"]]
    chance = world.params[0]["posting_question"]
    if chance <= 0.0:
        return False
    return uniform(world.totals[0]["seed"], Purpose.QUESTION, who["key"], member["n_posts"]) < chance
