"""The funnel: of those who found the community, how many joined, spoke, stayed four weeks, bought, and bought again."""

from typing import Any

import numpy as np
import pandas as pd

from shequn.sim.kernel.state import Channel, JournalKind
from shequn.sim.results.labels import WORDS
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays

WEEK_4 = 28.0  # days of a stay
STEPS = ("found", "joined", "spoke", "week_4", "bought", "again")
FUNNEL = Table(
    "funnel",
    "One row for each channel and step of the whole run. Who joined in the last four weeks cannot have reached week 4.",
    (
        RUN,
        Column(
            "channel", "words", "", "How they came the first time: founder, stranger, invitation, arrival."
        ),
        Column(
            "step",
            "string",
            "",
            "found (strangers; people invited), joined, spoke (wrote at least once), week_4 (a stay of 28 days), "
            "bought (took an offer, by the channel of that stay), again (a second one in that stay).",
        ),
        Column(
            "people", "double", "people", "How many got as far as this.", "nobody is sought for this channel"
        ),
    ),
)


def funnel_table(outcome: Any, stays: Stays) -> pd.DataFrame:
    """The table :data:`FUNNEL` of one run."""
    rows, people = outcome.membership, outcome.people
    first = np.unique(stays.person, return_index=True)[1]
    channel, member = stays.channel[first], stays.person[first]
    spoke = people["n_posts"][member] > 0
    long = np.unique(
        stays.person[np.minimum(stays.left_at, len(outcome.days) - 1) - stays.joined_at >= WEEK_4]
    )
    stayed = np.isin(member, long)
    found = {
        Channel.STRANGER: len(np.unique(rows["person"][rows["kind"] == JournalKind.FIND])),
        Channel.INVITATION: len(np.unique(rows["other"][rows["kind"] == JournalKind.INVITE])),
    }
    people_at = [
        count
        for one in Channel
        for count in (
            found.get(one, np.nan),
            float((channel == one).sum()),
            float((spoke & (channel == one)).sum()),
            float((stayed & (channel == one)).sum()),
            *(float(n) for n in outcome.buyers[one]),
        )
    ]
    return FUNNEL.frame(
        {
            "channel": np.repeat(np.array(WORDS["channel"], dtype=object), len(STEPS)),
            "step": list(STEPS) * len(Channel),
            "people": people_at,
        }
    )
