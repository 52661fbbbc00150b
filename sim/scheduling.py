"""When a member comes next: a keyed waiting time under their rate and the week's rhythm."""

from typing import Any

import numpy as np

from agents import visiting
from agents.compiled import compiled
from agents.curves import halving
from agents.event import fading
from sim.chance import Purpose, exponential
from sim.heap import event_tag, next_version, push
from sim.rhythm import rhythm_at, when
from sim.state import EventKind
from sim.world import World


@compiled
def boost(world: World, now: float) -> float:
    """What current events add to everybody's visit rate, as a share."""
    sum_of = 0.0
    for k in range(world.totals[0]["n_happenings"]):
        happening = world.happenings[k]
        sum_of += fading(happening["boost"], now - happening["start"], happening["fades"])
    return sum_of


@compiled
def rate_now(world: World, member: Any, now: float) -> float:
    """A member's visit rate at ``now``, per day at a flat rhythm."""
    p = world.params[0]
    elapsed = now - member["last_visit_at"]
    return visiting.visit_rate(
        np.float64(member["pace"]),
        np.float64(member["satisfaction"]),
        visiting.need_left(np.float64(member["need"]), elapsed, p),
        np.float64(member["habit"]) * halving(elapsed, p["visiting_habit_half_life"]),
        boost(world, now),
        p,
    )


@compiled
def schedule_visit(world: World, person: int, now: float) -> None:
    """Draw the waiting time to the next visit and schedule it."""
    p = world.params[0]
    total = world.totals[0]
    member = world.people[person]
    unit = exponential(total["seed"], Purpose.VISIT, member["key"], member["n_visits"])
    member["visit_work"] = visiting.waiting_work(unit, p)
    enter_visit(world, person, now)


@compiled
def enter_visit(world: World, person: int, now: float) -> None:
    """Put the next visit into the queue at the present rate; an earlier entry becomes stale."""
    member = world.people[person]
    rate = rate_now(world, member, now)
    member["visit_from"] = now
    member["visit_rate"] = rate
    member["visit_version"] = next_version(member["visit_version"])
    if rate > 0.0:
        at = when(world.rhythm, now, member["visit_work"] / np.float64(member["visit_rate"]))
        if at < member["left_at"]:
            push(world.queue, at, event_tag(EventKind.VISIT, person, member["visit_version"]))


@compiled
def reschedule_visit(world: World, person: int, now: float) -> None:
    """The rate has changed: the rest of the same waiting time is inverted anew."""
    member = world.people[person]
    passed = rhythm_at(world.rhythm, now) - rhythm_at(world.rhythm, member["visit_from"])
    member["visit_work"] = max(0.0, member["visit_work"] - np.float64(member["visit_rate"]) * passed)
    enter_visit(world, person, now)
