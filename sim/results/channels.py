"""The table of channels: what became of the people who came in by each, and what it cost."""

from typing import Any

import numpy as np
import pandas as pd

from shequn.sim.kernel.state import Channel, JournalKind
from shequn.sim.operator import operation_keys
from shequn.sim.results.funnel import WEEK_4
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.staying import retention
from shequn.sim.results.stays import Stays

CHANNELS = Table(
    "channels",
    "One row for each channel of the whole run: strangers, invitations, and each operation that brings people.",
    (
        RUN,
        Column("channel", "string", "", "stranger, invitation, or the name of the operation."),
        Column(
            "came",
            "int64",
            "people",
            "Strangers who found it, people invited, people who came to the door.",
            adds_up=True,
        ),
        Column(
            "joined", "int64", "people", "Those who joined, the first time by this channel.", adds_up=True
        ),
        Column("spoke", "int64", "people", "Of these, those who wrote at least once.", adds_up=True),
        Column("week_4", "int64", "people", "Of these, those with a stay of 28 days.", adds_up=True),
        Column("quality", "double", "0 to 1", "Mean quality of those who joined.", "nobody joined"),
        Column(
            "cost",
            "double",
            "money",
            "Money paid for it.",
            "rewards for inviting, which are in `rewards`",
            adds_up=True,
        ),
        Column(
            "retention",
            "double",
            "share",
            "Of those who joined, the first time by this channel, at least 28 days before the end, the share who were "
            "members 28 days after.",
            "nobody joined so early",
        ),
    ),
)


def channels_table(outcome: Any, stays: Stays) -> pd.DataFrame:
    """The table :data:`CHANNELS` of one run."""
    people, rows, batches = outcome.people, outcome.membership, outcome.batches
    first = np.unique(stays.person, return_index=True)[1]
    channel, member = stays.channel[first], stays.person[first]
    last = len(outcome.days) - 1
    length = np.minimum(stays.left_at, last) - stays.joined_at
    stayed = np.isin(member, stays.person[length >= WEEK_4])
    batch = (
        np.searchsorted(batches["first"], member, side="right") - 1
    )  # in which each of them came, if in any
    is_in = (batch >= 0) & (channel == Channel.ARRIVAL)
    operation = np.where(is_in, batches["operation"][np.maximum(batch, 0)] if len(batches) else 0, 0)
    keys = operation_keys(outcome.scenario.operations)
    names = dict(zip(keys, outcome.scenario.resolved()["operations"], strict=True))
    table: dict[str, list[Any]] = {column.name: [] for column in CHANNELS.columns if column is not RUN}

    def add(name: str, came: int, joined: Any, cost: float) -> None:
        values = (
            name, came, joined.sum(), ((people["n_posts"][member] > 0) & joined).sum(), (stayed & joined).sum(),
            people["quality"][member[joined]].mean(dtype=float) if joined.any() else np.nan, cost,
            retention(stays, member[joined], stays.joined_at[first][joined], last)[-1],
        )  # fmt: skip
        for column, value in zip(table.values(), values, strict=True):
            column.append(value)

    of_arrivals = float((batches["came"] * batches["cost"]).sum())
    bought = float(outcome.days["reach_cost"][-1]) - of_arrivals
    found, invited = rows["kind"] == JournalKind.FIND, rows["kind"] == JournalKind.INVITE
    add("stranger", len(np.unique(rows["person"][found])), channel == Channel.STRANGER, max(0.0, bought))
    add("invitation", len(np.unique(rows["other"][invited])), channel == Channel.INVITATION, np.nan)
    for key in dict.fromkeys(batches["operation"].tolist()):
        own = batches[batches["operation"] == key]
        cost = float((own["came"] * own["cost"]).sum())
        add(names.get(key, f"operation {key:x}"), int(own["came"].sum()), is_in & (operation == key), cost)
    return CHANNELS.frame(table)
