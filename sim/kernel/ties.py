"""Ties during the run: their strength now, growth by interaction, fading, and ties to members."""

from typing import Any

import numpy as np

from shequn.agents import perception, relationship
from shequn.agents.compiled import compiled
from shequn.agents.curves import halving
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.state import State
from shequn.sim.kernel.world import World


@compiled
def find_link(world: World, person: int, other: int) -> int:
    """Position in ``links`` of the tie between two people; -1 without one."""
    who = world.people[person]
    low = who["links_start"]
    end = low + who["n_links"]
    high = end
    while low < high:
        middle = (low + high) >> 1
        if world.links[middle]["other"] < other:
            low = middle + 1
        else:
            high = middle
    if low < end and world.links[low]["other"] == other:
        return int(low)
    return -1


@compiled
def given_strength(tie: int) -> float:
    """Initial strength of a tie that has not been used: its ``tie`` in `links` is the complement of that f4's bits."""
    return np.float64(np.int32(~tie).view(np.float32))


@compiled
def grown_now(tie: Any, now: float, p: Any) -> float:
    """What is left at ``now`` of the strength that a tie has grown in the run."""
    grown = np.float64(tie["grown"])
    if grown <= 0.0:
        return 0.0
    return grown * halving(now - np.float64(tie["used_at"]), p["relationship_half_life"])


@compiled
def strength_now(tie: Any, now: float, p: Any) -> float:
    """Strength of a tie at ``now``: initial + grown."""
    return np.float64(tie["base"]) + grown_now(tie, now, p)


@compiled
def strength_along(world: World, link: int, now: float) -> float:
    """Strength at ``now`` of the tie at a position in ``links``."""
    number = world.links[link]["tie"]
    if number < 0:
        return given_strength(number)
    return strength_now(world.ties[number], now, world.params[0])


@compiled
def fade_friends(member: Any, now: float, p: Any) -> None:
    """Fade a person's sum of grown strength to ``now``; it fades as each tie does."""
    grown = np.float64(member["grown_inside"])
    if grown != 0.0:
        member["grown_inside"] = grown * halving(now - member["friends_at"], p["relationship_half_life"])
    member["friends_at"] = now


@compiled
def friends_strength(who: Any, member: Any, now: float, p: Any) -> float:
    """Summed strength of all ties to people inside at ``now``, >= 0; the record is updated to ``now``."""
    fade_friends(member, now, p)
    return max(0.0, who["base_inside"] + np.float64(member["grown_inside"]))


@compiled
def update_neighbours(world: World, person: int, now: float, sign: int) -> None:
    """Update the records of those tied to ``person``, who has joined (``sign`` 1) or left (-1)."""
    p = world.params[0]
    who = world.people[person]
    start = who["links_start"]
    for k in range(start, start + who["n_links"]):
        link = world.links[k]
        other = world.people[link["other"]]
        number = link["tie"]
        grown = 0.0
        if number < 0:
            base = given_strength(number)
        else:
            base = np.float64(world.ties[number]["base"])
            grown = grown_now(world.ties[number], now, p)
        other["ties_inside"] += sign
        other["base_inside"] += sign * base
        if grown > 0.0:
            friend = world.members[other["member"]]
            fade_friends(friend, now, p)
            friend["grown_inside"] = np.float64(friend["grown_inside"]) + sign * grown
        if sign < 0 and other["state"] == State.MEMBER:
            witness_departure(world, other, person, base + grown, now)


@compiled
def witness_departure(world: World, who: Any, departing: int, strength: float, now: float) -> None:
    """A member sees somebody they are tied to leave: record who it was, and lower the perceived level."""
    p = world.params[0]
    member = world.members[who["member"]]
    member["seen_leaving_at"] = now
    member["seen_leaving_of"] = departing
    if p["perception_shock"] > 0.0:
        seat = world.memberships[who["membership"]]
        quality = np.float64(world.people[departing]["quality"])
        seat["level"] = perception.shocked_level(np.float64(seat["level"]), quality, strength, p)


