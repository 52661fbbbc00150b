"""Discovery by strangers: cumulative hazards, and thresholds for each person outside.

There are two sources, each with a hazard A(t) and, for each person outside, a threshold:

- OPEN: A = ∫ visibility × reach × season × reputation × (1 + reach bought by campaigns) dt. The threshold is a keyed
  Exp(1) draw divided by the community's appeal to the person.
- EVENTS: A = ∫ visibility × reach × season × reputation × reach of hot events dt. The threshold is another draw,
  divided by that appeal and by the weight of the event driver: who does not care for events has none.

Before the first hot event nobody has thresholds of EVENTS: there is no room for any.

A person finds the community when one of the hazards reaches their threshold. So the next person is the one
outside with the smallest threshold of a source. A hazard is brought up to date only when its rate changes.
"""

from enum import IntEnum
from typing import Any

import numpy as np

from shequn.agents import interest, joining
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, exponential, uniform
from shequn.sim.kernel.heap import LARGEST_IN_TAG, Heap, drop, event_tag, push, tag_other, tag_person
from shequn.sim.kernel.mood import mood_on
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.state import NEVER, EventKind, Reach, State
from shequn.sim.kernel.world import World


class Source(IntEnum):
    """Sources of discovery."""

    OPEN = 0
    EVENTS = 1


@compiled
def thresholds(world: World, source: int) -> Heap:
    """The thresholds of people outside for a source."""
    if source == Source.EVENTS:
        return world.event_strangers
    return world.strangers


@compiled
def hazard_until(hazard: Any, now: float) -> float:
    """A cumulative hazard at ``now``."""
    return hazard["value"] + hazard["rate"] * (now - hazard["at"])


@compiled
def appeal_to(world: World, who: Any) -> float:
    """Appeal of the community's topic to a person, in (0, 1]."""
    p = world.params[0]
    return joining.appeal(interest.topic_match(np.float64(who["topic"]), p["centre"], p), p)


@compiled
def wait_outside(world: World, person: int, now: float) -> None:
    """Draw new thresholds for a person who is outside again."""
    p = world.params[0]
    who = world.people[person]
    who["door_version"] += 1
    if who["state"] == State.LEFT and p["return_after"] == NEVER:
        return
    appeal = appeal_to(world, who)
    set_threshold(world, person, Source.OPEN.value, Purpose.DISCOVERY.value, appeal, now)
    cares = np.float64(member_of(world, person)["drivers"][Driver.EVENT])
    if cares > 0.0 and len(world.event_strangers.values) > 0:
        set_threshold(world, person, Source.EVENTS.value, Purpose.EVENT_DISCOVERY.value, appeal * cares, now)


@compiled
def set_threshold(world: World, person: int, source: int, purpose: int, weight: float, now: float) -> None:
    """Draw a person's threshold for one source; it is inversely proportional to ``weight`` > 0."""
    tag = add_threshold(world, person, source, purpose, weight, hazard_until(world.hazards[source], now))
    if thresholds(world, source).tags[0] == tag:  # this person is now the next to find the community
        schedule_discovery(world, source, now)


@compiled
def add_threshold(world: World, person: int, source: int, purpose: int, weight: float, passed: float) -> int:
    """Draw a person's threshold above the hazard ``passed`` by now; returns its tag."""
    who = world.people[person]
    version = who["door_version"]
    tag = event_tag(0, person, version)
    unit = exponential(world.totals[0]["seed"], purpose, who["key"], version)
    push(thresholds(world, source), passed + unit / weight, tag)
    return tag


@compiled
def add_thresholds(world: World, source: int, purpose: int, people: Any, weights: Any) -> None:
    """Draw the thresholds of these people for a source whose hazard is still 0; there is room for them."""
    for k in range(len(people)):
        add_threshold(world, int(people[k]), source, purpose, weights[k], 0.0)


@compiled
def may_come(world: World, person: int, now: float) -> bool:
    """Whether a person is outside and may come in (again) at ``now``."""
    who = world.people[person]
    member = world.members[who["member"]]
    if who["state"] == State.OUTSIDE:
        return True
    return bool(who["state"] == State.LEFT and now >= member["left_at"] + world.params[0]["return_after"])


@compiled
def skip_stale(world: World, heap: Any) -> None:
    """Drop thresholds of people who have come in, or have a newer threshold."""
    while heap.size[0] > 0:
        tag = heap.tags[0]
        who = world.people[tag_person(tag)]
        outside = who["state"] == State.OUTSIDE or who["state"] == State.LEFT
        if outside and who["door_version"] == tag_other(tag):
            return
        drop(heap)


@compiled
def schedule_discovery(world: World, source: int, now: float) -> None:
    """Schedule the next discovery of a source; an earlier entry becomes stale."""
    heap = thresholds(world, source)
    hazard = world.hazards[source]
    skip_stale(world, heap)
    hazard["version"] += 1
    if heap.size[0] == 0 or hazard["rate"] <= 0.0:
        return
    at = hazard["at"] + (heap.values[0] - hazard["value"]) / hazard["rate"]
    push(world.queue, max(now, at), event_tag(EventKind.DISCOVERY, 0, discovery_name(world, source)))


@compiled
def discovery_name(world: World, source: int) -> int:
    """What the queue entry of the next discovery says: the version of the hazard, and the source in the last bit."""
    return int((2 * world.hazards[source]["version"] + source) & LARGEST_IN_TAG)


@compiled
def set_discovery_rate(world: World, now: float) -> None:
    """If the rate of a source has changed, bring its hazard up to date and reschedule; else do nothing."""
    p = world.params[0]
    base = p["visibility"] * p["reach"] * p["season"] * world.totals[0]["reputation"] * mood_on(world, now)
    set_rate(world, Source.OPEN.value, base * (1.0 + p["bought_reach"]), now)
    set_rate(world, Source.EVENTS.value, base * p["event_reach"], now)


@compiled
def set_rate(world: World, source: int, rate: float, now: float) -> None:
    """Let the hazard of a source grow at this rate from now on."""
    hazard = world.hazards[source]
    if rate == hazard["rate"]:
        return
    hazard["value"] = hazard_until(hazard, now)
    hazard["at"] = now
    hazard["rate"] = rate
    schedule_discovery(world, source, now)


@compiled
def how_found(world: World, who: Any, source: int) -> int:
    """How a stranger found the community (``Reach``); reach that a campaign has bought is paid for."""
    if source == Source.EVENTS:
        return Reach.EVENT.value
    p = world.params[0]
    bought = p["bought_reach"]
    if bought > 0.0:
        draw = uniform(world.totals[0]["seed"], Purpose.REACHED, who["key"], who["door_version"])
        if draw < bought / (1.0 + bought):
            world.totals[0]["reach_cost"] += p["stranger_price"]
            return Reach.BOUGHT.value
    return Reach.OWN.value
