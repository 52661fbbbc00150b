"""The member table: what members of the same recency, activity and tenure did in this log before.

Buy-till-you-die models (Schmittlein, Morrison & Colombo 1987) predict a customer from recency, frequency and age by a
distribution that they assume. A log of a community has many members at many past weeks, so the shares are counted.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from shequn.experiments.forecasting.weeks import History, Integers, Numbers

_RECENCY = (1, 2, 3, 5, 9, 14, 27, 53)  # weeks since the last active one, at which classes begin (assumed)
_QUARTER = 13  # weeks in which active weeks are counted
_RECENT_ACTIVE = (2, 4, 8)  # active weeks in the last quarter, at which classes begin (assumed)
_EVER_ACTIVE = (2, 5, 13)  # active weeks ever, for those without any in the last quarter (assumed)
_TENURE = (4, 13, 52)  # weeks since the first active one, at which classes begin (assumed)
_KINDS, _TENURES = (len(_RECENCY) + 1) * (len(_RECENT_ACTIVE) + 1), len(_TENURE) + 1
_YEAR = 52  # weeks of origins from which shares are counted
_LEAST = 13  # origins below which a share is not counted
_PRIOR = 5.0  # members with which a class is drawn to all of its recency and activity (assumed)
_CHUNK = 2_000  # people whose classes are found at a time, to bound the memory


@dataclass(frozen=True)
class MemberTable:
    """Counts of members by class and week, and how many of them were active later.

    Attributes
    ----------
    members : floats (n_classes, n_weeks)
        Members of each class at the end of each week.
    active : floats (n_ahead, n_classes, n_weeks)
        How many of them were active 1 … n_ahead weeks later.
    joined : floats (n_weeks,)
        Newcomers of each week.
    back : floats (n_ahead, n_weeks)
        How many of them were active 0 … n_ahead − 1 weeks later.
    """

    members: Numbers
    active: Numbers
    joined: Numbers
    back: Numbers

    @classmethod
    def of(cls, history: History, ahead: int) -> Self:
        """Count the members of a log for horizons of up to ``ahead`` weeks."""
        n, n_classes = history.n_weeks, _KINDS * _TENURES
        members = np.zeros(n_classes * n)
        active = np.zeros((ahead, n_classes * n))
        for first in range(0, history.n_people, _CHUNK):
            some = (history.person >= first) & (history.person < first + _CHUNK)
            person, week = history.person[some] - first, history.week[some]
            kind = _classes(person, week, history.first_week[first : first + _CHUNK], n)
            cell = np.where(kind >= 0, kind * n + np.arange(n), -1)
            members += np.bincount(cell[cell >= 0], minlength=n_classes * n)
            for k in range(ahead):
                later = week > k
                before = cell[person[later], week[later] - k - 1]
                active[k] += np.bincount(before[before >= 0], minlength=n_classes * n)
        age = history.week - history.first_week[history.person]
        back = np.zeros((ahead, n))
        for k in range(ahead):
            here = (age == k) & (history.first_week[history.person] >= 0)
            back[k] = np.bincount(history.week[here] - k, minlength=n)
        return cls(
            members.reshape(n_classes, n), active.reshape(ahead, n_classes, n), history.weekly.joins, back
        )

    def predict(self, origin: int, weeks: int, joins: float) -> Numbers:
        """Expected number of active people in each of the weeks after an origin (weeks,).

        Only weeks before the origin are used. Where too few of them lie a horizon apart, and beyond the horizons
        counted, the last horizon that has enough is kept on.

        Parameters
        ----------
        origin : int
            First week to be predicted, counted from the log's first whole week; at least 14.
        weeks : int
        joins : float
            First posts in a week to come.
        """
        now = self.members[:, origin - 1]
        found = np.zeros(weeks)
        share = np.zeros(weeks)  # of the newcomers of a week, active k weeks later
        for k in range(weeks):
            last = origin - k - 1  # origins before it have been watched for k + 1 weeks
            if last < _LEAST or k >= len(self.active):
                found[k], share[k] = found[k - 1], share[k - 1]
                continue
            seen = slice(max(0, last - _YEAR), last)
            found[k] = now @ _shares(self.members[:, seen].sum(axis=1), self.active[k][:, seen].sum(axis=1))
            cohorts = slice(max(0, last + 1 - _YEAR), last + 1)
            share[k] = self.back[k][cohorts].sum() / max(self.joined[cohorts].sum(), 1.0)
        return found + joins * np.cumsum(share)


def _shares(members: Numbers, active: Numbers) -> Numbers:
    """Share active in each class (n_classes,), drawn to that of its recency and activity over all tenures."""
    m, a = members.reshape(_KINDS, _TENURES), active.reshape(_KINDS, _TENURES)
    over_tenures = a.sum(axis=1, keepdims=True) / np.maximum(m.sum(axis=1, keepdims=True), 1.0)
    return np.asarray(((a + _PRIOR * over_tenures) / (m + _PRIOR)).ravel())


def _classes(person: Integers, week: Integers, first_week: Integers, n_weeks: int) -> npt.NDArray[np.int64]:
    """Class of each person at the end of each week (n_people, n_weeks); −1 before their first week."""
    seen = np.zeros((len(first_week), n_weeks), dtype=bool)
    seen[person, week] = True
    at = np.arange(n_weeks)
    last = np.maximum.accumulate(np.where(seen, at, -1), axis=1)
    ever = np.cumsum(seen, axis=1)
    recent = ever - np.pad(ever, ((0, 0), (_QUARTER, 0)))[:, :n_weeks]
    recency = np.searchsorted(_RECENCY, at - last, side="right")
    activity = np.where(
        recent > 0,
        np.searchsorted(_RECENT_ACTIVE, recent, side="right"),
        np.searchsorted(_EVER_ACTIVE, ever, side="right"),
    )
    tenure = np.searchsorted(_TENURE, at - first_week[:, None], side="right")
    kind = (recency * (len(_RECENT_ACTIVE) + 1) + activity) * _TENURES + tenure
    return np.asarray(np.where(last >= 0, kind, -1))
