"""What Python calls in the kernel between two segments of the loop, for the operator or the tables."""

from typing import Any

import numpy as np

from shequn.agents import leaving
from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.discovery import set_discovery_rate
from shequn.sim.kernel.entry import come_to_door
from shequn.sim.kernel.heap import event_tag, push
from shequn.sim.kernel.invitations import update_invitation
from shequn.sim.kernel.loop import has_room
from shequn.sim.kernel.membership import depart, move
from shequn.sim.kernel.rooms import set_open
from shequn.sim.kernel.scheduling import reschedule_visit
from shequn.sim.kernel.state import NOBODY, Channel, EventKind, State
from shequn.sim.kernel.ties import friends_strength, strength_along
from shequn.sim.kernel.world import World


@compiled
def refresh_rates(world: World, now: float) -> None:
    """Recompute all pending visits and invitations and the discovery rate after a change of parameters."""
    for person in range(len(world.people)):
        who = world.people[person]
        member = world.members[who["member"]]
        if who["state"] == State.MEMBER:
            if member["lapsed"] == 0:
                reschedule_visit(world, person, now)
            update_invitation(world, person, now)
    set_discovery_rate(world, now)


@compiled
def fill_strengths(world: World, links: Any, now: float, strength: Any) -> None:
    """Fill ``strength`` with the strength at ``now`` of the ties at each of these positions in ``links``."""
    for k in range(len(links)):
        strength[k] = strength_along(world, links[k], now)


@compiled
def schedule_arrivals(world: World, batch: int, times: Any) -> None:
    """Schedule one arrival at each of these times, for the people of a batch."""
    for k in range(len(times)):
        push(world.queue, times[k], event_tag(EventKind.ARRIVAL, world.batches[batch]["first"] + k, batch))


@compiled
def end_memberships(world: World, people: Any, reason: int, now: float) -> None:
    """Those of these people who are members leave by the operator, in this order: REMOVAL or TERM."""
    for k in range(len(people)):
        if world.people[people[k]]["state"] == State.MEMBER:
            depart(world, int(people[k]), now, reason)


@compiled
def enrol(world: World, people: Any, now: float) -> int:
    """Those of these graduates who would have stayed come to the door, in this order.

    Returns
    -------
    How many have been asked; fewer than all when an array must grow, or a room be divided, before it can go on.
    """
    p = world.params[0]
    for k in range(len(people)):
        if not has_room(world):
            return k
        who = world.people[people[k]]
        member = world.members[who["member"]]
        lost = leaving.lost_by_leaving(
            friends_strength(who, member, now, p), np.float64(member["n_visits"]), p
        )
        reserve = leaving.reservation(
            np.float64(who["quality"]), 0.0, np.float64(member["commitment"]), lost, p
        )
        chance = leaving.coming_again_probability(np.float64(member["satisfaction"]), reserve, p)
        if uniform(world.totals[0]["seed"], Purpose.ENROL, who["key"], who["n_joins"]) < chance:
            come_to_door(world, int(people[k]), now, Channel.ARRIVAL.value, NOBODY)
    return len(people)


@compiled
def move_members(world: World, people: Any, room: int, now: float) -> None:
    """Move these members to a room, in this order."""
    for k in range(len(people)):
        move(world, people[k], room, now)


@compiled
def open_room(world: World, room: int) -> None:
    """Count the free seats of a new room."""
    set_open(world, room)
