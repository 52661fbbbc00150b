"""The table of departures: who left when and why, how good they were, who followed whom."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import JournalKind
from shequn.sim.results.labels import in_words
from shequn.sim.results.matched import ranks
from shequn.sim.results.stays import Stays
from shequn.sim.results.trees import latest, roots_and_depths


def departures_table(
    membership: npt.NDArray[np.void], people: npt.NDArray[np.void], stays: Stays
) -> pd.DataFrame:
    """One row for each departure and removal, in order of time.

    Columns
    -------
    time : days. person, room : numbers. quality : of the leaver.
    tenure : days since this joining. reason : word (see ``shequn.sim.kernel.state.Reason``).
    temperature_change : -(q - T)/(n - 1), 0 for the last member.
    rank, matched_rank, control : see :func:`shequn.sim.results.matched.ranks`.
    parent : row of the departure that set this one off, -1 if none.
    cascade : row of the departure at the root. depth : steps from it.
    removed : True when the operator removed them.
    """
    kind = membership["kind"]
    rows = np.flatnonzero((kind == JournalKind.LEAVE) | (kind == JournalKind.REMOVE))
    left = membership[rows]
    joined_at = np.empty(len(membership))
    joined_at[stays.end_row[stays.ended]] = stays.joined_at[stays.ended]
    rank, matched_rank, control = ranks(membership, stays, people["quality"], people["key"])
    parent = latest(left["person"].astype(np.int64), rows, left["other"].astype(np.int64), rows)
    root, depth = roots_and_depths(parent)
    return pd.DataFrame(
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
            "parent": parent,
            "cascade": root,
            "depth": depth,
            "removed": left["kind"] == JournalKind.REMOVE,
        }
    )
