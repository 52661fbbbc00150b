"""Roots and depths of trees, and who came last before."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shequn.sim.results.trees import latest, roots_and_depths


@given(st.lists(st.integers(-1, 30), max_size=60))
def test_roots_and_depths_are_those_found_by_walking_up(wishes: list[int]) -> None:
    parent = np.array([w if w < i else -1 for i, w in enumerate(wishes)], dtype=np.int64)
    roots, depths = roots_and_depths(parent)
    for node in range(len(parent)):
        at, steps = node, 0
        while parent[at] >= 0:
            at, steps = parent[at], steps + 1
        assert (roots[node], depths[node]) == (at, steps)


def test_a_long_chain_has_one_root() -> None:
    roots, depths = roots_and_depths(np.arange(100_000) - 1)
    assert (roots == 0).all()
    assert (depths == np.arange(100_000)).all()


@given(st.lists(st.integers(0, 5), max_size=40), st.lists(st.integers(-1, 6), max_size=20))
def test_latest_is_the_last_entry_of_that_person_before_the_row(people: list[int], asked: list[int]) -> None:
    rows = np.arange(len(people)) * 2
    before = np.arange(len(asked)) * 5
    found = latest(np.array(people, dtype=np.int64), rows, np.array(asked, dtype=np.int64), before)
    for i, person in enumerate(asked):
        due = [k for k, p in enumerate(people) if p == person and rows[k] < before[i]]
        assert found[i] == (due[-1] if due else -1)
