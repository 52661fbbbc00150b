"""The week's rhythm: waiting times under it are exact."""

import datetime

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from shequn.sim.kernel.chance import Purpose, exponentials
from shequn.sim.kernel.rhythm import DAILY, cumulative_rhythm, rhythm_at, when

MONDAY = datetime.date(2026, 1, 5)
DAY = st.lists(st.sampled_from([0.0, 0.0, 0.3, 1.0, 5.0]), min_size=24, max_size=24)
TIMES = st.floats(0, 400)


@settings(deadline=None, max_examples=200)
@given(DAY, TIMES, st.floats(0, 30))
def test_when_inverts_rhythm_at(day: list[float], time: float, more: float) -> None:
    assume(sum(day) > 0)
    passed = cumulative_rhythm(day, MONDAY)
    at = when(passed, time, more)
    assert at >= time
    assert rhythm_at(passed, at) == pytest.approx(rhythm_at(passed, time) + more, abs=1e-9)


@settings(deadline=None, max_examples=200)
@given(DAY, TIMES, st.floats(1e-6, 30))
def test_nothing_happens_in_an_hour_of_weight_zero(day: list[float], time: float, more: float) -> None:
    assume(sum(day) > 0)
    at = when(cumulative_rhythm(day, MONDAY), time, more)
    hour = (at % 1.0) * 24
    edge = abs(hour - round(hour)) < 1e-6  # the instant at which an hour of weight begins or ends
    assert day[int(hour) % 24] > 0 or edge


def test_a_flat_rhythm_is_the_clock() -> None:
    passed = cumulative_rhythm([1.0] * 24, MONDAY)
    for time in (0.0, 0.3, 6.999, 7.0, 365.25):
        assert rhythm_at(passed, time) == pytest.approx(time, abs=1e-12)
        assert when(passed, time, 2.5) == pytest.approx(time + 2.5, abs=1e-12)


def test_a_week_has_seven_rhythm_days_and_begins_on_the_weekday_of_the_start() -> None:
    week = [float(hour // 24 + 1) for hour in range(168)]  # Monday 1 … Sunday 7
    sunday = cumulative_rhythm(week, MONDAY - datetime.timedelta(days=1))
    assert sunday[24] == pytest.approx(7 * 7 / 28)
    assert sunday[48] - sunday[24] == pytest.approx(7 * 1 / 28)
    assert rhythm_at(sunday, 700.0) == pytest.approx(700.0)


def test_events_fall_into_the_hours_in_proportion_to_their_weights() -> None:
    passed = cumulative_rhythm(DAILY, MONDAY)
    n = 20_000
    gaps = exponentials(1, Purpose.VISIT, np.arange(n, dtype=np.uint64))
    time, hours = 0.0, np.zeros(24)
    for gap in gaps / 3.0:
        time = when(passed, time, float(gap))
        hours[int(time % 1.0 * 24)] += 1
    whole = int(time) // 7 * 7 * 3.0  # expected in whole weeks; the rest is less than 0.1 %
    assert abs(whole - n) < 4 * np.sqrt(n) + 21
    expected = np.array(DAILY) / sum(DAILY) * n
    assert stats.chisquare(hours, expected).pvalue > 1e-4
