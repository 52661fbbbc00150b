"""Reading: which posts a visitor sees in their room and the rooms around it, enjoys, reacts to and would answer."""

import math
from typing import Any

import numpy as np

from shequn.agents import interest, posting
from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, pair, stem, uniform_from
from shequn.sim.kernel.contacts import messages_to_read
from shequn.sim.kernel.daring import note_model
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.moderation import is_taken_down, meet_post, report_what_was_read
from shequn.sim.kernel.params import FOLLOWED, HOT, NEWEST, OFFICIAL
from shequn.sim.kernel.prefetch import will_read
from shequn.sim.kernel.recognition import recognise
from shequn.sim.kernel.rooms import pond_of, sits_in
from shequn.sim.kernel.state import NEVER, NO_TALK, NOBODY, JournalKind, PostKind, State
from shequn.sim.kernel.ties import find_link, interact
from shequn.sim.kernel.world import World


@compiled
def interest_in(world: World, person: int, position: int, order: int, p: Any) -> float:
    """Rank of a post beside its age: by reactions, topic, people followed, or the staff first; 0 by age alone."""
    post = world.posts[position]
    if order == NEWEST:
        return 0.0
    if order == HOT:
        return np.float64(post["hot"])
    if order == FOLLOWED:
        return 1.0 if find_link(world, person, int(post["author"])) >= 0 else 0.0
    if order == OFFICIAL:
        return 1.0 if PostKind.OFFICIAL <= post["kind"] <= PostKind.LESSON else 0.0
    return interest.topic_match(np.float64(world.people[person]["topic"]), np.float64(post["topic"]), p)


LINKS_OF_A_LINE = 8  # of the cache


@compiled
def prefetch_authors(world: World, base: int, at: int, n: int) -> None:
    """Prefetch the authors of ``n`` posts of a room, from position ``at`` back, and their membership records."""
    shown = int(world.params[0]["shown"])
    position = at
    for _back in range(n):
        will_read(world.people, world.posts[position]["author"])
        position = step_back(position, base, shown)
    position = at
    for _back in range(n):
        will_read(world.memberships, world.people[world.posts[position]["author"]]["membership"])
        position = step_back(position, base, shown)


@compiled
def step_back(position: int, base: int, shown: int) -> int:
    """One position back around the ring of a room's posts; a division would take longer."""
    return position - 1 if position > base else base + shown - 1


@compiled
def read_path(world: World, person: int, now: float) -> None:
    """Read up to ``attention`` unread posts in view, less the current reminders, and react to some.

    The posts are those of the member's room and of the rooms around it. Changes the authors' recognition, the
    ties to them, and the record of what this member has read. The outcome is in ``world.reading``.
    """
    p = world.params[0]
    who = world.people[person]
    seat = world.memberships[who["membership"]]
    reading = world.reading[0]
    clear(reading)
    attention = max(0, int(p["perception_attention"] - p["reminders"]))  # reminders are read, too,
    attention = max(0, attention - messages_to_read(world, who))  # and messages
    in_view = open_rooms(world, person, attention)
    seed = world.totals[0]["seed"]
    reading["react"] = stem(seed, Purpose.REACT)
    reading["reply"] = stem(seed, Purpose.REPLY)
    for k in range(who["links_start"], who["links_start"] + who["n_links"], LINKS_OF_A_LINE):
        will_read(world.links, k)  # to see which authors the reader is tied to
    reading["standard"] = interest.own_standard(np.float64(who["quality"]), p)
    order = int(world.spaces[world.rooms[seat["room"]]["space"]]["order"])
    by_newest = in_view <= attention or (order == NEWEST and not sees_pinned(world))
    bound = NEVER  # rank of the last post read; among equal ranks the newest comes first
    bound_at = np.int64(1) << 40  # its serial number
    for _back in range(in_view):
        if reading["n_read"] >= attention:
            break
        if by_newest:
            position = next_newest(world)
        else:
            position = next_best(world, person, order, bound, bound_at)
            bound = rank_of(world, person, position, order)
            bound_at = np.int64(world.posts[position]["serial"])
        if is_taken_down(world, world.posts[position]):
            reading["unread"] -= 1
        elif world.posts[position]["author"] != person:
            read_post(world, person, position, int(reading["room"][reading["current"]]), now)
    for k in range(reading["n_rooms"]):
        seat["read_to"][reading["level"][k]] = reading["newest"][k]
    seat["n_read"] += reading["n_read"]
    report_what_was_read(world, person, now)


