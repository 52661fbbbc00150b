"""Shared luck: nothing for independent members, what was put in for a group that rises and falls together."""

import numpy as np
import pytest

from shequn.experiments.logs.activity import DAY, Activity
from shequn.experiments.logs.shared_luck import shared_luck

WEEK = 7 * DAY
PEOPLE = 4000


def log(active: np.ndarray, seed: int) -> Activity:
    """As many people active in each week, drawn again each time; each writes once."""
    rng = np.random.default_rng(seed)
    who = [rng.choice(PEOPLE, n, replace=False) for n in active]
    when = np.repeat(np.arange(len(active)), active) * WEEK + DAY
    return Activity.of(np.concatenate(([0], *who)), np.concatenate(([0], when)), len(active) * WEEK)


def test_independent_members_scatter_as_chance_does() -> None:
    found = shared_luck(log(np.random.default_rng(1).poisson(60, 1040), 1))
    assert found["weekly_dispersion"] == pytest.approx(1, abs=0.14)  # three standard errors
    assert found["block_change"] < 0.02


def test_a_luck_of_weeks_adds_its_size_times_the_mean() -> None:
    """Variance over mean of counts with a log-normal factor of sd .2 is about 1 + .2² × 60."""
    rng = np.random.default_rng(2)
    found = shared_luck(log(rng.poisson(60 * rng.lognormal(-0.02, 0.2, 1040)), 2))
    assert found["weekly_dispersion"] == pytest.approx(1 + 0.04 * 60, rel=0.2)


def test_a_level_that_jumps_every_13_weeks_has_that_block_change() -> None:
    """Levels are drawn for each block: the logarithm of their ratio has √2 times their deviation."""
    rng = np.random.default_rng(3)
    levels = np.repeat(300 * rng.lognormal(0, 0.2, 120), 13)
    found = shared_luck(log(rng.poisson(levels), 3))
    assert found["block_change"] == pytest.approx(0.2 * np.sqrt(2), rel=0.2)


def test_short_and_small_logs_have_no_value() -> None:
    assert shared_luck(log(np.full(38, 60), 1)) == {}
    assert shared_luck(log(np.full(200, 3), 1)) == {}
