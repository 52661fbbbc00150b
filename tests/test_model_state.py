"""MODEL.md's table of state variables: complete, and its initial values are those of a run."""

import numpy as np
import pytest

from shequn import Scenario
from shequn.app.model_state import BOOKKEEPING, ENTITIES, STATE, range_text
from shequn.sim.kernel.ties import used_tie
from shequn.sim.machine import Machine
from shequn.sim.saving.checks.ranges import RANGES


@pytest.mark.parametrize("array", BOOKKEEPING)
def test_every_field_is_a_state_variable_or_bookkeeping(array: str) -> None:
    named = [variable.field for variable in STATE if variable.array == array]
    assert len(set(named)) == len(named)
    assert set(named) | BOOKKEEPING[array] == set(RANGES[array])
    assert not set(named) & BOOKKEEPING[array]


def test_variables_stand_together_by_entity_and_all_say_something() -> None:
    order = [variable.array for variable in STATE]
    assert list(dict.fromkeys(order)) == list(ENTITIES)
    assert order == sorted(order, key=list(ENTITIES).index)
    for variable in STATE:
        assert variable.text.endswith(".")
        assert variable.initial
        assert range_text(variable)


@pytest.mark.parametrize("array", ["people", "members", "memberships", "ties"])
def test_initial_values_that_are_numbers_are_those_of_founders_who_have_just_joined(array: str) -> None:
    scenario = Scenario.load("small-circle")
    world = Machine(scenario, 1).world
    records = getattr(world, array)
    if array == "people":
        records = records[records["n_joins"] > 0]
    if array == "members":
        records = records[records["founder"] > 0]
    if array == "memberships":
        records = records[: int(world.totals["n_memberships"][0])]
    if array == "ties":  # a tie has a record from its first use on
        used_tie(world, 0, int(world.people["links_start"][0]))
        records = records[: int(world.totals["n_ties"][0])]
    assert len(records)
    compared = 0
    for variable in STATE:
        if variable.array != array or variable.field in ("founder", "friends_at"):
            continue
        number = variable.initial.split(" ")[0].strip("`")
        if number == "satisfaction.start":
            number = str(scenario.rules["satisfaction"]["start"])
        if number.lstrip("-").replace(".", "").isdecimal():
            assert np.all(records[variable.field] == np.float32(number)), variable.field
            compared += 1
    assert compared >= {"people": 1, "members": 13, "memberships": 4, "ties": 3}[array]


def test_what_is_now_at_the_join_is_the_time_of_the_join() -> None:
    people = Machine(Scenario.load("small-circle"), 1).world.everybody
    founders = people[people["founder"] > 0]
    compared = 0
    for variable in STATE:
        if variable.array in ("people", "members") and variable.initial == "now":
            assert np.all(founders[variable.field] == 0.0), variable.field
            compared += 1
    assert compared == 3
