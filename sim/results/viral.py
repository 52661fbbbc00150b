"""Viral growth: K, the cycle time, R by week, and the trees of invitations.

K is the number of joins by invitation that a stay causes over its whole length. A stay that has not ended may
still cause more, so only ended stays may be counted, and only in whole cohorts: among the stays that have
ended by a given day, short ones are overrepresented. A cohort (the stays that began in one week) is finished
when all of its stays have ended, or 90 days after its week.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import NEVER, Channel
from shequn.sim.results.cohorts import WEEK
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays

FINISHED_AFTER = 90.0  # days after a cohort's week; assumed: three half-lives of 30 days

Numbers = npt.NDArray[np.float64]


class ViralGrowth(NamedTuple):
    """How one run grew by word of mouth."""

    k: float  # joins caused per stay, over the finished cohorts; nan if there is none
    k_ended: float  # the same over all stays that have ended
    cycle_time: float  # mean days from the inviter's join to the invitee's; nan if nobody was invited
    largest_tree: int  # stays in the largest tree, its root included
    deepest_tree: int  # largest number of invitations between a root and a member of its tree


def _cohort(stays: Stays) -> npt.NDArray[np.int64]:
    return (stays.joined_at / WEEK).astype(np.int64)


def _finished_at(stays: Stays, cohorts: int) -> Numbers:
    """The first instant, in days, at which each weekly cohort is finished."""
    last_left = np.zeros(cohorts)
    np.maximum.at(last_left, _cohort(stays), stays.left_at)
    week_over = (np.arange(cohorts) + 1) * WEEK
    # a cohort whose members all left within its week is still open to new ones until it ends
    finished: Numbers = np.clip(last_left, week_over, week_over + FINISHED_AFTER)
    return finished


def daily_k(stays: Stays, days: int) -> Numbers:
    """K over the cohorts finished by the end of each day 0..days; nan before the first."""
    stays_over = np.zeros(days + 1)
    caused = np.zeros(days + 1)
    cohort = _cohort(stays)
    finished_at = _finished_at(stays, int(cohort.max(initial=0)) + 1)
    sizes = np.bincount(cohort, minlength=len(finished_at))
    in_time = finished_at <= days
    np.add.at(stays_over, np.ceil(finished_at[in_time]).astype(np.int64), sizes[in_time])
    invited = np.flatnonzero(stays.parent >= 0)
    counts_at = np.maximum(stays.joined_at[invited], finished_at[cohort[stays.parent[invited]]])
    counts_at = counts_at[counts_at <= days]
    np.add.at(caused, np.ceil(counts_at).astype(np.int64), 1)
    over = np.cumsum(stays_over)
    k: Numbers = np.divide(np.cumsum(caused), over, out=np.full(days + 1, np.nan), where=over > 0)
    return k


_BY_CHANNEL = {
    Channel.FOUNDER: "by founding the community",
    Channel.STRANGER: "as strangers who found the community",
    Channel.INVITATION: "by invitation",
    Channel.ARRIVAL: "by an operation",
}

GROWTH = Table(
    "growth",
    "One row for each week of joins, from the first to the last week of the run.",
    (
        RUN,
        Column("week", "int64", "week", "Number of the week: days 7 × week to 7 × week + 7."),
        Column("joined", "int64", "joins", "Stays that began in that week, repeated joins included."),
        *(
            Column(f"joined_{channel.name.lower()}", "int64", "joins", f"Of these, {how}.")
            for channel, how in _BY_CHANNEL.items()
        ),
        Column("ended", "int64", "stays", "Of these, ended by the end of the run."),
        Column(
            "caused", "int64", "joins", "Joins by invitation that these stays caused by the end of the run."
        ),
        Column(
            "r", "double", "joins per stay", "R(t): caused over joined; it may still rise.", "nobody joined"
        ),
        Column(
            "finished",
            "bool",
            "",
            "Whether all of these stays have ended, or 90 days have passed since the week.",
        ),
        Column(
            "cycle_time",
            "double",
            "days",
            "Mean time from the inviter's join to that of the invitees of this week.",
            "nobody joined by invitation",
        ),
    ),
)


def growth_table(stays: Stays, days: int) -> pd.DataFrame:
    """The table :data:`GROWTH` of one run."""
    weeks = max(int(np.ceil(days / WEEK)), 1)
    cohort = np.minimum(_cohort(stays), weeks - 1)  # the last instant belongs to the last week
    columns = {"week": np.arange(weeks), "joined": np.bincount(cohort, minlength=weeks)}
    for channel in Channel:
        own = cohort[stays.channel == channel]
        columns[f"joined_{channel.name.lower()}"] = np.bincount(own, minlength=weeks)
    invited = np.flatnonzero(stays.parent >= 0)
    parent = stays.parent[invited]
    caused = np.bincount(cohort[parent], minlength=weeks)
    waits = stays.joined_at[invited] - stays.joined_at[parent]
    sums = np.bincount(cohort[invited], weights=waits, minlength=weeks)
    cycles = np.bincount(cohort[invited], minlength=weeks)
    missing = np.full(weeks, np.nan)
    joined = columns["joined"]
    return GROWTH.frame(
        {
            **columns,
            "ended": np.bincount(cohort[stays.ended], minlength=weeks),
            "caused": caused,
            "r": np.divide(caused, joined, out=missing.copy(), where=joined > 0),
            "finished": _finished_at(stays, int(_cohort(stays).max(initial=0)) + weeks)[:weeks] <= days,
            "cycle_time": np.divide(sums, cycles, out=missing.copy(), where=cycles > 0),
        }
    )


def viral_growth(stays: Stays, days: int) -> ViralGrowth:
    """K, cycle time and trees of one run."""
    children = np.bincount(stays.parent[stays.parent >= 0], minlength=len(stays.person))
    invited = stays.parent >= 0
    waits = stays.joined_at[invited] - stays.joined_at[stays.parent[invited]]
    ended = stays.left_at < NEVER
    sizes = np.bincount(stays.root, minlength=1)
    return ViralGrowth(
        k=float(daily_k(stays, days)[-1]),
        k_ended=float(children[ended].mean()) if ended.any() else float("nan"),
        cycle_time=float(waits.mean()) if len(waits) else float("nan"),
        largest_tree=int(sizes.max(initial=0)),
        deepest_tree=int(stays.depth.max(initial=0)),
    )
