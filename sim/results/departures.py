"""The table of departures: who left, when, why and after whom, and their quality."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import JournalKind
from shequn.sim.results.labels import in_words
from shequn.sim.results.matched import ranks
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays
from shequn.sim.results.trees import latest, roots_and_depths

DEPARTURES = Table(
    "departures",
    "One row for each departure and removal, in order of time.",
    (
        RUN,
        Column("time", "double", "days", "When they left."),
        Column("person", "int32", "number", "Who left."),
        Column("room", "int32", "number", "Room they left."),
        Column("quality", "double", "0 to 1", "Their quality."),
        Column("tenure", "double", "days", "Time since this join."),
        Column(
            "reason", "words", "", "Why they left: the driver whose signal had fallen most, or another cause."
        ),
        Column(
            "temperature_change",
            "double",
            "quality",
            "Change of the mean quality of members: -(q - T)/(n - 1), 0 for the last member.",
        ),
        Column(
            "rank",
            "double",
            "0 to 1",
            "Quality rank among the members present, 1 for the best.",
            "they were the last member",
        ),
        Column(
            "matched_rank",
            "double",
            "0 to 1",
            "Quality rank among up to 50 members of similar tenure.",
            "fewer than 5 members to compare with",
        ),
        Column(
            "control",
            "double",
            "quality",
            "Change of the mean quality that a departure regardless of quality would have made.",
        ),
        Column(
            "parent", "int64", "row", "Row of the departure in this run that set this one off.", "none did"
        ),
        Column("cascade", "int64", "row", "Row of the departure at the root of the cascade."),
        Column("depth", "int64", "steps", "Steps from the root of the cascade, 0 for the root."),
        Column("removed", "bool", "", "Whether the operator removed them."),
    ),
)


def departures_table(
    membership: npt.NDArray[np.void], people: npt.NDArray[np.void], stays: Stays
) -> pd.DataFrame:
    """The table :data:`DEPARTURES` of one run; ranks are those of :func:`shequn.sim.results.matched.ranks`."""
    kind = membership["kind"]
    rows = np.flatnonzero((kind == JournalKind.LEAVE) | (kind == JournalKind.REMOVE))
    left = membership[rows]
    joined_at = np.empty(len(membership))
    joined_at[stays.end_row[stays.ended]] = stays.joined_at[stays.ended]
    rank, matched_rank, control = ranks(membership, stays, people["quality"], people["key"])
    parent = latest(left["person"].astype(np.int64), rows, left["other"].astype(np.int64), rows)
    root, depth = roots_and_depths(parent)
    return DEPARTURES.frame(
        {
            "time": left["time"],
            "person": left["person"],
            "room": left["room"],
            "quality": people["quality"][left["person"]].astype(np.float64),
            "tenure": left["time"] - joined_at[rows],
            "reason": in_words("reason", left["detail"]),
            "temperature_change": left["value"],
            "rank": rank,
            "matched_rank": matched_rank,
            "control": control,
            "parent": np.where(parent >= 0, parent, np.nan),
            "cascade": root,
            "depth": depth,
            "removed": left["kind"] == JournalKind.REMOVE,
        }
    )
