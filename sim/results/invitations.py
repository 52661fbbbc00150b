"""The table of invitations: who invited whom, the answer, the outcome, and the tree."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import Channel, JournalKind
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays
from shequn.sim.results.trees import Rows, latest

_ANSWERS = (JournalKind.ACCEPT, JournalKind.DECLINE)
_OUTCOMES = (JournalKind.JOIN, JournalKind.REFUSE, JournalKind.GIVE_UP)


def _answers(membership: npt.NDArray[np.void], invitations: Rows) -> Rows:
    """Row of the answer to each invitation, -1 without one.

    An answer belongs to the latest unanswered invitation between the two people, as a closing bracket belongs
    to the latest open one. So neighbouring pairs are matched and removed until none is left.
    """
    answers = np.flatnonzero(np.isin(membership["kind"], _ANSWERS))
    inviter = np.concatenate((membership["person"][invitations], membership["other"][answers]))
    invitee = np.concatenate((membership["other"][invitations], membership["person"][answers]))
    rows = np.concatenate((invitations, answers))
    order = np.lexsort((rows, invitee, inviter))
    inviter, invitee, rows = inviter[order], invitee[order], rows[order]
    opens = order < len(invitations)
    answer_of = np.full(len(membership), -1, dtype=np.int64)
    while True:
        pairs = np.flatnonzero(
            opens[:-1] & ~opens[1:] & (inviter[1:] == inviter[:-1]) & (invitee[1:] == invitee[:-1])
        )
        if len(pairs) == 0:
            return answer_of[invitations]
        answer_of[rows[pairs]] = rows[pairs + 1]
        unmatched = np.ones(len(rows), dtype=bool)
        unmatched[pairs] = unmatched[pairs + 1] = False
        inviter, invitee = inviter[unmatched], invitee[unmatched]
        rows, opens = rows[unmatched], opens[unmatched]


def _outcomes(membership: npt.NDArray[np.void], accepted: Rows) -> Rows:
    """Row of the join, refusal or withdrawal that followed each accepted invitation, -1 without one."""
    ends = np.flatnonzero(np.isin(membership["kind"], _OUTCOMES))
    person = membership["person"].astype(np.int64)
    last = len(membership)
    # the first row after is the latest row before, in reverse order
    positions = latest(person[ends][::-1], last - ends[::-1], person[accepted], last - accepted)
    return np.where(positions >= 0, ends[::-1][positions], -1) if len(ends) else positions


_UNANSWERED = "no answer yet"

INVITATIONS = Table(
    "invitations",
    "One row for each invitation, in order of time.",
    (
        RUN,
        Column("time", "double", "days", "When the invitation was made."),
        Column("asker", "int32", "number", "Person who invited."),
        Column("asked", "int32", "number", "Person who was invited."),
        Column("answered_at", "double", "days", "When the invitee answered.", _UNANSWERED),
        Column("accepted", "bool", "", "Whether they accepted; false while there is no answer."),
        Column(
            "refused_by_gate",
            "int64",
            "position",
            "Gate that refused the invitee, or on whose waiting list they gave up, after accepting.",
            "none did",
        ),
        Column("joined", "bool", "", "Whether the invitation led to a join."),
        Column("probability", "double", "probability", "Probability of accepting.", _UNANSWERED),
        Column("friends_inside", "int64", "people", "Friends inside when answering.", _UNANSWERED),
        Column("root", "int32", "number", "Person at the root of the tree: a founder, stranger or arrival."),
        Column("depth", "int64", "invitations", "From the root to the invitee: 1 when invited by the root."),
    ),
)


def invitations_table(membership: npt.NDArray[np.void], stays: Stays) -> pd.DataFrame:
    """The table :data:`INVITATIONS` of one run."""
    kind = membership["kind"]
    rows = np.flatnonzero(kind == JournalKind.INVITE)
    answer = _answers(membership, rows)
    answered = answer >= 0
    accepted = answered.copy()
    accepted[answered] = kind[answer[answered]] == JournalKind.ACCEPT

    end = np.full(len(rows), -1, dtype=np.int64)
    end[accepted] = _outcomes(membership, answer[accepted])
    inviter = membership["person"][rows].astype(np.int64)
    joined = (end >= 0) & (kind[end] == JournalKind.JOIN)
    joined &= (membership["detail"][end] == Channel.INVITATION) & (membership["other"][end] == inviter)
    turned_away = (end >= 0) & (kind[end] != JournalKind.JOIN)

    stay = latest(stays.person, stays.join_row, inviter, rows)
    known = stay >= 0
    return INVITATIONS.frame(
        {
            "time": membership["time"][rows],
            "asker": inviter.astype(np.int32),
            "asked": membership["other"][rows],
            "answered_at": np.where(answered, membership["time"][answer], np.nan),
            "accepted": accepted,
            "refused_by_gate": np.where(turned_away, membership["detail"][end], np.nan),
            "joined": joined,
            "probability": np.where(answered, membership["value"][answer], np.nan),
            "friends_inside": np.where(answered, membership["detail"][answer], np.nan),
            "root": np.where(known, stays.person[stays.root[stay]], inviter).astype(np.int32),
            "depth": np.where(known, stays.depth[stay] + 1, 1),
        }
    )
