"""Desks: which staff of a job look after a room, and who of them is there."""

from typing import Any

from shequn.agents.compiled import compiled
from shequn.sim.kernel.state import NOBODY
from shequn.sim.kernel.world import World


@compiled
def desk_of(world: World, job: Any, room_id: int) -> int:
    """The desk of a job that looks after a room, or a room around it; NOBODY."""
    while room_id != NOBODY:
        room = world.rooms[room_id]
        if room["space"] == job["space"]:
            return int(room["desk"])
        room_id = int(room["parent"])
    return NOBODY


@compiled
def first_at_desk(world: World, job: Any, desk: int) -> int:
    """The first of the staff at a desk whose place is taken: a person, or NOBODY."""
    first = int(job["first_staff"] + desk * job["people"])
    for staff_id in range(first, first + job["people"]):
        if world.staff[staff_id]["person"] != NOBODY:
            return int(world.staff[staff_id]["person"])
    return NOBODY