@compiled
def clear(reading: Any) -> None:
    """Begin a reading: nothing has been read."""
    reading["n_rooms"] = 0
    reading["current"] = 0
    reading["n_read"] = 0
    reading["unread"] = 0
    reading["enjoyment"] = 0.0
    reading["usefulness"] = 0.0
    reading["quality"] = 0.0
    reading["strangers"] = 0
    reading["least"] = NEVER
    reading["answer_to"] = -1
    reading["to_me"] = -1
    reading["to_report"] = -1
    reading["models"] = 0.0


@compiled
def open_rooms(world: World, person: int, attention: int) -> int:
    """Note the rooms with posts of their own on the way up from the member's seat; returns how many are in view."""
    shown = int(world.params[0]["shown"])
    who = world.people[person]
    member = world.members[who["member"]]
    seat = world.memberships[who["membership"]]
    reading = world.reading[0]
    room_id = int(seat["room"])
    level = 0
    in_view = 0
    while room_id != NOBODY:
        room = world.rooms[room_id]
        if room["talk"] != NO_TALK:
            k = reading["n_rooms"]
            reading["n_rooms"] = k + 1
            newest = int(room["n_posts"])
            unread = newest - int(seat["read_to"][level])
            here = min(unread, shown)
            reading["room"][k] = room_id
            reading["base"][k] = room_id * shown
            reading["level"][k] = level
            reading["newest"][k] = newest
            reading["next"][k] = newest - 1
            reading["at"][k] = room_id * shown + (newest - 1) % shown
            reading["oldest"][k] = newest - here
            if seat["n_read"] == 0 and member["n_posts"] > 0:
                # after a return, own posts of the earlier stay may be in view
                for number in range(newest - here, newest):
                    if world.posts[room_id * shown + number % shown]["author"] == person:
                        unread -= 1
            reading["unread"] += unread
            in_view += here
            prefetch_authors(world, room_id * shown, int(reading["at"][k]), min(here, attention))
        room_id = int(room["parent"])
        level += 1
    return in_view


@compiled(only_with=Feature.STAFF, otherwise=False)
def sees_pinned(world: World) -> bool:
    """Whether a pinned post is in view."""
    reading = world.reading[0]
    is_one = False
    for k in range(reading["n_rooms"]):
        is_one |= world.rooms[reading["room"][k]]["pinned"] > reading["oldest"][k]
    return is_one


