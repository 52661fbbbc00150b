"""Draws against a posterior that is known: coverage, width, and what is said not to be identified."""

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from shequn.experiments.calibration.fitting import PROBE, NoSimilarRunError, fit
from shequn.experiments.calibration.parameters import Parameter
from shequn.experiments.calibration.posterior import Posterior, weighted_quantile
from shequn.experiments.calibration.trials import Trial

PARAMETERS = (Parameter("a", 0, 1), Parameter("b", 0, 1), Parameter("c", 0, 1))
NOISE = 0.06
FEWEST = 1e-4  # error level


def toy(unit: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Moments of three numbers: a and b with noise, twice over, c not at all."""
    seen = rng.normal(0, NOISE * np.sqrt(2), (2, 2))
    return {
        "a1": unit[0] + seen[0, 0],
        "a2": 3 * (unit[0] + seen[1, 0]) - 1,
        "b1": unit[1] + seen[0, 1],
        "b_squared": (unit[1] + seen[1, 1] + 2) ** 2,
        "nothing": rng.normal(),
    }


def runner(seed: int):  # type: ignore[no-untyped-def]
    def run(first: int, points: np.ndarray) -> list[Trial]:
        return [
            Trial(first + k, tuple(map(float, place)), toy(place, np.random.default_rng((seed, first + k))))
            for k, place in enumerate(points)
        ]

    return run


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    covered, widths = [], []
    for log in range(40):
        truth = rng.uniform(size=3)
        found = fit(PARAMETERS, toy(truth, rng), runner(log), 400, 1).posterior.interval(0.9)
        covered.append((truth >= found[:, 0]) & (truth <= found[:, 1]))
        widths.append(found[:, 1] - found[:, 0])
    hits = int(np.sum(covered))
    assert binomtest(hits, 120, 0.9).pvalue > FEWEST, f"{hits} of 120"
    # two looks with noise √2 × NOISE say as much as one with NOISE: a normal of that width, cut at the ends
    exact = 2 * norm.ppf(0.95) * NOISE
    middle = np.median(np.array(widths)[:, :2])
    assert exact * 0.75 < middle < exact * 1.35
    assert np.median(np.array(widths)[:, 2]) > 0.8


def test_a_parameter_without_trace_and_two_in_a_sum_are_not_identified() -> None:
    def run(first: int, points: np.ndarray) -> list[Trial]:
        found = []
        for k, place in enumerate(points):
            rng = np.random.default_rng((3, first + k))
            moments = {"sum": place[0] + place[1] + rng.normal(0, 0.005), "other": rng.normal()}
            found.append(Trial(first + k, tuple(map(float, place)), moments))
        return found

    posterior = fit(PARAMETERS, {"sum": 1.0, "other": 0.0}, run, 1200, 1).posterior
    assert "c" in posterior.unidentified()
    ((key, other, rho),) = posterior.confounded()
    assert (key, other) == ("a", "b") and rho < 0


def test_the_best_lies_where_the_log_is() -> None:
    rng = np.random.default_rng(2)
    truth = np.array([0.3, 0.7, 0.5])
    found = fit(PARAMETERS, toy(truth, rng), runner(9), 400, 1)
    np.testing.assert_allclose(found.best[:2], truth[:2], atol=5 * NOISE)


def test_a_log_that_no_run_is_like_is_refused_after_the_first_runs_and_the_range_is_named() -> None:
    calls = []

    def run(first: int, points: np.ndarray) -> list[Trial]:
        calls.append(len(points))
        return [
            Trial(first + k, tuple(map(float, place)), None, int(100 * place[1]))
            for k, place in enumerate(points)
        ]

    with pytest.raises(
        NoSimilarRunError, match=r"0 of the first 64 runs .* b moves .* higher .* b=0.5\.\.1.5"
    ):
        fit(PARAMETERS, {"log_events": np.log(5000.0)}, run, 200, 1)
    assert calls == [PROBE]
    with pytest.raises(NoSimilarRunError, match="lower"):
        fit(PARAMETERS, {"log_events": 0.0}, run, 200, 1)


def test_a_log_beyond_a_range_is_pressed_against_its_end() -> None:
    truth = np.array([1.4, 0.5, 0.5])
    found = fit(PARAMETERS, toy(truth, np.random.default_rng(1)), runner(4), 400, 1).posterior
    assert found.at_ends() == found.pressed() == {"a": "high"}
    inside = fit(PARAMETERS, toy(np.full(3, 0.5), np.random.default_rng(1)), runner(4), 400, 1).posterior
    assert inside.at_ends() == {}


def test_a_wide_interval_touches_an_end_without_being_pressed_against_it() -> None:
    even = np.linspace(0, 1, 200)
    draws = np.column_stack((0.5 * even**2, 0.1 * even, 0.3 + 0.4 * even))
    found = Posterior(PARAMETERS, draws, np.full(200, 1 / 200))
    assert found.at_ends() == {"a": "low", "b": "low"}
    assert found.pressed() == {"b": "low"}


def test_weighted_quantiles_of_equal_weights_are_those_of_the_values() -> None:
    values = np.random.default_rng(1).normal(size=501)
    weights = np.full(501, 1 / 501)
    assert weighted_quantile(values, weights, 0.5) == pytest.approx(np.median(values), abs=1e-9)


def test_a_sample_keeps_the_weights() -> None:
    draws = np.array([[0.1], [0.9]])
    found = Posterior(PARAMETERS[:1], draws, np.array([0.25, 0.75])).sample(400, 3)
    assert abs(np.mean(found == 0.9) - 0.75) <= 1 / 400
