"""Relationship: the people one already knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.relationship import signal, tie_growth
from tests.agents.given import coefficients, examples, seen

P = coefficients(
    relationship_half=2.0,
    relationship_per_answer=0.1,
    relationship_strangers_cost=0.3,
    relationship_growth=0.25,
)


@pytest.mark.parametrize(
    ("strength", "grown"),
    [
        (0.0, 0.25),  # a quarter of the distance 1
        (0.2, 0.2),  # of 0.8
        (0.6, 0.1),  # of 0.4
        (1.0, 0.0),
    ],
)
def test_an_interaction_closes_a_share_of_the_distance_to_1(strength: float, grown: float) -> None:
    assert tie_growth(strength, P) == pytest.approx(grown)


def test_a_tie_above_1_neither_grows_nor_shrinks() -> None:
    assert tie_growth(1.5, P) == 0.0
    assert tie_growth(3.0, P) == 0.0


def test_with_growth_1_one_interaction_is_enough() -> None:
    assert 0.3 + tie_growth(0.3, coefficients(relationship_growth=1.0)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("friends", "answers", "strangers", "expected"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (2.0, 0.0, 0.0, 0.5),  # as many as `half`
        (6.0, 0.0, 0.0, 0.75),  # 6 / 8
        (2.0, 1.5, 0.0, 0.65),  # 0.5 + 0.1 × 1.5
        (2.0, 0.0, 0.5, 0.35),  # 0.5 − 0.3 × 0.5
        (2.0, 2.0, 1.0, 0.4),  # 0.5 + 0.2 − 0.3
        (0.5, 0.5, 0.25, 0.175),  # 0.2 + 0.05 − 0.075
    ],
)
def test_signal_is_ties_plus_answers_minus_strangers(
    friends: float, answers: float, strangers: float, expected: float
) -> None:
    visit = seen(friends=friends, answers=answers, strangers_share=strangers)
    assert signal(visit, P) == pytest.approx(expected)


def test_signal_is_cut_to_0_and_1() -> None:
    assert signal(seen(friends=0.0, answers=0.0, strangers_share=1.0), P) == 0.0
    assert signal(seen(friends=6.0, answers=50.0, strangers_share=0.0), P) == 1.0


@examples
@given(st.floats(0, 100), st.floats(0, 5), st.floats(0, 1), st.floats(0, 1))
def test_signal_rises_with_friends_and_answers_and_falls_with_strangers(
    friends: float, answers: float, strangers: float, more: float
) -> None:
    visit = seen(friends=friends, answers=answers, strangers_share=strangers)
    here = signal(visit, P)
    assert signal(visit._replace(friends=friends + more), P) >= here
    assert signal(visit._replace(answers=answers + more), P) >= here
    assert signal(visit._replace(strangers_share=strangers + more), P) <= here
