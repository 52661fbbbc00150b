"""Advertising: who advertises, and who reports it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.advertising import advertising_probability, report_probability
from tests.agents.given import coefficients, examples

SHARE = st.floats(0.0, 1.0)


def test_all_reasons_together_give_the_rate_and_a_little_reading_halves_it() -> None:
    p = coefficients(advertising_rate=0.8, advertising_silence=3.0)
    assert advertising_probability(1.0, 0.0, 0.0, p) == 0.8
    assert advertising_probability(1.0, 0.0, 3.0, p) == 0.4
    assert advertising_probability(1.0, 0.0, 9.0, p) == pytest.approx(0.2)
    assert advertising_probability(0.25, 0.5, 0.0, p) == pytest.approx(0.1)


@pytest.mark.parametrize(("rate", "weight", "benefit"), [(0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 1.0)])
def test_without_any_one_of_them_nobody_advertises(rate: float, weight: float, benefit: float) -> None:
    p = coefficients(advertising_rate=rate, advertising_silence=2.0)
    assert advertising_probability(weight, benefit, 0.0, p) == 0.0


@examples
@given(SHARE, SHARE, SHARE, st.floats(0, 1e3), st.floats(0, 1e3))
def test_it_is_a_chance_that_falls_with_what_is_read(
    rate: float, weight: float, benefit: float, n: float, more: float
) -> None:
    p = coefficients(advertising_rate=rate, advertising_silence=2.0)
    assert 0.0 <= advertising_probability(weight, benefit, n + more, p) <= advertising_probability(
        weight, benefit, n, p
    ) <= rate  # fmt: skip


def test_what_is_worth_nothing_is_reported_most_and_other_posts_by_mistake() -> None:
    p = coefficients(advertising_report=0.4, advertising_mistake=0.01)
    assert [report_probability(worth, True, p) for worth in (0.0, 0.5, 1.0)] == [0.4, 0.2, 0.0]
    assert [report_probability(worth, False, p) for worth in (0.0, 0.5, 1.0)] == [0.01, 0.005, 0.0]
