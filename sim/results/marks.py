"""The table of marks: who has a level or a title, day by day, and who stays after getting it."""

from typing import Any

import numpy as np
import pandas as pd

from shequn.sim.kernel.state import JournalKind
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.staying import first_of_each, retention, stay_at
from shequn.sim.results.stays import Stays
from shequn.sim.results.traces import Traces

_UNKNOWN = "marks were not recorded (no full journal)"
MARKS = Table(
    "marks",
    "One row for each day and mark, day 0 (the start) included; only where the scenario has marks.",
    (
        RUN,
        Column("day", "int64", "day", "Day that ends at this time, in days since the start."),
        Column("mark", "string", "", "Name of the mark."),
        Column(
            "holders",
            "int64",
            "people",
            "Members who have the title, or any level, at the end of the day.",
            _UNKNOWN,
            needs_journal=True,
        ),
        Column(
            "given",
            "int64",
            "people",
            "Members who got it that day and did not have it before in this stay; a higher level is no new one.",
            _UNKNOWN,
            adds_up=True,
            needs_journal=True,
        ),
        Column(
            "retention",
            "double",
            "share",
            "Of those who first got it at least 28 days before the end of the day, the share who were members 28 days "
            "after.",
            "nobody had had it for 28 days, or marks were not recorded (no full journal)",
            needs_journal=True,
        ),
    ),
)


def marks_table(outcome: Any, stays: Stays, traces: Traces | None) -> pd.DataFrame:
    """The table :data:`MARKS` of one run; without traces, nothing is known of any mark."""
    names, last = list(outcome.scenario.marks), len(outcome.days) - 1
    unknown = np.full(last + 1, np.nan)
    columns = [
        (unknown, unknown, unknown) if traces is None else _course(stays, traces, mark, last)
        for mark in range(len(names))
    ]
    by_day = np.array(columns).reshape(len(names), 3, last + 1).transpose(1, 2, 0).reshape(3, -1)
    return MARKS.frame(
        {
            "day": np.repeat(outcome.days["day"], len(names)),
            "mark": names * (last + 1),
            **dict(zip(("holders", "given", "retention"), by_day, strict=True)),
        }
    )


def _course(stays: Stays, traces: Traces, mark: int, last: int) -> tuple[Any, Any, Any]:
    """Holders, those who got it, and retention, by day.

    A stay begins without marks, and takes them along when it ends; the journal has no row for that.
    """
    rows = traces.rows(JournalKind.MARK)
    rows = rows[rows["detail"] == mark]
    stay = stay_at(stays, rows["person"].astype(np.int64), rows["time"])
    order = np.argsort(stay, kind="stable")
    rows, stay = rows[order], stay[order]
    has = rows["value"] > 0.0
    same = stay[1:] == stay[:-1]
    had = np.append(False, has[:-1] & same)[: len(rows)]
    ends = (
        np.append(~same, True)[: len(rows)] & has
    )  # last rows of those who have it until they leave, if they do
    got, lost = has & ~had, had & ~has
    left_at = stays.left_at[stay[ends]]

    def by_day(times: Any) -> Any:
        # what happens at the instant a day begins belongs to that day
        day = np.minimum(np.floor(times) + 1, last).astype(np.int64)
        return np.bincount(day, minlength=last + 1)

    given = by_day(rows["time"][got])
    gone = by_day(rows["time"][lost]) + by_day(left_at[left_at <= last])
    in_time = np.argsort(rows["time"][got], kind="stable")
    first = first_of_each(rows["person"][got][in_time].astype(np.int64), rows["time"][got][in_time])
    return np.cumsum(given - gone), given, retention(stays, *first, last)
