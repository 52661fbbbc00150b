"""Members near by on the grid of 250 m: single cells, by hand."""

import math

import pytest

from shequn.sim.kernel.locality import add_presence, cell_of, cells_across, near_by
from tests.sim.kernel.laws.worlds import outside
from tests.sim.records import record_of


@pytest.mark.parametrize(("city", "cells"), [(4.0, 16), (4.1, 17), (0.25, 1), (0.1, 1), (0.26, 2)])
def test_a_city_has_a_cell_every_250_m_and_at_least_one(city: float, cells: int) -> None:
    assert cells_across(city) == cells


@pytest.mark.parametrize(
    ("place", "cell"), [(0.0, 0), (0.24, 0), (0.25, 1), (3.99, 15), (4.0, 15), (9.0, 15), (-1.0, 0)]
)
def test_a_place_lies_in_its_cell_or_in_the_last_one(place: float, cell: int) -> None:
    assert cell_of(place, 16) == cell


def test_one_member_is_felt_by_the_middle_of_each_cell_within_six_reaches() -> None:
    world = outside({"locality": {"reach": 0.25}}, places=True)
    member = record_of(world, 0)
    member["x"], member["y"] = 2.125, 1.0
    add_presence(world, 0, world.people[0], 1.0)
    grid = world.near[0].reshape(16, 16)
    # the middle of cell (8, 4) lies 0.125 km off, that of (10, 4) √(0.5² + 0.125²), that of (8, 9) 1.375
    assert grid[8, 4] == pytest.approx(math.exp(-0.5))
    assert grid[10, 4] == pytest.approx(math.exp(-4 * math.hypot(0.5, 0.125)))
    assert grid[8, 9] == pytest.approx(math.exp(-5.5))
    assert grid[14, 4] == pytest.approx(math.exp(-4 * math.hypot(1.5, 0.125)))  # just within 6 × 0.25 km
    assert grid[15, 4] == 0.0
    assert grid[8, 10] == pytest.approx(math.exp(-6.5))
    assert grid[8, 11] == 0.0
    assert grid[2, 4] == pytest.approx(math.exp(-4 * math.hypot(1.5, 0.125)))
    assert grid[1, 4] == 0.0
    add_presence(world, 0, world.people[0], -1.0)
    assert abs(world.near).max() < 1e-12


def test_near_by_leaves_oneself_out_and_is_of_ones_own_room() -> None:
    world = outside({"locality": {"reach": 0.25}}, places=True, rooms=2)
    for person, (x, y) in enumerate([(2.125, 1.0), (2.125, 1.125), (3.375, 0.125)]):
        record_of(world, person)["x"], record_of(world, person)["y"] = x, y
    for person, room in ((0, 1), (1, 1), (2, 0)):
        add_presence(world, room, world.people[person], 1.0)
    assert near_by(world, 1, world.people[0]) == pytest.approx(1.0)  # the other is in the middle of my cell
    assert near_by(world, 1, world.people[1]) == pytest.approx(math.exp(-0.5))
    assert near_by(world, 0, world.people[2]) == pytest.approx(0.0, abs=1e-12)


def test_without_places_nobody_is_near() -> None:
    world = outside()
    add_presence(world, 0, world.people[0], 1.0)
    assert near_by(world, 0, world.people[0]) == 0.0
    assert not world.near.any()
