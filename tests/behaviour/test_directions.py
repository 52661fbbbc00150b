"""Directions over pairs of runs with common random numbers; worlds and seeds in experiments/studies/directions.yaml.

Every interval is at 99.9 %. Two of the six directions claimed at first came out otherwise; what
is true instead is tested beside the four that hold.
"""

import numpy as np
import pytest

from shequn.experiments.studies.directions import (
    DIRECTIONS,
    LEVEL,
    OTHER_SEEDS,
    REASONS,
    Direction,
    Effect,
    differences,
    effect,
)

PAIRS = 30
PAIRS_OF_REASONS = 60  # their effects are smaller; set, with fresh seeds, before they ran
STRICTER_STAY = Direction(None, "stricter", "stay", 1)
LARGER_ROOM = Direction("small-rooms", "large-room", "share_active", -1)
COSTLIER_STAY = Direction("bound", "costlier", "stay", 1)
CHOOSIER_STAY = Direction(None, "choosier", "stay", -1)
HOLD = [d for d in DIRECTIONS if d not in (STRICTER_STAY, LARGER_ROOM)]
REASONS_FOUND = [d for d in REASONS if d != CHOOSIER_STAY]


@pytest.fixture(scope="module")
def effects() -> dict[Direction, Effect]:
    claimed = differences(DIRECTIONS, PAIRS)
    explained = differences(REASONS_FOUND, PAIRS_OF_REASONS, first=OTHER_SEEDS)
    return {direction: effect(found) for direction, found in (claimed | explained).items()}


@pytest.mark.parametrize("direction", HOLD + REASONS_FOUND, ids=str)
def test_the_whole_interval_lies_on_the_side_of_the_direction(
    effects: dict[Direction, Effect], direction: Direction
) -> None:
    found = effects[direction]
    assert min(direction.sign * found.low, direction.sign * found.high) > 0.0, found


def test_a_gate_that_asks_more_and_costs_more_changes_stays_by_less_than_three_days_of_sixty(
    effects: dict[Direction, Effect],
) -> None:
    """The claim was: longer. What costs more binds, but the better have more to go to."""
    found = effects[STRICTER_STAY]
    assert -3.0 < found.low < found.high < 3.0, found


def test_an_interval_holds_the_true_mean_as_often_as_it_says() -> None:
    draws = np.random.default_rng(1).normal(0.3, 1.0, (4000, PAIRS))
    held = np.mean([found.low < 0.3 < found.high for found in map(effect, draws)])
    assert abs(held - LEVEL) < 4.0 * np.sqrt(LEVEL * (1.0 - LEVEL) / len(draws))
