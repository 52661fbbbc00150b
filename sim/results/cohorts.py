"""Retention by cohort: how many of those who joined in one week are seen in each later week.

There are too many visits to store, so they are counted as the journal is written: :class:`CohortCounts` takes
the journal in chunks and stores two numbers per person.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import NEVER, Channel, JournalKind
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays

WEEK = 7.0  # days
MAX_AGE = 260  # weeks of age that are counted: five years


class CohortCounts:
    """Counts how many members of each cohort were seen in each week of their age.

    Parameters
    ----------
    days : int
        Length of the run.
    """

    def __init__(self, days: int) -> None:
        weeks = int(np.ceil(days / WEEK)) + 1
        self._first = np.empty(0)
        self._founder = np.empty(0, dtype=bool)
        self._last_age = np.empty(0, dtype=np.int16)
        #: seen members by (founder 0/1, cohort, week of age)
        self.counts = np.zeros((2, weeks, min(weeks, MAX_AGE)), dtype=np.int32)

    def snapshot(self) -> dict[str, npt.NDArray[Any]]:
        """The counts so far, as arrays that `restore` takes."""
        return {
            "first": self._first,
            "founder": self._founder,
            "last_age": self._last_age,
            "counts": self.counts,
        }

    def restore(self, past: Mapping[str, npt.NDArray[Any]]) -> None:
        """Continue from the counts of an earlier run, which may be of another length."""
        self._first = past["first"].astype(np.float64)
        self._founder = past["founder"].astype(bool)
        self._last_age = past["last_age"].astype(np.int16)
        both = tuple(slice(min(n, m)) for n, m in zip(self.counts.shape, past["counts"].shape, strict=True))
        self.counts[both] = past["counts"][both]

    def __call__(self, rows: npt.NDArray[np.void]) -> None:
        """Count a chunk of the journal, of any size; chunks come in order of time."""
        rows = rows[(rows["kind"] == JournalKind.VISIT) | (rows["kind"] == JournalKind.JOIN)]
        if len(rows) == 0:
            return
        person = rows["person"].astype(np.int64)
        self._make_room(int(person.max()) + 1)
        joins = np.flatnonzero(rows["kind"] == JournalKind.JOIN)[::-1]
        joins = joins[self._first[person[joins]] == NEVER]
        self._first[person[joins]] = rows["time"][joins]  # in reverse, so that the first join remains
        self._founder[person[joins]] = rows["detail"][joins] == Channel.FOUNDER

        age = ((rows["time"] - self._first[person]) / WEEK).astype(np.int64)
        new = (age > self._last_age[person]) & (age < self.counts.shape[2])
        pairs = np.unique(person[new] * MAX_AGE + age[new])
        person, age = pairs // MAX_AGE, pairs % MAX_AGE
        cohort = (self._first[person] / WEEK).astype(np.int64)
        np.add.at(self.counts, (self._founder[person].astype(np.int64), cohort, age), 1)
        np.maximum.at(self._last_age, person, age.astype(np.int16))

    def _make_room(self, people: int) -> None:
        more = max(people, len(self._first) * 3 // 2) - len(self._first)
        if people > len(self._first):
            self._first = np.append(self._first, np.full(more, NEVER))
            self._founder = np.append(self._founder, np.zeros(more, dtype=bool))
            self._last_age = np.append(self._last_age, np.full(more, -1, dtype=np.int16))


def _sizes_and_present(stays: Stays, shape: tuple[int, ...]) -> tuple[npt.NDArray[np.int64], ...]:
    """Sizes (founder, cohort), and members present at the end of each week of age (founder, cohort, week)."""
    _, at, whose = np.unique(stays.person, return_index=True, return_inverse=True)
    first = stays.joined_at[at]
    founder = (stays.channel[at] == Channel.FOUNDER).astype(np.int64)
    cohort = (first / WEEK).astype(np.int64)
    sizes = np.zeros(shape[:2], dtype=np.int64)
    np.add.at(sizes, (founder, cohort), 1)

    # a stay covers the ends of weeks k (age 7 (k + 1)) with begins <= end < ends
    last = shape[2]
    begins = np.ceil((stays.joined_at - first[whose]) / WEEK) - 1
    ends = np.ceil((stays.left_at - first[whose]) / WEEK) - 1
    begins = np.clip(begins, 0, last).astype(np.int64)
    ends = np.clip(ends, 0, last).astype(np.int64)
    change = np.zeros((*shape[:2], last + 1), dtype=np.int64)
    np.add.at(change, (founder[whose], cohort[whose], begins), 1)
    np.add.at(change, (founder[whose], cohort[whose], ends), -1)
    return sizes, np.cumsum(change, axis=2)[:, :, :last]


COHORTS = Table(
    "cohorts",
    "One row for each cohort and week of age that the run covers for the whole cohort; at most 260 weeks.",
    (
        RUN,
        Column("cohort", "int64", "week", "Week of the first join, 0 for days 0 to 7."),
        Column("founder", "bool", "", "Whether these are founders, who have a cohort of their own."),
        Column("size", "int64", "people", "People in the cohort."),
        Column("week", "int64", "week", "Weeks since they joined, from 0."),
        Column(
            "active",
            "int64",
            "people",
            "Those seen (who joined or visited) at least once in that week of age.",
            "visits were not recorded (no full journal)",
        ),
        Column("present", "int64", "people", "Members at the end of that week of age."),
        Column(
            "retention",
            "double",
            "share",
            "Those seen in that week of age, over the size of the cohort.",
            "visits were not recorded (no full journal)",
        ),
    ),
)


def cohorts_table(stays: Stays, seen: CohortCounts | None, days: int) -> pd.DataFrame:
    """The table :data:`COHORTS` of one run.

    Parameters
    ----------
    stays : Stays
    seen : CohortCounts or None
        None when visits are unknown.
    days : int
        Length of the run.
    """
    weeks = int(np.ceil(days / WEEK)) + 1
    shape = (2, weeks, min(weeks, MAX_AGE))
    sizes, present = _sizes_and_present(stays, shape)
    founder, cohort, week = np.indices(shape)
    last_join = np.where(founder == 1, 0.0, (cohort + 1) * WEEK)
    shown = (last_join + (week + 1) * WEEK <= days) & (sizes[founder, cohort] > 0)
    order = np.lexsort((week[shown], cohort[shown], 1 - founder[shown]))
    size = sizes[founder[shown], cohort[shown]][order]
    active = seen.counts[shown][order].astype(np.float64) if seen else np.full(len(order), np.nan)
    return COHORTS.frame(
        {
            "cohort": cohort[shown][order],
            "founder": founder[shown][order] == 1,
            "size": size,
            "week": week[shown][order],
            "active": active,
            "present": present[shown][order],
            "retention": active / size,
        }
    )
