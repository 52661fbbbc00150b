"""The forecaster of `shequn forecast` on real logs whose future is known: error of the level, truth of the band.

``python -m shequn.experiments.studies.backtest LOGS --out TABLE`` forecasts five logs from 12 origins each (25, 30 …
80 % of their days), 26 weeks ahead. An origin uses nothing after it. The rules were fixed before any score was seen:

- *Level*: the error over 4, 13 and 26 weeks is the sum of absolute errors over the sum of what came, beside that of
  the mean of the last 8 weeks; geometric mean over origins, then over logs, with Student's interval over logs.
- *Band*: its factor of width is the one with which 90 % bands cover 90 % at odd origins (the first, third, …), each log
  counting alike. Even origins score it: coverage, with the block-bootstrap interval over logs, and the mean interval
  score (Gneiting & Raftery 2007) beside that of the mean of the last 8 weeks with the 5 and 95 % quantiles of its own
  past errors, and with the same kind of band as ours and a factor of its own.

The factors that are shipped (`forecast.WIDENING`) are those of all origins, found after the scoring.
"""

import itertools
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click
import numpy as np
import pandas as pd

from shequn.experiments.calibration.setting import truncate
from shequn.experiments.forecasting.bands import LEVELS, Errors
from shequn.experiments.forecasting.forecast import SERIES, WIDENING, Forecasts, errors_of
from shequn.experiments.forecasting.levels import FORECASTERS
from shequn.experiments.forecasting.weeks import History, Numbers, weekly
from shequn.experiments.intervals import mean_interval
from shequn.experiments.studies.real_logs import RealLog, real_logs
from shequn.sim.processes import processors

ORIGINS = tuple(percent / 100 for percent in range(25, 81, 5))  # of a log's days
AHEAD = 26  # weeks
HORIZONS = (4, 13, AHEAD)
COVERED = 0.9
_BANDS = ("combined", "persistence", "own errors")  # forecasts with a band
_RESAMPLES, _SEED = 10_000, 1


def of_log(log: RealLog, folder: Path) -> pd.DataFrame:
    """All forecasts of a log: a row for each origin, forecaster, series and week, with bounds of a 90 % band."""
    whole = log.activity(folder)
    tables = []
    for number, share in enumerate(ORIGINS, 1):
        past = truncate(whole, round(share * whole.days))
        observed = weekly(whole, past.days, AHEAD)
        history = History.of(past)
        for forecaster in FORECASTERS:
            forecasts = Forecasts(history, AHEAD, forecaster)
            level = forecasts.level(history.n_weeks)
            for series in SERIES:
                base = {
                    "log": log.name,
                    "origin": number,
                    "series": series,
                    "week": np.arange(1, AHEAD + 1),
                    "observed": getattr(observed, series),
                    "level": getattr(level, series),
                }
                if forecaster not in _BANDS:
                    tables.append(pd.DataFrame({**base, "forecaster": forecaster}))
                    continue
                quantiles = getattr(forecasts.at(history.n_weeks, dict.fromkeys(SERIES, 1.0)), series)
                tables.append(
                    pd.DataFrame(
                        {**base, "forecaster": forecaster, "low": quantiles[0], "high": quantiles[-1]}
                    )
                )
                if forecaster == "persistence":
                    low, high = own_errors_band(
                        getattr(level, series), errors_of(forecasts, series, history.n_weeks, every=1)
                    )
                    tables.append(
                        pd.DataFrame({**base, "forecaster": "own errors", "low": low, "high": high})
                    )
    return pd.concat(tables, ignore_index=True)


def own_errors_band(level: Numbers, errors: Errors) -> tuple[Numbers, Numbers]:
    """The level times the 5 and 95 % quantiles of past errors; where none is known so far ahead, the last known."""
    found = np.full((2, len(level)), np.nan)
    for k in range(len(level)):
        seen = errors.logarithms[:, k]
        seen = seen[np.isfinite(seen)]
        found[:, k] = np.quantile(seen, (LEVELS[0], LEVELS[-1])) if len(seen) else found[:, k - 1]
    low, high = np.maximum(np.expm1(np.log1p(level) + found), 0.0)
    return low, high


def relative_errors(rows: pd.DataFrame, series: str) -> pd.DataFrame:
    """Logarithm of error over that of persistence, by forecaster, horizon and log: mean over origins."""
    some = rows[(rows["series"] == series) & (rows["forecaster"] != "own errors")]
    keys = ["log", "origin", "weeks"]
    errors = pd.concat(
        [
            some[some["week"] <= weeks]
            .assign(weeks=weeks, error=lambda part: (part["level"] - part["observed"]).abs())
            .groupby([*keys, "forecaster"], as_index=False)["error"]
            .sum()
            for weeks in HORIZONS
        ]
    )
    base = errors[errors["forecaster"] == "persistence"].drop(columns="forecaster")
    both = errors.merge(base, on=keys, suffixes=("", "_base"))
    both["ratio"] = np.log(both["error"] / both["error_base"])
    found: pd.DataFrame = both.groupby(["forecaster", "weeks", "log"], as_index=False)["ratio"].mean()
    return found


