"""Cases 6 and 9: leaving by a clock, blind to quality or not."""

import math

import numpy as np
import pytest

from shequn import simulate
from shequn.sim.result import Result
from tests.theory.cases import Z, case, near


def mixed_community(by_quality: float, seed: int = 4) -> Result:
    """Founders far above the strangers who follow, and everybody leaving by a clock of their own.

    So quality goes together with tenure, and the temperature falls by dilution: what must not
    be taken for evaporation. Some come back.
    """
    changes = {
        "population.people": 20_000,
        "population.founders": 500,
        "population.founders_by": "quality",
        "community.openness": 1,
        "community.strangers_per_day": 20,
        "community.return_after": 30,
        "rules.leaving.hazard": 0.05 - 0.5 * by_quality,
        "rules.leaving.hazard_quality": by_quality,
    }
    return simulate(case("Clock", 600, changes), seed)


@pytest.fixture(scope="module")
def blind() -> Result:
    return mixed_community(0.0)


def test_evaporation_is_zero_when_the_clock_ignores_quality(blind: Result) -> None:
    """Each leaver is drawn evenly from those present, so evaporation is a martingale: its sum over the
    root of the sum of its squared steps is standard normal (more than 10,000 departures)."""
    steps = blind.departures["temperature_change"].to_numpy()
    assert len(steps) > 10_000
    assert abs(steps.sum()) < Z * math.sqrt((steps**2).sum())
    assert blind.outcome.days["evaporation"][-1] == pytest.approx(steps.sum(), abs=1e-9)
    assert blind.outcome.days["dilution"][-1] < -0.2  # while dilution is strong


@pytest.mark.parametrize("measure", ["rank", "matched_rank"])
def test_ranks_of_leavers_are_one_half_when_the_clock_ignores_quality(blind: Result, measure: str) -> None:
    """Likewise for rank - 1/2: among all present, and among those of similar tenure."""
    steps = blind.departures[measure].dropna().to_numpy() - 0.5
    assert len(steps) > 10_000
    assert abs(steps.sum()) < Z * math.sqrt((steps**2).sum())


def test_the_control_evaporates_as_much_as_a_blind_clock(blind: Result) -> None:
    """Evaporation less its quality-blind control is a martingale too."""
    steps = (blind.departures["temperature_change"] - blind.departures["control"]).to_numpy()
    assert abs(steps.sum()) < Z * math.sqrt((steps**2).sum())


def test_the_same_measures_notice_a_clock_that_does_not() -> None:
    """The test can fail: hazards from .03 to .07 by quality are found out twice over."""
    departures = mixed_community(0.04).departures
    for measure, middle, sign in (("matched_rank", 0.5, 1), ("temperature_change", 0.0, -1)):
        steps = departures[measure].dropna().to_numpy() - middle
        assert sign * steps.sum() > 2 * Z * math.sqrt((steps**2).sum())


PEOPLE, BASE, SLOPE = 200_000, 0.01, 0.1  # h0 and h1, per day


@pytest.fixture(scope="module")
def faster_when_better() -> np.ndarray:
    """Case 9: everybody is in, quality uniform, hazard of leaving h0 + h1 q."""
    changes = {
        "population.people": PEOPLE,
        "population.founders": "all",
        "rules.leaving.hazard": BASE,
        "rules.leaving.hazard_quality": SLOPE,
    }
    days: np.ndarray = simulate(case("The better leave sooner", 50, changes), seed=9).outcome.days
    return days


@pytest.mark.parametrize(("x", "published"), [(1, 0.418), (2, 0.343), (5, 0.193)])
def test_mean_quality_of_stayers_is_that_of_a_cut_exponential(
    faster_when_better: np.ndarray, x: int, published: float
) -> None:
    """After t with h1 t = x qualities have density e^(-x q) on (0, 1): mean 1/x - 1/(e^x - 1), variance
    1/x^2 - e^x/(e^x - 1)^2. The mean of n stayers is normal with sd below .002."""
    mean = 1 / x - 1 / math.expm1(x)
    assert mean == pytest.approx(published, abs=6e-4)
    row = faster_when_better[round(x / SLOPE)]
    sd = math.sqrt((1 / x**2 - math.exp(x) / math.expm1(x) ** 2) / row["members"])
    assert sd < 0.002
    assert near(row["temperature"], mean, sd)
    change = row["temperature"] - faster_when_better[0]["temperature"]
    assert row["evaporation"] == pytest.approx(change, abs=1e-9)


@pytest.mark.parametrize("x", [1, 2, 5])
def test_number_of_stayers_is_binomial(faster_when_better: np.ndarray, x: int) -> None:
    """Each stays with chance e^(-h0 t) (1 - e^-x)/x."""
    p = math.exp(-BASE * x / SLOPE) * -math.expm1(-x) / x
    stayed = faster_when_better[round(x / SLOPE)]["members"]
    assert near(stayed, PEOPLE * p, math.sqrt(PEOPLE * p * (1 - p)))
