"""The backtest of the forecaster: its scores by hand, and on a real log where there is one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shequn.experiments.forecasting.bands import Errors
from shequn.experiments.forecasting.forecast import SERIES
from shequn.experiments.forecasting.levels import FORECASTERS
from shequn.experiments.studies import backtest
from shequn.experiments.studies.evaporation import line
from shequn.experiments.studies.real_logs import real_logs

LOGS = Path(__file__).resolve().parents[4] / "shared" / "data" / "logs"


def rows() -> pd.DataFrame:
    """Two logs, four origins: what comes is 10; the combination says 11, all others 12."""
    parts = []
    for log in ("a", "b"):
        for origin in (1, 2, 3, 4):
            for forecaster in (*FORECASTERS, "own errors"):
                for series in SERIES:
                    level = 11.0 if forecaster == "combined" else 12.0
                    half = 2.0 if log == "a" else 0.5
                    parts.append(
                        pd.DataFrame(
                            {
                                "log": log,
                                "origin": origin,
                                "series": series,
                                "week": np.arange(1, 27),
                                "observed": 10.0,
                                "level": level,
                                "forecaster": forecaster,
                                "low": level - half,
                                "high": level + half,
                            }
                        )
                    )
    return pd.concat(parts, ignore_index=True)


def test_errors_are_over_those_of_the_last_8_weeks() -> None:
    found = backtest.relative_errors(rows(), "active").set_index(["forecaster", "weeks", "log"])["ratio"]
    for weeks in backtest.HORIZONS:
        assert np.exp(found["combined", weeks, "a"]) == pytest.approx(0.5)
        assert np.exp(found["damped", weeks, "b"]) == pytest.approx(1.0)


def test_coverage_and_interval_score_by_hand() -> None:
    ours = rows()[lambda r: (r["forecaster"] == "combined") & (r["series"] == "active")]
    share, low, high = backtest.coverage(ours)
    assert (share, low, high) == (0.5, 0.0, 1.0)
    scores = backtest.interval_scores(ours)
    assert scores["a"] == pytest.approx(4 / 10)  # inside: the width
    assert scores["b"] == pytest.approx((1 + 20 * 0.5) / 10)  # half a person outside, times 2 / alpha


def test_the_factor_of_width_makes_nine_of_ten_covered() -> None:
    noise = np.random.default_rng(1).normal(0, 0.3, len(rows()))
    table = rows().assign(observed=np.expm1(np.log1p(11.0) + noise))
    factors = backtest.widths(table)
    wide = backtest.widened(table[table["forecaster"] == "combined"], factors)
    for series in SERIES:
        assert backtest.coverage(wide[wide["series"] == series])[0] == pytest.approx(0.9, abs=0.01)


def test_own_errors_go_on_where_none_is_known() -> None:
    expected = np.full((4, 3), 10.0)
    observed = np.array([[9.0, 8, np.nan], [10, 12, np.nan], [11, 12, np.nan], [12, 8, np.nan]])
    low, high = backtest.own_errors_band(np.full(3, 10.0), Errors(expected, observed, 4))
    assert low[0] == pytest.approx(9.2, abs=0.1) and high[0] == pytest.approx(11.9, abs=0.1)
    assert low[2] == low[1] and high[2] == high[1]


def test_the_tables_are_written() -> None:
    text = "\n".join([*backtest.level_lines(rows()), *backtest.band_lines(rows())])
    assert "| combined | 26 | 0.500" in text
    assert "90 % bands at even origins: joins" in text


def test_a_coefficient_that_a_log_lacks_is_an_empty_cell() -> None:
    text = line("x", {"leaving_activity": -1.0, "leaving_activity_se": 0.1})
    assert text.startswith("| x | -1.00 ± 0.10 |  |")


@pytest.mark.skipif(not LOGS.exists(), reason=f"the real logs are not here ({LOGS})")
def test_a_real_log_is_forecast_from_every_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest, "ORIGINS", (0.5, 0.8))
    found = backtest.of_log(real_logs()["lobsters"], LOGS)
    assert found["origin"].unique().tolist() == [1, 2]
    assert len(found) == 2 * 2 * 26 * (len(FORECASTERS) + 1)
    banded = found[found["forecaster"] == "combined"]
    assert (banded["low"] <= banded["level"]).all() and (banded["level"] <= banded["high"]).all()
