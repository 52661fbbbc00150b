"""Statistics of logs whose answers are known, and of logs too small to have any."""

from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from shequn.experiments.logs.activity import DAY, Activity
from shequn.experiments.logs.lifetimes import product_limit, survival_band
from shequn.experiments.logs.participation import active_within, gini, power_tail, top_share
from shequn.experiments.logs.statistics import statistics

LOG = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 400 * DAY)), min_size=1, max_size=60)


def made(rng: np.random.Generator, people: int = 300, days: int = 1_000) -> tuple[np.ndarray, np.ndarray]:
    """People who join evenly, stay an exponential time, act as a Poisson process."""
    joined = rng.uniform(0, days, people)
    stay = np.minimum(rng.exponential(120, people), days - joined - 1e-6)
    n = 1 + rng.poisson(stay / 4)
    person = np.repeat(np.arange(people), n)
    first = np.concatenate(([True], np.diff(person) != 0))
    time = joined[person] + np.where(first, 0, rng.uniform(size=len(person)) * stay[person])
    return person, time * DAY


LIVES = st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=80)


@given(LIVES)
def test_the_product_limit_is_that_of_scipy(people: list[tuple[int, bool]]) -> None:
    duration, left = (np.array(column) for column in zip(*people, strict=True))
    theirs = ecdf(CensoredData.right_censored(duration, ~left)).sf
    at, surviving = product_limit(duration, left)
    np.testing.assert_array_equal(at, theirs.quantiles)
    np.testing.assert_allclose(surviving, theirs.probabilities, rtol=1e-12)


@given(LIVES)
def test_the_survival_curve_lies_within_its_band(people: list[tuple[int, bool]]) -> None:
    duration, left = (np.array(column) for column in zip(*people, strict=True))
    at, surviving, low, high = survival_band(duration, left)
    assert at[0] == 0
    assert ((low <= surviving) & (surviving <= high) & (low >= 0) & (high <= 1)).all()
    assert ((low < high) == ((surviving > 0) & (surviving < 1))).all()


def test_the_survival_band_is_greenwoods_worked_out_by_hand() -> None:
    """Four people, leaving on days 1 and 2 while two are still there on day 3."""
    at, surviving, low, high = survival_band([1, 2, 3, 3], [True, True, False, False])
    assert at.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(surviving, [1, 0.75, 0.5, 0.5])
    variance = np.array([1 / (4 * 3), 1 / (4 * 3) + 1 / (3 * 2)])
    half = 1.959963984540054 * np.sqrt(variance) / np.abs(np.log(surviving[1:3]))
    np.testing.assert_allclose(low[1:3], surviving[1:3] ** np.exp(half))
    np.testing.assert_allclose(high[1:3], surviving[1:3] ** np.exp(-half))


@given(LOG)
def test_order_names_and_whole_days_of_shift_do_not_matter(log: list[tuple[int, int]]) -> None:
    person, time = (np.array(column) for column in zip(*log, strict=True))
    found = statistics(person, time, 30)
    shuffled = np.random.default_rng(len(log)).permutation(len(log))
    again = statistics(97 - 3 * person[shuffled], time[shuffled].astype(float), 30)
    assert again == pytest.approx(found, nan_ok=True)
    calendar = {"month_gini", "month_top10"}  # by calendar months
    later = statistics(person, time + 7 * DAY, 30)
    assert {k: v for k, v in later.items() if k not in calendar} == pytest.approx(
        {k: v for k, v in found.items() if k not in calendar}, nan_ok=True
    )


@given(LOG)
def test_shares_lie_between_0_and_1(log: list[tuple[int, int]]) -> None:
    person, time = (np.array(column) for column in zip(*log, strict=True))
    unbounded = ("gap_", "KM_median", "events_", "burstiness", "sp_")
    for name, value in statistics(person, time, 20).items():
        if not name.startswith(unbounded) or name == "gap_share1":
            assert np.isnan(value) or -1e-12 <= value <= 1 + 1e-12, name


@given(LOG, st.integers(1, 40))
def test_people_active_within_a_window_are_counted_once(log: list[tuple[int, int]], window: int) -> None:
    activity = Activity.of(*(np.array(column) for column in zip(*log, strict=True)))
    counted = [
        len({p for p, d in zip(activity.person, activity.day, strict=True) if today - window < d <= today})
        for today in range(activity.days)
    ]
    assert active_within(activity, window).tolist() == counted


