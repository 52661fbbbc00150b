"""Event: a burst that fades."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.event import fading, signal
from tests.agents.given import coefficients, examples, seen


@pytest.mark.parametrize(
    ("intensity", "age", "duration", "left"),
    [
        (0.8, 0.0, 5.0, 0.8),  # at its start: all of it
        (0.8, 5.0, 5.0, 0.8 * 0.36787944117144233),  # after one duration: 1/e
        (2.0, 6.0, 3.0, 2.0 * 0.1353352832366127),  # after two: 1/e²
        (1.0, 0.5, 2.0, 0.7788007830714049),  # e^−0.25
    ],
)
def test_an_event_fades_to_1_over_e_in_its_duration(
    intensity: float, age: float, duration: float, left: float
) -> None:
    assert fading(intensity, age, duration) == pytest.approx(left, rel=1e-14)


def test_before_it_begins_an_event_is_nothing() -> None:
    assert fading(0.8, -1e-9, 5.0) == 0.0
    assert fading(0.8, -0.5, 5.0) == 0.0
    assert fading(0.8, -30.0, 5.0) == 0.0


@examples
@given(st.floats(0, 1), st.floats(0, 100), st.floats(0, 100), st.floats(0.01, 100))
def test_an_event_never_grows(intensity: float, age: float, later: float, duration: float) -> None:
    assert 0.0 <= fading(intensity, age + later, duration) <= fading(intensity, age, duration) <= intensity


@pytest.mark.parametrize(
    ("intensity", "expected"), [(0.0, 0.0), (0.3, 0.3), (1.0, 1.0), (1.2, 1.0), (2.6, 1.0), (math.inf, 1.0)]
)
def test_signal_is_the_events_intensity_at_most_1(intensity: float, expected: float) -> None:
    assert signal(seen(event_intensity=intensity), coefficients()) == expected
