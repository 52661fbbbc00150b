"""A forecast: the group as it stands, run on under the fitted rules, beside what it has to beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.calibration.baselines import BASELINES, WEEK, Weekly, wape
from experiments.calibration.members import LATELY
from experiments.calibration.parameters import STRANGERS
from experiments.calibration.setting import POOL
from experiments.calibration.trials import simulated
from experiments.logs.activity import Activity
from sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

HORIZONS = (4, 13, 26)  # weeks
_INVITING = "rules.inviting.rate"
_MOST_GUESSES = 20.0  # strangers for each two first posts wanted, at most


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
    scenario: Scenario, past: Activity, members: Path, n_rows: int, days: int, seeds: Sequence[int]
) -> Scenario:
    """The fitted scenario, started from the group at the end of a log, with first posts going on as lately.

    A log does not show how many look in without ever writing, nor who has been asked already, so the inflow
    is found by trial: the strangers a day, and only if there are too many without any the invitations, with
    which runs of 13 weeks have on average as many first posts as the last 13 weeks of the log.

    Parameters
    ----------
    scenario : Scenario
        With the fitted values.
    past : Activity
        The whole log.
    members : Path
        The table of members.
    n_rows : int
        Rows of one draw in it.
    days : int
        Length of a run.
    seeds : sequence of int
        Of the runs that find the inflow.
    """
    people = max(500, POOL * past.n_people, 2 * n_rows)
    start = np.datetime64(past.epoch_day + past.days, "D")
    wanted = np.count_nonzero(past.first_day >= past.days - LATELY) / LATELY
    started = scenario.with_(
        {
            "days": days,
            "start": str(start),
            "operations": [],
            "population.people": people,
            "population.from_log": {"file": str(members)},
        }
    )

    def first_posts(strangers: float, inviting: float) -> float:
        tried = started.with_({"days": LATELY, STRANGERS: strangers, _INVITING: inviting})
        weeks = LATELY // WEEK
        return float(forecast(tried, past.n_people, seeds, weeks).joins.sum(axis=1).mean()) / LATELY

    strangers, inviting = 0.0, float(scenario.rules["inviting"]["rate"])
    without = first_posts(0.0, inviting)
    if without >= wanted:  # silent members and the invited are more than enough
        alone = first_posts(0.0, 0.0)
        inviting *= float(np.clip((wanted - alone) / max(without - alone, 1e-9), 0.0, 1.0))
    else:
        guess = max(2 * wanted, 1e-3)
        gained = first_posts(guess, inviting) - without
        strangers = guess * float(np.clip((wanted - without) / max(gained, 1e-9), 0.0, _MOST_GUESSES))
    return started.with_({STRANGERS: float(f"{strangers:.4g}"), _INVITING: float(f"{inviting:.4g}")})


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
    """Weighted absolute percentage errors over the first 4, 13 and 26 weeks, of model and baselines."""
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
