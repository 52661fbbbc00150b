"""The events to come, and the thresholds of people outside."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents import inviting
from shequn.sim.kernel.heap import LARGEST_IN_TAG, Heap
from shequn.sim.kernel.params import COMPLETE
from shequn.sim.kernel.state import MAX_SPACES, EventKind, State
from shequn.sim.kernel.world import World, link_positions
from shequn.sim.saving.checks.ranges import require

#: Largest threshold above the last one reached: a draw from Exp(1) with 53 bits is below 37.
MOST_AHEAD = 64.0


def check_events(world: World, time: float) -> None:
    """Check every entry of the heaps; raises ``ValueError``."""
    for name in ("queue", "strangers", "event_strangers", "anybody"):
        _check_heap(getattr(world, name), len(world.people), name)
    _check_queue(world, time)
    reached, n = float(world.totals["anybody"][0]), int(world.anybody.size[0])
    if world.params["mixing"][0] == COMPLETE:
        values = world.anybody.values[:n]
        require(((values >= reached) & (values <= reached + MOST_AHEAD)).all(), "anybody.values")
        people = (world.anybody.tags[:n] >> 31) & LARGEST_IN_TAG
        require(len(np.unique(people)) == n, "anybody.tags")
    else:
        require(n == 0, "anybody")


def _check_heap(heap: Heap, people: int, name: str) -> None:
    """Every entry names a person, and none comes before the one above it."""
    size = int(heap.size[0])
    values, tags = heap.values[:size], heap.tags[:size]
    require((tags >= 0).all() and (((tags >> 31) & LARGEST_IN_TAG) < people).all(), f"{name}.tags")
    above = (np.arange(1, size) - 1) >> 2
    ordered = (values[above] < values[1:]) | ((values[above] == values[1:]) & (tags[above] <= tags[1:]))
    require(ordered.all(), name)


def _check_queue(world: World, time: float) -> None:
    """No event is past, each kind names what it needs, and the day ends once."""
    n, people = int(world.queue.size[0]), world.people
    values, tags = world.queue.values[:n], world.queue.tags[:n]
    kinds, person, other = tags >> 59, (tags >> 31) & LARGEST_IN_TAG, (tags >> 3) & LARGEST_IN_TAG
    require((kinds < len(EventKind)).all() and (values >= time).all(), "queue")
    ends = kinds == EventKind.END_OF_DAY
    require(ends.sum() == 1 and (values[ends] == int(time) + 1.0).all(), "queue: end of day")
    require((tags[ends] == 0).all(), "queue: end of day")
    require((other[kinds == EventKind.ADMISSION] % MAX_SPACES < len(world.spaces)).all(), "queue: admission")
    arrivals = person[kinds == EventKind.ARRIVAL]
    require(len(np.unique(arrivals)) == len(arrivals), "queue: arrival")
    _check_batches(world, arrivals, other[kinds == EventKind.ARRIVAL])
    fresh = (people["state"][arrivals] == State.OUTSIDE) & (people["n_joins"][arrivals] == 0)
    require(fresh.all(), "queue: arrival")
    answers = kinds == EventKind.ANSWER
    require((other[answers] < len(people)).all(), "queue: answer")
    require((people["member"][other[answers]] != 0).all(), "queue: answer")
    if world.params["inviting_mode"][0] == inviting.TIE:
        clocks = kinds == EventKind.INVITATION
        require((other[clocks] < len(people)).all(), "queue: invitation")
        require(
            np.isin(_pairs(world, person[clocks], other[clocks]), _links(world)).all(), "queue: invitation"
        )


def _pairs(world: World, person: Any, other: Any) -> Any:
    return person * len(world.people) + other


def _links(world: World) -> Any:
    """Every pair of people who are tied, as one number."""
    people = world.people
    owner = np.repeat(np.arange(len(people)), people["n_links"])
    return _pairs(world, owner, world.links["other"][link_positions(people)].astype(np.int64))


def _check_batches(world: World, person: npt.NDArray[np.int64], batch: npt.NDArray[np.int64]) -> None:
    """People whom operations have brought stand behind those of the graph; who has not come yet will."""
    batches = world.batches
    ends = batches["first"] + batches["people"]
    require((ends <= len(world.people)).all() and (ends[:-1] <= batches["first"][1:]).all(), "batches.first")
    require((batch < len(batches)).all(), "queue: arrival")
    own = batches[batch]
    require(((person >= own["first"]) & (person < own["first"] + own["people"])).all(), "queue: arrival")
    waiting = np.bincount(batch, minlength=len(batches))
    require((batches["came"] + waiting == batches["people"]).all(), "batches.came")
