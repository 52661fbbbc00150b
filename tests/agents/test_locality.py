"""Locality: members near by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.locality import nearness, signal
from tests.agents.given import coefficients, examples, seen


@pytest.mark.parametrize(
    ("km", "counts"),
    [
        (0.0, 1.0),  # next door
        (2.5, 0.36787944117144233),  # one reach: 1/e
        (5.0, 0.1353352832366127),  # two: 1/e²
        (1.25, 0.6065306597126334),  # one half: e^−0.5
    ],
)
def test_a_member_counts_1_over_e_at_one_reach(km: float, counts: float) -> None:
    assert nearness(km, coefficients(locality_reach=2.5)) == pytest.approx(counts, rel=1e-14)


@examples
@given(st.floats(0, 100), st.floats(0, 100), st.floats(0.5, 20))
def test_who_is_farther_counts_less(km: float, more: float, reach: float) -> None:
    p = coefficients(locality_reach=reach)
    assert 0.0 < nearness(km + more, p) <= nearness(km, p) <= 1.0


@pytest.mark.parametrize(
    ("near_by", "expected"),
    [(0.0, 0.0), (4.0, 0.5), (12.0, 0.75), (1.0, 0.2)],  # N / (N + 4)
)
def test_signal_saturates_with_members_near_by(near_by: float, expected: float) -> None:
    assert signal(seen(near_by=near_by), coefficients(locality_half=4.0)) == pytest.approx(expected)


def test_rounding_below_0_is_nobody() -> None:
    assert signal(seen(near_by=-1e-12), coefficients(locality_half=4.0)) == 0.0