def test_retention_by_hand() -> None:
    # person 0: days 0, 1, 7, 35, 200; person 1: day 0 alone; person 2 too late to count; 3 ends the log
    days = {0: [0, 1, 7, 35, 200], 1: [0], 2: [250, 251], 3: [400]}
    person = np.repeat(list(days), [len(seen) for seen in days.values()])
    found = statistics(person, np.concatenate(list(days.values())) * DAY)
    assert (found["D1"], found["D7"], found["W1"], found["W4"], found["M1"]) == (0.5, 0.5, 0.5, 0.0, 0.5)
    assert (found["M6"], found["ever_after_30d"], found["ever_after_180d"]) == (0.5, 0.5, 0.5)
    assert (found["one_day_share"], found["P(2nd day|1)"]) == (0.5, 0.5)
    assert found["gap_median_d"] == 6.0  # gaps 1, 6, 28, 165, 1


def test_lifetimes_are_those_that_people_were_given() -> None:
    found = statistics(*made(np.random.default_rng(4), people=20_000, days=3_000), silence=90)
    # exponential stays of mean 120; sd of a share over some 18,000 is .004: five of them and the
    # last event's lead on the departure (4 days of 120)
    assert found["KM_S90"] == pytest.approx(np.exp(-94 / 120), abs=0.02)
    assert found["KM_S365"] == pytest.approx(np.exp(-369 / 120), abs=0.02)


def half_years(rng: np.random.Generator, leaving: np.ndarray, rate: np.ndarray) -> dict[str, float]:
    """Statistics of people who act all half-year at their rate, and leave at its end with their chance."""
    stay = rng.geometric(leaving)
    person = np.repeat(np.arange(len(rate)), stay)
    half = np.arange(len(person)) - np.repeat(np.cumsum(stay) - stay, stay)
    n = 1 + rng.poisson(rate[person])
    time = (np.repeat(half, n) + rng.uniform(size=n.sum())) * 182
    return statistics(np.repeat(person, n), time * DAY)


def test_leavers_rank_as_stayers_when_leaving_is_blind_and_lower_when_the_idle_leave() -> None:
    rng = np.random.default_rng(9)
    rate = rng.lognormal(2, 1, 4_000)
    blind = half_years(rng, np.full(4_000, 0.4), rate)
    # a mean rank of some 4,000 leavers: sd .29/√4,000 = .005; a difference of 5 sd has chance 1e-6
    assert blind["rank_leavers"] == pytest.approx(blind["rank_stayers"], abs=0.033)
    assert blind["leave_rest_halfyear"] == pytest.approx(0.4, abs=0.03)
    idle = half_years(rng, np.where(rate < np.median(rate), 0.6, 0.2), rate)
    assert idle["rank_leavers"] < idle["rank_stayers"] - 0.1
    assert idle["leave_core_halfyear"] < idle["leave_rest_halfyear"]


def test_inequality_at_its_ends() -> None:
    assert gini([5, 5, 5, 5]) == pytest.approx(0)
    assert gini([0] * 999 + [1]) == pytest.approx(0.999)
    assert top_share([1] * 50, 0.1) == pytest.approx(0.1)
    assert top_share([1, 2, 7], 0.01) == pytest.approx(0.7)  # one at least


def test_the_tail_exponent_is_found() -> None:
    rng = np.random.default_rng(2)
    values = np.floor(4.5 * rng.uniform(size=200_000) ** (-1 / 0.7) + 0.5)  # exponent 1.7
    assert power_tail(values, 5) == pytest.approx(1.7, abs=0.02)  # sd .7/√200,000 = .0016, plus rounding


def test_one_event_has_statistics_where_it_can() -> None:
    found = statistics([7], [12.5])
    assert found["one_day_share"] == found["one_event_share"] == found["events_per_session30"] == 1
    assert np.isnan(found["D1"]) and np.isnan(found["burstiness"]) and np.isnan(found["rank_leavers"])
    assert len(found) == 44


def test_a_million_events_take_a_few_seconds() -> None:
    rng = np.random.default_rng(8)
    person = rng.zipf(1.6, 1_000_000) % 6_000
    time = rng.uniform(0, 3_000 * DAY, len(person))
    begun = process_time()
    statistics(person, time)
    assert process_time() - begun < 5.0  # .5 measured


def test_the_end_of_watching_makes_leavers() -> None:
    quiet = statistics([1, 1, 2, 2], np.array([0, 9, 1, 10]) * DAY, silence=30)
    assert quiet["KM_S30"] != quiet["KM_S30"]  # nobody has left: unknown
    watched = statistics([1, 1, 2, 2], np.array([0, 9, 1, 10]) * DAY, silence=30, end=100.0 * DAY)
    assert watched["KM_S30"] == 0.0


@pytest.mark.parametrize(
    ("person", "time", "end", "said"),
    [
        ([], [], None, "without events"),
        ([1, 2], [1.0], None, "one row for each event"),
        ([1], [np.nan], None, "finite"),
        ([1], [50.0], 20.0, "before the last event"),
    ],
)
def test_what_is_no_log_is_refused(person: list[int], time: list[float], end: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        statistics(person, time, end=end)
