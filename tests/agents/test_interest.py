"""Interest: topic and standard."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.interest import own_standard, signal, topic_match, worth
from tests.agents.given import coefficients, examples, seen


def test_own_standard_is_theta_q_minus_tolerance() -> None:
    p = coefficients(interest_standard=0.8, interest_tolerance=0.1)
    assert own_standard(0.5, p) == pytest.approx(0.3)  # 0.8 × 0.5 − 0.1
    assert own_standard(0.0, p) == pytest.approx(-0.1)
    assert own_standard(1.0, coefficients(interest_standard=1.5, interest_tolerance=-0.2)) == pytest.approx(
        1.7
    )


def test_with_theta_0_quality_has_no_part_in_the_standard() -> None:
    p = coefficients(interest_standard=0.0, interest_tolerance=0.25)
    assert own_standard(0.1, p) == own_standard(0.9, p) == -0.25


@pytest.mark.parametrize(
    ("mine", "topic", "match"),
    [
        (0.3, 0.3, 1.0),
        (0.1, 0.3, 0.36787944117144233),  # one breadth away: 1/e
        (0.9, 0.1, 0.36787944117144233),  # across 0, 0.2 away
        (0.2, 0.6, 0.1353352832366127),  # two breadths: 1/e²
        (0.0, 0.5, 0.0820849986238988),  # the other side: e^−2.5
    ],
)
def test_a_match_falls_to_1_over_e_at_one_breadth(mine: float, topic: float, match: float) -> None:
    assert topic_match(mine, topic, coefficients(interest_breadth=0.2)) == pytest.approx(match, rel=1e-12)


@examples
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 10))
def test_a_match_lies_above_0_and_is_mutual(mine: float, topic: float, breadth: float) -> None:
    p = coefficients(interest_breadth=breadth)
    assert 0.0 < topic_match(mine, topic, p) <= 1.0
    assert topic_match(mine, topic, p) == topic_match(topic, mine, p)


def test_a_post_at_the_standard_is_worth_one_half() -> None:
    assert worth(0.4, 0.4, coefficients(interest_discernment=0.1)) == 0.5


def test_worth_is_logistic_in_quality_above_the_standard() -> None:
    p = coefficients(interest_discernment=0.1)
    ln3 = 1.0986122886681098
    assert worth(0.4 + 0.1 * ln3, 0.4, p) == pytest.approx(0.75)  # odds 3
    assert worth(0.4 - 0.1 * ln3, 0.4, p) == pytest.approx(0.25)
    assert worth(0.9, -0.3, coefficients(interest_discernment=1.2)) == pytest.approx(1 / (1 + math.exp(-1.0)))


def test_without_discernments_width_a_post_is_worth_all_or_nothing() -> None:
    sharp = coefficients(interest_discernment=0.0)
    assert worth(0.41, 0.4, sharp) == 1.0
    assert worth(0.4, 0.4, sharp) == 0.0
    assert worth(0.39, 0.4, sharp) == 0.0


@examples
@given(st.floats(0, 1), st.floats(0, 1), st.floats(-1, 2))
def test_worth_rises_with_quality(quality: float, better: float, standard: float) -> None:
    p = coefficients(interest_discernment=0.3)
    low, high = sorted((quality, better))
    assert 0.0 <= worth(low, standard, p) <= worth(high, standard, p) <= 1.0


@pytest.mark.parametrize(
    ("enjoyment", "expected"),
    [(0.0, 0.0), (3.0, 0.5), (1.0, 0.25), (9.0, 0.75)],  # E / (E + 3)
)
def test_signal_saturates_with_enjoyment(enjoyment: float, expected: float) -> None:
    p = coefficients(interest_half=3.0)
    assert signal(seen(holding=0.0, enjoyment=enjoyment), p) == pytest.approx(expected)


def test_a_newcomer_who_still_waits_for_posts_has_the_expectation_instead() -> None:
    p = coefficients(interest_half=3.0, interest_expectation=0.35)
    assert signal(seen(holding=1.0, enjoyment=0.0), p) == 0.35
    assert signal(seen(holding=1.0, enjoyment=12.0), p) == 0.35


@examples
@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_signal_never_falls_with_enjoyment(enjoyment: float, more: float) -> None:
    p = coefficients(interest_half=0.7)
    less = signal(seen(holding=0.0, enjoyment=enjoyment), p)
    assert 0.0 <= less <= signal(seen(holding=0.0, enjoyment=enjoyment + more), p) <= 1.0
