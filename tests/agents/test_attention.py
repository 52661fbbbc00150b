"""Attention: how many follow a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.attention import follow_probability
from tests.agents.given import coefficients, examples


def test_the_first_message_is_followed_as_an_answer_is_and_the_tolerance_halves_it() -> None:
    p = coefficients(attention_tolerance=4.0, attention_others=0.0)
    assert [follow_probability(0.6, lately, p) for lately in (0.0, 4.0, 12.0)] == pytest.approx(
        [0.6, 0.3, 0.15]
    )


def test_messages_of_other_groups_in_a_week_count_as_those_from_here() -> None:
    p = coefficients(attention_tolerance=7.0, attention_others=1.0)
    assert follow_probability(0.8, 0.0, p) == pytest.approx(0.4)
    assert follow_probability(0.8, 14.0, p) == pytest.approx(0.2)


@examples
@given(st.floats(0, 1), st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 100))
def test_more_messages_are_never_followed_more(
    chance: float, lately: float, more: float, others: float
) -> None:
    p = coefficients(attention_tolerance=5.0, attention_others=others)
    assert (
        0.0 <= follow_probability(chance, lately + more, p) <= follow_probability(chance, lately, p) <= chance
    )
