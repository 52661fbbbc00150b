"""Everybody's traits at once, as they would be drawn when they come."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.everybody import Everybody
from shequn.sim.kernel.people import draw_traits as draw_of_member
from shequn.sim.kernel.world import World
from shequn.sim.population import (
    distributions_of,
    draw_traits,
    fresh_people,
    groups_of,
    new_members,
    with_records,
)
from shequn.sim.scenario.population import Population


def everybody_of(world: World) -> Everybody:
    """All people of a world, those who have not come with the traits that they would have; it changes no results."""
    return with_records(world, np.flatnonzero(world.people["member"] == 0)).everybody


def traits_of(
    keys: npt.NDArray[Any],
    seed: int,
    population: Population,
    quality: Any = None,
    topic: Any = None,
    drivers: Any = None,
    group: int | None = None,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Records of people with these keys, and as members: person k has member k + 1."""
    keys = np.ascontiguousarray(keys, dtype=np.uint64)
    people, members = fresh_people(keys), new_members(len(keys))
    draw_traits(people, seed, population, quality, topic, group)
    people["member"] = 1 + np.arange(len(keys))
    groups = groups_of(keys, seed, population) if group is None else np.full(len(keys), group)
    numbers = groups if len(groups) else np.zeros(len(keys), dtype=np.int64)
    distributions = distributions_of(population, drivers)
    for k, number in enumerate(numbers):
        draw_of_member(seed, keys[k], distributions[number], members[k + 1])
    return people, members
