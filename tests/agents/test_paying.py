"""Paying: the purse is log-normal, and a price is paid if it fits into what is left."""

import math

import pytest

from shequn.agents.paying import can_pay, purse


@pytest.mark.parametrize(
    ("z", "mean", "log_sd", "size"),
    [
        (0.0, 100.0, 0.0, 100.0),
        (3.0, 100.0, 0.0, 100.0),  # all alike
        (0.5, 100.0, 1.0, 100.0),  # e^(0.5 − 0.5)
        (0.0, 100.0, 1.0, 60.653065971263345),  # the median: e^−0.5
        (1.0, 10.0, 2.0, 10.0),  # e^(2 − 2)
        (-1.0, 10.0, 2.0, 0.1831563888873418),  # e^−4
        (-2.0, math.inf, 1.0, math.inf),
    ],
)
def test_a_purse_is_log_normal_with_its_mean(z: float, mean: float, log_sd: float, size: float) -> None:
    assert purse(z, mean, log_sd) == pytest.approx(size)


def test_purses_grow_in_proportion_to_their_mean() -> None:
    assert purse(0.7, 1000.0, 1.3) == pytest.approx(10 * purse(0.7, 100.0, 1.3))


def test_a_price_is_paid_up_to_what_is_left() -> None:
    assert can_pay(9.9, 9.9)
    assert can_pay(0.0, 0.0)
    assert can_pay(1e9, math.inf)
    assert not can_pay(9.9, 9.89)
    assert not can_pay(1.0, -1.0)
