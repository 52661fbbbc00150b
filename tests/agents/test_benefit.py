"""Benefit: gains against what one has got used to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.benefit import gain_of_money, gain_of_reading, signal
from tests.agents.given import coefficients, examples, seen

NONE = coefficients()


def test_gain_of_reading_is_usefulness_times_what_a_useful_post_gives() -> None:
    # three fully useful posts at 0.2 gains each
    assert gain_of_reading(3.0, coefficients(benefit_per_post=0.2)) == pytest.approx(0.6)
    assert gain_of_reading(0.5, coefficients(benefit_per_post=4.0)) == pytest.approx(2.0)


def test_a_gain_of_money_goes_by_the_mean_purse() -> None:
    # 5 yuan of a mean purse of 100, a tenth of which is one unit: half a unit
    p = coefficients(benefit_purse_per_gain=0.1)
    assert gain_of_money(5.0, 100.0, p) == pytest.approx(0.5)
    assert gain_of_money(50.0, 1000.0, p) == pytest.approx(0.5)
    assert gain_of_money(0.0, 100.0, p) == 0.0
    assert gain_of_money(5.0, float("inf"), p) == 0.0  # to endless purses money is no gain
    assert gain_of_money(5.0, 100.0, coefficients(benefit_purse_per_gain=0.5)) == pytest.approx(0.1)


def test_nothing_read_or_worth_nothing_is_no_gain() -> None:
    assert gain_of_reading(0.0, coefficients(benefit_per_post=0.2)) == 0.0
    assert gain_of_reading(7.0, coefficients(benefit_per_post=0.0)) == 0.0


@pytest.mark.parametrize(
    ("gains", "aspiration", "expected"),
    [
        (1.0, 0.0, 0.5),  # one gain for one who is used to none: 1 / (1 + 0 + 1)
        (3.0, 1.0, 0.6),  # 3 / (3 + 1 + 1)
        (3.0, 3.0, 3 / 7),  # used to all of it: 3 / (3 + 3 + 1)
        (0.5, 2.5, 0.125),  # 0.5 / (0.5 + 2.5 + 1)
        (0.0, 0.0, 0.0),
        (0.0, 4.0, 0.0),
    ],
)
def test_signal_compares_gains_with_the_aspiration(gains: float, aspiration: float, expected: float) -> None:
    assert signal(seen(gains=gains, aspiration=aspiration), NONE) == pytest.approx(expected)


def test_a_constant_gain_one_has_got_used_to_is_worth_at_most_one_half() -> None:
    # g / (2 g + 1) → 1/2
    assert signal(seen(gains=1e9, aspiration=1e9), NONE) == pytest.approx(0.5)


@examples
@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_signal_rises_with_gains_and_falls_with_the_aspiration(
    gains: float, aspiration: float, more: float
) -> None:
    here = signal(seen(gains=gains, aspiration=aspiration), NONE)
    assert 0.0 <= here < 1.0
    assert signal(seen(gains=gains + more, aspiration=aspiration), NONE) >= here
    assert signal(seen(gains=gains, aspiration=aspiration + more), NONE) <= here