@compiled
def make_tie(world: World, a: int, b: int, now: float) -> int:
    """Make a tie of strength 0 between two members who have none; returns its number."""
    number = add_tie(world, 0.0, now)
    add_link(world, a, b, number)
    add_link(world, b, a, number)
    world.people[a]["ties_inside"] += 1
    world.people[b]["ties_inside"] += 1
    return number


@compiled
def used_tie(world: World, person: int, link: int) -> int:
    """Number of the tie at a position among a person's links; it gets a record if this is its first use."""
    number = int(world.links[link]["tie"])
    if number < 0:
        number = add_tie(world, given_strength(number), 0.0)
        other = int(world.links[link]["other"])
        world.links[link]["tie"] = number
        world.links[find_link(world, other, person)]["tie"] = number
    return number


@compiled
def add_tie(world: World, base: float, now: float) -> int:
    """Add the record of a tie along which nothing has grown, and nobody has been invited; returns its number."""
    total = world.totals[0]
    number = int(total["n_ties"])
    total["n_ties"] = number + 1
    tie = world.ties[number]
    tie["base"] = base
    tie["grown"] = 0.0
    tie["used_at"] = now
    tie["asked"][0] = 0
    tie["asked"][1] = 0
    return number


@compiled
def add_link(world: World, person: int, other: int, tie: int) -> None:
    """Insert one end of a tie into its owner's block, in order; a full block moves to the end of the array."""
    who = world.people[person]
    links = world.links
    n = who["n_links"]
    start = who["links_start"]
    if n == who["links_room"]:
        room = max(4, n + n // 2)
        total = world.totals[0]
        new = total["n_links"]
        total["n_links"] = new + room
        for k in range(n):
            links[new + k]["other"] = links[start + k]["other"]
            links[new + k]["tie"] = links[start + k]["tie"]
        start = new
        who["links_start"] = new
        who["links_room"] = room
    k = start + n
    while k > start and links[k - 1]["other"] > other:
        links[k]["other"] = links[k - 1]["other"]
        links[k]["tie"] = links[k - 1]["tie"]
        k -= 1
    links[k]["other"] = other
    links[k]["tie"] = tie
    who["n_links"] = n + 1
    world.totals[0]["most_links"] = max(world.totals[0]["most_links"], n + 1)


@compiled
def room_of_block(links: int) -> int:
    """Room that packing gives a block of this many links: a little to grow."""
    return links + links // 8 + 1


@compiled
def packed_length(world: World) -> int:
    """Length of all blocks of links together when they are packed."""
    length = 0
    for person in range(len(world.people)):
        length += room_of_block(int(world.people[person]["n_links"]))
    return length


@compiled
def pack_links(world: World, packed: Any) -> None:
    """Copy everybody's links into another array, one block after the other."""
    start = 0
    for person in range(len(world.people)):
        who = world.people[person]
        old = int(who["links_start"])
        for k in range(who["n_links"]):
            packed[start + k]["other"] = world.links[old + k]["other"]
            packed[start + k]["tie"] = world.links[old + k]["tie"]
        who["links_start"] = start
        room = room_of_block(int(who["n_links"]))
        who["links_room"] = room
        start += room
    world.totals[0]["n_links"] = start


@compiled
def interact(world: World, a: int, b: int, now: float, may_make: bool) -> None:
    """An interaction of two members: their tie grows.

    If they have none, one is made when ``may_make`` is set and both have fewer than ``max_ties``.
    """
    p = world.params[0]
    link = find_link(world, a, b)
    if link >= 0:
        number = used_tie(world, a, link)
    else:
        most = p["relationship_max_ties"]
        if not may_make or world.people[a]["n_links"] >= most or world.people[b]["n_links"] >= most:
            return
        number = make_tie(world, a, b, now)
    tie = world.ties[number]
    grown = grown_now(tie, now, p)
    more = relationship.tie_growth(np.float64(tie["base"]) + grown, p)
    tie["grown"] = grown + more
    tie["used_at"] = now
    for end in range(2):
        member = member_of(world, b if end else a)
        fade_friends(member, now, p)
        member["grown_inside"] = np.float64(member["grown_inside"]) + more
