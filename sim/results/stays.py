"""Stays: from one join of a person to the departure or removal that ends it.

A person who comes back begins another stay. Everything about memberships (tenure, trees of invitations, K,
who was present when) is computed from this one table.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import NEVER, Channel, JournalKind
from shequn.sim.results.trees import Rows, latest, roots_and_depths


class Stays(NamedTuple):
    """One entry per join, in order of time; founders' joins are the first."""

    person: Rows
    joined_at: npt.NDArray[np.float64]  # days
    left_at: npt.NDArray[np.float64]  # NEVER while the stay lasts
    join_row: Rows  # row of the membership journal
    end_row: Rows  # likewise; -1 while the stay lasts
    channel: npt.NDArray[np.uint8]
    parent: Rows  # the inviter's stay; -1 for founders, strangers and arrivals
    root: Rows  # the stay at the root of the invitation tree
    depth: Rows  # invitations from the root

    @property
    def ended(self) -> npt.NDArray[np.bool_]:
        """Mask of the stays that have ended."""
        return self.end_row >= 0


def stays_of(membership: npt.NDArray[np.void]) -> Stays:
    """All stays in a membership journal, whose rows are in order of time."""
    kind = membership["kind"]
    rows = np.flatnonzero(kind <= JournalKind.REMOVE)
    order = rows[np.argsort(membership["person"][rows], kind="stable")]
    person, joins = membership["person"][order].astype(np.int64), kind[order] == JournalKind.JOIN
    follows = np.zeros(len(order), dtype=bool)
    follows[:-1] = (person[1:] == person[:-1]) & ~joins[1:]
    begin = np.flatnonzero(joins)
    join_row = order[begin]
    end_row = np.where(follows[begin], order[np.minimum(begin + 1, len(order) - 1)], -1)

    in_time = np.argsort(join_row)
    join_row, end_row = join_row[in_time], end_row[in_time]
    who = membership["person"][join_row].astype(np.int64)
    left_at = np.full(len(join_row), NEVER)
    left_at[end_row >= 0] = membership["time"][end_row[end_row >= 0]]
    channel = membership["detail"][join_row].astype(np.uint8)
    inviter = np.where(channel == Channel.INVITATION, membership["other"][join_row].astype(np.int64), -1)
    parent = latest(who, join_row, inviter, join_row)
    root, depth = roots_and_depths(parent)
    return Stays(who, membership["time"][join_row], left_at, join_row, end_row, channel, parent, root, depth)
