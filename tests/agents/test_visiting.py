"""Visiting: the rate of visits, their gaps, need and habit."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.visiting import habit_after_visit, nearness_of_hour, need_left, visit_rate, waiting_work
from tests.agents.given import coefficients, examples

SHARES = st.floats(0, 1)
LN2 = 0.6931471805599453
P = coefficients(
    visiting_regular=0.0,
    visiting_by_satisfaction=2.0,
    visiting_satisfied=0.4,
    visiting_need_share=0.75,
    visiting_habit=0.6,
    visiting_habit_growth=0.2,
    visiting_habit_half_life=10.0,
    visiting_need_half_life=30.0,
)


@pytest.mark.parametrize(
    ("pace", "satisfaction", "need", "habit", "boost", "rate"),
    [
        (0.5, 0.4, 1.0, 0.0, 0.0, 0.5),  # satisfied just so, need whole, no habit, no event: one's pace
        (0.5, 0.4, 0.0, 0.0, 0.0, 0.125),  # no need: a quarter is left
        (0.5, 0.4, 0.6, 0.0, 0.0, 0.35),  # 0.25 + 0.75 × 0.6 = 0.7
        (0.5, 0.4, 1.0, 1.0, 0.0, 0.8),  # full habit: × 1.6
        (0.5, 0.4, 1.0, 0.5, 0.0, 0.65),  # × 1.3
        (0.5, 0.4, 1.0, 0.0, 1.5, 1.25),  # an event on: × 2.5
        (0.5, 0.4 + LN2 / 2, 1.0, 0.0, 0.0, 1.0),  # 2 × ln 2 / 2: doubled
        (0.5, 0.4 - LN2 / 2, 1.0, 0.0, 0.0, 0.25),
        (2.0, 0.4 + LN2 / 2, 0.6, 0.5, 1.0, 7.28),  # 2 × 2 × 0.7 × 1.3 × 2
        (0.0, 0.9, 1.0, 1.0, 3.0, 0.0),
    ],
)
def test_the_rate_is_pace_by_satisfaction_by_need_by_habit_by_events(
    pace: float, satisfaction: float, need: float, habit: float, boost: float, rate: float
) -> None:
    assert visit_rate(pace, satisfaction, need, habit, boost, P) == pytest.approx(rate)


def test_without_need_the_share_that_does_not_depend_on_it_is_left() -> None:
    p = coefficients(
        visiting_by_satisfaction=2.0, visiting_satisfied=0.4, visiting_need_share=0.3, visiting_habit=0.6
    )
    assert visit_rate(2.0, 0.4, 0.0, 0.0, 0.0, p) == pytest.approx(1.4)  # 2 × (1 − 0.3)
    assert visit_rate(2.0, 0.4, 0.5, 0.0, 0.0, p) == pytest.approx(1.7)  # 2 × (0.7 + 0.15)


@examples
@given(st.floats(0, 50), SHARES, SHARES, SHARES, st.floats(0, 5), SHARES)
def test_the_rate_rises_with_satisfaction_need_habit_and_events(
    pace: float, satisfaction: float, need: float, habit: float, boost: float, more: float
) -> None:
    rate = visit_rate(pace, satisfaction, need, habit, boost, P) - 1e-9
    assert visit_rate(pace, satisfaction + more, need, habit, boost, P) >= rate
    assert visit_rate(pace, satisfaction, need + more, habit, boost, P) >= rate
    assert visit_rate(pace, satisfaction, need, habit + more, boost, P) >= rate
    assert visit_rate(pace, satisfaction, need, habit, boost + more, P) >= rate


# --- waiting_work


@pytest.mark.parametrize(
    ("tail", "unit", "work"),
    [
        (2.0, 2 * LN2, 1.0),  # (2 − 1)(e^ln 2 − 1)
        (3.0, 3 * LN2, 2.0),  # (3 − 1)(2 − 1)
        (3.0, 6 * LN2, 6.0),  # (3 − 1)(4 − 1)
        (1.5, 1.5 * LN2, 0.5),  # (1.5 − 1)(2 − 1)
        (1.0625, 1.0625 * LN2, 0.0625),  # just above 1
        (2.5, 0.0, 0.0),
    ],
)
def test_gaps_are_the_lomax_quantile_of_the_draw(tail: float, unit: float, work: float) -> None:
    assert waiting_work(unit, coefficients(visiting_burstiness=tail)) == pytest.approx(work)


@pytest.mark.parametrize("tail", [0.0, 0.5, 1.0])
def test_with_a_tail_of_at_most_1_gaps_are_exponential(tail: float) -> None:
    # a Lomax of such a tail has no mean to keep
    assert waiting_work(0.7, coefficients(visiting_burstiness=tail)) == 0.7
    assert waiting_work(5.0, coefficients(visiting_burstiness=tail)) == 5.0


def test_the_mean_gap_is_1_whatever_the_tail() -> None:
    # trapezoids over Exp(1) draws to 400; the integrand falls as e^(−x (1 − 1/a))
    p = coefficients(visiting_burstiness=2.5)
    step = 0.01
    draws = [step * i for i in range(40_000)]
    mean = sum(waiting_work(x, p) * math.exp(-x) for x in draws) * step
    assert mean == pytest.approx(1.0, abs=1e-4)


@examples
@given(st.floats(0, 40), st.floats(0, 40), st.floats(0, 20))
def test_a_larger_draw_waits_longer(unit: float, more: float, tail: float) -> None:
    p = coefficients(visiting_burstiness=tail)
    assert 0.0 <= waiting_work(unit, p) <= waiting_work(unit + more, p)


# --- need and habit


@pytest.mark.parametrize(
    ("need", "elapsed", "left"), [(1.0, 0.0, 1.0), (1.0, 30.0, 0.5), (0.8, 60.0, 0.2), (0.6, 90.0, 0.075)]
)
def test_need_halves_after_each_half_life(need: float, elapsed: float, left: float) -> None:
    assert need_left(need, elapsed, P) == pytest.approx(left)


def test_need_that_never_fades_stays() -> None:
    assert need_left(0.7, 1e5, coefficients(visiting_need_half_life=math.inf)) == 0.7


@pytest.mark.parametrize(
    ("habit", "absent", "after"),
    [
        (0.0, 5.0, 0.2),  # the first visit: a fifth of the way
        (0.2, 0.0, 0.36),  # 0.2 + 0.2 × 0.8
        (0.8, 10.0, 0.52),  # starved to 0.4, then 0.2 × 0.6
        (1.0, 20.0, 0.4),  # starved to 0.25, then 0.2 × 0.75
        (1.0, 0.0, 1.0),
        (1.0, 1e6, 0.2),
    ],
)
def test_absence_halves_a_habit_and_a_visit_feeds_it(habit: float, absent: float, after: float) -> None:
    assert habit_after_visit(habit, absent, 1.0, P) == pytest.approx(after)


def test_far_from_the_usual_hour_a_visit_adds_less_by_the_share_that_depends_on_it() -> None:
    p = coefficients(visiting_habit_growth=0.2, visiting_habit_half_life=14.0, visiting_regular=0.5)
    added = [habit_after_visit(0.0, 0.0, near, p) for near in (1.0, 0.5, 0.0)]
    assert added == pytest.approx([0.2, 0.15, 0.1])
    assert [nearness_of_hour(along) for along in (1.0, 0.0, -1.0)] == [1.0, 0.5, 0.0]


@examples
@given(SHARES, st.floats(0, 1e3), st.floats(0, 1e3))
def test_habit_stays_between_0_and_1_and_suffers_by_absence(
    habit: float, absent: float, longer: float
) -> None:
    after = habit_after_visit(habit, absent, 1.0, P)
    assert 0.0 <= habit_after_visit(habit, absent + longer, 1.0, P) <= after + 1e-15 <= 1.0 + 1e-15
