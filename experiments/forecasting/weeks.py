"""A log week by week: active people, first posts, and what people of a kind did in later weeks."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from shequn.experiments.logs.activity import Activity

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WEEK = 7  # days


@dataclass(frozen=True)
class Weekly:
    """Active people and first posts, week by week.

    Attributes
    ----------
    active, joins : floats (n_weeks,)
    """

    active: Numbers
    joins: Numbers


def weekly(activity: Activity, first_day: int, weeks: int) -> Weekly:
    """Active people and first posts in each of ``weeks`` weeks, the first of which begins on ``first_day``."""
    week = (activity.active_day - first_day) // WEEK
    inside = (week >= 0) & (week < weeks)
    pair = np.unique(activity.active_person[inside] * weeks + week[inside])
    joined = (activity.first_day - first_day) // WEEK
    joined = joined[(joined >= 0) & (joined < weeks)]
    return Weekly(
        np.bincount(pair % weeks, minlength=weeks).astype(float),
        np.bincount(joined, minlength=weeks).astype(float),
    )


def wape(forecast: Numbers, observed: Numbers) -> float:
    """Weighted absolute percentage error: the sum of absolute errors over the sum observed; nan if that is 0."""
    total = observed.sum()
    return float(np.abs(forecast - observed).sum() / total) if total > 0 else float("nan")


@dataclass(frozen=True)
class History:
    """The whole weeks of a log, counted back from its last day.

    Attributes
    ----------
    n_people, n_weeks : int
        People who were active in these weeks, and the number of weeks.
    person, week : integers (n_pairs,)
        Each person and week in which they were active, once, sorted by person, then week.
    first_week : integers (n_people,)
        Week of each person's first event; −1 if it was in the days before the first whole week.
    """

    n_people: int
    n_weeks: int
    person: Integers
    week: Integers
    first_week: Integers

    @classmethod
    def of(cls, activity: Activity) -> Self:
        """The weeks of a log."""
        n_weeks = activity.days // WEEK
        week = (activity.active_day - (activity.days - WEEK * n_weeks)) // WEEK
        pair = np.unique(activity.active_person[week >= 0] * max(n_weeks, 1) + week[week >= 0])
        who, person = np.unique(pair // max(n_weeks, 1), return_inverse=True)
        first = (activity.first_day[who] - (activity.days - WEEK * n_weeks)) // WEEK
        return cls(len(who), n_weeks, person, pair % max(n_weeks, 1), np.maximum(first, -1))

    @cached_property
    def weekly(self) -> Weekly:
        """Active people and first posts in each week (n_weeks,)."""
        joined = self.first_week[self.first_week >= 0]
        return Weekly(
            np.bincount(self.week, minlength=self.n_weeks).astype(float),
            np.bincount(joined, minlength=self.n_weeks).astype(float),
        )
