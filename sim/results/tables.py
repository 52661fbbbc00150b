"""The tables of one run, as pandas frames without the column ``run``.

Each function reads an outcome (see ``sim/outcome.py``) and nothing else, so every number of a result can be
traced to a row of the journal or a field of a person.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.measures import MEASURES, Kind, Measure
from shequn.sim.kernel.state import NOBODY, journal_dtype
from shequn.sim.results.groups import group_names
from shequn.sim.results.labels import DRIVERS, in_numbers, in_words
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays
from shequn.sim.results.viral import daily_k


def _column(measure: Measure) -> Column:
    text = measure.text
    if measure.kind is not Kind.COMPUTED:
        text += f" {measure.kind.value.capitalize()}."
    kind = "int64" if measure.type == "i8" else "double"
    return Column(measure.name, kind, measure.unit, text, measure.missing)


DAYS = Table(
    "days",
    "One row for each day, day 0 (the start) included: the measures at its end.",
    (
        RUN,
        Column("day", "int64", "day", "Day that ends at this time, in days since the start."),
        *(_column(measure) for measure in MEASURES),
        Column(
            "matched_rank",
            "double",
            "0 to 1",
            "Mean quality rank of those who left that day among members of similar tenure.",
            "nobody left who could be compared",
        ),
        Column(
            "evaporation_control",
            "double",
            "quality",
            "Change of the temperature since the start that departures regardless of quality would have made.",
        ),
        Column(
            "k",
            "double",
            "joins per stay",
            "K: joins by invitation that a stay caused, over the weekly cohorts finished by then.",
            "no weekly cohort is finished yet",
        ),
        Column(
            "branching",
            "double",
            "share",
            "Share of the departures and removals so far that another one set off.",
            "nobody has left so far",
        ),
    ),
)
#: Columns of the table ``days`` after ``day``, in order.
DAILY = DAYS.names[2:]


def days_table(outcome: Any, departures: pd.DataFrame, stays: Stays) -> pd.DataFrame:
    """The table :data:`DAYS` of one run."""
    days = {name: outcome.days[name] for name in outcome.days.dtype.names}
    last = len(outcome.days) - 1
    # what happens at the instant a day begins belongs to that day
    day = np.minimum(np.floor(departures["time"].to_numpy()).astype(np.int64) + 1, last)
    left = ~departures["removed"].to_numpy()
    rank = departures["matched_rank"].to_numpy()
    ranked = left & ~np.isnan(rank)
    n_ranked = np.bincount(day[ranked], minlength=last + 1)
    ranks = np.bincount(day[ranked], weights=rank[ranked], minlength=last + 1)
    control = departures["control"].to_numpy()[left]
    n_departures = np.cumsum(np.bincount(day, minlength=last + 1))
    n_triggered = np.cumsum(np.bincount(day[departures["parent"] >= 0], minlength=last + 1))
    empty = np.full(last + 1, np.nan)
    days["matched_rank"] = np.divide(ranks, n_ranked, out=empty.copy(), where=n_ranked > 0)
    days["evaporation_control"] = np.cumsum(np.bincount(day[left], weights=control, minlength=last + 1))
    days["k"] = daily_k(stays, last)
    days["branching"] = np.divide(n_triggered, n_departures, out=empty.copy(), where=n_departures > 0)
    return DAYS.frame(days)


#: Fields of a person's record that the table of members shows as they are (see ``person_dtype``).
_FIELDS = (
    Column("key", "uint64", "", "Identifies the person in every random draw."),
    Column("quality", "float", "0 to 1", "Their quality."),
    Column("topic", "float", "0 to 1", "Their topic, a point on a circle of length 1."),
    Column("x", "float", "km", "Where they live, eastward.", "the scenario has no places"),
    Column("y", "float", "km", "Where they live, northward.", "the scenario has no places"),
    Column(
        "talkativeness", "float", "probability", "Probability of a first post at a visit, before its factors."
    ),
    Column("pace", "float", "visits per day", "Visit rate before its factors."),
    Column("contentment", "float", "satisfaction", "Lasting addition to what a visit offers."),
    Column("satisfaction", "float", "0 to 1", "At the end."),
    Column("need", "float", "0 to 1", "At the last visit."),
    Column("habit", "float", "0 to 1", "At the last visit."),
    Column("commitment", "float", "satisfaction", "At the last visit."),
    Column("recognition", "float", "recognition", "At its last change."),
    Column("visit_rate", "float", "visits per day", "At the end."),
    Column("last_visit_at", "double", "days", "Last visit; the join counts as one."),
)
_COUNTS = (
    Column("n_joins", "int64", "joins", "Times they joined."),
    Column("n_visits", "int64", "visits", "Visits."),
    Column("n_posts", "int64", "posts", "Posts, replies included."),
    Column("n_replies_received", "int64", "posts", "Replies to their posts."),
    Column("n_invites", "int64", "invitations", "Invitations they made."),
    Column("n_accepted", "int64", "invitations", "Number of these that led to a join."),
    Column("n_asked", "int64", "invitations", "Times they were invited."),
)

MEMBERS = Table(
    "members",
    "One row for each person who ever joined, in order of their number.",
    (
        RUN,
        Column("person", "int32", "number", "Number in the journal and all tables of this run."),
        Column(
            "label", "string", "", "Name in the graph's file.", "the graph has no names, or none for them"
        ),
        Column(
            "group",
            "string",
            "",
            "Their group of the population.",
            "the population has no groups, or none has them",
        ),
        Column("founder", "bool", "", "Whether they were a founder."),
        Column("founder_top", "bool", "", "Whether they were in the founders' best tenth by quality."),
        Column("state", "words", "", "Their relation to the community at the end."),
        Column("channel", "words", "", "Channel of the last join."),
        Column("first_joined_at", "double", "days", "First join."),
        Column("joined_at", "double", "days", "Last join."),
        Column("left_at", "double", "days", "End of the last stay.", "it has not ended"),
        Column("root", "int32", "number", "Root of their tree of invitations, at the first join."),
        Column("tree_depth", "int64", "invitations", "Invitations from that root, at the first join."),
        Column("lapsed", "bool", "", "Whether they are lapsed: absent for long, but still a member."),
        *_FIELDS,
        Column("invited_by", "int32", "number", "Inviter of the last join.", "nobody invited them"),
        *_COUNTS,
        *(
            Column(f"weight_{word}", "float", "share", f"Weight of the driver {word}; all weights sum to 1.")
            for word in DRIVERS
        ),
    ),
)


def members_table(outcome: Any, stays: Stays) -> pd.DataFrame:
    """The table :data:`MEMBERS` of one run."""
    person, first = np.unique(stays.person, return_index=True)
    last = len(stays.person) - 1 - np.unique(stays.person[::-1], return_index=True)[1]
    people = outcome.people[person]
    labels = outcome.labels or ()
    columns: dict[str, Any] = {
        "person": person,
        "label": [labels[i] if i < len(labels) else None for i in person],
        "group": group_names(outcome, person),
        "founder": people["founder"] > 0,
        "founder_top": people["founder"] == 2,
        "state": in_words("state", people["state"]),
        "channel": in_words("channel", people["channel"]),
        "first_joined_at": stays.joined_at[first],
        "joined_at": stays.joined_at[last],
        "left_at": np.where(stays.ended[last], stays.left_at[last], np.nan),
        "root": stays.person[stays.root[first]],
        "tree_depth": stays.depth[first],
        "lapsed": people["lapsed"] > 0,
        **{column.name: people[column.name] for column in (*_FIELDS, *_COUNTS)},
        "invited_by": unless_nobody(people["invited_by"]),
        **{f"weight_{word}": people["drivers"][:, i] for i, word in enumerate(DRIVERS)},
    }
    return MEMBERS.frame(columns)


JOURNAL = Table(
    "journal",
    "One row for each event of run 0, in order of time. The meaning of the last columns depends on the kind.",
    (
        RUN,
        Column("time", "double", "days", "When it happened, in days since the start."),
        Column("kind", "words", "", "What happened."),
        Column("person", "int32", "number", "Who did it."),
        Column(
            "other",
            "int32",
            "number",
            "join: the inviter. leave: who left before them in the cascade. invite: the invitee. "
            "accept, decline: the inviter. reply: the author answered. reaction: the author.",
            "nobody else took part",
        ),
        Column("room", "int32", "number", "Where.", "in no room"),
        Column(
            "detail",
            "int32",
            "",
            "join: number of the channel. leave, remove: number of the reason. invite: earlier invitations "
            "of the invitee by this person (complete mixing: 0). accept, decline: friends inside. refuse, "
            "wait, give_up, pass_line: position of the gate. visit: posts read. post, reply, reaction: "
            "number of the post in the room. Else 0.",
        ),
        Column(
            "value",
            "double",
            "",
            "join, leave, remove: change of the temperature. invite: strength of the tie. accept, decline: "
            "probability to accept. give_up, pass_line: days waited. lapse: days until the next visit. "
            "return: days away. visit: satisfaction after it. post, reply: quality of the post. Else 0.",
        ),
    ),
)


def unless_nobody(numbers: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Numbers of people or rooms, with nan in place of NOBODY."""
    return np.where(numbers == NOBODY, np.nan, numbers)


def journal_columns(rows: npt.NDArray[np.void]) -> dict[str, Any]:
    """The columns of the table :data:`JOURNAL` after ``run``."""
    columns: dict[str, Any] = {name: np.ascontiguousarray(rows[name]) for name in JOURNAL.names[1:]}
    columns["kind"] = in_words("kind", rows["kind"])
    return columns | {name: unless_nobody(rows[name]) for name in _NOBODY_IS_MISSING}


_NOBODY_IS_MISSING = ("other", "room")


def journal_table(rows: npt.NDArray[np.void]) -> pd.DataFrame:
    """The table :data:`JOURNAL` of one run."""
    return JOURNAL.frame(journal_columns(rows))


def journal_rows(journal: pd.DataFrame) -> npt.NDArray[np.void]:
    """The record array of a journal table (the inverse of :func:`journal_table`)."""
    rows = np.zeros(len(journal), dtype=journal_dtype)
    for name in journal_dtype.names or ():
        column = journal[name]
        rows[name] = in_numbers("kind", column) if name == "kind" else column.fillna(NOBODY).to_numpy()
    return rows
