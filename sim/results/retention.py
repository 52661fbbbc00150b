"""Retention curves: newcomers grouped by the time of their join, and the share of each group that stayed."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import pandas as pd

from shequn.sim.results.cohorts import WEEK

GROUPS = 5  # of newcomers at most: more curves cannot be distinguished


class CohortGroup(NamedTuple):
    """Newcomers who joined in one stretch of time."""

    number: int  # from 0 for the first stretch; numbers of stretches in which nobody joined are missing
    n_stretches: int
    first_day: int  # first day on which somebody of the group may have joined
    last_day: int  # last such day
    rows: pd.DataFrame  # of the table ``cohorts``


def retention_column(cohorts: pd.DataFrame) -> Literal["active", "present"]:
    """The column that measures retention: members seen in the week or, where visits are unknown, members."""
    return "active" if cohorts["active"].notna().all() else "present"


def cohort_groups(cohorts: pd.DataFrame) -> list[CohortGroup]:
    """Newcomers in at most :data:`GROUPS` groups, with the weeks of age that all cohorts of a group have reached.

    Later weeks are left out because they would pool fewer cohorts. So are groups that reached only the week of
    their join, in which everybody is seen, and founders.
    """
    newcomers = cohorts[~cohorts["founder"]]
    if not len(newcomers):
        return []
    last = int(newcomers["cohort"].max())
    width = last // GROUPS + 1
    groups = []
    for number, rows in newcomers.groupby(newcomers["cohort"] // width):
        reached = int(rows.groupby("cohort")["week"].max().min())
        if reached >= 1:
            first_day, last_day = int(WEEK * rows["cohort"].min()), int(WEEK * rows["cohort"].max()) + 6
            rows = rows[rows["week"] <= reached]
            groups.append(CohortGroup(int(number), last // width + 1, first_day, last_day, rows))
    return groups


def retention_percent(rows: pd.DataFrame, column: str, by: Sequence[str]) -> pd.DataFrame:
    """Members in ``column`` as a percentage of those who joined, pooled over cohorts, one row for each ``by``.

    The result has the columns of ``by``, the sums of ``column`` and ``size``, and ``share`` (percent).
    """
    sums = rows.groupby(list(by), as_index=False)[[column, "size"]].sum()
    return sums.assign(share=100.0 * sums[column].astype(float) / sums["size"])
