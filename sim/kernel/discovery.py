"""Discovery by strangers: one cumulative hazard, and a threshold for each person outside.

A(t) = ∫ openness × reach × reputation × campaigns dt. A person finds the community when A reaches
their threshold: a keyed Exp(1) draw divided by the community's appeal to them. So the next person is
the one outside with the smallest threshold. A is brought up to date only when a factor changes.
"""

from typing import Any

import numpy as np

from shequn.agents import interest, joining
from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, exponential
from shequn.sim.kernel.heap import LARGEST_IN_TAG, drop, event_tag, push, tag_other, tag_person
from shequn.sim.kernel.state import NEVER, EventKind, State
from shequn.sim.kernel.world import World


@compiled
def discovery_hazard_until(total: Any, now: float) -> float:
    """The cumulative hazard A at ``now``."""
    return total["found"] + total["found_rate"] * (now - total["found_at"])


@compiled
def appeal_to(world: World, member: Any) -> float:
    """Appeal of the community's topic to a person, in (0, 1]."""
    p = world.params[0]
    return joining.appeal(interest.topic_match(np.float64(member["topic"]), p["centre"], p), p)


@compiled
def wait_outside(world: World, person: int, now: float) -> None:
    """Draw a new threshold for a person who is outside again."""
    total = world.totals[0]
    p = world.params[0]
    member = world.people[person]
    member["door_version"] += 1
    version = member["door_version"]
    if member["state"] == State.LEFT and p["return_after"] == NEVER:
        return
    tag = event_tag(0, person, version)
    unit = exponential(total["seed"], Purpose.DISCOVERY, member["key"], version)
    push(world.strangers, discovery_hazard_until(total, now) + unit / appeal_to(world, member), tag)
    if world.strangers.tags[0] == tag:  # this person is now the next to find the community
        schedule_discovery(world, now)


@compiled
def may_come(world: World, person: int, now: float) -> bool:
    """Whether a person is outside and may come in (again) at ``now``."""
    member = world.people[person]
    if member["state"] == State.OUTSIDE:
        return True
    return bool(member["state"] == State.LEFT and now >= member["left_at"] + world.params[0]["return_after"])


@compiled
def skip_stale(world: World, heap: Any) -> None:
    """Drop thresholds of people who have come in, or have a newer threshold."""
    while heap.size[0] > 0:
        tag = heap.tags[0]
        member = world.people[tag_person(tag)]
        outside = member["state"] == State.OUTSIDE or member["state"] == State.LEFT
        if outside and member["door_version"] == tag_other(tag):
            return
        drop(heap)


@compiled
def schedule_discovery(world: World, now: float) -> None:
    """Schedule the next discovery; an earlier entry becomes stale."""
    total = world.totals[0]
    skip_stale(world, world.strangers)
    total["discovery_version"] += 1
    if world.strangers.size[0] == 0 or total["found_rate"] <= 0.0:
        return
    at = total["found_at"] + (world.strangers.values[0] - total["found"]) / total["found_rate"]
    push(
        world.queue,
        max(now, at),
        event_tag(EventKind.DISCOVERY, 0, total["discovery_version"] & LARGEST_IN_TAG),
    )


@compiled
def set_discovery_rate(world: World, now: float) -> None:
    """If the rate has changed, bring A up to date and reschedule; else do nothing."""
    total = world.totals[0]
    p = world.params[0]
    rate = p["openness"] * p["reach"] * p["discovery_factor"] * total["reputation"]
    if rate == total["found_rate"]:
        return
    total["found"] = discovery_hazard_until(total, now)
    total["found_at"] = now
    total["found_rate"] = rate
    schedule_discovery(world, now)
