"""Buying: what is believed of a gain, what a price costs, and the chance of taking an offer."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents import buying
from tests.agents.given import coefficients, examples

GAINS = st.floats(0.0, 100.0)
SHARE = st.floats(0.0, 1.0)


def test_without_a_tie_a_share_is_believed_and_a_tie_of_strength_1_halves_the_doubt() -> None:
    p = coefficients(buying_belief=0.2)
    assert buying.believed(10.0, 0.0, p) == pytest.approx(2.0)
    assert buying.believed(10.0, 1.0, p) == pytest.approx(6.0)
    assert buying.believed(10.0, 3.0, p) == pytest.approx(8.0)


@examples
@given(GAINS, SHARE, GAINS, GAINS)
def test_a_stronger_tie_makes_more_believed_and_never_more_than_all(
    gains: float, share: float, tie: float, more: float
) -> None:
    p = coefficients(buying_belief=share)
    weak, strong = buying.believed(gains, tie, p), buying.believed(gains, tie + more, p)
    assert share * gains - 1e-9 <= weak <= strong + 1e-9 <= gains + 2e-9


def test_a_price_costs_its_share_of_the_own_purse() -> None:
    p = coefficients(benefit_purse_per_gain=0.1)
    assert buying.cost_of_price(6.0, 30.0, p) == pytest.approx(2.0)
    assert buying.cost_of_price(6.0, 60.0, p) == pytest.approx(1.0)
    assert buying.cost_of_price(0.5, 30.0, p) == pytest.approx(1.0 / 6.0)


def test_nothing_costs_nothing_even_with_an_empty_purse_and_nothing_is_dear_to_an_endless_one() -> None:
    p = coefficients(benefit_purse_per_gain=0.1)
    assert buying.cost_of_price(0.0, 0.0, p) == 0.0
    assert buying.cost_of_price(1e6, math.inf, p) == 0.0


@pytest.mark.parametrize("gains", [0.0, 1.9, 2.0])
def test_up_to_the_cost_nobody_buys(gains: float) -> None:
    assert buying.buying_probability(1.0, gains, 2.0, coefficients(buying_scale=0.5)) == 0.0


def test_one_scale_above_the_cost_the_chance_is_one_minus_one_over_e() -> None:
    p = coefficients(buying_scale=0.5)
    assert buying.buying_probability(1.0, 2.5, 2.0, p) == pytest.approx(1.0 - math.exp(-1.0))
    assert buying.buying_probability(0.25, 4.0, 2.0, p) == pytest.approx(1.0 - math.exp(-1.0))
    assert buying.buying_probability(0.0, 4.0, 2.0, p) == 0.0


@examples
@given(SHARE, GAINS, GAINS, GAINS)
def test_more_gain_and_less_cost_never_make_fewer_buy(
    weight: float, gains: float, more: float, cost: float
) -> None:
    p = coefficients(buying_scale=0.7)
    chance = buying.buying_probability(weight, gains, cost, p)
    assert 0.0 <= chance <= buying.buying_probability(weight, gains + more, cost, p) <= 1.0
    assert buying.buying_probability(weight, gains, cost + more, p) <= chance
