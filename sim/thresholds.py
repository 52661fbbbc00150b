"""Thresholds of discovery: how much of a hazard passes until somebody outside finds the community."""

import numpy as np
import numpy.typing as npt

from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, exponentials
from shequn.sim.kernel.discovery import Source, add_thresholds
from shequn.sim.kernel.founding import fill_appeals
from shequn.sim.kernel.heap import LARGEST_IN_TAG, Heap, empty_heap, heap_of
from shequn.sim.kernel.params import COMPLETE
from shequn.sim.kernel.state import MARGIN, State
from shequn.sim.kernel.world import World
from shequn.sim.population import drivers_of


def first_thresholds(world: World, seed: int) -> tuple[Heap, Heap]:
    """Thresholds of discovery of people outside; with complete mixing, of everybody's invitations."""
    people = world.people
    outside = np.flatnonzero((people["state"] == State.OUTSIDE) | (people["state"] == State.LEFT))
    weight = np.empty(len(outside))
    fill_appeals(world, outside, weight)
    strangers = _thresholds_of(world, seed, Purpose.DISCOVERY, outside, weight)
    if world.params["mixing"][0] != COMPLETE:
        return strangers, empty_heap(2 * MARGIN)
    everybody = np.arange(len(people))
    return strangers, _thresholds_of(world, seed, Purpose.MIXING, everybody, 1.0, 2 * MARGIN)


def with_event_thresholds(world: World) -> World:
    """The world in which everybody outside who cares for events has a threshold of discovery because of them.

    Before the first hot event nobody needs one. They are the people with a threshold of discovery by reach, and
    nothing differs from a world that had them from the start.
    """
    n = int(world.strangers.size[0])
    tags = np.sort(world.strangers.tags[:n])  # by person
    outside, version = (tags >> 31) & LARGEST_IN_TAG, (tags >> 3) & LARGEST_IN_TAG  # see `event_tag`
    people = world.people[outside]
    is_due = np.isin(people["state"], (State.OUTSIDE, State.LEFT)) & (people["door_version"] == version)
    outside, version = outside[is_due], version[is_due]
    weight = np.empty(len(outside))
    fill_appeals(world, outside, weight)
    weight *= drivers_of(world, outside)[:, Driver.EVENT]
    cares = weight > 0.0
    outside, version, weight = outside[cares], version[cares], weight[cares]
    first = version == 0
    seed = int(world.totals["seed"][0])
    heap = _thresholds_of(
        world, seed, Purpose.EVENT_DISCOVERY, outside[first], weight[first], len(outside) + 64
    )
    world = world._replace(event_strangers=heap)
    add_thresholds(world, Source.EVENTS.value, Purpose.EVENT_DISCOVERY.value, outside[~first], weight[~first])
    return world


def _thresholds_of(
    world: World,
    seed: int,
    purpose: Purpose,
    people: npt.NDArray[np.int64],
    weight: npt.NDArray[np.float64] | float,
    more: int = 64,
) -> Heap:
    """A threshold of each of these people, inversely proportional to their weight, with room for some more."""
    values = exponentials(seed, purpose, np.ascontiguousarray(world.people["key"][people]))
    values /= weight
    return heap_of(values, people, len(people) + more)
