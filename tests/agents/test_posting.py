"""Posting: writing, reacting, answering back, going on."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.posting import (
    again_probability,
    answer_back_probability,
    posting_probability,
    reaction_probability,
    reply_probability,
)
from tests.agents.given import coefficients, examples


def writing(by_satisfaction: float, by_recognition: float, effort: float = 1.0) -> object:
    """Coefficients of the chance to write."""
    return coefficients(
        posting_by_satisfaction=by_satisfaction, posting_by_recognition=by_recognition, posting_effort=effort
    )


@pytest.mark.parametrize(
    ("w", "v", "effort", "talkativeness", "satisfaction", "honor", "expected"),
    [
        (1.0, 0.3, 1.0, 0.18, 0.5, 0.5, 0.18),  # half satisfied, half recognised: one's own talkativeness
        (1.0, 0.0, 1.0, 0.2, 0.75, 0.1, 0.3),  # 0.2 × 1.5
        (0.0, 0.0, 1.0, 0.2, 0.9, 0.9, 0.2),  # neither counts
        (0.5, 0.0, 1.0, 0.2, 1.0, 0.0, 0.3),  # 0.2 × (0.5 + 1)
        (0.0, 0.4, 1.0, 0.2, 0.0, 1.0, 0.28),  # 0.2 × (0.6 + 0.8)
        (0.0, 0.4, 1.0, 0.2, 0.0, 0.25, 0.16),  # 0.2 × (0.6 + 0.2)
        (0.5, 0.4, 1.0, 0.2, 0.75, 0.75, 0.3),  # 0.2 × 1.25 × 1.2
        (0.5, 0.4, 2.0, 0.2, 0.75, 0.75, 0.15),  # twice the effort, half the chance
        (0.5, 0.4, 0.5, 0.2, 0.75, 0.75, 0.6),
        (1.0, 0.3, 1.0, 0.18, 0.0, 0.5, 0.0),  # wholly dissatisfied: silent
        (1.0, 1.0, 1.0, 0.4, 1.0, 1.0, 1.0),  # 0.4 × 2 × 2 = 1.6, cut
        (1.0, 0.3, 1.0, 0.0, 0.5, 0.5, 0.0),  # a reader
    ],
)
def test_the_chance_to_write_is_talkativeness_by_satisfaction_by_recognition(
    w: float,
    v: float,
    effort: float,
    talkativeness: float,
    satisfaction: float,
    honor: float,
    expected: float,
) -> None:
    p = writing(w, v, effort)
    assert posting_probability(talkativeness, satisfaction, honor, p) == pytest.approx(expected)


@examples
@given(st.floats(0, 2), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_chance_to_write_never_falls_with_satisfaction_or_recognition(
    talkativeness: float, satisfaction: float, honor: float, w: float, v: float, more: float
) -> None:
    p = writing(w, v, 1.3)
    chance = posting_probability(talkativeness, satisfaction, honor, p)
    assert 0.0 <= chance <= 1.0
    assert posting_probability(talkativeness, satisfaction + more, honor, p) >= chance - 1e-12
    assert posting_probability(talkativeness, satisfaction, honor + more, p) >= chance - 1e-12


def test_the_chance_to_react_is_proportional_to_enjoyment() -> None:
    p = coefficients(posting_reaction=0.3)
    assert reaction_probability(1.0, p) == pytest.approx(0.3)
    assert reaction_probability(0.5, p) == pytest.approx(0.15)
    assert reaction_probability(0.0, p) == 0.0


def test_effort_divides_the_chance_to_answer_back() -> None:
    assert answer_back_probability(coefficients(posting_answer_back=0.6, posting_effort=1.0)) == 0.6
    assert answer_back_probability(
        coefficients(posting_answer_back=0.6, posting_effort=4.0)
    ) == pytest.approx(0.15)
    # little effort: 0.6 / 0.5 = 1.2, cut
    assert answer_back_probability(coefficients(posting_answer_back=0.6, posting_effort=0.5)) == 1.0
    assert answer_back_probability(coefficients(posting_answer_back=0.0, posting_effort=0.01)) == 0.0


def test_effort_divides_the_chance_to_go_on() -> None:
    assert again_probability(coefficients(posting_again=0.4, posting_effort=1.0)) == 0.4
    assert again_probability(coefficients(posting_again=0.4, posting_effort=2.0)) == pytest.approx(0.2)
    assert again_probability(coefficients(posting_again=0.0, posting_effort=0.01)) == 0.0


def test_a_session_ends_at_last_however_little_the_effort() -> None:
    # 0.4 / 0.1 = 4: at most 0.99, or a session would go on for ever
    assert again_probability(coefficients(posting_again=0.4, posting_effort=0.1)) == 0.99
    assert again_probability(coefficients(posting_again=0.99, posting_effort=1.0)) == 0.99


@pytest.mark.parametrize(
    ("experience", "visits", "chance"),
    [
        (0.0, 0.0, 0.6),  # at once
        (4.0, 0.0, 0.0),
        (4.0, 4.0, 0.6 * (1 - math.exp(-1))),
        (4.0, 1e6, 0.6),
    ],
)
def test_those_who_have_been_here_for_long_reply_more(
    experience: float, visits: float, chance: float
) -> None:
    p = coefficients(posting_reply=0.6, posting_experience=experience)
    assert reply_probability(visits, p) == pytest.approx(chance)
