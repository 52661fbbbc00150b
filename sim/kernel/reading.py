"""Reading a room: which posts a visitor sees, enjoys, reacts to and would answer."""

from typing import Any, NamedTuple

import numpy as np

from shequn.agents import interest, posting
from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, exponential, pair, uniform
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.params import FOLLOWED, HOT, NEWEST
from shequn.sim.kernel.prefetch import will_read
from shequn.sim.kernel.recognition import recognise
from shequn.sim.kernel.state import NEVER, JournalKind, State
from shequn.sim.kernel.ties import find_link, interact
from shequn.sim.kernel.world import World


class Read(NamedTuple):
    """The outcome of reading at a visit."""

    n_read: int
    unread: int
    enjoyment: float  # sum over posts read, as the next two
    usefulness: float
    quality: float
    strangers: int  # posts read by people without a tie to the reader
    answer_to: int  # position in ``posts`` of the post to answer; -1 for none
    to_me: int  # position of the newest post that answers the reader; -1 for none


@compiled
def interest_in(world: World, person: int, position: int, p: Any) -> float:
    """Rank of a post if reading is not in order of time: by reactions, topic, or people followed."""
    post = world.posts[position]
    if p["order"] == HOT:
        return np.float64(post["hot"])
    if p["order"] == FOLLOWED:
        return 1.0 if find_link(world, person, int(post["author"])) >= 0 else 0.0
    return interest.topic_match(np.float64(world.people[person]["topic"]), np.float64(post["topic"]), p)


@compiled
def prefetch_authors(world: World, base: int, newest: int, n: int) -> None:
    """Prefetch the authors of the newest posts of a room, and their membership records."""
    shown = int(world.params[0]["shown"])
    for back in range(1, n + 1):
        will_read(world.people, world.posts[base + (newest - back) % shown]["author"])
    for back in range(1, n + 1):
        author = world.people[world.posts[base + (newest - back) % shown]["author"]]
        will_read(world.memberships, author["membership"])


@compiled
def read_room(world: World, person: int, room_id: int, now: float) -> Read:
    """Read up to ``attention`` unread posts in view, less the current reminders, and react to some.

    Changes the authors' recognition, the ties to them, and the record of what this member has read.
    """
    p = world.params[0]
    total = world.totals[0]
    member = world.people[person]
    seat = world.memberships[member["membership"]]
    room = world.rooms[room_id]
    shown = int(p["shown"])
    base = room_id * shown
    newest = int(room["n_posts"])
    unread = newest - seat["read_to"]
    in_view = min(unread, shown)
    if seat["n_read"] == 0 and member["n_posts"] > 0:
        # after a return, own posts of the earlier stay may be in view
        for number in range(newest - in_view, newest):
            if world.posts[base + number % shown]["author"] == person:
                unread -= 1
    attention = max(0, int(p["perception_attention"] - p["reminders"]))  # reminders are read, too
    prefetch_authors(world, base, newest, min(in_view, attention))
    n_read = 0
    enjoyment = 0.0
    usefulness = 0.0
    quality = 0.0
    strangers = 0
    answer_to = -1
    to_me = -1
    least = NEVER
    by_newest = p["order"] == NEWEST or in_view <= attention
    standard = interest.own_standard(np.float64(member["quality"]), p)
    bound = NEVER  # rank of the last post read; among equal ranks the newest comes first
    bound_at = newest
    for back in range(in_view):
        if n_read >= attention:
            break
        number = newest - 1 - back
        if not by_newest:
            # the best post not yet read: below the last one in order of (rank, number)
            best = -1
            best_rank = -1.0
            for other in range(newest - in_view, newest):
                rank = interest_in(world, person, base + other % shown, p)
                after_last = rank < bound or (rank == bound and other < bound_at)
                if after_last and rank >= best_rank:
                    best = other
                    best_rank = rank
            bound = best_rank
            bound_at = best
            number = best
        position = base + number % shown
        post = world.posts[position]
        author_id = int(post["author"])
        if author_id == person:
            continue
        n_read += 1
        post_quality = np.float64(post["quality"])
        worth = interest.worth(post_quality, standard, p)
        enjoyment_of_post = worth * interest.topic_match(
            np.float64(member["topic"]), np.float64(post["topic"]), p
        )
        enjoyment += enjoyment_of_post
        usefulness += worth
        quality += post_quality
        if find_link(world, person, author_id) < 0:
            strangers += 1
        author = world.people[author_id]
        # an author who left and returned may be in another room, and does not see this one
        here = author["state"] == State.MEMBER
        if here and world.memberships[author["membership"]]["room"] == room_id:
            # the key of the draw is (reader, author), its count the post's number among the author's: posts
            # by others do not change it
            key = pair(member["key"], author["key"])
            chance = posting.reaction_probability(enjoyment_of_post, p)
            if uniform(total["seed"], Purpose.REACT, key, post["own"]) < chance:
                post["hot"] = np.float64(post["hot"]) + 1.0
                total["reactions"] += 1
                recognise(room, author, now, p)
                interact(world, person, author_id, now, False)
                write(world, now, JournalKind.REACTION.value, person, author_id, room_id, number, 0.0)
            if enjoyment_of_post > 0.0:  # the chance to be the post answered is proportional to it
                race = exponential(total["seed"], Purpose.REPLY, key, post["own"]) / enjoyment_of_post
                if race < least:
                    least = race
                    answer_to = position
            if to_me < 0 and post["to"] == person:
                to_me = position
    seat["read_to"] = newest
    seat["n_read"] += n_read
    return Read(n_read, int(unread), enjoyment, usefulness, quality, strangers, answer_to, to_me)
