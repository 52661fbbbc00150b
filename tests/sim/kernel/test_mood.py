"""The mood of the group: its path, and that visits and discovery go by it exactly."""

import datetime
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from shequn import Scenario
from shequn.sim.building import build_world
from shequn.sim.kernel.chance import Purpose, exponentials
from shequn.sim.kernel.discovery import set_discovery_rate
from shequn.sim.kernel.mood import due_after, mood_on, moods, passed_at
from shequn.sim.kernel.rhythm import DAILY, cumulative_rhythm, rhythm_at, when
from shequn.sim.kernel.state import mood_dtype
from shequn.sim.kernel.world import World
from shequn.sim.scenario.changing import Change, may_change
from tests.sim.kernel.laws.worlds import outside

ERROR = 1e-4  # level of error of each statistical test; seeds are fixed
RHYTHM = cumulative_rhythm(DAILY, datetime.date(2026, 1, 5))
WEEK = cumulative_rhythm([float(1 + hour % 5) for hour in range(168)], datetime.date(2026, 1, 7))
FACTORS = [0.5, 2.0, 1.0, 3.0, 0.25, 1.5]


def with_factors(factors: list[float], rhythm: npt.NDArray[np.float64] = WEEK) -> World:
    """A world in which the days have these factors, and later ones have 1."""
    records = np.zeros(len(factors) + 1, dtype=mood_dtype)
    records["factor"] = [*factors, 1.0]
    for day, factor in enumerate(factors):
        whole = rhythm_at(rhythm, day + 1.0) - rhythm_at(rhythm, float(day))
        records["passed"][day + 1] = records["passed"][day] + factor * whole
    return outside()._replace(moods=records, rhythm=rhythm)


def path(seed: int, **given: Any) -> npt.NDArray[np.float64]:
    """The logarithm of the factor, plus half of its variance, day by day."""
    values = {"log_sd": 0.4, "half_life": 10.0, "start": None, **given}
    made = moods(seed, 400, rhythm=RHYTHM, **values)
    return np.asarray(np.log(made["factor"][:-1]) + 0.5 * values["log_sd"] ** 2)


def test_without_a_spread_there_is_no_mood() -> None:
    assert len(moods(1, 400, 0.0, 10.0, None, RHYTHM)) == 0
    world = outside()
    assert mood_on(world, 3.5) == 1.0
    assert passed_at(world, 3.5) == rhythm_at(world.rhythm, 3.5)
    assert due_after(world, 3.5, 2.0) == when(world.rhythm, 3.5, 2.0)


def test_it_has_the_spread_the_memory_and_the_mean_that_are_asked_for() -> None:
    paths = np.array([path(seed) for seed in range(2000)])
    for day in (0, 1, 30, 399):  # stationary from the first day on
        low, high = stats.chi2.interval(1 - ERROR, len(paths)) / np.array(len(paths)) * 0.4**2
        assert low <= np.mean(paths[:, day] ** 2) <= high
    half = stats.pearsonr(paths[:, 50], paths[:, 60])  # ten days later
    assert half.confidence_interval(1 - ERROR).low < 0.5 < half.confidence_interval(1 - ERROR).high
    factor = np.exp(paths[:, 200] - 0.5 * 0.4**2)
    assert abs(factor.mean() - 1) < stats.norm.isf(ERROR / 2) * factor.std() / math.sqrt(len(paths))


def test_it_is_that_of_the_seed_alone_and_begins_where_it_is_told() -> None:
    assert (path(1) == path(1)).all() and (path(1) != path(2)).all()
    assert path(1, log_sd=0.8) == pytest.approx(2 * path(1))
    told = path(1, start=1.5)
    assert told[0] == pytest.approx(1.5)
    kept = 0.5 ** (1 / 10)
    assert told - path(1) == pytest.approx((1.5 - path(1)[0]) * kept ** np.arange(400))


def test_a_shorter_horizon_is_the_beginning_of_a_longer_one() -> None:
    short, long = (moods(3, days, 0.4, 10.0, None, RHYTHM) for days in (50, 400))
    assert (short[:50] == long[:50]).all()


def test_what_has_passed_is_the_days_by_their_factors() -> None:
    made = moods(3, 30, 0.4, 10.0, None, WEEK)
    expected = with_factors(made["factor"][:-1].tolist()).moods
    assert made["passed"] == pytest.approx(expected["passed"])


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from([0.01, 0.5, 1.0, 3.0]), min_size=1, max_size=12),
    st.floats(0, 20),
    st.floats(0, 30),
)
def test_when_it_is_due_so_much_has_passed(factors: list[float], time: float, more: float) -> None:
    world = with_factors(factors)
    at = due_after(world, time, more)
    assert at >= time
    assert passed_at(world, at) == pytest.approx(passed_at(world, time) + more, abs=1e-9)


def test_a_day_of_factor_2_is_as_long_as_two() -> None:
    world = with_factors([1.0, 2.0, 1.0], cumulative_rhythm([1.0] * 24, datetime.date(2026, 1, 5)))
    assert [passed_at(world, time) for time in (1.0, 1.25, 2.0, 3.0, 10.0)] == pytest.approx(
        [1.0, 1.5, 3.0, 4.0, 11.0]
    )
    assert due_after(world, 0.5, 1.0) == pytest.approx(1.25)
    assert [mood_on(world, time) for time in (0.0, 1.0, 1.99, 2.0, 70.0)] == [1.0, 2.0, 2.0, 1.0, 1.0]


def test_events_fall_into_the_days_in_proportion_to_their_factors() -> None:
    world = with_factors(FACTORS)
    counts = np.zeros(len(FACTORS))
    rate, key = 40.0, 0
    for person in range(60):
        time = 0.0
        for _count in range(1000):
            unit = float(exponentials(person, Purpose.VISIT, np.array([key], dtype=np.uint64))[0])
            key += 1
            time = due_after(world, time, unit / rate)
            if time >= len(FACTORS):
                break
            counts[int(time)] += 1
    expected = rate * 60 * np.diff([passed_at(world, float(day)) for day in range(len(FACTORS) + 1)])
    assert stats.chi2.sf(((counts - expected) ** 2 / expected).sum(), len(FACTORS)) > ERROR


def test_strangers_find_it_in_proportion_to_the_factor_of_the_day() -> None:
    world = with_factors(FACTORS)
    world.params["visibility"], world.params["reach"] = 0.5, 0.125
    world.params["event_reach"] = 3.0
    world.totals["reputation"] = 1.0
    for day, factor in enumerate([*FACTORS, 1.0, 1.0]):
        set_discovery_rate(world, float(day))
        assert world.hazards["rate"].tolist() == pytest.approx([factor / 16, factor * 3 / 16])


def test_a_branch_keeps_the_mood() -> None:
    for key, after in (("log_sd", 0.5), ("half_life", 9.0), ("now", 1.0)):
        assert not may_change(Change(f"community.mood.{key}", None, after))


def test_a_scenario_has_the_mood_that_it_asks_for() -> None:
    base = {"format": 2, "title": "x", "days": 20, "population": {"people": 20, "founders": 5}}
    plain, _ = build_world(Scenario.from_mapping(base), 4)
    assert len(plain.moods) == 0
    mood = {"log_sd": 0.4, "half_life": 10, "now": -0.5}
    moody, _ = build_world(Scenario.from_mapping({**base, "community": {"mood": mood}}), 4)
    assert moody.moods["factor"][:400] == pytest.approx(np.exp(path(4, start=-0.5) - 0.08))
