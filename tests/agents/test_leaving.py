"""Leaving: reservation, chance, hazard, absence."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents import leaving
from shequn.agents.leaving import (
    absence,
    exposure,
    leaving_hazard,
    leaving_probability,
    lost_by_leaving,
    reservation,
    shortfall,
)
from tests.agents.given import coefficients, examples

LN3 = 1.0986122886681098
SHARES = st.floats(0, 1)


def test_modes_are_numbered_in_the_order_of_the_choices() -> None:
    mode = leaving.GROUP.coefficients[0]
    assert mode.name == "mode"
    for number, word in ((leaving.VISIT, "visit"), (leaving.CLOCK, "clock"), (leaving.STAY, "stay")):
        assert mode.number(word) == number
    assert (leaving.VISIT, leaving.CLOCK, leaving.STAY) == (0, 1, 2)


@pytest.mark.parametrize(
    ("standard", "level", "expected"), [(0.7, 0.4, 0.3), (0.4, 0.4, 0.0), (0.4, 0.7, 0.0), (0.4, -0.2, 0.6)]
)
def test_only_a_room_below_the_standard_falls_short(standard: float, level: float, expected: float) -> None:
    assert shortfall(standard, level) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("friends", "visits", "lost"),
    [
        (0.0, 0.0, 0.0),
        (4.0, 0.0, 0.15),  # `ties_half` friends: half of 0.3
        (12.0, 0.0, 0.225),  # three quarters
        (0.0, 20.0, 0.31606027941427883),  # 0.5 (1 − 1/e)
        (4.0, 20.0, 0.46606027941427883),
        (0.0, 10.0, 0.19673467014368329),  # 0.5 (1 − 1/√e)
        (0.0, 40.0, 0.43233235838169365),  # 0.5 (1 − 1/e²)
        (1e12, 1e6, 0.8),  # at most 0.3 + 0.5
    ],
)
def test_leaving_loses_ties_and_history(friends: float, visits: float, lost: float) -> None:
    p = coefficients(
        leaving_ties_loss=0.3, leaving_ties_half=4.0, leaving_history_loss=0.5, leaving_history_visits=20.0
    )
    assert lost_by_leaving(friends, visits, p) == pytest.approx(lost)


@examples
@given(st.floats(0, 1e3), st.floats(0, 1e4), st.floats(0, 100))
def test_more_friends_or_visits_never_make_leaving_cheaper(
    friends: float, visits: float, more: float
) -> None:
    p = coefficients(
        leaving_ties_loss=0.3, leaving_ties_half=4.0, leaving_history_loss=0.5, leaving_history_visits=20.0
    )
    lost = lost_by_leaving(friends, visits, p)
    assert lost_by_leaving(friends + more, visits, p) >= lost
    assert lost_by_leaving(friends, visits + more, p) >= lost


@pytest.mark.parametrize(
    ("quality", "below", "commitment", "lost", "expected"),
    [
        (0.0, 0.0, 0.0, 0.0, 0.3),  # base
        (0.5, 0.0, 0.0, 0.0, 0.4),  # + 0.2 × 0.5
        (0.0, 0.25, 0.0, 0.0, 0.5),  # + 0.8 × 0.25
        (0.0, 0.0, 0.1, 0.0, 0.2),
        (0.0, 0.0, 0.0, 0.25, 0.05),
        (1.0, 0.5, 0.05, 0.15, 0.7),  # 0.3 + 0.2 + 0.4 − 0.05 − 0.15
    ],
)
def test_reservation_is_options_and_disappointment_minus_what_binds(
    quality: float, below: float, commitment: float, lost: float, expected: float
) -> None:
    p = coefficients(leaving_base=0.3, leaving_outside=0.2, leaving_disappointment=0.8)
    assert reservation(quality, below, commitment, lost, p) == pytest.approx(expected)


def test_without_outside_options_quality_has_no_part_in_the_reservation() -> None:
    p = coefficients(leaving_base=0.3, leaving_outside=0.0, leaving_disappointment=0.8)
    assert reservation(0.1, 0.2, 0.1, 0.1, p) == reservation(0.9, 0.2, 0.1, 0.1, p)


@pytest.mark.parametrize(
    ("satisfaction", "reserve", "chance"),
    [
        (0.4, 0.4, 0.3),  # even: half the cap
        (0.4, 0.4 + 0.2 * LN3, 0.45),  # odds 3: three quarters of 0.6
        (0.4, 0.4 - 0.2 * LN3, 0.15),
        (0.0, 100.0, 0.6),
        (1.0, -100.0, 0.0),
    ],
)
def test_the_chance_to_leave_is_the_cap_times_a_logistic(
    satisfaction: float, reserve: float, chance: float
) -> None:
    p = coefficients(leaving_cap=0.6, leaving_width=0.2)
    assert leaving_probability(satisfaction, reserve, p) == pytest.approx(chance)


def test_without_width_one_leaves_at_the_cap_strictly_below_the_reservation() -> None:
    p = coefficients(leaving_cap=0.6, leaving_width=0.0)
    assert leaving_probability(0.399, 0.4, p) == 0.6
    assert leaving_probability(0.4, 0.4, p) == 0.0
    assert leaving_probability(0.5, 0.4, p) == 0.0


@examples
@given(SHARES, st.floats(-1, 1), SHARES, SHARES, st.just(0.0) | st.floats(1e-3, 2))
def test_the_chance_to_leave_falls_with_satisfaction_and_never_exceeds_the_cap(
    satisfaction: float, reserve: float, more: float, cap: float, width: float
) -> None:
    p = coefficients(leaving_cap=cap, leaving_width=width)
    chance = leaving_probability(satisfaction, reserve, p)
    assert 0.0 <= leaving_probability(satisfaction + more, reserve, p) <= chance + 1e-15
    assert chance <= cap


@pytest.mark.parametrize(
    ("days", "absent", "visits", "share"),
    [
        (0.0, 0.0, 5.0, 1.0),  # every visit counts whole
        (10.0, 0.0, 1.0, 1.0),  # the first visit
        (10.0, 0.0, 2.0, 0.0),
        (10.0, 10.0, 2.0, 1 - math.exp(-1)),
        (10.0, 1e6, 9.0, 1.0),
    ],
)
def test_the_chance_to_leave_counts_by_the_days_since_the_last_visit(
    days: float, absent: float, visits: float, share: float
) -> None:
    assert exposure(absent, visits, coefficients(leaving_exposure_days=days)) == pytest.approx(share)


def test_for_rare_visits_and_frequent_ones_exposure_adds_up_alike_while_it_is_small() -> None:
    p = coefficients(leaving_exposure_days=1000.0)
    often = sum(exposure(0.5, 2.0, p) for _ in range(40))
    assert often == pytest.approx(exposure(20.0, 2.0, p), rel=0.02)


@pytest.mark.parametrize(
    ("hazard", "by_quality", "quality", "expected"),
    [
        (0.02, 0.0, 0.7, 0.02),
        (0.02, 0.1, 0.5, 0.07),  # + 0.1 × 0.5
        (0.0, 0.2, 0.25, 0.05),
        (0.02, -0.1, 0.1, 0.01),
        (0.02, -0.1, 0.5, 0.0),  # never below 0
    ],
)
def test_the_hazard_grows_by_quality(
    hazard: float, by_quality: float, quality: float, expected: float
) -> None:
    p = coefficients(leaving_hazard=hazard, leaving_hazard_quality=by_quality)
    assert leaving_hazard(quality, p) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("u", "days"),
    [
        (1.0, 3.0),  # the shortest
        (0.25, 48.0),  # 3 × 0.25^−2
        (0.5, 12.0),  # 3 × 0.5^−2
        (0.1, 300.0),
    ],
)
def test_an_absence_is_days_times_u_to_minus_1_over_tail(u: float, days: float) -> None:
    p = coefficients(leaving_lapse_days=3.0, leaving_lapse_tail=0.5)
    assert absence(u, p) == pytest.approx(days)


@examples
@given(st.floats(1e-6, 1), st.floats(1e-6, 1), st.floats(0.2, 10))
def test_an_absence_is_longer_the_smaller_the_draw_and_never_below_the_shortest(
    u: float, other: float, tail: float
) -> None:
    p = coefficients(leaving_lapse_days=3.0, leaving_lapse_tail=tail)
    low, high = sorted((u, other))
    assert absence(low, p) >= absence(high, p) >= 3.0
    # P(absence > d) = (lapse_days / d)^tail: the draw comes back
    assert math.pow(3.0 / absence(u, p), tail) == pytest.approx(u, rel=1e-6)
