"""The table of invitations: who asked whom, what became of it, and in which tree."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import Channel, JournalKind
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays
from shequn.sim.results.trees import Rows, latest

_ANSWERS = (JournalKind.ACCEPT, JournalKind.DECLINE)
_OUTCOMES = (JournalKind.JOIN, JournalKind.REFUSE, JournalKind.GIVE_UP)


def _answers(membership: npt.NDArray[np.void], asks: Rows) -> Rows:
    """Row of the answer to each invitation, -1 without one.

    An answer belongs to the latest invitation between the two that is not yet answered:
    like brackets, so matching neighbours are taken away until none are left.
    """
    answers = np.flatnonzero(np.isin(membership["kind"], _ANSWERS))
    asker = np.concatenate((membership["person"][asks], membership["other"][answers]))
    asked = np.concatenate((membership["other"][asks], membership["person"][answers]))
    rows = np.concatenate((asks, answers))
    order = np.lexsort((rows, asked, asker))
    asker, asked, rows = asker[order], asked[order], rows[order]
    opens = order < len(asks)
    answer_of = np.full(len(membership), -1, dtype=np.int64)
    while True:
        pairs = np.flatnonzero(
            opens[:-1] & ~opens[1:] & (asker[1:] == asker[:-1]) & (asked[1:] == asked[:-1])
        )
        if len(pairs) == 0:
            return answer_of[asks]
        answer_of[rows[pairs]] = rows[pairs + 1]
        keep = np.ones(len(rows), dtype=bool)
        keep[pairs] = keep[pairs + 1] = False
        asker, asked, rows, opens = asker[keep], asked[keep], rows[keep], opens[keep]


def _outcomes(membership: npt.NDArray[np.void], accepted: Rows) -> Rows:
    """Row at which the way through the gates ended for each accepting row, -1 if it did not."""
    ends = np.flatnonzero(np.isin(membership["kind"], _OUTCOMES))
    person = membership["person"].astype(np.int64)
    last = len(membership)
    # the first row after is the latest before, seen from the end
    found = latest(person[ends][::-1], last - ends[::-1], person[accepted], last - accepted)
    return np.where(found >= 0, ends[::-1][found], -1) if len(ends) else found


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
            "Gate that refused the invitee, or in whose line they gave up, after accepting.",
            "none did",
        ),
        Column("joined", "bool", "", "Whether the invitation led to this joining."),
        Column("probability", "double", "probability", "Of accepting.", _UNANSWERED),
        Column("friends_inside", "int64", "people", "Friends inside when answering.", _UNANSWERED),
        Column("root", "int32", "number", "Person at the root of the tree: a founder, stranger or arrival."),
        Column("depth", "int64", "invitations", "From the root to the invitee: 1 when invited by the root."),
    ),
)


def invitations_table(membership: npt.NDArray[np.void], stays: Stays) -> pd.DataFrame:
    """The table :data:`INVITATIONS` of one run."""
    kind = membership["kind"]
    asks = np.flatnonzero(kind == JournalKind.INVITE)
    answer = _answers(membership, asks)
    answered = answer >= 0
    accepted = answered.copy()
    accepted[answered] = kind[answer[answered]] == JournalKind.ACCEPT

    end = np.full(len(asks), -1, dtype=np.int64)
    end[accepted] = _outcomes(membership, answer[accepted])
    asker = membership["person"][asks].astype(np.int64)
    joined = (end >= 0) & (kind[end] == JournalKind.JOIN)
    joined &= (membership["detail"][end] == Channel.INVITATION) & (membership["other"][end] == asker)
    turned_away = (end >= 0) & (kind[end] != JournalKind.JOIN)

    stay = latest(stays.person, stays.join_row, asker, asks)
    known = stay >= 0
    return INVITATIONS.frame(
        {
            "time": membership["time"][asks],
            "asker": asker.astype(np.int32),
            "asked": membership["other"][asks],
            "answered_at": np.where(answered, membership["time"][answer], np.nan),
            "accepted": accepted,
            "refused_by_gate": np.where(turned_away, membership["detail"][end], np.nan),
            "joined": joined,
            "probability": np.where(answered, membership["value"][answer], np.nan),
            "friends_inside": np.where(answered, membership["detail"][answer], np.nan),
            "root": np.where(known, stays.person[stays.root[stay]], asker).astype(np.int32),
            "depth": np.where(known, stays.depth[stay] + 1, 1),
        }
    )
