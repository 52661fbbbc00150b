"""Bands: ordered, as wide as past errors, and true on communities whose luck is shared or not."""

import datetime

import numpy as np
import pytest

from shequn.experiments.forecasting.bands import LEVELS, Errors, band, past_errors, quantiles_of, usual_size
from shequn.experiments.forecasting.forecast import (
    FORECAST,
    WIDENING,
    Forecast,
    Forecasts,
    forecast,
    forecast_table,
)
from shequn.experiments.forecasting.weeks import History
from shequn.experiments.logs.log import LogError
from tests.experiments.forecasting.test_levels import made_log

LEVEL = np.full(13, 50.0)
NONE = Errors(np.zeros((0, 13)), np.zeros((0, 13)), 0)


def told(size: float, span: int = 2000) -> Errors:
    """Many past errors of a size, in standard deviations of the usual."""
    rng = np.random.default_rng(1)
    expected = np.full((500, 13), 50.0)
    logarithms = size * usual_size(expected) * rng.normal(size=(500, 13))
    return Errors(expected, np.expm1(np.log1p(expected) + logarithms), span)


def test_quantiles_are_ordered_and_the_level_is_the_median() -> None:
    found = band(LEVEL, NONE)
    assert (np.diff(found, axis=0) > 0).all()
    np.testing.assert_allclose(found[LEVELS.index(0.5)], LEVEL)
    assert (np.diff(found[-1] - found[0]) > 0).all()  # wider further ahead
    assert (band(np.zeros(13), NONE) >= 0).all()


def test_a_log_that_missed_more_gets_a_wider_band() -> None:
    widths = [np.diff(np.log1p(band(LEVEL, told(size))[[0, -1]]), axis=0)[0] for size in (0.5, 1.0, 2.0)]
    normal = 2 * 1.645 * usual_size(LEVEL)
    for size, width in zip((0.5, 1.0, 2.0), widths, strict=True):
        np.testing.assert_allclose(width, size * normal, rtol=0.12)
    few = np.diff(np.log1p(band(LEVEL, told(2.0, span=15))[[0, -1]]), axis=0)[0]
    assert few[-1] < widths[2][-1] * 1.3  # drawn to the usual size, with the tails of few errors
    wider = np.diff(np.log1p(band(LEVEL, NONE, 2.0)[[0, -1]]), axis=0)
    np.testing.assert_allclose(wider, 2 * np.diff(np.log1p(band(LEVEL, NONE)[[0, -1]]), axis=0))


def test_past_errors_know_nothing_from_the_origin_on() -> None:
    series = np.arange(60.0)
    found = past_errors(lambda at: np.full(4, float(at)), series, 40, 4)
    assert found.expected[-1].tolist() == [39.0] * 4
    assert found.observed[-1][0] == 39 and np.isnan(found.observed[-1][1:]).all()
    assert np.nanmax(found.observed) == 39
    assert past_errors(lambda at: np.zeros(4), series, 16, 4).expected.shape == (0, 4)


def test_bands_cover_what_comes() -> None:
    """Members with luck of their own: 90 % bands cover more than 85 % of 13 weeks over 24 origins."""
    covered = []
    for seed in range(4):
        forecasts = Forecasts(History.of(made_log(150, 30 + seed)), 13, "members")
        weekly = forecasts.levels.history.weekly
        for origin in range(60, 132, 12):
            found, seen = forecasts.at(origin).active, weekly.active[origin : origin + 13]
            covered.append((found[0] <= seen) & (seen <= found[-1]))
    assert np.mean(covered) > 0.85


def test_the_forecast_of_a_log_and_its_table() -> None:
    log = made_log(40, 5)
    found = forecast(log, 6)
    assert found.active.shape == found.joins.shape == (len(LEVELS), 6)
    table = forecast_table({"as_is": found, "factor": found}, datetime.date(2026, 1, 5))
    assert list(table.columns) == list(FORECAST.names)
    assert table["begins"].tolist()[:2] == ["2026-01-05", "2026-01-12"]
    assert len(table) == 2 * 2 * 6
    assert set(WIDENING) == {"active", "joins"}
    with pytest.raises(LogError, match="15 whole weeks: a forecast needs at least 16"):
        forecast(made_log(15, 5), 6)


def test_quantiles_have_their_place() -> None:
    values = np.arange(10.0).reshape(5, 2)
    assert Forecast(values, values).median.active.tolist() == [4.0, 5.0]


@pytest.mark.parametrize("n", [19, 40])
def test_of_runs_at_their_expected_ranks_each_quantile_is_its_level(n: int) -> None:
    ranks = np.arange(1, n + 1) / (n + 1)  # expected places of n uniform numbers in order
    np.testing.assert_allclose(quantiles_of(ranks), LEVELS)
    both = quantiles_of(np.column_stack((ranks, 2 * ranks)))
    assert both.shape == (len(LEVELS), 2)


def test_few_runs_have_their_ends_as_outer_quantiles() -> None:
    np.testing.assert_array_equal(quantiles_of(np.array([3.0, 1.0, 2.0]))[[0, -1]], [1.0, 3.0])
