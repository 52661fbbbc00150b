"""How active a group's members are, by weeks that the log already shows.

Members have the states of those of the fitted model who are nearest in what a log shows: nearest, not alike.
What that does to the activity of the group shows when it is run on from an earlier day into weeks that are
known. So for each class of members (`members.classes`) a factor is found with which such runs are as active
as the log was; the group at the log's end gets the same factors. What is still missed then, week by week, is
taken for what the forecast will miss. Nothing that lies ahead is used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from experiments.calibration.baselines import WEEK, weekly
from experiments.calibration.members import N_CLASSES, classes
from experiments.calibration.setting import check_size, until
from experiments.calibration.standing import Standing
from experiments.logs.activity import Activity
from experiments.logs.log import LogError
from sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

WEEKS = 26
_ROUNDS = 5  # the last with the factors found
_MOST = 20.0  # by which factor a class is made more active, or less, at most
_DRIFT_SD = 0.5  # of the logarithm of how much is missed
_PRIOR = 5.0  # weeks in which somebody wrote, added on both sides: few say little


@dataclass(frozen=True)
class Hindcast:
    """What runs over weeks already seen say of the runs to come.

    Attributes
    ----------
    factors : floats (N_CLASSES,)
        How many times as active each class of members is as its donors.
    drift : floats (2,)
        Logarithm of people active in the log over those in the runs: in the first week, and what each further
        week adds to it.
    """

    factors: Numbers = field(default_factory=lambda: np.ones(N_CLASSES))
    drift: Numbers = field(default_factory=lambda: np.zeros(2))

    def corrected(self, active: Numbers) -> Numbers:
        """A forecast of people active (…, n_weeks) without what the hindcast missed."""
        found: Numbers = active * np.exp(self.drift[0] + self.drift[1] * np.arange(active.shape[-1]))
        return found


def hindcast(
    past: Activity,
    stand: Callable[[Activity, Numbers], Standing],
    go_on: Callable[[Standing], Scenario],
    seeds: Sequence[int],
) -> Hindcast:
    """Run a group on into weeks already seen.

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
    Hindcast
        Without any correction where the log before those weeks is too short or too small.
    """
    try:
        earlier = until(past, past.days - WEEK * WEEKS)
        check_size(earlier)
    except LogError:
        return Hindcast()
    kind = classes(earlier)
    written = _written(past, earlier, kind)
    factors, scenario = np.ones(N_CLASSES), None
    for further in reversed(range(_ROUNDS)):
        group = stand(earlier, factors)
        scenario = scenario or go_on(group)
        told, active = np.zeros(N_CLASSES), np.zeros(WEEKS)
        for part, person, week in group.weeks_on(scenario, seeds, WEEKS):
            known = person[person < group.n_known]
            told += np.bincount(kind[part[known]], minlength=N_CLASSES)
            active += np.bincount(week, minlength=WEEKS)
        told, active = told / (len(seeds) * group.share), active / (len(seeds) * group.share)
        if further:
            factors = np.clip(factors * (written + _PRIOR) / (told + _PRIOR), 1 / _MOST, _MOST)
    return Hindcast(factors, _drift(weekly(past, earlier.days, WEEKS).active, active))


def _drift(seen: Numbers, told: Numbers) -> Numbers:
    """A line through the logarithms of seen over told, drawn to 0 as far as weeks with few people say little.

    Ridge regression: each week with the variance of a count, the line's ends with `_DRIFT_SD` about 0.
    """
    along = np.linspace(0, 1, len(seen))
    ends = np.column_stack((1 - along, along))
    weight = np.minimum(seen, told) + 1
    precision = ends.T * weight @ ends + np.eye(2) / _DRIFT_SD**2
    first, last = np.linalg.solve(precision, ends.T * weight @ np.log((seen + 1) / (told + 1)))
    return np.array([first, (last - first) / (len(seen) - 1)])


def _written(past: Activity, earlier: Activity, kind: npt.NDArray[np.int64]) -> Numbers:
    """Weeks in which each of those known before wrote afterwards, summed by class."""
    known = np.unique(past.person[past.day < earlier.days])  # numbered in this order in the earlier log
    after = (past.active_day >= earlier.days) & np.isin(past.active_person, known)
    week = (past.active_day[after] - earlier.days) // WEEK
    pairs = np.unique(past.active_person[after] * WEEKS + week)
    who = np.searchsorted(known, pairs // WEEKS)
    return np.bincount(kind[who], minlength=N_CLASSES).astype(float)
