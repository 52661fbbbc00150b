"""Cases 1 and 7: sizes and waits known from queueing theory; Little's law."""

import math

import numpy as np
import pytest
from scipy import stats

from shequn import simulate
from shequn.sim.kernel.state import JournalKind
from shequn.sim.result import Result
from tests.sim.little import check_little
from tests.theory.cases import ERROR, case, chi_square_is, mean_is, near


def poisson_arrivals(days: int = 5000) -> Result:
    """Case 1: 20 fresh people a day, each leaving at hazard 1 a day: M/M/infinity."""
    changes = {
        "population.people": 2,
        "rules.leaving.hazard": 1.0,
        "operations": [{"do": "arrivals", "day": 0, "per_day": 20}],
    }
    return simulate(case("M/M/infinity", days, changes), seed=11)


@pytest.fixture(scope="module")
def open_queue() -> Result:
    return poisson_arrivals()


def test_size_is_poisson_with_mean_arrivals_over_leaving(open_queue: Result) -> None:
    """Sizes 10 days apart are independent but for e^-10; their mean is normal, their variance over
    their mean chi-square (n - 1 degrees), both to O(1/(n mean)) with n = 498."""
    sizes = open_queue.outcome.days["members"][20::10].astype(float)
    n = len(sizes)
    assert near(sizes.mean(), 20.0, math.sqrt(20.0 / n))
    assert chi_square_is((n - 1) * sizes.var(ddof=1) / sizes.mean(), n - 1)


def test_stays_are_exponential(open_queue: Result) -> None:
    """Kolmogorov-Smirnov over the stays that began 40 mean stays before the end (all over but e^-40)."""
    stays = open_queue.stays
    early = stays.joined_at < open_queue.scenario.days - 40
    length = stays.left_at[early] - stays.joined_at[early]
    assert len(length) > 90_000
    assert stats.kstest(length, stats.expon().cdf).pvalue > ERROR


def test_arrivals_are_poisson(open_queue: Result) -> None:
    """Gaps between joinings are exponential (Kolmogorov-Smirnov)."""
    gaps = np.diff(open_queue.stays.joined_at)
    assert stats.kstest(gaps, stats.expon(scale=1 / 20).cdf).pvalue > ERROR


def pool(people: int, days: int, seed: int) -> np.ndarray:
    """Case 1: nobody in, each of so many finds the door at hazard .02 and leaves at .05, for good."""
    changes = {
        "population.people": people,
        "community.openness": 1,
        "community.reach": 0.02,
        "rules.leaving.hazard": 0.05,
    }
    days_rows: np.ndarray = simulate(case("Finite pool", days, changes), seed).outcome.days
    return days_rows


def inside_probability(t: float) -> float:
    """h / (m - h) × (e^-ht - e^-mt) with h = .02, m = .05."""
    return 0.02 / 0.03 * (math.exp(-0.02 * t) - math.exp(-0.05 * t))


@pytest.mark.parametrize("day", [5, 20, 60, 150])
def test_size_from_a_finite_pool_has_the_binomial_mean(day: int) -> None:
    """200,000 people: the size's sd is that of the binomial, at most .2 %."""
    p = inside_probability(day)
    size = pool(200_000, day, seed=day)["members"][day]
    assert near(size, 200_000 * p, math.sqrt(200_000 * p * (1 - p)))


def test_size_from_a_finite_pool_has_the_binomial_variance() -> None:
    """Squared z-scores of 200 runs sum to a chi-square (their mean of 200 p = 65 makes them normal)."""
    p = inside_probability(30)
    sizes = np.array([pool(200, 30, seed)["members"][30] for seed in range(200)])
    assert chi_square_is(float(((sizes - 200 * p) ** 2).sum() / (200 * p * (1 - p))), 200)


def quota(per_day: float, days: int) -> Result:
    """Case 7: fresh people as a Poisson process before a gate that passes 1,000 a day."""
    changes = {
        "journal": "membership",
        "population.people": 2,
        "rules.leaving.hazard": 1.0,
        "gates": [{"kind": "quota", "per_day": 1000, "patience": "never"}],
        "operations": [{"do": "arrivals", "day": 0, "per_day": per_day}],
    }
    return simulate(case("M/D/1", days, changes), seed=7)


@pytest.fixture(scope="module", params=[0.5, 0.9], ids="load {}".format)
def waiting_line(request: pytest.FixtureRequest) -> tuple[float, Result]:
    return request.param, quota(1000 * request.param, 300)


def test_a_quota_gate_makes_each_wait_what_lindley_says(waiting_line: tuple[float, Result]) -> None:
    """Exactly, but for rounding: one passes on coming, or one interval after the one before."""
    rows = waiting_line[1].outcome.membership
    passed = rows[rows["kind"] == JournalKind.PASS_LINE]
    came = passed["time"] - passed["value"]
    assert len(passed) > 100_000
    assert (np.diff(came) >= -1e-9).all()
    free, due = 0.0, np.empty(len(came))
    for n, at in enumerate(came.tolist()):
        due[n] = max(at, free)
        free = due[n] + 1e-3
    assert np.abs(passed["time"] - due).max() < 1e-9


def test_mean_wait_at_a_quota_gate_is_that_of_m_d_1(waiting_line: tuple[float, Result]) -> None:
    """load / (2 (1 - load)) service times: .5 and 4.5. Student's t over 40 batches, each longer than
    ten relaxation times of the line; the first twentieth is left out."""
    load, result = waiting_line
    rows = result.outcome.membership
    waits = 1000 * rows["value"][rows["kind"] == JournalKind.PASS_LINE]
    batches = np.array_split(waits[len(waits) // 20 :], 40)
    means = [batch.mean() for batch in batches]
    assert mean_is(means, load / (2 * (1 - load)))
    assert np.std(means) / 40**0.5 < 0.03 * np.mean(means)  # sharp enough to mean something


def test_everybody_who_came_has_passed_or_waits(waiting_line: tuple[float, Result]) -> None:
    days = waiting_line[1].outcome.days
    rows = waiting_line[1].outcome.membership
    waiting = (rows["kind"] == JournalKind.WAIT).sum()
    passed = ((rows["kind"] == JournalKind.PASS_LINE) & (rows["value"] > 0)).sum()
    assert days["waiting"][-1] == waiting - passed
    assert days["given_up"].sum() == 0


def test_members_are_join_rate_times_stay(waiting_line: tuple[float, Result]) -> None:
    """Little's law, exactly: members summed over time = stays (to the end) summed over people."""
    check_little(waiting_line[1])


def test_members_are_join_rate_times_stay_without_a_gate(open_queue: Result) -> None:
    check_little(open_queue)
