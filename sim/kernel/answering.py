"""What it does to a member to be answered, and how a post comes into a room; by members and by staff."""

from typing import Any

import numpy as np

from shequn.agents.compiled import compiled
from shequn.agents.curves import exponential_wait
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.mood import due_after
from shequn.sim.kernel.recognition import recognise, share_left
from shequn.sim.kernel.rooms import pond_of
from shequn.sim.kernel.scheduling import enter_visit
from shequn.sim.kernel.state import PostKind, State
from shequn.sim.kernel.ties import find_link, interact
from shequn.sim.kernel.world import World


@compiled
def be_answered(world: World, author_id: int, by_id: int, count: int, now: float) -> None:
    """Somebody is answered: recognition, a tie that grows or is made, and perhaps an earlier visit.

    To staff, an answer gives a tie alone. ``count`` names the answer in the draws of the pair.
    """
    author = world.people[author_id]
    answered = world.members[author["member"]]
    answered["n_replies_received"] += 1
    if author["state"] == State.MEMBER:
        knows = find_link(world, author_id, by_id) >= 0
        room_id = int(world.memberships[author["membership"]]["room"])
        recognise(pond_of(world, room_id), answered, now, world.params[0])
        if knows:
            answered["answers"] = np.float64(answered["answers"]) + 1.0
    interact(world, by_id, author_id, now, True)
    if author["state"] == State.MEMBER:
        by = world.people[by_id]
        key = pair(by["key"], author["key"])
        u = uniform(world.totals[0]["seed"], Purpose.RECALL, key, count)
        call_back(world, author_id, u, now)


@compiled
def know_each_other(world: World, person: int, other: int, now: float) -> None:
    """A member who is tied to somebody feels answered by them."""
    who = world.people[person]
    member = world.members[who["member"]]
    if find_link(world, person, other) >= 0:
        left = share_left(member, now, world.params[0])
        member["answers"] = np.float64(member["answers"]) + 1.0 / left


@compiled
def call_back(world: World, person: int, u: float, now: float) -> None:
    """With some chance a member comes back earlier; ``u`` is the draw."""
    come_earlier(world, person, u, world.params[0]["visiting_recall"], now)


@compiled
def come_earlier(world: World, person: int, u: float, chance: float, now: float) -> None:
    """With this chance a member comes back earlier; ``u`` is the draw."""
    who = world.people[person]
    member = world.members[who["member"]]
    if u >= chance:
        return
    # u / chance is uniform again
    due = due_after(world, now, exponential_wait(u / chance, world.params[0]["visiting_recall_delay"]))
    if due < member["visit_due"]:
        member["visit_due"] = due
        member["visit_rate"] = 0.0
        enter_visit(world, person)


@compiled
def lay_post(
    world: World,
    room_id: int,
    author: int,
    own: int,
    quality: float,
    topic: float,
    to: int,
    kind: int,
    now: float,
) -> int:
    """Put a post into a room; returns its number there. Who sits below will read it.

    Parameters
    ----------
    own : int
        Number that names it among the author's posts in draws.
    to : int
        Author whom it answers; NOBODY.
    kind : int
        PostKind.
    """
    total = world.totals[0]
    shown = int(world.params[0]["shown"])
    room = world.rooms[room_id]
    number = int(room["n_posts"])
    post = world.posts[room_id * shown + number % shown]
    post["author"] = author
    post["own"] = own
    post["quality"] = quality
    post["topic"] = topic
    post["hot"] = 0.0
    post["to"] = to
    post["serial"] = total["n_posts"]
    post["kind"] = kind
    post["reported"] = 0
    total["n_posts"] += 1
    room["n_posts"] = number + 1
    if kind != PostKind.ADVERTISEMENT:  # which is no talk
        world.spaces[room["space"]]["posts"] += 1
        total["last_post_at"] = now
    return number


@compiled
def know_own_post(world: World, seat: Any, room_id: int, number: int) -> None:
    """A member has just written a post into a room around their seat: to them it is not unread."""
    up = 0
    at = int(seat["room"])
    while at != room_id:
        up += 1
        at = int(world.rooms[at]["parent"])
    seat["read_to"][up] = number + 1


@compiled
def count_post(world: World, person: int) -> None:
    """Count a post of somebody; those of staff are in no measure of members."""
    who = world.people[person]
    member = world.members[who["member"]]
    count = member["n_posts"]
    member["n_posts"] = count + 1
    if who["state"] == State.MEMBER:
        world.totals[0]["posts"] += 1
        world.post_counts[count] -= 1
        world.post_counts[count + 1] += 1
