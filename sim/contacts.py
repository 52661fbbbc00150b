"""What reaches members from elsewhere: whether a scenario has it, and its records."""

import numpy as np

from shequn.sim.kernel.state import contact_dtype
from shequn.sim.kernel.world import World
from shequn.sim.operations.push import Push
from shequn.sim.operations.rival import Rival
from shequn.sim.scenario import Scenario


def has_contacts(scenario: Scenario) -> bool:
    """Whether messages or rivals reach members, or habits go by the hour."""
    if any(isinstance(operation, Push | Rival) for operation in scenario.operations):
        return True
    regular = scenario.rules["visiting"]["regular"]
    assert isinstance(regular, float)
    return regular > 0.0


def with_contacts(world: World, scenario: Scenario) -> World:
    """The world with records of contacts, if it has none and the scenario needs them from now on."""
    if len(world.contacts) or not has_contacts(scenario):
        return world
    return world._replace(contacts=np.zeros(len(world.memberships), dtype=contact_dtype))
