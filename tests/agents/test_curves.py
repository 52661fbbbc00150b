"""The curves, at points worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.curves import (
    circle_distance,
    clamp,
    exponential_wait,
    halving,
    logistic,
    power,
    saturating,
    step_or_logistic,
)
from tests.agents.given import examples

LN2 = 0.6931471805599453
LN3 = 1.0986122886681098


# --- power


@pytest.mark.parametrize(
    ("x", "exponent", "y"),
    [
        (0.5, 2.0, 0.25),
        (4.0, 0.5, 2.0),
        (0.5, -1.0, 2.0),
        (0.0, 1.0, 0.0),
        (0.0, 0.0, 1.0),
        (1e-9, 1.0, 1e-9),
        (0.0, -1.0, 1e6),  # as 1e-6
        (1e-9, -1.0, 1e6),
        (1e-5, -1.0, 1e5),
    ],
)
def test_a_power_is_finite_also_where_the_exponent_is_negative(x: float, exponent: float, y: float) -> None:
    assert power(x, exponent) == pytest.approx(y)


# --- logistic


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (0.0, 0.5),
        (LN3, 0.75),  # e^-x = 1/3: 1 / (4/3)
        (-LN3, 0.25),  # e^x = 1/3: (1/3) / (4/3)
        (LN2, 2 / 3),  # e^-x = 1/2: 1 / (3/2)
        (-LN2, 1 / 3),
        (0.5, 0.6224593312018546),  # e^-0.5 = 0.60653066: 1 / 1.60653066
        (-0.5, 0.3775406687981454),
    ],
)
def test_logistic_has_odds_e_to_the_x(x: float, y: float) -> None:
    assert logistic(x) == pytest.approx(y, rel=1e-14)


def test_logistic_reaches_0_and_1_without_overflow() -> None:
    assert logistic(1e4) == 1.0
    assert logistic(-1e4) == 0.0


@examples
@given(st.floats(-700, 700))
def test_logistic_of_x_and_minus_x_add_to_1(x: float) -> None:
    assert logistic(x) + logistic(-x) == pytest.approx(1.0, abs=1e-15)


@examples
@given(st.floats(-1e3, 1e3), st.floats(0, 10))
def test_logistic_never_falls(x: float, step: float) -> None:
    assert 0.0 <= logistic(x) <= logistic(x + step) + 1e-15 <= 1.0 + 1e-15


# --- step_or_logistic


@pytest.mark.parametrize("width", [0.0, -0.5])
def test_without_width_the_step_is_sharp_and_0_at_the_edge(width: float) -> None:
    assert step_or_logistic(1e-300, width) == 1.0
    assert step_or_logistic(0.0, width) == 0.0
    assert step_or_logistic(-1e-300, width) == 0.0
    assert step_or_logistic(0.7, width) == 1.0
    assert step_or_logistic(-0.7, width) == 0.0


def test_with_a_width_the_step_is_the_logistic_of_x_over_width() -> None:
    assert step_or_logistic(0.0, 0.4) == 0.5
    assert step_or_logistic(0.4 * LN3, 0.4) == pytest.approx(0.75)
    assert step_or_logistic(-2.0 * LN3, 2.0) == pytest.approx(0.25)


def test_a_narrow_step_nears_the_sharp_one() -> None:
    assert step_or_logistic(0.01, 1e-4) == pytest.approx(1.0)
    assert step_or_logistic(-0.01, 1e-4) == pytest.approx(0.0)


# --- saturating


@pytest.mark.parametrize(
    ("amount", "half", "share"),
    [(2.0, 2.0, 0.5), (0.3, 0.3, 0.5), (6.0, 2.0, 0.75), (0.5, 1.5, 0.25), (1.0, 4.0, 0.2)],
)
def test_saturating_is_the_amount_over_amount_plus_half(amount: float, half: float, share: float) -> None:
    assert saturating(amount, half) == pytest.approx(share, rel=1e-14)


def test_saturating_is_0_at_nothing_and_below() -> None:
    assert saturating(0.0, 2.0) == 0.0
    assert saturating(0.0, 0.0) == 0.0
    assert saturating(-0.5, 2.0) == 0.0
    assert saturating(-5.0, 2.0) == 0.0


@examples
@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(1e-3, 1e3))
def test_saturating_rises_with_the_amount_towards_1(amount: float, more: float, half: float) -> None:
    assert 0.0 <= saturating(amount, half) <= saturating(amount + more, half) <= 1.0


def test_saturating_comes_near_1() -> None:
    assert saturating(1e9, 2.0) == pytest.approx(1.0, abs=1e-8)


# --- halving


@pytest.mark.parametrize(
    ("elapsed", "half_life", "left"),
    [(0.0, 5.0, 1.0), (5.0, 5.0, 0.5), (10.0, 5.0, 0.25), (0.3, 0.1, 0.125), (7.0, 14.0, 0.7071067811865476)],
)
def test_one_half_is_left_after_each_half_life(elapsed: float, half_life: float, left: float) -> None:
    assert halving(elapsed, half_life) == pytest.approx(left, rel=1e-14)


def test_an_infinite_half_life_keeps_all_and_none_keeps_nothing() -> None:
    assert halving(1e6, math.inf) == 1.0
    assert halving(0.5, 0.0) == 0.0
    assert halving(0.0, 0.0) == 0.0
    assert halving(0.5, -0.5) == 0.0
    assert halving(0.5, -3.0) == 0.0


def test_after_many_half_lives_nothing_is_left() -> None:
    assert halving(1e6, 1.0) == 0.0


@examples
@given(st.floats(0, 1e3), st.floats(0, 1e3), st.floats(0.01, 1e3))
def test_halving_twice_is_halving_over_both_times(first: float, second: float, half_life: float) -> None:
    both = halving(first + second, half_life)
    assert halving(first, half_life) * halving(second, half_life) == pytest.approx(both, rel=1e-9, abs=1e-300)


# --- clamp


@pytest.mark.parametrize(
    ("x", "cut"),
    [(-3.0, 0.0), (-1e-9, 0.0), (0.0, 0.0), (0.3, 0.3), (1.0, 1.0), (1.0001, 1.0), (1.7, 1.0), (9.0, 1.0)],
)
def test_clamp_cuts_to_the_unit_interval(x: float, cut: float) -> None:
    assert clamp(x) == cut


# --- circle_distance


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [(0.1, 0.3, 0.2), (0.3, 0.1, 0.2), (0.1, 0.9, 0.2), (0.9, 0.1, 0.2), (0.25, 0.75, 0.5), (0.0, 1.0, 0.0),
     (0.4, 0.4, 0.0), (0.0, 0.6, 0.4)],
)  # fmt: skip
def test_distance_is_the_shorter_way_round(a: float, b: float, distance: float) -> None:
    assert circle_distance(a, b) == pytest.approx(distance, abs=1e-15)


@examples
@given(st.floats(0, 1), st.floats(0, 1))
def test_distance_is_symmetric_and_at_most_one_half(a: float, b: float) -> None:
    assert circle_distance(a, b) == circle_distance(b, a)
    assert 0.0 <= circle_distance(a, b) <= 0.5


# --- exponential_wait


def test_a_draw_of_1_over_e_waits_one_mean() -> None:
    # −ln(e^−1) = 1, −ln(e^−2) = 2, −ln(1/2) = 0.693…
    assert exponential_wait(math.exp(-1.0), 3.0) == pytest.approx(3.0)
    assert exponential_wait(math.exp(-2.0), 3.0) == pytest.approx(6.0)
    assert exponential_wait(0.5, 10.0) == pytest.approx(6.931471805599453)


def test_a_draw_of_1_or_a_mean_of_0_waits_no_time() -> None:
    assert exponential_wait(1.0, 3.0) == 0.0
    assert exponential_wait(0.2, 0.0) == 0.0
