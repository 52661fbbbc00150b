"""The table of spaces: who sat where, day by day."""

from typing import Any

import numpy as np
import pandas as pd

from shequn.sim.results.schema import RUN, Column, Table

SPACES = Table(
    "spaces",
    "One row for each day and space, day 0 (the start) included: the state at its end.",
    (
        RUN,
        Column("day", "int64", "day", "Day that ends at this time, in days since the start."),
        Column("space", "string", "", "Name of the space; *group* where the scenario names none."),
        Column("rooms", "int64", "rooms", "Rooms of this kind."),
        Column("members", "int64", "people", "Members who sit there or in spaces in it."),
        Column("waiting", "int64", "people", "People on its waiting list."),
        Column(
            "temperature",
            "double",
            "0 to 1",
            "Mean quality of these members; the last value when nobody is left.",
        ),
        Column("dilution", "double", "quality", "Change of that temperature by joins, since the start."),
        Column("evaporation", "double", "quality", "Change by departures, since the start."),
        Column("pruning", "double", "quality", "Change by removals, since the start."),
        Column(
            "moved_in",
            "double",
            "quality",
            "Change by members who moved in from other spaces, since the start.",
        ),
        Column("moved_out", "double", "quality", "Change by members who moved out, since the start."),
        Column("posts", "int64", "posts", "Posts in its own rooms, since the start."),
    ),
)


def spaces_table(outcome: Any) -> pd.DataFrame:
    """The table :data:`SPACES` of one run."""
    rows = outcome.space_days
    names = np.array([place.name for place in outcome.scenario.places], dtype=object)
    return SPACES.frame({name: rows[name] for name in rows.dtype.names} | {"space": names[rows["space"]]})
