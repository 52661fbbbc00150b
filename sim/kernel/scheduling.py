"""When a member visits next: a keyed waiting time under their rate and the rhythm of the week."""

from typing import Any

import numpy as np

from shequn.agents import visiting
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.agents.event import fading
from shequn.sim.kernel.chance import Purpose, exponential
from shequn.sim.kernel.heap import event_tag, next_version, push
from shequn.sim.kernel.mood import due_after, passed_at
from shequn.sim.kernel.state import NEVER, EventKind
from shequn.sim.kernel.world import World


@compiled
def boost(world: World, now: float) -> float:
    """What current hot events add to the visit rate of one who cares for events alone, as a share, >= 0."""
    share = 0.0
    for k in range(world.totals[0]["n_happenings"]):
        happening = world.happenings[k]
        share += fading(happening["boost"], now - happening["start"], happening["fades"])
    return share


@compiled
def rate_now(world: World, who: Any, now: float) -> float:
    """A member's visit rate, per day with a flat rhythm.

    Need and habit are as of the last visit, so between two visits only events change the rate.
    """
    member = world.members[who["member"]]
    return visiting.visit_rate(
        np.float64(member["pace"]),
        np.float64(member["satisfaction"]),
        np.float64(member["need"]),
        np.float64(member["habit"]),
        np.float64(member["drivers"][Driver.EVENT]) * boost(world, now),
        world.params[0],
    )


@compiled
def schedule_visit(world: World, person: int, now: float) -> None:
    """Draw the waiting time to the next visit and schedule it."""
    who = world.people[person]
    member = world.members[who["member"]]
    count = (np.int64(who["n_joins"]) << 32) | np.int64(member["n_visits"])
    unit = exponential(world.totals[0]["seed"], Purpose.VISIT, who["key"], count)
    member["visit_rate"] = rate_now(world, who, now)
    rate = np.float64(member["visit_rate"])
    work = visiting.waiting_work(unit, world.params[0])
    member["visit_due"] = due_after(world, now, work / rate) if rate > 0.0 else NEVER
    enter_visit(world, person)


@compiled
def visit_at_once(world: World, person: int, now: float) -> None:
    """Schedule a newcomer's first visit for now, if their rate is positive.

    ``visit_rate`` stays 0 until then: there is no waiting time left that a higher rate could shorten.
    """
    who = world.people[person]
    member = world.members[who["member"]]
    member["visit_rate"] = 0.0
    member["visit_due"] = now if rate_now(world, who, now) > 0.0 else NEVER
    enter_visit(world, person)


@compiled
def enter_visit(world: World, person: int) -> None:
    """Put the next visit into the queue; an earlier entry becomes stale."""
    who = world.people[person]
    member = world.members[who["member"]]
    member["visit_version"] = next_version(member["visit_version"])
    if member["visit_due"] < member["left_at"]:
        push(world.queue, member["visit_due"], event_tag(EventKind.VISIT, person, member["visit_version"]))


@compiled
def reschedule_visit(world: World, person: int, now: float) -> None:
    """The rate may have changed: run the rest of the same waiting time at the new rate.

    A slower rate needs no new queue entry: the old one comes too early and is put off (see the loop).
    """
    who = world.people[person]
    member = world.members[who["member"]]
    before = np.float64(member["visit_rate"])
    if before <= 0.0:
        return
    member["visit_rate"] = rate_now(world, who, now)
    rate = np.float64(member["visit_rate"])
    if rate == before:
        return
    old = member["visit_due"]
    work = before * (passed_at(world, old) - passed_at(world, now))
    member["visit_due"] = due_after(world, now, work / rate)
    if member["visit_due"] < old:
        enter_visit(world, person)


@compiled
def put_off_visit(world: World, person: int) -> None:
    """The entry came too early, as the rate has fallen since: enter the same visit at its new time."""
    who = world.people[person]
    member = world.members[who["member"]]
    push(world.queue, member["visit_due"], event_tag(EventKind.VISIT, person, member["visit_version"]))
