"""The table of spaces: who sat where, day by day."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.sim.kernel.state import JournalKind
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.staying import first_of_each, retention
from shequn.sim.results.stays import Stays
from shequn.sim.results.traces import Traces

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
        Column(
            "retention",
            "double",
            "share",
            "Of those who first took a seat there, or in spaces in it, at least 28 days before the end of the day, the "
            "share who were members 28 days after, wherever they sat; founders included.",
            "nobody had come 28 days before, or moves were not recorded (no full journal)",
            needs_journal=True,
        ),
    ),
)


def spaces_table(outcome: Any, stays: Stays, traces: Traces | None) -> pd.DataFrame:
    """The table :data:`SPACES` of one run; without traces, retention is unknown."""
    rows, places = outcome.space_days, outcome.scenario.places
    names = np.array([place.name for place in places], dtype=object)
    last = len(outcome.days) - 1
    stayed = np.full((len(places), last + 1), np.nan)
    if traces is not None:
        person, time, space = _seats_taken(outcome, traces)
        for number in range(len(places)):
            there = _is_within(places, number)[space]
            stayed[number] = retention(stays, *first_of_each(person[there], time[there]), last)
    return SPACES.frame(
        {name: rows[name] for name in rows.dtype.names}
        | {"space": names[rows["space"]], "retention": stayed[rows["space"], rows["day"]]}
    )


def _seats_taken(outcome: Any, traces: Traces) -> tuple[Any, Any, Any]:
    """Person, time and space of each seat taken by a join or a move, in order of time."""
    joins = outcome.membership[outcome.membership["kind"] == JournalKind.JOIN]
    rows = np.concatenate((joins, traces.rows(JournalKind.MOVE)))
    rows = rows[np.argsort(rows["time"], kind="stable")]
    return rows["person"].astype(np.int64), rows["time"], outcome.room_spaces[rows["room"]]


def _is_within(places: Any, outer: int) -> npt.NDArray[np.bool_]:
    """Of each space, whether it is this one or lies in it; each comes after the one that it is in."""
    within = np.zeros(len(places), dtype=bool)
    for number, place in enumerate(places):
        within[number] = number == outer or (place.parent >= 0 and within[place.parent])
    return within
