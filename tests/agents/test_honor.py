"""Honor: standing among the others in the room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.honor import signal, standing
from tests.agents.given import coefficients, examples, seen

POINTS = [
    (1.0, 0.0, 0.5),  # one more than the others: one half
    (4.0, 3.0, 0.5),  # likewise in a bigger pond: 4 / (4 + 3 + 1)
    (3.0, 1.0, 0.6),  # 3 / (3 + 1 + 1)
    (0.5, 0.5, 0.25),  # 0.5 / (0.5 + 0.5 + 1)
    (0.0, 0.0, 0.0),
    (0.0, 8.0, 0.0),
]


@pytest.mark.parametrize(("recognition", "of_others", "expected"), POINTS)
def test_standing_compares_recognition_with_that_of_the_others(
    recognition: float, of_others: float, expected: float
) -> None:
    assert standing(recognition, of_others) == pytest.approx(expected)


@pytest.mark.parametrize(("recognition", "of_others", "expected"), POINTS)
def test_signal_is_ones_standing_in_the_room(recognition: float, of_others: float, expected: float) -> None:
    visit = seen(recognition=recognition, recognition_of_others=of_others, marks=0.0, marks_of_others=0.0)
    assert signal(visit, coefficients()) == pytest.approx(expected)
    visit = seen(recognition=0.0, recognition_of_others=0.0, marks=recognition, marks_of_others=of_others)
    assert signal(visit, coefficients()) == pytest.approx(expected)


@examples
@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_standing_rises_with_own_recognition_and_falls_with_that_of_the_others(
    recognition: float, of_others: float, more: float
) -> None:
    here = standing(recognition, of_others)
    assert 0.0 <= here < 1.0
    assert standing(recognition + more, of_others) >= here
    assert standing(recognition, of_others + more) <= here


def test_the_same_fish_is_bigger_in_a_smaller_pond() -> None:
    assert standing(5.0, 2.0) > standing(5.0, 20.0)
