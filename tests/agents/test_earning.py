"""Writing for pay: what a reward is worth, and the chance of one more post."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents import earning
from tests.agents.given import coefficients, examples

WORTH = st.floats(0.0, 100.0)
DELAY = st.floats(0.0, 1000.0)


def test_a_reward_is_worth_half_after_the_patience_and_all_at_once() -> None:
    p = coefficients(earning_patience=5.0)
    assert [earning.delayed(12.0, delay, p) for delay in (0.0, 5.0, 10.0, 15.0)] == [12.0, 6.0, 4.0, 3.0]


@examples
@given(WORTH, DELAY, DELAY)
def test_a_later_reward_is_not_worth_more(worth: float, sooner: float, more: float) -> None:
    p = coefficients(earning_patience=7.0)
    assert 0.0 <= earning.delayed(worth, sooner + more, p) <= earning.delayed(worth, sooner, p) <= worth


@pytest.mark.parametrize("worth", [0.0, 0.1, 0.3])
def test_up_to_the_effort_nobody_writes(worth: float) -> None:
    assert earning.paid_post_probability(worth, coefficients(earning_effort=0.3, earning_scale=0.2)) == 0.0


def test_one_scale_above_the_effort_the_chance_is_one_minus_one_over_e() -> None:
    p = coefficients(earning_effort=0.3, earning_scale=0.2)
    assert earning.paid_post_probability(0.5, p) == pytest.approx(1.0 - math.exp(-1.0))
    assert earning.paid_post_probability(0.7, p) == pytest.approx(1.0 - math.exp(-2.0))


def test_the_chance_is_at_most_99_in_100_so_that_a_session_ends() -> None:
    p = coefficients(earning_effort=0.0, earning_scale=1.0)
    assert earning.paid_post_probability(1e9, p) == 0.99
    assert earning.paid_post_probability(4.0, p) < 0.99


@examples
@given(WORTH, WORTH)
def test_more_pay_never_makes_fewer_write(worth: float, more: float) -> None:
    p = coefficients(earning_effort=0.5, earning_scale=3.0)
    assert earning.paid_post_probability(worth, p) <= earning.paid_post_probability(worth + more, p)
