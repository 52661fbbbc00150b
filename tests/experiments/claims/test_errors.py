"""How often the machinery finds an effect: where there is none, and where there is one."""

import numpy as np

from shequn.experiments.claims.reading import read_claims
from shequn.experiments.claims.verdicts import effect
from shequn.sim.kernel.chance import run_seed
from shequn.sim.running import simulate
from shequn.sim.scenario import Scenario

CLAIM = next(claim for claim in read_claims().claims if claim.name == "c24")
PAIRS = 5
WORLD = {
    "format": 2,
    "title": "A small world",
    "days": 20,
    "journal": "none",
    "population": {"people": 60, "founders": 40},
    "community": {"strangers_per_day": 1},
}


def _posts(scenario: Scenario, seed: int) -> float:
    return float(simulate(scenario, seed).runs["posts_per_day"].iloc[0])


def _differs(a: Scenario, b: Scenario, comparison: int, same_luck: bool) -> bool:
    """Whether the interval of a comparison, not corrected, excludes 0."""
    seeds = [run_seed(20261127, comparison * PAIRS + pair) for pair in range(PAIRS)]
    others = seeds if same_luck else [run_seed(20261128, comparison * PAIRS + pair) for pair in range(PAIRS)]
    values = (np.array([_posts(a, seed) for seed in seeds]), np.array([_posts(b, seed) for seed in others]))
    found = effect(CLAIM, "forum", ("a", "b"), values, np.array([]), 1, 0.95)
    return found.low > 0.0 or found.high < 0.0


def test_of_200_pairs_that_differ_in_luck_alone_at_most_23_are_called() -> None:
    """At 5 % each, more than 23 of 200 would come with a probability of 1e-4."""
    world = Scenario.from_mapping(WORLD)
    assert sum(_differs(world, world, k, same_luck=False) for k in range(200)) <= 23


def test_an_effect_is_found_in_most_of_50() -> None:
    """Members write three times as much: found in 32 of 50 comparisons of five pairs, a power of .64."""
    world = Scenario.from_mapping(WORLD)
    more = world.with_({"population.talkativeness.mean": 0.54})
    assert sum(_differs(world, more, k, same_luck=True) for k in range(50)) >= 25
