"""Satisfaction: what a visit offers, and how one moves towards it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.satisfaction import crowding, offer, satisfaction
from tests.agents.given import coefficients, examples, seen

SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("unread", "n_read", "cost"),
    [
        (20.0, 20.0, 0.0),  # all of them read
        (60.0, 20.0, 0.1),  # 40 not read: half of the cost
        (140.0, 20.0, 0.15),  # 120: three quarters
        (10.0, 0.0, 0.04),  # 10 / 50 of 0.2
        (0.0, 0.0, 0.0),
    ],
)
def test_crowding_costs_half_at_so_many_posts_not_read(unread: float, n_read: float, cost: float) -> None:
    p = coefficients(satisfaction_crowding=0.2, satisfaction_crowding_half=40.0)
    assert crowding(seen(unread=unread, n_read=n_read), p) == pytest.approx(cost)


@examples
@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 50))
def test_crowding_grows_with_unread_posts_up_to_its_whole_cost(
    unread: float, more: float, n_read: float
) -> None:
    p = coefficients(satisfaction_crowding=0.2, satisfaction_crowding_half=40.0)
    cost = crowding(seen(unread=unread, n_read=n_read), p)
    assert 0.0 <= cost <= crowding(seen(unread=unread + more, n_read=n_read), p) <= 0.2


@pytest.mark.parametrize(
    ("weighted", "weight", "trait", "cost", "expected"),
    [
        (0.3, 0.5, 0.0, 0.0, 0.6),  # 0.3 / 0.5
        (0.3, 0.5, 0.1, 0.05, 0.65),
        (0.2, 1.0, -0.1, 0.0, 0.1),
        (1.0, 2.0, 0.05, 0.3, 0.25),
        (0.0, 0.0, 0.0, 0.0, 0.5),  # the setting can give no signal: one half
        (0.0, 0.0, 0.1, 0.0, 0.6),
        (0.9, 1.0, 0.3, 0.0, 1.0),  # cut
        (0.1, 1.0, -0.3, 0.0, 0.0),
        (0.1, 1.0, 0.0, 0.4, 0.0),
    ],
)
def test_a_visit_offers_the_mean_signal_plus_the_trait_minus_costs(
    weighted: float, weight: float, trait: float, cost: float, expected: float
) -> None:
    assert offer(weighted, weight, trait, cost) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("before", "offer", "update", "after"),
    [
        (0.5, 0.9, 0.25, 0.6),  # a quarter of the 0.4
        (0.8, 0.3, 0.4, 0.6),  # down by 0.4 × 0.5
        (0.5, 0.9, 0.0, 0.5),
        (0.5, 0.9, 1.0, 0.9),
        (0.7, 0.7, 0.4, 0.7),
    ],
)
def test_satisfaction_moves_a_share_of_the_way_to_the_offer(
    before: float, offer: float, update: float, after: float
) -> None:
    assert satisfaction(before, offer, update) == pytest.approx(after)


@examples
@given(SHARES, SHARES, SHARES)
def test_satisfaction_stays_between_what_it_was_and_the_offer(
    before: float, offer: float, update: float
) -> None:
    assert min(before, offer) - 1e-12 <= satisfaction(before, offer, update) <= max(before, offer) + 1e-12


def test_the_same_offer_again_and_again_is_reached() -> None:
    now = 0.1
    for _ in range(100):
        now = satisfaction(now, 0.8, 0.4)
    assert now == pytest.approx(0.8)
