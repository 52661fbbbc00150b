"""The tables of one run, as pandas frames without the column ``run``.

Each function reads an outcome (see ``sim/running.py``) and nothing else, so every number
of a result can be traced to a row of the journal or a field of a person.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import day_dtype, journal_dtype
from shequn.sim.results.labels import DRIVERS, in_numbers, in_words
from shequn.sim.results.stays import Stays
from shequn.sim.results.viral import daily_k

_FIRST = ("time", "kind", "person", "other", "room", "detail", "value")


#: Columns of the table ``days`` after ``day``, in order.
DAILY = (*(day_dtype.names or ())[1:], "matched_rank", "evaporation_control", "k", "branching")


def days_table(outcome: Any, departures: pd.DataFrame, stays: Stays) -> pd.DataFrame:
    """One row for each day 0..D: the daily measures of ``day_dtype`` and four more.

    Further columns
    ---------------
    matched_rank : mean quality rank of this day's leavers among members of similar tenure; nan
        without. evaporation_control : what quality-blind departures would have done to the
        temperature since the start. k : accepted invitations that led to a joining, per
        membership of the weekly cohorts finished by then. branching : share of the
        departures and removals so far that another one set off.
    """
    days = pd.DataFrame({name: outcome.days[name] for name in outcome.days.dtype.names})
    last = len(days) - 1
    # what happens at the instant a day begins belongs to that day
    day = np.minimum(np.floor(departures["time"].to_numpy()).astype(np.int64) + 1, last)
    left = ~departures["removed"].to_numpy()
    rank = departures["matched_rank"].to_numpy()
    ranked = left & ~np.isnan(rank)
    n_ranked = np.bincount(day[ranked], minlength=last + 1)
    ranks = np.bincount(day[ranked], weights=rank[ranked], minlength=last + 1)
    control = departures["control"].to_numpy()[left]
    gone = np.cumsum(np.bincount(day, minlength=last + 1))
    followed = np.cumsum(np.bincount(day[departures["parent"] >= 0], minlength=last + 1))
    empty = np.full(last + 1, np.nan)
    days["matched_rank"] = np.divide(ranks, n_ranked, out=empty.copy(), where=n_ranked > 0)
    days["evaporation_control"] = np.cumsum(np.bincount(day[left], weights=control, minlength=last + 1))
    days["k"] = daily_k(stays, last)
    days["branching"] = np.divide(followed, gone, out=empty.copy(), where=gone > 0)
    return days


#: Fields of a person's record that the table of members shows (see ``person_dtype``).
_TRAITS = ("key", "quality", "topic", "x", "y", "talkativeness", "pace", "contentment")
_STATES = ("satisfaction", "need", "habit", "commitment", "recognition", "visit_rate")
_COUNTS = ("n_joins", "n_visits", "n_posts", "n_replies_received", "n_invites", "n_accepted", "n_asked")
_FIELDS = (*_TRAITS, *_STATES, "last_visit_at", "invited_by", *_COUNTS)


def members_table(outcome: Any, stays: Stays) -> pd.DataFrame:
    """One row for each person who ever joined, in order of their number.

    Columns
    -------
    person : number in journal and tables. label : name in the graph file, where there is one.
    founder, founder_top : were they a founder, one of the founders' top decile in quality.
    state, channel : words, at the end. first_joined_at, joined_at, left_at : days; first and
    last joining, end of the last stay (infinite while it lasts). root, tree_depth : person at
    the root of the invitation tree and invitations from there, at the first joining.
    lapsed : away for long, still a member. Then traits, state at the end and counts as in
    ``person_dtype``, and the driver weights as ``weight_<driver>``.
    """
    person, first = np.unique(stays.person, return_index=True)
    last = len(stays.person) - 1 - np.unique(stays.person[::-1], return_index=True)[1]
    people = outcome.people[person]
    columns: dict[str, Any] = {"person": person.astype(np.int32)}
    if outcome.labels is not None:
        columns["label"] = [outcome.labels[i] if i < len(outcome.labels) else "" for i in person]
    columns |= {
        "founder": people["founder"] > 0,
        "founder_top": people["founder"] == 2,
        "state": in_words("state", people["state"]),
        "channel": in_words("channel", people["channel"]),
        "first_joined_at": stays.joined_at[first],
        "joined_at": stays.joined_at[last],
        "left_at": stays.left_at[last],
        "root": stays.person[stays.root[first]].astype(np.int32),
        "tree_depth": stays.depth[first],
        "lapsed": people["lapsed"] > 0,
        **{name: people[name] for name in _FIELDS},
        **{f"weight_{word}": people["drivers"][:, i] for i, word in enumerate(DRIVERS)},
    }
    return pd.DataFrame(columns)


def journal_table(rows: npt.NDArray[np.void]) -> pd.DataFrame:
    """The journal (see ``shequn.sim.kernel.state.JournalKind`` for what the columns mean), kinds as words."""
    frame = pd.DataFrame({name: rows[name] for name in _FIRST if name != "kind"})
    frame.insert(1, "kind", in_words("kind", rows["kind"]))
    return frame


def journal_rows(journal: pd.DataFrame) -> npt.NDArray[np.void]:
    """The record array of a journal table (the inverse of :func:`journal_table`)."""
    rows = np.zeros(len(journal), dtype=journal_dtype)
    for name in _FIRST:
        column = journal[name]
        rows[name] = in_numbers("kind", column) if name == "kind" else column.to_numpy()
    return rows
