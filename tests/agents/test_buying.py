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
    p = coefficients(buying_belief=0.2, buying_crowd=10.0)
    assert buying.believed(10.0, 0.0, 0.0, p) == pytest.approx(2.0)
    assert buying.believed(10.0, 1.0, 0.0, p) == pytest.approx(6.0)
    assert buying.believed(10.0, 3.0, 0.0, p) == pytest.approx(8.0)


def test_a_crowd_of_takers_makes_as_much_believed_as_a_tie() -> None:
    p = coefficients(buying_belief=0.2, buying_crowd=5.0)
    assert buying.believed(10.0, 0.0, 5.0, p) == pytest.approx(6.0)
    assert buying.believed(10.0, 0.0, 15.0, p) == pytest.approx(8.0)
    assert buying.believed(10.0, 2.0, 5.0, p) == pytest.approx(8.0)


@examples
@given(GAINS, SHARE, GAINS, GAINS, GAINS, GAINS)
def test_a_stronger_tie_and_a_larger_crowd_make_more_believed_and_never_more_than_all(
    gains: float, share: float, tie: float, more: float, takers: float, others: float
) -> None:
    p = coefficients(buying_belief=share, buying_crowd=7.0)
    weak = buying.believed(gains, tie, takers, p)
    for strong in (
        buying.believed(gains, tie + more, takers, p),
        buying.believed(gains, tie, takers + others, p),
    ):
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


@pytest.mark.parametrize("worth", [0.0, -0.1, -1e9])
def test_what_is_worth_nothing_or_less_is_not_bought(worth: float) -> None:
    assert buying.buying_probability(worth, coefficients(buying_scale=0.5)) == 0.0


def test_for_a_worth_of_one_scale_the_chance_is_one_minus_one_over_e() -> None:
    p = coefficients(buying_scale=0.5)
    assert buying.buying_probability(0.5, p) == pytest.approx(1.0 - math.exp(-1.0))
    assert buying.buying_probability(1.5, p) == pytest.approx(1.0 - math.exp(-3.0))


@examples
@given(GAINS, GAINS)
def test_more_worth_never_makes_fewer_buy(worth: float, more: float) -> None:
    p = coefficients(buying_scale=0.7)
    assert 0.0 <= buying.buying_probability(worth, p) <= buying.buying_probability(worth + more, p) <= 1.0
