"""The tables of nodes and edges: who is tied to whom, on the days that were asked for."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from shequn.sim.kernel.state import NOBODY, State
from shequn.sim.network import NetworkOfDay
from shequn.sim.results.labels import in_words
from shequn.sim.results.schema import RUN, Column, Table

_DAY = Column("day", "int64", "day", "At the end of this day; 0 = just founded.")

NODES = Table(
    "nodes",
    "One row for each of the days of --network and each person, outside or inside.",
    (
        RUN,
        _DAY,
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
        Column("state", "words", "", "Their relation to the community."),
        Column("founder", "bool", "", "Whether they were a founder."),
        Column("room", "int32", "number", "Where they sit.", "they are no member"),
        Column("quality", "float", "0 to 1", "Their quality."),
        Column("topic", "float", "0 to 1", "Their topic, a point on a circle of length 1."),
        Column("satisfaction", "float", "0 to 1", "After the last visit.", "they are no member"),
        Column("posts", "int64", "posts", "Posts so far, replies included."),
    ),
)

EDGES = Table(
    "edges",
    "One row for each of the days of --network and each tie, in order of person and other. networkx reads the rows of "
    'a run and a day: networkx.from_pandas_edgelist(rows, "person", "other", ["strength", "given"]).',
    (
        RUN,
        _DAY,
        Column("person", "int32", "number", "The one with the smaller number; ties have no direction."),
        Column("other", "int32", "number", "The one with the larger number."),
        Column("strength", "double", "0 to 1", "Given strength, and what has grown and not faded."),
        Column(
            "given", "float", "0 to 1", "Strength at the start, which does not fade; 0 = made in the run."
        ),
    ),
)


def nodes_table(outcome: Any, networks: Sequence[NetworkOfDay]) -> pd.DataFrame:
    """The table :data:`NODES` of one run."""
    names = np.array([*outcome.scenario.population.groups, None], dtype=object)  # NOBODY = -1 is the last
    labels = outcome.labels or ()
    frames = [NODES.frame({name: [] for name in NODES.names if name != RUN.name})]
    for network in networks:
        people, n = network.people, len(network.people)
        is_member = people["state"] == State.MEMBER
        groups = names[network.groups] if len(names) > 1 else np.full(n, None)
        columns = {
            "day": np.full(n, network.day),
            "person": np.arange(n),
            "label": [labels[i] if i < len(labels) else None for i in range(n)],
            "group": groups,
            "state": in_words("state", people["state"]),
            "founder": people["founder"] > 0,
            "room": np.where(network.rooms == NOBODY, np.nan, network.rooms),
            "quality": people["quality"],
            "topic": people["topic"],
            "satisfaction": np.where(is_member, people["satisfaction"], np.float32(np.nan)),
            "posts": people["n_posts"].astype(np.int64),
        }
        frames.append(NODES.frame(columns))
    return pd.concat(frames[1:] or frames, ignore_index=True)


def edges_table(networks: Sequence[NetworkOfDay]) -> pd.DataFrame:
    """The table :data:`EDGES` of one run."""
    frames = [EDGES.frame({name: [] for name in EDGES.names if name != RUN.name})]
    for network in networks:
        person, other, strength, given = network.edges
        order = np.lexsort((other, person))
        frames.append(
            EDGES.frame(
                {
                    "day": np.full(len(order), network.day),
                    "person": person[order],
                    "other": other[order],
                    "strength": strength[order],
                    "given": given[order],
                }
            )
        )
    return pd.concat(frames[1:] or frames, ignore_index=True)
