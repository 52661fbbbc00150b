"""How active a group's members are, by weeks that the log already shows.

Members have the states of those of the fitted model who are nearest in what a log shows: nearest, not alike.
What that does to their activity shows when the group is run on from a little earlier into weeks that are
known, with as many newcomers as came in them. So for each class of members (`members.classes`) a factor is
found with which such runs are as active as the log was; the group at the log's end gets the same factors.
Nothing that lies ahead is used.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.baselines import WEEK
from shequn.experiments.calibration.members import N_CLASSES, classes
from shequn.experiments.calibration.setting import check_size, until
from shequn.experiments.calibration.snapshot import Snapshot
from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.log import LogError
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

WEEKS = 8  # as persistence looks back; longer ones say how active members were, not are (DECISIONS.md)
_ROUNDS = 5  # of which each mends the factors
_MOST = 20.0  # by which factor a class is made more active, or less, at most
_PRIOR = 5.0  # weeks in which somebody wrote, added on both sides: few say little


def hindcast(
    past: Activity,
    stand: Callable[[Activity, Numbers], Snapshot],
    go_on: Callable[[Snapshot], Scenario],
    seeds: Sequence[int],
) -> Numbers:
    """How many times as active each class of members is as its donors (N_CLASSES,).

    Parameters
    ----------
    past : Activity
    stand : callable
        Makes the group at the end of a log from the log and a factor for each class.
    go_on : callable
        The fitted scenario, started from a group.
    seeds : sequence of int
        Of the runs.

    Returns
    -------
    floats (N_CLASSES,)
        All 1 where the log before those weeks is too short or too small.
    """
    factors = np.ones(N_CLASSES)
    try:
        earlier = until(past, past.days - WEEK * WEEKS)
        check_size(earlier)
    except LogError:
        return factors
    kind = classes(earlier)
    written = _written(past, earlier, kind)
    scenario = None
    for _ in range(_ROUNDS):
        group = stand(earlier, factors)
        scenario = scenario or go_on(group)
        predicted_mean = np.zeros(N_CLASSES)
        for part, person, _week in group.weeks_on(scenario, seeds, WEEKS):
            known = person[person < group.n_known]
            predicted_mean += np.bincount(kind[part[known]], minlength=N_CLASSES)
        predicted_mean = predicted_mean / (len(seeds) * group.share)
        factors = np.clip(factors * (written + _PRIOR) / (predicted_mean + _PRIOR), 1 / _MOST, _MOST)
    return factors


def _written(past: Activity, earlier: Activity, kind: npt.NDArray[np.int64]) -> Numbers:
    """Weeks in which each of those known before wrote afterwards, summed by class."""
    known = np.unique(past.person[past.day < earlier.days])  # numbered in this order in the earlier log
    after = (past.active_day >= earlier.days) & np.isin(past.active_person, known)
    week = (past.active_day[after] - earlier.days) // WEEK
    pairs = np.unique(past.active_person[after] * WEEKS + week)
    who = np.searchsorted(known, pairs // WEEKS)
    return np.bincount(kind[who], minlength=N_CLASSES).astype(float)
