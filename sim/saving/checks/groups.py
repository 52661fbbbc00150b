"""The groups of the population that people belong to."""

import numpy as np

from shequn.sim.kernel.state import NOBODY
from shequn.sim.kernel.world import World
from shequn.sim.population import groups_of
from shequn.sim.saving.checks.ranges import require
from shequn.sim.scenario import Scenario


def check_groups(world: World, scenario: Scenario, people: int, seed: int) -> None:
    """Check who belongs to which group; raises ``ValueError``.

    Parameters
    ----------
    world : World
    scenario : Scenario
        The one run so far.
    people : int
        Number of people of the graph, whose groups follow from their keys; the staff behind them have none. Those who
        came in the run have the group of their keys, or the one that an operation names.
    seed : int
        Of the run.
    """
    groups, population = world.groups, scenario.population
    require(groups.ndim == 1, "groups")
    if not population.groups:
        require(len(groups) == 0, "groups")
        return
    require(len(groups) == len(world.people), "groups")
    drawn = groups_of(np.ascontiguousarray(world.people["key"]), seed, population)
    require((groups[:people] == drawn[:people]).all(), "groups")
    paid = world.staff["paid"][world.staff["paid"] != NOBODY]
    require((groups[paid] == NOBODY).all(), "groups")
    require((groups < len(population.groups)).all(), "groups")
