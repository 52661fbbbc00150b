"""A forecast: the group as it stands, run on under the fitted rules, beside what it has to beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.calibration.baselines import BASELINES, WEEK, Weekly, wape
from experiments.calibration.members import LATELY, Donors
from experiments.calibration.parameters import STRANGERS
from experiments.calibration.setting import POOL
from experiments.calibration.trials import simulated
from experiments.logs.activity import Activity
from sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

HORIZONS = (4, 13, 26)  # weeks
_ANCHOR = 3.0  # factor at most by which first posts lately correct the fitted inflow


@dataclass(frozen=True)
class Forecast:
    """Weeks ahead, run by run.

    Attributes
    ----------
    active, joins : floats (n_runs, n_weeks)
        People who write, and who write for the first time, in each week.
    """

    active: Numbers
    joins: Numbers

    @property
    def mean(self) -> Weekly:
        """Means over the runs."""
        return Weekly(self.active.mean(axis=0), self.joins.mean(axis=0))


def continuing(
    scenario: Scenario, past: Activity, given: Donors, members: Path, n_rows: int, share: float, days: int
) -> Scenario:
    """The fitted scenario, started from the group at the end of a log.

    Strangers go on finding it at the fitted rate: as many as would make as many first posts as the log had in the
    last 91 days, where the fitted model had others.

    Parameters
    ----------
    scenario : Scenario
        With the fitted values, of the thinned log.
    past : Activity
        The whole log.
    given : Donors
        Of the fitted scenario.
    members : Path
        The table of members.
    n_rows : int
        Rows of one draw in it.
    share : float
        Share of the log's people that was fitted.
    days : int
        Length of a run.
    """
    people = max(500, POOL * past.n_people, 2 * n_rows)
    rate = scenario.community.strangers_per_day or 0.0
    campaigns = [op for op in scenario.operations if op.do == "campaign" and op.day is not None]
    lately = [
        op.discovery for op in campaigns if op.day is not None and op.day + op.days > scenario.days - LATELY
    ]
    shape = float(np.mean(lately)) if lately else 1.0
    seen = np.count_nonzero(past.first_day >= past.days - LATELY)
    anchor = np.clip((seen * share + 1) / (given.joins_lately + 1), 1 / _ANCHOR, _ANCHOR)
    outside = given.outside * people / (people - n_rows)
    start = np.datetime64(past.epoch_day + past.days, "D")
    return scenario.with_(
        {
            "days": days,
            "start": str(start),
            "operations": [],
            "population.people": people,
            "population.from_log": {"file": str(members)},
            STRANGERS: float(f"{rate * shape * anchor * outside / share:.4g}"),
        }
    )


def forecast(scenario: Scenario, n_known: int, seeds: Sequence[int], weeks: int) -> Forecast:
    """Run a group on.

    Parameters
    ----------
    scenario : Scenario
        From `continuing`.
    n_known : int
        People who had written before: the first of the table; for them a post is no first one.
    seeds : sequence of int
        One for each run.
    weeks : int
    """
    active, joins = np.zeros((len(seeds), weeks)), np.zeros((len(seeds), weeks))
    for run, seed in enumerate(seeds):
        person, time = simulated(scenario, seed)
        week = (time // WEEK).astype(int)
        inside = week < weeks
        pairs = np.unique(np.column_stack((week[inside], person[inside])), axis=0)
        active[run] = np.bincount(pairs[:, 0], minlength=weeks)
        who, first = np.unique(person, return_index=True)
        new = week[first][who >= n_known]
        joins[run] = np.bincount(new[new < weeks], minlength=weeks)
    return Forecast(active, joins)


def score(model: Forecast, past: Activity, seen: Weekly) -> pd.DataFrame:
    """Weighted absolute percentage errors over the first 4, 13 and 26 weeks, of the model and the baselines."""
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
    return pd.DataFrame(rows)
