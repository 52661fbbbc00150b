"""Perception: the level one believes the room to have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.perception import perceived_level, remembered_level, shocked_level
from tests.agents.given import coefficients, examples

SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("memory", "level", "read", "expected"),
    [
        (0.75, 0.4, 0.8, 0.5),  # 0.3 + 0.2
        (0.2, 0.5, 1.0, 0.9),  # 0.1 + 0.8
        (1.0, 0.4, 0.8, 0.4),  # nothing read counts
        (0.0, 0.4, 0.8, 0.8),  # nothing is remembered
        (0.6, 0.3, 0.3, 0.3),  # no news
    ],
)
def test_memory_is_the_share_of_the_old_level_that_a_visit_leaves(
    memory: float, level: float, read: float, expected: float
) -> None:
    assert remembered_level(level, read, coefficients(perception_memory=memory)) == pytest.approx(expected)


@examples
@given(SHARES, SHARES, SHARES)
def test_the_remembered_level_lies_between_the_old_one_and_what_was_read(
    memory: float, level: float, read: float
) -> None:
    now = remembered_level(level, read, coefficients(perception_memory=memory))
    assert min(level, read) - 1e-12 <= now <= max(level, read) + 1e-12


@pytest.mark.parametrize(
    ("exact", "remembered", "true", "expected"),
    [
        (0.25, 0.4, 0.8, 0.5),  # 0.75 × 0.4 + 0.25 × 0.8
        (0.9, 0.5, 1.0, 0.95),  # 0.05 + 0.9
        (0.0, 0.4, 0.8, 0.4),
        (1.0, 0.4, 0.8, 0.8),
    ],
)
def test_exact_is_the_weight_of_the_true_level(
    exact: float, remembered: float, true: float, expected: float
) -> None:
    assert perceived_level(remembered, true, coefficients(perception_exact=exact)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shock", "exact", "strength", "quality", "level", "expected"),
    [
        (0.5, 0.0, 1.0, 0.9, 0.5, 0.3),  # 0.5 of the 0.4 they stood above it
        (0.5, 0.2, 1.0, 0.9, 0.5, 0.34),  # … × (1 − 0.2): 0.16
        (0.5, 0.0, 0.5, 0.9, 0.5, 0.4),  # a tie of strength one half: 0.1
        (0.5, 0.0, 3.0, 0.9, 0.5, 0.3),  # strength counts up to 1
        (0.25, 0.6, 0.4, 0.7, 0.2, 0.18),  # 0.25 × 0.4 × 0.4 × 0.5 = 0.02
        (0.5, 1.0, 1.0, 0.9, 0.5, 0.5),  # exact perception: no shock
        (0.0, 0.0, 1.0, 0.9, 0.5, 0.5),
        (0.5, 0.0, 1.0, 0.5, 0.5, 0.5),  # no better than the level
        (0.5, 0.0, 1.0, 0.1, 0.5, 0.5),  # worse: never higher
        (0.5, 0.0, 0.0, 0.9, 0.5, 0.5),
        (1.0, 0.0, 1.5, 1.0, 0.2, -0.6),  # all the way down: 0.2 − 0.8
    ],
)
def test_the_departure_of_somebody_better_lowers_the_level(
    shock: float, exact: float, strength: float, quality: float, level: float, expected: float
) -> None:
    p = coefficients(perception_shock=shock, perception_exact=exact)
    assert shocked_level(level, quality, strength, p) == pytest.approx(expected)


@examples
@given(SHARES, SHARES, st.floats(0, 2), SHARES, SHARES, SHARES)
def test_a_shock_never_raises_the_level_and_grows_with_quality_and_strength(
    level: float, quality: float, strength: float, shock: float, exact: float, more: float
) -> None:
    p = coefficients(perception_shock=shock, perception_exact=exact)
    after = shocked_level(level, quality, strength, p)
    assert after <= level
    assert shocked_level(level, quality + more, strength, p) <= after
    assert shocked_level(level, quality, strength + more, p) <= after