def widths(rows: pd.DataFrame, forecaster: str = "combined") -> dict[str, float]:
    """Factor of width with which the 90 % bands of a forecaster cover 90 % of these rows, each log counting alike."""
    found = {}
    for series, part in rows[rows["forecaster"] == forecaster].groupby("series"):
        level, seen = np.log1p(part["level"]), np.log1p(part["observed"])
        half = np.where(seen >= level, np.log1p(part["high"]) - level, level - np.log1p(part["low"]))
        found[str(series)] = round(float(np.quantile((seen - level).abs() / half, COVERED)), 2)
    return found


def widened(rows: pd.DataFrame, factors: dict[str, float]) -> pd.DataFrame:
    """Bands with the factor of width of their series."""
    factor, level = rows["series"].map(factors), np.log1p(rows["level"])
    bounds = {
        side: np.maximum(np.expm1(level + factor * (np.log1p(rows[side]) - level)), 0.0)
        for side in ("low", "high")
    }
    return rows.assign(**bounds)


def coverage(rows: pd.DataFrame) -> tuple[float, float, float]:
    """Share of weeks inside the band, and its 95 % block-bootstrap interval over logs."""
    by_log = covered(rows).to_numpy(dtype=float)
    rng = np.random.default_rng(_SEED)
    means = by_log[rng.integers(len(by_log), size=(_RESAMPLES, len(by_log)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(by_log.mean()), float(low), float(high)


def covered(rows: pd.DataFrame) -> "pd.Series[float]":
    """Share of the weeks of each log inside the band."""
    inside = (rows["observed"] >= rows["low"]) & (rows["observed"] <= rows["high"])
    return inside.astype(float).groupby(rows["log"]).mean()


def interval_scores(rows: pd.DataFrame) -> "pd.Series[float]":
    """Mean interval score of the 90 % band of each log, over the mean of what came."""
    seen, low, high = rows["observed"], rows["low"], rows["high"]
    score = high - low + 2 / (1 - COVERED) * ((low - seen).clip(lower=0.0) + (seen - high).clip(lower=0.0))
    return score.groupby(rows["log"]).mean() / seen.groupby(rows["log"]).mean()


def level_lines(rows: pd.DataFrame) -> Iterable[str]:
    """The errors of the level as a table in Markdown."""
    for series in SERIES:
        table = relative_errors(rows, series)
        logs = sorted(table["log"].unique())
        yield f"\n## Error over that of the last 8 weeks: {series}\n"
        yield f"| forecaster | weeks | all logs (95 % interval over logs) | {' | '.join(logs)} |"
        yield f"| --- | --- | --- |{' --- |' * len(logs)}"
        for forecaster, weeks in itertools.product(FORECASTERS, HORIZONS):
            if forecaster == "persistence":
                continue
            some = table[(table["forecaster"] == forecaster) & (table["weeks"] == weeks)]
            ratios = some.sort_values("log")["ratio"].to_numpy(dtype=float)
            mean = mean_interval(ratios)
            cells = " | ".join(f"{value:.2f}" for value in np.exp(ratios))
            yield (
                f"| {forecaster} | {weeks} | {np.exp(mean.mean):.3f} ({np.exp(mean.low):.2f} to "
                f"{np.exp(mean.high):.2f}) | {cells} |"
            )


def band_lines(rows: pd.DataFrame) -> Iterable[str]:
    """Coverage and interval score of the bands at even origins, as a table in Markdown."""
    is_even = rows["origin"] % 2 == 0
    factors = {name: widths(rows[~is_even], name) for name in ("combined", "persistence")}
    even = pd.concat(
        [
            widened(part, factors[name]) if name in factors else part
            for name in _BANDS
            for part in (rows[is_even & (rows["forecaster"] == name)],)
        ]
    )
    logs = sorted(even["log"].unique())
    for series in SERIES:
        yield f"\n## 90 % bands at even origins: {series}\n"
        yield f"| band | covers (95 % interval over logs) | interval score | {' | '.join(logs)} |"
        yield f"| --- | --- | --- |{' --- |' * len(logs)}"
        for forecaster in _BANDS:
            part = even[(even["series"] == series) & (even["forecaster"] == forecaster)]
            mean, low, high = coverage(part)
            scores = interval_scores(part)
            shares = covered(part)
            cells = " | ".join(f"{shares[log]:.2f}, {scores[log]:.2f}" for log in logs)
            yield f"| {forecaster} | {mean:.3f} ({low:.2f} to {high:.2f}) | {scores.mean():.3f} | {cells} |"
    yield f"\nFactors of width: {factors} from odd origins; {widths(rows)} from all; shipped: {WIDENING}"


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV of all forecasts, read if there.",
)
@click.option("--jobs", default=processors(), show_default=True, help="Processes.")
def main(folder: Path, out: Path, jobs: int) -> None:
    """Forecast, and print the tables."""
    if not out.exists():
        with ProcessPoolExecutor(jobs) as executor:
            logs = list(real_logs().values())
            tables = list(executor.map(of_log, logs, [folder] * len(logs)))
        pd.concat(tables, ignore_index=True).to_csv(out, index=False)
    rows = pd.read_csv(out)
    for line in level_lines(rows):
        click.echo(line)
    for line in band_lines(rows):
        click.echo(line)


if __name__ == "__main__":
    main()
