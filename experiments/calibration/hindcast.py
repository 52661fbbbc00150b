"""Corrects the activity of a group's members by hindcasts of weeks that the log shows.

Each member has the state of the person in the fitted model with the nearest observed facts: similar, not equal.
The effect on their activity is measured by hindcasts: the group is started a few weeks before the end of the log
and run through these weeks, with as many newcomers as there were. For each class of members (`members.classes`)
this gives a factor with which such runs are as active as the log; the group at the log's end gets the same factors.
What the mood of the group added in these weeks is taken off, for it passes. Nothing after the end of the log is used.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.members import N_CLASSES, classes
from shequn.experiments.calibration.setting import check_size, truncate
from shequn.experiments.calibration.snapshot import Snapshot
from shequn.experiments.forecasting.weeks import WEEK
from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.log import LogError
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

WEEKS = 8  # as persistence uses; longer hindcasts measure past rather than present activity (DECISIONS.md)
_ROUNDS = 5  # corrections of the factors
_MAX_FACTOR = 20.0  # by which a class is made more or less active
_PRIOR = 5.0  # weeks of activity added to both counts, which shrinks factors of small classes towards 1


def hindcast(
    past: Activity,
    busier: Numbers,
    take_snapshot: Callable[[Activity, Numbers], Snapshot],
    continue_from: Callable[[Snapshot], Scenario],
    seeds: Sequence[int],
) -> Numbers:
    """Ratio of the activity of each class of members to that of its donors (N_CLASSES,).

    Parameters
    ----------
    past : Activity
    busier : floats (WEEKS,)
        By which factor the mood raised the number of people in each of the last weeks.
    take_snapshot : callable
        Called with a log and a factor for each class: the group at the end of the log.
    continue_from : callable
        Called with a group: the fitted scenario, started from it.
    seeds : sequence of int
        Seeds of the runs.

    Returns
    -------
    floats (N_CLASSES,)
        All 1 if the log before the weeks of the hindcast is too short or too small.
    """
    factors = np.ones(N_CLASSES)
    try:
        earlier = truncate(past, past.days - WEEK * WEEKS)
        check_size(earlier)
    except LogError:
        return factors
    kind = classes(earlier)
    observed = _active_weeks(past, earlier, kind, busier)
    scenario = None
    for _ in range(_ROUNDS):
        group = take_snapshot(earlier, factors)
        scenario = scenario or continue_from(group)
        predicted_mean = np.zeros(N_CLASSES)
        for part, person, _week in group.run_weeks(scenario, seeds, WEEKS):
            known = person[person < group.n_known]
            predicted_mean += np.bincount(kind[part[known]], minlength=N_CLASSES)
        predicted_mean = predicted_mean / (len(seeds) * group.share)
        correction = (observed + _PRIOR) / (predicted_mean + _PRIOR)
        factors = np.clip(factors * correction, 1 / _MAX_FACTOR, _MAX_FACTOR)
    return factors


def _active_weeks(past: Activity, earlier: Activity, kind: npt.NDArray[np.int64], busier: Numbers) -> Numbers:
    """Number of weeks after the end of ``earlier`` in which its people wrote, summed by class.

    Each is divided by the factor by which the mood raised the week.
    """
    known = np.unique(
        past.person[past.day < earlier.days]
    )  # in the order of their numbers in the earlier log
    after = (past.active_day >= earlier.days) & np.isin(past.active_person, known)
    week = (past.active_day[after] - earlier.days) // WEEK
    pairs = np.unique(past.active_person[after] * WEEKS + week)
    who = np.searchsorted(known, pairs // WEEKS)
    weights: Numbers = 1 / busier[pairs % WEEKS]
    return np.bincount(kind[who], weights, N_CLASSES).astype(float)
