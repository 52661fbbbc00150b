"""Case 5: interest alone, sharp, exact perception: one stays while T + b >= θ q.

Nobody posts and nobody expects anything, so satisfaction is 0; the reservation is the shortfall of
the room's mean quality T below one's own standard θ q - b. For θ <= 1 whoever may leave may still
leave when others have, so the order of visits is of no matter and the end is the
fixed point of the drawn sample.
"""

import math
from typing import Any

import numpy as np
import pytest

from shequn import Community
from tests.theory.cases import case, chi_square_is, members, near, run_until


def judging_the_room(
    people: int, standard: float, tolerance: float, lowest: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Everybody's quality, and that of those who stay once nobody would ever leave."""
    changes: dict[str, Any] = {
        "population.people": people,
        "population.founders": "all",
        "population.quality": {"distribution": "uniform", "low": lowest, "high": 1},
        "population.drivers": {
            "honor": 0, "interest": 1, "benefit": 0, "relationship": 0, "event": 0, "locality": 0,
        },
        "population.pace.mean": 1,
        "rules.interest": {"standard": standard, "tolerance": tolerance, "expectation_days": 0},
        "rules.perception.exact": 1,
        "rules.leaving": {"mode": "visit", "disappointment": 1},
    }  # fmt: skip
    community = Community(case("Own standard", 2000, changes), seed=seed)
    quality = community.machine.world.people["quality"].astype(float)

    def settled(community: Community) -> bool:
        inside = quality[members(community)]
        return len(inside) == 0 or standard * inside.max() - tolerance <= inside.mean() - 1e-9

    assert run_until(community, settled)
    return quality, quality[members(community)]


def fixed_point(quality: np.ndarray, standard: float, tolerance: float) -> np.ndarray:
    """The sample without its best, one by one, while the best would leave."""
    left = sorted(quality.tolist())
    total = math.fsum(left)
    while left and standard * left[-1] - tolerance > total / len(left):
        total -= left.pop()
    return np.array(left)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("rule", [(0.7, 0.1, 0.0), (0.9, 0.2, 0.1), (0.6, 0.0, 0.05)])
def test_those_who_stay_are_the_fixed_point(rule: tuple[float, float, float], seed: int) -> None:
    """The very same people, of 500, for these θ, b and lowest qualities."""
    standard, tolerance, lowest = rule
    quality, stayed = judging_the_room(500, standard, tolerance, lowest, seed)
    due = fixed_point(quality, standard, tolerance)
    assert 0 < len(due) < 500
    assert np.array_equal(np.sort(stayed), due)


def spread(people: int) -> float:
    """sd of the best who stay, for θ = .7, b = .1, g = 0: the noise of the mean of those below q*,
    q*/sqrt(12 n q*), over the slope θ - 1/2 of the condition; .0186 for 3,000."""
    return math.sqrt(0.5 / (12 * people)) / 0.2


def test_the_best_who_stay_are_at_q_star() -> None:
    """q* = (b + g/2) / (θ - 1/2) = .5, with 100,000 people to .0032 (sd)."""
    _, stayed = judging_the_room(100_000, 0.7, 0.1, 0.0, seed=3)
    assert near(stayed.max(), 0.5, spread(100_000))


def test_the_best_who_stay_scatter_as_the_sample_does() -> None:
    """40 runs of 3,000: squared z-scores are a chi-square, the mean normal (its bias, .002, allowed)."""
    best = np.array([judging_the_room(3000, 0.7, 0.1, 0.0, seed)[1].max() for seed in range(40)])
    assert chi_square_is(float((((best - 0.5018) / spread(3000)) ** 2).sum()), 40)
    assert near(best.mean(), 0.5018, spread(3000) / 40**0.5)


def test_nobody_leaves_where_even_the_best_are_content() -> None:
    """g > 2θ - 1 - 2b: here T + b = .75 against θ = .7, thirteen standard errors of the mean."""
    quality, stayed = judging_the_room(3000, 0.7, 0.1, 0.3, seed=1)
    assert len(stayed) == len(quality)


def test_all_leave_where_even_the_worst_expect_more() -> None:
    """θ > 1 and g > b/(θ - 1): even the last one expects more than their own quality."""
    _, stayed = judging_the_room(3000, 1.5, 0.1, 0.3, seed=1)
    assert len(stayed) == 0
