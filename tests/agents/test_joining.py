"""Joining: reputation, appeal, and what gates cost."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.joining import appeal, commitment_left, commitment_of, cost_acceptance, reputation
from tests.agents.given import coefficients, examples


@pytest.mark.parametrize(
    ("w", "level", "population", "expected"),
    [
        (0.5, 0.4, 0.4, 1.0),  # as good as people are: 1
        (0.5, 0.8, 0.4, 1.5),  # 0.5 + 0.5 × 2
        (0.25, 0.2, 0.4, 0.875),  # 0.75 + 0.25 × 0.5
        (1.0, 0.6, 0.5, 1.2),
        (0.0, 0.9, 0.4, 1.0),  # always 1
        (0.25, 0.0, 0.4, 0.75),
    ],
)
def test_reputation_compares_the_level_with_the_populations(
    w: float, level: float, population: float, expected: float
) -> None:
    assert reputation(level, population, coefficients(joining_reputation=w)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("w", "match", "expected"),
    [(0.5, 1.0, 1.0), (0.5, 0.4, 0.7), (0.25, 0.2, 0.8), (1.0, 0.3, 0.3), (0.0, 0.1, 1.0), (0.25, 0.0, 0.75)],
)
def test_appeal_falls_with_the_match_as_far_as_topic_counts(w: float, match: float, expected: float) -> None:
    assert appeal(match, coefficients(joining_by_topic=w)) == pytest.approx(expected)


def test_a_cost_deters_with_1_minus_e_to_minus_cost() -> None:
    assert cost_acceptance(0.0) == 1.0
    assert cost_acceptance(1.0) == pytest.approx(0.36787944117144233)
    assert cost_acceptance(0.6931471805599453) == pytest.approx(0.5)  # ln 2
    assert cost_acceptance(1e4) == 0.0


def test_each_unit_of_cost_paid_binds() -> None:
    assert commitment_of(0.0, coefficients(joining_binding=0.3)) == 0.0
    assert commitment_of(1.5, coefficients(joining_binding=0.3)) == pytest.approx(0.45)
    assert commitment_of(0.5, coefficients(joining_binding=0.0)) == 0.0


@pytest.mark.parametrize(
    ("commitment", "elapsed", "left"),
    [(0.4, 0.0, 0.4), (0.4, 25.0, 0.2), (0.4, 50.0, 0.1), (2.0, 75.0, 0.25)],
)
def test_commitment_halves_after_each_half_life(commitment: float, elapsed: float, left: float) -> None:
    p = coefficients(joining_commitment_half_life=25.0)
    assert commitment_left(commitment, elapsed, p) == pytest.approx(left)


def test_commitment_that_never_fades_stays() -> None:
    assert commitment_left(0.4, 1e6, coefficients(joining_commitment_half_life=math.inf)) == 0.4


@examples
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_reputation_and_appeal_rise_with_level_and_match(
    w: float, level: float, match: float, more: float
) -> None:
    p = coefficients(joining_reputation=w, joining_by_topic=w)
    assert reputation(level + more, 0.5, p) >= reputation(level, 0.5, p) - 1e-12
    assert appeal(match + more, p) >= appeal(match, p) - 1e-12
    assert 0.0 <= appeal(match, p) <= 1.0
