"""Records of people: everybody has one in ``people``; who has ever come to the door, or is or may be of the staff,
another one in ``members``.

All the others share the first record in ``members``, which is blank and never written to. The traits in a record are
drawn when it is made, by the person's key: when that happens changes nothing in them.
"""

import math
from typing import Any

from shequn.agents.compiled import compiled
from shequn.agents.drivers import N_DRIVERS
from shequn.sim.kernel.chance import Purpose, normal, uniform
from shequn.sim.kernel.quantiles import gamma_quantile
from shequn.sim.kernel.state import NOBODY
from shequn.sim.kernel.world import World


@compiled
def member_of(world: World, person: int) -> Any:
    """Somebody's record as a member; the blank one of who has never come."""
    return world.members[world.people[person]["member"]]


@compiled
def distribution_of(world: World, person: int) -> Any:
    """The distributions from which a person's traits are drawn: those of their group, or the last one."""
    return world.distributions[int(world.groups[person]) if len(world.groups) > 0 else NOBODY]


@compiled
def open_record(world: World, person: int) -> None:
    """Give somebody a record as a member, if they have none, with traits from the distributions of their group."""
    open_record_in(world, person, distribution_of(world, person))


@compiled
def open_record_in(world: World, person: int, distribution: Any) -> None:
    """Give somebody a record as a member, if they have none, with traits from these distributions."""
    who = world.people[person]
    if who["member"] == 0:
        total = world.totals[0]
        number = int(total["n_records"])
        total["n_records"] = number + 1
        who["member"] = number
        world.members[number] = world.members[0]
        draw_traits(world.totals[0]["seed"], who["key"], distribution, world.members[number])


@compiled
def open_records(world: World, people: Any, groups: Any, distributions: Any) -> None:
    """Give each of these people a record as a member, if they have none; there is room for them.

    ``groups`` are the positions in ``distributions`` of those from which the traits of each are drawn.
    """
    for k in range(len(people)):
        open_record_in(world, people[k], distributions[groups[k]])


@compiled
def draw_traits(seed: int, key: int, distribution: Any, member: Any) -> None:
    """Draw the traits in a person's record from these distributions."""
    draw_drivers(seed, key, distribution, member["drivers"])
    talkativeness = log_normal(
        seed, Purpose.TALKATIVENESS, key, distribution["talkativeness"], distribution["talkativeness_log_sd"]
    )
    if uniform(seed, Purpose.TALKATIVENESS, key, 1) < distribution["readers"]:
        talkativeness = 0.0
    member["talkativeness"] = talkativeness
    member["pace"] = log_normal(seed, Purpose.PACE, key, distribution["pace"], distribution["pace_log_sd"])
    member["contentment"] = distribution["contentment_sd"] * normal(seed, Purpose.CONTENTMENT, key, 0)
    city = distribution["city"]
    if city > 0.0:
        member["x"] = uniform(seed, Purpose.PLACE_X, key, 0) * city
        member["y"] = uniform(seed, Purpose.PLACE_Y, key, 0) * city


@compiled
def draw_drivers(seed: int, key: int, distribution: Any, weights: Any) -> None:
    """Draw a person's driver weights, with sum 1: Dirichlet around the means, or a single driver."""
    means = distribution["drivers"]
    if distribution["single"] == 1:  # the limit of spread 1: the means are the chances of each driver
        chance = uniform(seed, Purpose.DRIVERS, key, 0)
        chosen = 0
        below = means[0]
        while chosen < N_DRIVERS - 1 and below <= chance:
            chosen += 1
            below += means[chosen]
        for driver in range(N_DRIVERS):
            weights[driver] = 1.0 if driver == chosen else 0.0
        return
    drawn = distribution["drawn"]
    total = 0.0
    for driver in range(N_DRIVERS):
        shape = distribution["shapes"][driver]
        chance = uniform(seed, Purpose.DRIVERS, key, driver)
        drawn[driver] = gamma_quantile(shape, chance) if shape > 0.0 else 0.0
        total += drawn[driver]
    for driver in range(N_DRIVERS):
        weights[driver] = drawn[driver] / total if total > 0.0 else means[driver]


@compiled
def log_normal(seed: int, purpose: int, key: int, mean: float, log_sd: float) -> float:
    """A log-normal draw with this mean (0 gives 0) and this standard deviation of the logarithm."""
    if mean <= 0.0 or log_sd <= 0.0:
        return mean
    return mean * math.exp(log_sd * normal(seed, purpose, key, 0) - 0.5 * log_sd * log_sd)


@compiled
def fill_drivers(world: World, people: Any, weights: Any) -> None:
    """Fill ``weights`` (n, N_DRIVERS) with the driver weights of these people, whether they have come or not."""
    for k in range(len(people)):
        person = int(people[k])
        who = world.people[person]
        if who["member"] == 0:
            draw_drivers(world.totals[0]["seed"], who["key"], distribution_of(world, person), weights[k])
        else:
            for driver in range(N_DRIVERS):
                weights[k, driver] = world.members[who["member"]]["drivers"][driver]


@compiled
def redraw_drivers(world: World, people: Any) -> None:
    """Draw the driver weights of these people again, from the present distributions, where they have a record."""
    for k in range(len(people)):
        person = int(people[k])
        who = world.people[person]
        if who["member"] != 0:
            drivers = world.members[who["member"]]["drivers"]
            draw_drivers(world.totals[0]["seed"], who["key"], distribution_of(world, person), drivers)
