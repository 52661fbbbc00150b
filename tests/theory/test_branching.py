"""Case 8: invitations to anybody in a large population: a branching process.

K is the mean number whom one brings in. Stays of fixed length give Poisson offspring; stays
that end at a constant hazard give geometric offspring. The population is so large that hardly
anybody is asked twice.
"""

import math
from typing import Any

import pytest

from shequn import Community, Scenario, simulate
from tests.theory.cases import Z, case, near, run_until

STAY = 2.0  # mean days


def branching(offspring: str, k: float, people: int, founders: int, days: int) -> Scenario:
    """Members who bring in K others each on average during their stay."""
    leaving: dict[str, Any] = {"mode": "stay", "stay_days": STAY}
    if offspring == "geometric":
        leaving = {"mode": "clock", "hazard": 1 / STAY}
    changes = {
        "population.people": people,
        "population.founders": founders,
        "community.mixing": "complete",
        "rules.leaving": leaving,
        "rules.inviting.rate": k / STAY,
    }
    return case(f"Branching, K {k}", days, changes)


@pytest.mark.parametrize("k", [0.5, 0.8])
@pytest.mark.parametrize("offspring", ["poisson", "geometric"])
def test_below_one_the_total_is_founders_over_one_minus_k(offspring: str, k: float) -> None:
    """2,000 founders in 20 runs. One founder's total has variance σ²/(1 - K)^3, σ² = K (Poisson) or
    K (1 + K) (geometric). Of 100,000 people at most the share inside so far is asked in vain: with all who
    ever come counted from the start K is lower by that share, and the total by K/(1 - K)^2 of it."""
    founders, people, runs = 100, 100_000, 20
    scenario = branching(offspring, k, people, founders, days=400)
    total = 0
    for seed in range(runs):
        days = simulate(scenario, seed).outcome.days
        assert days["members"][-1] == 0
        total += int(days["joins"].sum()) + founders
    mean = founders / (1 - k)
    variance = (k if offspring == "poisson" else k * (1 + k)) / (1 - k) ** 3
    wasted = founders * k / (1 - k) ** 2 * mean / people
    sd = math.sqrt(founders * variance / runs)
    assert -Z * sd - wasted <= total / runs - mean <= Z * sd
    assert wasted < sd


def extinct_probability(offspring: str, k: float) -> float:
    """Smallest root of x = e^(K (x - 1)); 1/K for geometric offspring."""
    if offspring == "geometric":
        return 1 / k
    x = 0.0
    for _ in range(10_000):
        x = math.exp(k * (x - 1))
    return x


def has_decided(community: Community) -> bool:
    """Nobody is left, or so many that extinction has a chance below .69^60 < 1e-9."""
    return not 0 < community.machine.totals["members"] < 60


@pytest.mark.parametrize(
    ("offspring", "k", "published"),
    [("poisson", 1.2, 0.686), ("poisson", 1.5, 0.417), ("poisson", 2.0, 0.203), ("geometric", 1.5, 2 / 3)],
)
def test_above_one_a_founder_dies_out_with_its_chance(offspring: str, k: float, published: float) -> None:
    """400 runs from one founder among 10,000: the number that die out is binomial (sd 10 at most). Few
    have been asked until it is decided: K is lower by a few percent at the very end only."""
    due = extinct_probability(offspring, k)
    assert due == pytest.approx(published, abs=1e-3)
    scenario = branching(offspring, k, people=10_000, founders=1, days=2000)
    runs, died = 400, 0
    for seed in range(runs):
        community = Community(scenario, seed=seed)
        assert run_until(community, has_decided)
        died += community.machine.totals["members"] == 0
    assert near(died, runs * due, math.sqrt(runs * due * (1 - due)))


@pytest.mark.parametrize("offspring", ["poisson", "geometric"])
def test_offspring_are_poisson_or_geometric(offspring: str) -> None:
    """5,000 founders who bring in 1 each on average: the share who bring in nobody is e^-1 or 1/2, and the
    variance of their numbers 1 or 2 (their fourth moments give its sd)."""
    founders, people = 5000, 400_000
    result = simulate(branching(offspring, 1.0, people, founders, days=40), seed=2)
    stays = result.stays
    counts = [0] * founders
    for parent in stays.parent[stays.parent >= 0]:
        if parent < founders:
            counts[parent] += 1
    nobody = math.exp(-1) if offspring == "poisson" else 0.5
    assert near(counts.count(0), founders * nobody, math.sqrt(founders * nobody * (1 - nobody)) + 1)
    variance, fourth = (1.0, 4.0) if offspring == "poisson" else (2.0, 38.0)
    found = sum((n - 1) ** 2 for n in counts) / founders
    assert near(found, variance, math.sqrt((fourth - variance**2) / founders))
