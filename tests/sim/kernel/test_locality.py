"""Members near by: the grid of 250 m against the exact sum."""

import math

import numpy as np
import pytest

from shequn.sim.kernel.locality import near_by
from shequn.sim.machine import Machine
from tests.sim.small_worlds import PEOPLE, world

HALF_DIAGONAL = 0.25 / math.sqrt(2)  # km: how far one can be from the middle of one's cell


def crowd(city: float, reach: float) -> Machine:
    """People in one room of a city, all of them inside."""
    population = {**PEOPLE, "people": 400, "founders": "all", "places": {"city_km": city}}
    population["graph"] = {"generator": "none"}
    scenario = world("chain", population=population, rules__locality__reach=reach, gates=[])
    return Machine(scenario, scenario.seed)


@pytest.mark.parametrize(("city", "reach"), [(5.0, 1.0), (1.1, 0.5), (20.0, 3.0)])
def test_the_grid_is_within_half_a_cell_of_the_exact_sum(city: float, reach: float) -> None:
    """Each sum lies within a factor e^(±0.18 km / reach) (triangle inequality); on average within 2 %."""
    machine = crowd(city, reach)
    people = machine.world.people
    x, y = machine.world.everybody["x"].astype(float), machine.world.everybody["y"].astype(float)
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    near = np.exp(-distance / reach)
    np.fill_diagonal(near, 0.0)
    exact = near.sum(axis=1)
    cut = np.where(distance > 6 * reach - HALF_DIAGONAL, near, 0.0).sum(axis=1)  # left out beyond 6 reaches
    grid = np.array([near_by(machine.world, 0, person) for person in people])
    factor = math.exp(HALF_DIAGONAL / reach)
    assert (grid <= exact * factor + 1e-9).all()
    assert (grid >= (exact - cut) / factor - 1e-9).all()
    assert abs(grid.sum() / exact.sum() - 1) < 0.02


def test_who_goes_leaves_nothing_on_the_grid() -> None:
    machine = crowd(5.0, 1.0)
    assert machine.world.near.max() > 1
    machine.remove(np.arange(400))
    assert np.abs(machine.world.near).max() < 1e-9
