"""Ties in the run against dictionaries: who is tied to whom, and how strongly to people inside."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.sim.kernel.state import State
from shequn.sim.kernel.ties import find_link, interact, make_tie, update_neighbours
from shequn.sim.machine import Machine
from tests.sim.small_worlds import PEOPLE, WORLDS, run, world

SIZE = 12
PAIRS = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=100)


def few_people(graph: dict[str, Any]) -> Machine:
    """A dozen people, all of them inside."""
    scenario = world("chain", population={**PEOPLE, "people": SIZE, "founders": "all", "graph": graph})
    return Machine(scenario, scenario.seed)


@settings(deadline=None, max_examples=40)
@given(PAIRS, st.booleans())
def test_links_are_found_and_added_as_in_a_dictionary(pairs: list[tuple[int, int]], ring: bool) -> None:
    given_ties = {"generator": "watts_strogatz_graph", "arguments": {"k": 2, "p": 0.0}}
    machine = few_people(given_ties if ring else {"generator": "none"})
    world_now = machine.world
    model: dict[tuple[int, int], int] = {}
    if ring:
        model = {
            (a, b): find_tie(machine, a, b) for a in range(SIZE) for b in ((a - 1) % SIZE, (a + 1) % SIZE)
        }
    for a, b in pairs:
        if a != b and (a, b) not in model:
            model[a, b] = model[b, a] = make_tie(world_now, a, b, 0.0)
    for a in range(SIZE):
        for b in range(SIZE):
            assert find_tie(machine, a, b) == model.get((a, b), -1)
        start, n = world_now.people[a]["links_start"], world_now.people[a]["n_links"]
        others = world_now.links["other"][start : start + n].tolist()
        assert others == sorted(b for one, b in model if one == a)
    assert world_now.totals[0]["most_links"] >= max(world_now.people["n_links"])


def find_tie(machine: Machine, a: int, b: int) -> int:
    """Number of the tie between two people; -1 without one."""
    link = find_link(machine.world, a, b)
    return int(machine.world.links[link]["tie"]) if link >= 0 else -1


@settings(deadline=None, max_examples=40)
@given(PAIRS, st.lists(st.floats(0, 40), min_size=100, max_size=100))
def test_the_sum_fades_as_the_ties_do(pairs: list[tuple[int, int]], gaps: list[float]) -> None:
    machine = few_people({"generator": "complete_graph", "arguments": {}})
    now = 0.0
    for (a, b), gap in zip(pairs, gaps, strict=False):
        now += gap
        if a != b:
            interact(machine.world, a, b, now, True)
        else:  # one goes and comes again: everybody's sum without and with theirs
            update_neighbours(machine.world, a, now, -1)
            update_neighbours(machine.world, a, now + gap, 1)
            now += gap
    machine.time = now
    assert strength_inside(machine) == pytest.approx(summed_ties(machine), rel=1e-4, abs=1e-4)


def strength_inside(machine: Machine) -> Any:
    """What the members' own records say of their ties to people inside."""
    everybody = machine.world.everybody
    people = everybody[everybody["state"] == State.MEMBER]
    half_life = float(machine.params["relationship_half_life"])
    left = np.exp2(-(machine.time - people["friends_at"]) / half_life)
    return people["base_inside"] + people["grown_inside"] * left


def summed_ties(machine: Machine) -> Any:
    """The same, summed over all ties anew."""
    state = machine.world.people["state"]
    members, inside = state == State.MEMBER, np.isin(state, (State.MEMBER, State.STAFF))
    total = np.zeros(len(inside))
    for a, b in ((0, 1), (1, 0)):
        ends = machine.edges()
        np.add.at(total, ends[a], ends[2] * inside[ends[b]])
    return total[members]


@pytest.mark.parametrize("name", WORLDS)
def test_after_a_run_every_sum_of_strengths_is_that_of_the_ties(name: str) -> None:
    machine = run(world(name))[0].machine
    assert strength_inside(machine) == pytest.approx(summed_ties(machine), rel=1e-3, abs=1e-3)
    people = machine.world.people
    inside = np.isin(people["state"], (State.MEMBER, State.STAFF))
    counted = np.zeros(len(people), dtype=int)
    a, b, _ = machine.edges()
    np.add.at(counted, a, inside[b])
    np.add.at(counted, b, inside[a])
    assert (people["ties_inside"] == counted).all()
