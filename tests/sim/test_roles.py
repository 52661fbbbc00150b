"""Roles among the founders, and readers: what they have, and that nobody else is changed by them."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from shequn import Scenario
from shequn.sim.kernel.everybody import Everybody
from shequn.sim.population import seed_roles
from tests.sim.traits import traits_of

SEED = 5
TRAITS = ["quality", "topic", "drivers", "talkativeness", "pace", "contentment"]
PEOPLE, FOUNDERS = 4000, 60


def people(**population: Any) -> npt.NDArray[Any]:
    """The traits of people of whom the first sixty are founders, roles included."""
    values = {
        "people": PEOPLE,
        "founders": FOUNDERS,
        "talkativeness": {"mean": 0.2},
        "pace": {"mean": 0.5},
        **population,
    }
    scenario = Scenario.from_mapping({"format": 2, "title": "x", "days": 20, "population": values})
    world: Any = SimpleNamespace()
    world.people, world.members = traits_of(np.arange(PEOPLE), SEED, scenario.population)
    seed_roles(world, np.arange(FOUNDERS), SEED, scenario.population)
    drawn = Everybody(world.people, world.members)[:]
    return np.array(drawn[TRAITS].tolist(), dtype=drawn[TRAITS].dtype)


def test_leaders_and_koc_are_founders_with_traits_of_their_role() -> None:
    plain, seeded = people(), people(leaders={"count": 3}, koc={"count": 5, "quality": 0.7, "pace": 4})
    changed = np.flatnonzero(plain != seeded)
    assert len(changed) == 8 and changed.max() < FOUNDERS
    roles = sorted(map(tuple, seeded[changed][["quality", "talkativeness", "pace"]].tolist()))
    leader, koc = (0.95, 10 * 0.2, 3 * 0.5), (0.7, 5 * 0.2, 4 * 0.5)
    assert np.array(roles) == pytest.approx(np.array([koc] * 5 + [leader] * 3))


def test_one_role_more_leaves_the_others_to_the_same_people() -> None:
    few, more = people(leaders={"count": 3}), people(leaders={"count": 3}, koc={"count": 5})
    leaders = np.flatnonzero(few["quality"] == np.float32(0.95))
    assert (more[leaders] == few[leaders]).all()


def test_a_share_of_the_people_only_reads() -> None:
    plain, some = people(), people(readers={"share": 0.25})
    silent = some["talkativeness"] == 0
    assert not (plain["talkativeness"] == 0).any()
    assert abs(silent.mean() - 0.25) < 4 * np.sqrt(0.25 * 0.75 / PEOPLE)  # error level 6e-5
    assert (some[~silent] == plain[~silent]).all()
