"""A forecast: the group as it stands, run on under the fitted rules, beside what it has to beat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.calibration.baselines import BASELINES, WEEK, Weekly, wape
from shequn.experiments.calibration.parameters import STRANGERS
from shequn.experiments.calibration.setting import POOL, first_posts
from shequn.experiments.calibration.snapshot import Snapshot
from shequn.experiments.logs.activity import Activity
from shequn.sim.results.schema import Column, Table
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

HORIZONS = (4, 13, 26)  # weeks
_INFLOW_WEEKS = 26  # by which it is found how many come
_INVITING = "rules.inviting.rate"
_WIDENINGS = 3  # how often four times as many strangers are tried, from two for each first post wanted


@dataclass(frozen=True)
class Forecast:
    """Weeks ahead, run by run.

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


def joining(activity: Activity, weeks: int = _INFLOW_WEEKS) -> float:
    """First posts a day in the last weeks of a log."""
    return first_posts(activity, WEEK * weeks) / (WEEK * weeks)


def continuing(
    scenario: Scenario, group: Snapshot, days: int, seeds: Sequence[int], wanted: float
) -> Scenario:
    """The fitted scenario, started from the group at the end of a log, with first posts as wanted.

    A log does not show how many look in without ever writing, nor who has been asked already, so the inflow
    is found by trial: the strangers a day, and only if there are too many without any the invitations, with
    which runs of 26 weeks have on average as many first posts.

    Parameters
    ----------
    scenario : Scenario
        With the fitted values.
    group : Standing
    days : int
        Length of a run.
    seeds : sequence of int
        Of the runs that find the inflow.
    wanted : float
        First posts a day of the whole group, such as `joining` finds.
    """
    past = group.past
    people = max(500, POOL * group.n_known, 2 * group.n_rows)
    start = np.datetime64(past.epoch_day + past.days, "D")
    lately = WEEK * _INFLOW_WEEKS
    started = scenario.with_(
        {
            "days": days,
            "start": str(start),
            "operations": [],
            "population.people": people,
            "population.from_log": {"file": str(group.members)},
        }
    )

    def too_many(strangers: float, inviting: float) -> float:
        tried = started.with_({"days": lately, STRANGERS: strangers, _INVITING: inviting})
        joins = forecast(tried, group, seeds, _INFLOW_WEEKS).joins.sum(axis=1).mean()
        return float(joins) / lately - wanted

    strangers, inviting = 0.0, float(scenario.rules["inviting"]["rate"])
    if too_many(0.0, inviting) >= 0:  # silent members and the invited are more than enough
        inviting = _root(lambda rate: too_many(0.0, rate), inviting)
    else:
        most = 2 * wanted * group.share
        for _ in range(_WIDENINGS):
            if too_many(most, inviting) >= 0:
                break
            most *= 4
        strangers = _root(lambda rate: too_many(rate, inviting), most)
    return started.with_({STRANGERS: float(f"{strangers:.4g}"), _INVITING: float(f"{inviting:.4g}")})


def _root(of: Callable[[float], float], most: float) -> float:
    """Where a rising function comes to 0 between 0 and ``most``, to a fiftieth of it; else the nearer end."""
    from scipy.optimize import brentq

    if of(0.0) >= 0:
        return 0.0
    return float(brentq(of, 0.0, most, xtol=most / 50, maxiter=8, disp=False)) if of(most) > 0 else most


def forecast(scenario: Scenario, group: Snapshot, seeds: Sequence[int], weeks: int) -> Forecast:
    """Run a group on.

    Parameters
    ----------
    scenario : Scenario
        From `continuing`.
    group : Standing
    seeds : sequence of int
        One for each run. They are moved a little so that runs take the parts in turn.
    weeks : int
    """
    active, joins = np.zeros((len(seeds), weeks)), np.zeros((len(seeds), weeks))
    for run, (_, person, week) in enumerate(group.weeks_on(scenario, seeds, weeks)):
        active[run] = np.bincount(week, minlength=weeks)
        who, first = np.unique(person, return_index=True)  # weeks of a person stand in order
        joins[run] = np.bincount(week[first][who >= group.n_known], minlength=weeks)
    return Forecast(active / group.share, joins / group.share)


FORECAST = Table(
    "forecast",
    "One row for each forecast and horizon: its weighted absolute percentage errors.",
    (
        Column("forecast", "string", "", "The model, or a baseline that it has to beat."),
        Column("weeks", "int64", "weeks", "Horizon from the origin."),
        Column("active", "double", "share", "Error of the people active in a week.", "nobody was active"),
        Column("joins", "double", "share", "Error of those active for the first time.", "there were none"),
    ),
)


def score(model: Forecast, past: Activity, seen: Weekly) -> pd.DataFrame:
    """The table :data:`FORECAST` over the first 4, 13 and 26 weeks, of model and baselines."""
    weeks = len(seen.active)
    told = {"model": model.mean} | {name: baseline(past, weeks) for name, baseline in BASELINES.items()}
    rows = [
        {
            "forecast": name,
            "weeks": horizon,
            "active": wape(one.active[:horizon], seen.active[:horizon]),
            "joins": wape(one.joins[:horizon], seen.joins[:horizon]),
        }
        for name, one in told.items()
        for horizon in sorted({h for h in HORIZONS if h < weeks} | {weeks})
    ]
    return FORECAST.frame(pd.DataFrame(rows))