@compiled(only_with=Feature.STAFF, otherwise=False)
def is_pinned(world: World, position: int) -> bool:
    """Whether the post at a position is the pinned one of its room."""
    shown = int(world.params[0]["shown"])
    room = world.rooms[position // shown]
    number = int(room["pinned"]) - 1
    return number >= 0 and number >= int(room["n_posts"]) - shown and number % shown == position % shown


@compiled
def rank_of(world: World, person: int, position: int, order: int) -> float:
    """Rank in which a member reads a post in view; a pinned one comes first."""
    if is_pinned(world, position):
        return NEVER
    return interest_in(world, person, position, order, world.params[0])


@compiled
def next_newest(world: World) -> int:
    """Position of the newest post that has not been looked at, over all rooms; there is one."""
    reading = world.reading[0]
    room = newest_room(world)
    position = int(reading["at"][room])
    reading["at"][room] = step_back(position, int(reading["base"][room]), int(world.params[0]["shown"]))
    return position


@compiled(only_with=Feature.SPACES, otherwise=0)
def newest_room(world: World) -> int:
    """Of the rooms with posts that have not been looked at, that with the newest one, which will be looked at now."""
    reading = world.reading[0]
    best = 0
    if reading["n_rooms"] > 1:
        newest = -1
        for k in range(reading["n_rooms"]):
            if reading["next"][k] >= reading["oldest"][k]:
                serial = int(world.posts[reading["at"][k]]["serial"])
                if serial > newest:
                    newest = serial
                    best = k
    reading["next"][best] -= 1
    reading["current"] = best
    return best


@compiled
def next_best(world: World, person: int, order: int, bound: float, bound_at: int) -> int:
    """Position of the post in view of highest rank below the last one, in order of (rank, serial); there is one."""
    shown = int(world.params[0]["shown"])
    reading = world.reading[0]
    best = -1
    best_rank = -1.0
    best_at = np.int64(-1)
    for k in range(reading["n_rooms"]):
        for number in range(reading["oldest"][k], reading["newest"][k]):
            position = int(reading["base"][k] + number % shown)
            rank = rank_of(world, person, position, order)
            at = np.int64(world.posts[position]["serial"])
            after_last = rank < bound or (rank == bound and at < bound_at)
            if after_last and (rank > best_rank or (rank == best_rank and at > best_at)):
                best = position
                best_rank = rank
                best_at = at
                reading["current"] = k
    return best


@compiled
def read_post(world: World, person: int, position: int, room_id: int, now: float) -> None:
    """Read one post by somebody else, in this room, and perhaps react."""
    p = world.params[0]
    total = world.totals[0]
    reading = world.reading[0]
    who = world.people[person]
    post = world.posts[position]
    author_id = int(post["author"])
    post_quality = np.float64(post["quality"])
    worth = interest.worth(post_quality, reading["standard"], p)
    enjoyment = worth * interest.topic_match(np.float64(who["topic"]), np.float64(post["topic"]), p)
    chance = posting.reaction_probability(enjoyment, p)
    stranger = 1 if find_link(world, person, author_id) < 0 else 0
    # all stores together: after each, the compiler has to load every number again
    reading["n_read"] += 1
    reading["enjoyment"] += enjoyment
    reading["usefulness"] += worth
    reading["quality"] += post_quality
    reading["strangers"] += stranger
    author = world.people[author_id]
    meet_post(world, person, position, worth, now)
    note_model(world, person, post)
    is_staff = is_of_staff(world, author)
    if not is_staff and not sits_in(
        world, author_id, room_id
    ):  # one who left and returned may be in another room, and does not see it
        return
    # the key of the draw is (reader, author), its count the post's number among the author's: posts by others
    # do not change it
    key = pair(who["key"], author["key"])
    if uniform_from(reading["react"], key, post["own"]) < chance:
        post["hot"] = np.float64(post["hot"]) + 1.0
        total["reactions"] += 1
        if not is_staff:
            pond = pond_of(world, int(world.memberships[author["membership"]]["room"]))
            recognise(pond, world.members[author["member"]], now, p)
        interact(world, person, author_id, now, False)
        number = number_of(world, position)
        write(world, now, JournalKind.REACTION.value, person, author_id, room_id, number, 0.0)
    if enjoyment > 0.0:  # the chance to be the post answered is proportional to it
        draw = uniform_from(reading["reply"], key, post["own"])
        if may_win(draw, reading["least"] * enjoyment):
            race = -math.log(draw) / enjoyment
            if race < reading["least"]:
                reading["least"] = race
                reading["answer_to"] = position
    if reading["to_me"] < 0 and post["to"] == person:
        reading["to_me"] = position


@compiled
def may_win(draw: float, bound: float) -> bool:
    """Whether −log(draw) may be below a bound. Most draws are not, which spares their logarithm.

    With v = 1 − draw the logarithm is v + v²/2 + v³/3 + …; the bound is widened by far more than what is rounded.
    """
    below = 1.0 - draw
    return below * (1.0 + 0.5 * below) < bound * (1.0 + 1e-9)


@compiled(only_with=Feature.STAFF, otherwise=False)
def is_of_staff(world: World, author: Any) -> bool:
    """Whether an author is paid by the operator."""
    return bool(author["state"] == State.STAFF)


@compiled
def number_of(world: World, position: int) -> int:
    """Number of a post in view among all posts of its room."""
    shown = int(world.params[0]["shown"])
    newest = int(world.rooms[position // shown]["n_posts"]) - 1
    return newest - (newest - position) % shown
