"""The table of groups: who belongs to which group of the population, day by day."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import NOBODY, Channel, JournalKind
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays
from shequn.sim.results.trees import Rows

Mask = npt.NDArray[np.bool_]

GROUPS = Table(
    "groups",
    "One row for each day and group of the population, day 0 (the start) included; only where the population has "
    "groups.",
    (
        RUN,
        Column("day", "int64", "day", "Day that ends at this time, in days since the start."),
        Column("group", "string", "", "Name of the group."),
        Column("members", "int64", "people", "Members of this group at the end of the day."),
        Column(
            "joins",
            "int64",
            "joins",
            "Joins on this day, returns included; founders do not count.",
            adds_up=True,
        ),
        Column("departures", "int64", "departures", "Departures on this day.", adds_up=True),
        Column("removals", "int64", "removals", "Removals on this day.", adds_up=True),
        Column(
            "temperature",
            "double",
            "0 to 1",
            "Mean quality of these members at the end of the day.",
            "the group has no members",
        ),
    ),
)


def groups_table(outcome: Any, stays: Stays) -> pd.DataFrame:
    """The table :data:`GROUPS` of one run; without rows if the population has no groups.

    It is counted from the joins, departures and removals in the journal. People whom no group has are left out.
    """
    names = list(outcome.scenario.population.groups)
    n, last = len(names), len(outcome.days) - 1
    if not names:
        return GROUPS.frame({name: [] for name in GROUPS.names if name != RUN.name})
    group = outcome.groups[stays.person].astype(np.int64)
    founding = stays.channel == Channel.FOUNDER
    removed = stays.ended & (outcome.membership["kind"][stays.end_row] == JournalKind.REMOVE)
    quality = outcome.people["quality"][stays.person].astype(np.float64)

    in_group = group != NOBODY
    # what happens at the instant a day begins belongs to that day; founding belongs to day 0
    joined_on = np.where(founding, 0, np.minimum(np.floor(stays.joined_at) + 1, last)).astype(np.int64)
    left_on = np.minimum(np.floor(stays.left_at) + 1, last).astype(np.int64)

    def by_day(some: Mask, day: Rows, weights: Any = None) -> npt.NDArray[Any]:
        """Number of these stays, or the sum of their weights, by day and group."""
        some = some & in_group
        of_some = None if weights is None else weights[some]
        return np.bincount(day[some] * n + group[some], of_some, minlength=(last + 1) * n).reshape(-1, n)

    everybody = np.ones(len(group), dtype=bool)
    entered = by_day(everybody, joined_on)
    departures = by_day(stays.ended & ~removed, left_on)
    removals = by_day(removed, left_on)
    members = np.cumsum(entered - departures - removals, axis=0)
    total = np.cumsum(by_day(everybody, joined_on, quality) - by_day(stays.ended, left_on, quality), axis=0)
    mean = np.divide(total, members, out=np.full(total.shape, np.nan), where=members > 0)
    return GROUPS.frame(
        {
            "day": np.repeat(outcome.days["day"], n),
            "group": names * (last + 1),
            "members": members.ravel(),
            "joins": by_day(~founding, joined_on).ravel(),
            "departures": departures.ravel(),
            "removals": removals.ravel(),
            "temperature": mean.ravel(),
        }
    )


def group_names(outcome: Any, people: Rows) -> npt.NDArray[np.object_]:
    """The name of the group of each of these people; None for one of no group."""
    names = np.array([*outcome.scenario.population.groups, None], dtype=object)  # NOBODY = -1 is the last
    if len(names) == 1:
        return np.full(len(people), None)
    chosen: npt.NDArray[np.object_] = names[outcome.groups[people]]
    return chosen
