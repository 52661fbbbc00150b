"""Rooms: which one a newcomer gets, and the counts of who sits where.

The rooms of a space have positions. A binary tree counts, for each range of positions, how many rooms have free
seats, so that the next one is found in O(log n): node 1 is the root, node k has children 2k and 2k + 1, and the
leaves are the positions.
"""

from typing import Any

import numpy as np

from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.params import FILL, PLACE, TOPIC
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.state import NOBODY, State
from shequn.sim.kernel.world import World


@compiled
def leaf_of(world: World, space: int) -> int:
    """The leaf where those who enter a space sit."""
    while world.spaces[space]["child"] != NOBODY:
        space = int(world.spaces[space]["child"])
    return space


@compiled
def next_on_path(world: World, space: int, target: int) -> int:
    """The space to enter after ``space`` (NOBODY: from outside) on the way to ``target``, which lies in it."""
    on = target
    while world.spaces[on]["parent"] != space:
        on = int(world.spaces[on]["parent"])
    return on


@compiled
def contains(world: World, space: int, inner: int) -> bool:
    """Whether a space is another one, or the other one lies in it."""
    while inner != NOBODY:
        if inner == space:
            return True
        inner = int(world.spaces[inner]["parent"])
    return False


@compiled
def choose_room(world: World, person: int, target: int) -> int:
    """The room where a person who enters ``target`` gets a seat; NOBODY if all are full.

    The inviter's room, if it is of the same space; else one by the placing of the spaces. If it is full, the next
    one with a free seat.
    """
    leaf = leaf_of(world, target)
    who = world.people[person]
    first = NOBODY
    inviter = int(member_of(world, person)["invited_by"])
    if inviter != NOBODY and world.people[inviter]["state"] == State.MEMBER:
        room = world.rooms[world.memberships[world.people[inviter]["membership"]]["room"]]
        if room["space"] == leaf:
            first = int(room["position"])
    if first == NOBODY:
        first = place_in(world, who, leaf)
    position = next_with_seats(world, leaf, first)
    return NOBODY if position == NOBODY else int(world.room_of[leaf, position])


@compiled(only_with=Feature.SPACES, otherwise=0)
def place_in(world: World, who: Any, leaf: int) -> int:
    """The position in a leaf that the placing of the leaf and of the spaces around it gives a person."""
    if world.spaces[leaf]["splits"] != 0:  # rooms were added: all of them alike
        return place_among(world, who, leaf, int(world.spaces[leaf]["n_rooms"]))
    position = 0
    space_id = NOBODY
    while space_id != leaf:
        space_id = next_on_path(world, space_id, leaf)
        n = int(world.spaces[space_id]["copies"])
        position = position * n + place_among(world, who, space_id, n)
    return position


@compiled
def place_among(world: World, who: Any, space_id: int, n: int) -> int:
    """One of ``n`` rooms by the placing of a space: random, topic, place (strips from the west), or the first."""
    p = world.params[0]
    placing = world.spaces[space_id]["placing"]
    if n <= 1 or placing == FILL:
        return 0
    if placing == TOPIC:
        return min(n - 1, int(np.float64(who["topic"]) * n))
    if placing == PLACE:
        return min(n - 1, int(np.float64(world.members[who["member"]]["x"]) / p["city"] * n))
    count = (np.int64(space_id) << 32) | np.int64(who["n_joins"])
    return min(n - 1, int(uniform(world.totals[0]["seed"], Purpose.ROOM, who["key"], count) * n))


@compiled
def next_with_seats(world: World, space: int, first: int) -> int:
    """The first position from ``first`` on, and round again from 0, of a room with a free seat; NOBODY if none has."""
    tree = world.seats
    if tree[space, 1] == 0:
        return NOBODY
    places = tree.shape[1] // 2
    node = places + first
    if tree[space, node] > 0:
        return first
    while node > 1:  # up, until there is something to the right
        if node % 2 == 0 and tree[space, node + 1] > 0:
            node += 1
            break
        node //= 2
    if node <= 1:
        node = 1
    while node < places:  # down, to the left where possible
        node *= 2
        if tree[space, node] == 0:
            node += 1
    return int(node - places)


@compiled
def set_open(world: World, room_id: int) -> None:
    """Bring the tree up to date after the number of members or the capacity of a room has changed."""
    room = world.rooms[room_id]
    tree = world.seats
    space = room["space"]
    node = tree.shape[1] // 2 + int(room["position"])
    has_seats = 1 if room["members"] < room["capacity"] else 0
    change = has_seats - tree[space, node]
    if change == 0:
        return
    while node >= 1:
        tree[space, node] += change
        node //= 2


@compiled
def sits_in(world: World, person: int, room_id: int) -> bool:
    """Whether a person is a member who sits in a room, or in a room in it."""
    who = world.people[person]
    if who["state"] != State.MEMBER:
        return False
    room = int(world.memberships[who["membership"]]["room"])
    return room == room_id or lies_in(world, room, room_id)


@compiled(only_with=Feature.SPACES, otherwise=False)
def lies_in(world: World, room: int, outer: int) -> bool:
    """Whether a room is in another one, at any depth."""
    room = int(world.rooms[room]["parent"])
    while room != NOBODY:
        if room == outer:
            return True
        room = int(world.rooms[room]["parent"])
    return False


@compiled
def count_in_rooms(world: World, leaf_room: int, quality: float, sign: int, up_to: int) -> None:
    """Count a member in (``sign`` 1) or out of (-1) a room and the rooms around it, below ``up_to`` (NOBODY: all).

    Changes their members and level; the level of a room that somebody was the last to leave stays.
    """
    room_id = leaf_room
    while room_id != up_to:
        room = world.rooms[room_id]
        n = room["members"] + sign
        if n > 0:
            room["level"] += sign * (quality - room["level"]) / n
        room["members"] = n
        room_id = int(room["parent"])
    set_open(world, leaf_room)


@compiled
def count_in_space(space: Any, quality: float, sign: int) -> float:
    """Count a member in (``sign`` 1) or out of (-1) a space; returns the change of its temperature."""
    n = space["members"] + sign
    change = sign * (quality - space["temperature"]) / n if n > 0 else 0.0
    space["members"] = n
    space["temperature"] += change
    return float(change)


@compiled
def pond_of(world: World, leaf_room: int) -> Any:
    """The room in which those who sit in ``leaf_room`` compare themselves."""
    return world.rooms[world.rooms[leaf_room]["pond"]]


@compiled
def home_of(world: World, leaf_room: int) -> int:
    """The room that those who sit in ``leaf_room`` have in common when they write; itself if nobody can write."""
    home = int(world.rooms[leaf_room]["home"])
    return leaf_room if home == NOBODY else home
