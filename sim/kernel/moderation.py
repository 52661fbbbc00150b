"""Advertisements by members, reports by readers, and posts that the staff take down."""

from typing import Any

import numpy as np

from shequn.agents import advertising
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver, signal
from shequn.agents.observation import Observation
from shequn.sim.kernel.answering import know_own_post, lay_post
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.marks import may
from shequn.sim.kernel.recognition import add_gains
from shequn.sim.kernel.staff import give_to_moderators
from shequn.sim.kernel.state import NOBODY, JournalKind, Occasion, PostKind, Privilege, State
from shequn.sim.kernel.world import World

ADVERTISEMENT = 1 << 29  # added to the number of a visit: names an advertisement among its author's posts


@compiled(only_with=Feature.STAFF)
def perhaps_advertise(world: World, person: int, observation: Observation, now: float) -> None:
    """At a visit, after reading and writing: perhaps put an advertisement into the room."""
    p = world.params[0]
    if p["advertising_rate"] <= 0.0:
        return
    who = world.people[person]
    member = world.members[who["member"]]
    room_id = int(world.rooms[world.memberships[who["membership"]]["room"]]["home"])
    if room_id == NOBODY or not may(world, person, Privilege.POST.value):
        return
    chance = advertising.advertising_probability(
        np.float64(member["drivers"][Driver.BENEFIT]),
        signal(Driver.BENEFIT, observation, p),
        observation.n_read,
        p,
    )
    visit = int(member["n_visits"])
    seed = world.totals[0]["seed"]
    if uniform(seed, Purpose.ADVERTISE, who["key"], visit) >= chance:
        return
    own = ADVERTISEMENT + visit
    quality = float(p["advertising_quality"])
    topic = uniform(seed, Purpose.OFF_TOPIC, who["key"], own)
    kind = PostKind.ADVERTISEMENT.value
    number = lay_post(world, room_id, person, own, quality, topic, NOBODY, kind, now)
    know_own_post(world, world.memberships[who["membership"]], room_id, number)
    world.totals[0]["advertisements"] += 1
    write(world, now, JournalKind.ADVERTISE.value, person, NOBODY, room_id, number, quality)
    give_to_moderators(world, Occasion.ANY_POST.value, room_id, number, now)


@compiled(only_with=Feature.STAFF)
def meet_post(world: World, person: int, position: int, worth: float, now: float) -> None:
    """A member reads somebody's post: an advertisement brings its author something, and the reader may report it.

    A member reports one post of a visit at most, and a post is reported once.
    """
    post = world.posts[position]
    kind = post["kind"]
    is_advertisement = kind == PostKind.ADVERTISEMENT
    p = world.params[0]
    author = world.people[post["author"]]
    if is_advertisement and author["state"] == State.MEMBER:
        add_gains(world.members[author["member"]], now, p["advertising_gain"], p)
    if len(world.strikes) == 0 or world.reading[0]["to_report"] >= 0 or post["reported"] != 0:
        return
    if not (is_advertisement or kind <= PostKind.QUESTION):
        return
    chance = advertising.report_probability(worth, is_advertisement, p)
    key = pair(world.people[person]["key"], author["key"])
    if uniform(world.totals[0]["seed"], Purpose.REPORT, key, post["own"]) < chance:
        world.reading[0]["to_report"] = position


@compiled(only_with=Feature.STAFF)
def report_what_was_read(world: World, person: int, now: float) -> None:
    """After reading: hand the post that the member reports to the moderators."""
    position = int(world.reading[0]["to_report"])
    if position < 0:
        return
    post = world.posts[position]
    post["reported"] = 1
    shown = int(world.params[0]["shown"])
    room_id = position // shown
    newest = int(world.rooms[room_id]["n_posts"]) - 1
    number = newest - (newest - position) % shown
    world.totals[0]["reports"] += 1
    write(world, now, JournalKind.REPORT.value, person, int(post["author"]), room_id, number, 0.0)
    give_to_moderators(world, Occasion.REPORT.value, room_id, number, now)


@compiled(only_with=Feature.STAFF, otherwise=False)
def is_taken_down(world: World, post: Any) -> bool:
    """Whether the staff have taken a post down: nobody reads it any more."""
    return bool(post["kind"] == PostKind.TAKEN_DOWN)
