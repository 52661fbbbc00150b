"""The group at the end of a log, run on under the fitted rules, and the errors of forecasts of what came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.calibration.parameters import STRANGERS
from shequn.experiments.calibration.setting import POOL
from shequn.experiments.calibration.snapshot import Snapshot
from shequn.experiments.forecasting.bands import LEVELS, quantiles_of
from shequn.experiments.forecasting.forecast import SERIES, Forecast
from shequn.experiments.forecasting.weeks import WEEK, Weekly, wape, weekly
from shequn.experiments.logs.activity import Activity
from shequn.sim.results.schema import Column, Table
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

HORIZONS = (4, 13, 26)  # weeks
INFLOW_WEEKS = 26  # at the end of a log, over which the inflow is measured
_INVITING = "rules.inviting.rate"
_WIDENINGS = 3  # times that the upper bound of the inflow's factor is multiplied by four


@dataclass(frozen=True)
class RunsAhead:
    """The weeks after a log's end in runs of the fitted model.

    Attributes
    ----------
    active, joins : floats (n_runs, n_weeks)
        People of the whole group who write, and who write for the first time, in each week.
    """

    active: Numbers
    joins: Numbers

    @property
    def mean(self) -> Weekly:
        """Means over the runs."""
        return Weekly(self.active.mean(axis=0), self.joins.mean(axis=0))


def inflow(activity: Activity, busier: Numbers) -> float:
    """First posts a day in the last weeks of a log, had the mood been the usual one.

    Parameters
    ----------
    activity : Activity
    busier : floats (n_weeks,)
        By which factor the mood raised the numbers of each of these weeks.
    """
    weeks = len(busier)
    joins = weekly(activity, activity.days - WEEK * weeks, weeks).joins
    return float((joins / busier).sum()) / (WEEK * weeks)


def continued_scenario(
    scenario: Scenario, group: Snapshot, days: int, seeds: Sequence[int], target: float
) -> Scenario:
    """The fitted scenario, started from the group at the end of a log, with a target number of first posts.

    A log shows neither readers who never write nor earlier invitations, so the inflow is found by trial runs of
    26 weeks: strangers per day (those of the log's last season) and the rate of invitations keep the ratio that was
    fitted, and both are multiplied by what brings the mean of first posts to the target. Were one of them taken away,
    a change of discovery, or of invitations, would do nothing.

    Parameters
    ----------
    scenario : Scenario
        With the fitted values.
    group : Snapshot
    days : int
        Length of a run.
    seeds : sequence of int
        Seeds of the trial runs.
    target : float
        First posts a day of the whole group, such as the `inflow` of the log.
    """
    past = group.past
    people = max(500, POOL * group.n_known, 2 * group.n_rows)
    start = np.datetime64(past.epoch_day + past.days, "D")
    trial_days = WEEK * INFLOW_WEEKS
    started = scenario.with_(
        {
            "days": days,
            "start": str(start),
            "operations": None,
            "population.people": people,
            "population.from_log": {"file": str(group.members)},
        }
    )

    strangers = scenario.resolved()["community"]["strangers_per_day"] * _last_season(scenario)
    inviting = float(scenario.rules["inviting"]["rate"])

    def scaled(factor: float) -> dict[str, float]:
        rates = {STRANGERS: factor * strangers, _INVITING: factor * inviting}
        return {key: float(f"{rate:.4g}") for key, rate in rates.items()}

    def excess(factor: float) -> float:
        trial = started.with_({"days": trial_days, **scaled(factor)})
        joins = run_ahead(trial, group, seeds, INFLOW_WEEKS).joins.sum(axis=1).mean()
        return float(joins) / trial_days - target

    upper = 2.0
    for _ in range(_WIDENINGS):
        if excess(upper) >= 0:
            break
        upper *= 4
    return started.with_(scaled(_root(excess, upper)))


def _last_season(scenario: Scenario) -> float:
    """The factor on discovery of the seasons in which a scenario ends."""
    operations = scenario.resolved()["operations"].values()
    ending = [
        one for one in operations if one["do"] == "season" and one["day"] + one["days"] >= scenario.days
    ]
    return float(np.prod([one["discovery"] for one in ending]))


def _root(function: Callable[[float], float], upper: float) -> float:
    """Root of an increasing function between 0 and ``upper``, within 2 % of ``upper``; the nearer end if none."""
    from scipy.optimize import brentq

    if function(0.0) >= 0:
        return 0.0
    if function(upper) <= 0:
        return upper
    return float(brentq(function, 0.0, upper, xtol=upper / 50, maxiter=8, disp=False))


def run_ahead(scenario: Scenario, group: Snapshot, seeds: Sequence[int], weeks: int) -> RunsAhead:
    """Forecast the weeks after the end of a log.

    Parameters
    ----------
    scenario : Scenario
        From `continued_scenario`.
    group : Snapshot
    seeds : sequence of int
        One for each run; each is shifted slightly so that runs take the parts of the group in turn.
    weeks : int
    """
    active, joins = np.zeros((len(seeds), weeks)), np.zeros((len(seeds), weeks))
    for run, (_, person, week) in enumerate(group.run_weeks(scenario, seeds, weeks)):
        active[run] = np.bincount(week, minlength=weeks)
        who, first = np.unique(person, return_index=True)  # the weeks of a person are in order
        joins[run] = np.bincount(week[first][who >= group.n_known], minlength=weeks)
    return RunsAhead(active / group.share, joins / group.share)


FORECAST = Table(
    "forecast",
    "One row for each forecast and horizon: its weighted absolute percentage errors.",
    (
        Column("forecast", "string", "", "model, combined (as `shequn forecast`), or a baseline."),
        Column("weeks", "int64", "weeks", "Horizon from the origin."),
        Column("active", "double", "share", "Error of the people active in a week.", "nobody was active"),
        Column("joins", "double", "share", "Error of those active for the first time.", "there were none"),
    ),
)


def score(forecasts: Mapping[str, Weekly], observed: Weekly) -> pd.DataFrame:
    """The table :data:`FORECAST` of forecasts by name, over the first 4, 13 and 26 weeks and all weeks."""
    weeks = len(observed.active)
    rows = [
        {
            "forecast": name,
            "weeks": horizon,
            "active": wape(one.active[:horizon], observed.active[:horizon]),
            "joins": wape(one.joins[:horizon], observed.joins[:horizon]),
        }
        for name, one in forecasts.items()
        for horizon in sorted({h for h in HORIZONS if h < weeks} | {weeks})
    ]
    return FORECAST.frame(pd.DataFrame(rows))


HELD_OUT = Table(
    "weeks",
    "One row for each series and week held out: what came, and what was forecast without it.",
    (
        Column("series", "string", "", "active: people who write in the week; joins: their first posts."),
        Column("week", "int64", "weeks", "Number of the week, from 1."),
        Column("seen", "double", "people", "In the log."),
        Column("model", "double", "people", "Mean over runs of the fitted model."),
        Column("model_q05", "double", "people", "5 % quantile of the runs."),
        Column("model_q95", "double", "people", "95 % quantile of the runs."),
        Column("combined", "double", "people", "Median of the forecast of `shequn forecast`."),
        Column("combined_q05", "double", "people", "Its 5 % quantile."),
        Column("combined_q95", "double", "people", "Its 95 % quantile."),
    ),
)


def held_out(model: RunsAhead, combined: Forecast, observed: Weekly) -> pd.DataFrame:
    """The table :data:`HELD_OUT`."""
    tables = []
    for series in SERIES:
        runs, quantiles = getattr(model, series), getattr(combined, series)
        low, *_between, high = quantiles_of(runs)
        tables.append(
            pd.DataFrame(
                {
                    "series": series,
                    "week": np.arange(1, runs.shape[1] + 1),
                    "seen": getattr(observed, series),
                    "model": runs.mean(axis=0),
                    "model_q05": low,
                    "model_q95": high,
                    "combined": quantiles[LEVELS.index(0.5)],
                    "combined_q05": quantiles[0],
                    "combined_q95": quantiles[-1],
                }
            )
        )
    return HELD_OUT.frame(pd.concat(tables, ignore_index=True))
