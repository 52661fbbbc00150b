"""Intervals of means and of ratios, each by hand or by its definition."""

import numpy as np
import pytest
from scipy import stats

from shequn.experiments.intervals import corrected_level, mean_interval, ratio_by_pair, ratio_interval

ABOVE = np.array([2.0, 5.0, 3.0, 6.0, 4.0, 7.0])
BELOW = np.array([1.0, 2.0, 1.5, 2.5, 1.8, 2.6])


def test_the_corrected_level_is_bonferronis() -> None:
    assert corrected_level(100) == pytest.approx(0.9995)


def test_a_ratio_to_a_constant_cost_is_students_interval_over_that_cost() -> None:
    found = ratio_interval(ABOVE, np.full(6, 2.0))
    assert found is not None
    mean = mean_interval(ABOVE)
    assert found == pytest.approx((mean.mean / 2.0, mean.low / 2.0, mean.high / 2.0))


def test_at_the_ends_of_fiellers_interval_the_difference_is_just_not_0() -> None:
    """By its definition: Student's t of ``above - r below`` is at the limit there."""
    found = ratio_interval(ABOVE, BELOW, 0.99)
    assert found is not None
    assert found.ratio == pytest.approx(27.0 / 11.4)
    for end in (found.low, found.high):
        assert stats.ttest_1samp(ABOVE - end * BELOW, 0.0).pvalue == pytest.approx(0.01)


def test_there_is_no_ratio_to_a_cost_that_is_not_clearly_above_0() -> None:
    for cost in (np.zeros(6), -BELOW, np.array([1.0, -1.0, 1.0, -1.0, 1.0, 0.0]), np.full(6, np.nan)):
        assert ratio_interval(ABOVE, cost) is None


def test_pairs_with_an_unknown_value_do_not_count() -> None:
    longer = ratio_interval(np.append(ABOVE, np.nan), np.append(BELOW, 9.0))
    assert longer == ratio_interval(ABOVE, BELOW)


def test_ratios_by_pair_have_the_ratio_as_their_mean() -> None:
    assert ratio_by_pair(ABOVE, BELOW).mean() == pytest.approx(27.0 / 11.4)
    np.testing.assert_allclose(ratio_by_pair(3.0 * BELOW, BELOW), 3.0)


def test_fiellers_interval_holds_the_ratio_in_19_of_20_samples() -> None:
    """Of 1,000 samples, fewer than 920 or more than 976 would come with a probability of 1e-4."""
    chance = np.random.default_rng(20261127)
    held = 0
    for _sample in range(1000):
        below = chance.normal(5.0, 1.0, 8)
        found = ratio_interval(2.0 * below + chance.normal(0.0, 1.0, 8), below)
        assert found is not None
        held += found.low <= 2.0 <= found.high
    assert 920 <= held <= 976
