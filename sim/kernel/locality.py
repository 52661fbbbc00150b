"""Members nearby, counted on a grid of 250 m: one look-up at a visit, an update at a join or departure."""

import math
from typing import Any

import numpy as np

from shequn.agents.compiled import compiled
from shequn.agents.locality import nearness
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.rooms import home_of
from shequn.sim.kernel.world import World

CELL_KM = 0.25
PRESENCE_REACHES = 6.0  # reaches; farther away a member counts for less than e^-6 and is left out


@compiled
def cells_across(city: float) -> int:
    """Number of cells along one side of the city, whose length ``city`` > 0 is in km."""
    return math.ceil(city / CELL_KM)


@compiled
def cell_of(place: float, across: int) -> int:
    """Index of the cell at a coordinate (km) along one side."""
    return min(across - 1, max(0, int(place / CELL_KM)))


@compiled(only_with=Feature.MEETING)
def add_presence(world: World, room: int, who: Any, sign: float) -> None:
    """Add one member's presence to the cells around them, or subtract it (``sign`` -1)."""
    p = world.params[0]
    if p["city"] <= 0.0:
        return
    across = cells_across(p["city"])
    member = world.members[who["member"]]
    x = np.float64(member["x"])
    y = np.float64(member["y"])
    reach = PRESENCE_REACHES * p["locality_reach"]
    for i in range(cell_of(x - reach, across), cell_of(x + reach, across) + 1):
        dx = (i + 0.5) * CELL_KM - x
        for j in range(cell_of(y - reach, across), cell_of(y + reach, across) + 1):
            dy = (j + 0.5) * CELL_KM - y
            world.near[room, i * across + j] += sign * nearness(math.sqrt(dx * dx + dy * dy), p)


@compiled(only_with=Feature.MEETING, otherwise=0.0)
def near_by(world: World, room: int, who: Any) -> float:
    """Active members near one member, without the member, each weighted exp(−distance / reach)."""
    p = world.params[0]
    if p["city"] <= 0.0:
        return 0.0
    across = cells_across(p["city"])
    member = world.members[who["member"]]
    x = np.float64(member["x"])
    y = np.float64(member["y"])
    i = cell_of(x, across)
    j = cell_of(y, across)
    dx = (i + 0.5) * CELL_KM - x
    dy = (j + 0.5) * CELL_KM - y
    own = nearness(math.sqrt(dx * dx + dy * dy), p)
    return max(0.0, world.near[room, i * across + j] - own)


@compiled
def fill_presence(world: World, people: Any) -> None:
    """Add the presence of these members to the cells around them, in the rooms where they write."""
    for k in range(len(people)):
        who = world.people[people[k]]
        room = int(world.memberships[who["membership"]]["room"])
        add_presence(world, home_of(world, room), who, 1.0)
