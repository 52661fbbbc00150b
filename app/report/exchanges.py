"""Contacts between members in the journal of run 0: replies, reactions, invitations that led to a join."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.app.report.result_folder import ResultFolder
from shequn.sim.kernel.state import Channel

CONTACT_DAYS = 30.0  # days; two people are in touch this long after an exchange


class Exchanges(NamedTuple):
    """Exchanges between pairs of people, sorted by pair and time."""

    a: npt.NDArray[np.int64]  # the smaller number of the two people
    b: npt.NDArray[np.int64]
    time: npt.NDArray[np.float64]  # days
    pair: npt.NDArray[np.int64]  # identifies the pair

    @property
    def pairs(self) -> pd.DataFrame:
        """One row per pair: ``a``, ``b``, ``first`` and ``last`` (days), and ``n`` exchanges."""
        frame = pd.DataFrame({"pair": self.pair, "a": self.a, "b": self.b, "time": self.time})
        pairs = frame.groupby("pair", sort=False).agg(
            a=("a", "first"),
            b=("b", "first"),
            first=("time", "first"),
            last=("time", "last"),
            n=("time", "size"),
        )
        return pairs.reset_index(drop=True)

    def n_pairs_in_touch(self, days: int) -> npt.NDArray[np.float64]:
        """Number of pairs whose latest exchange was at most 30 days ago, at the end of each day 0..days."""
        starts = np.ones(len(self.pair), dtype=bool)
        starts[1:] = (self.pair[1:] != self.pair[:-1]) | (self.time[1:] - self.time[:-1] > CONTACT_DAYS)
        ends = np.append(starts[1:], True) if len(starts) else starts
        change = np.zeros(days + 2)
        np.add.at(change, np.minimum(np.ceil(self.time[starts]).astype(int), days + 1), 1)
        np.add.at(change, np.minimum(np.ceil(self.time[ends] + CONTACT_DAYS).astype(int), days + 1), -1)
        return np.cumsum(change)[: days + 1]


def exchanges(results: ResultFolder) -> Exchanges:
    """The exchanges of run 0; empty if there is no journal.

    A journal of joins and departures alone has only the invitations that led to a join.
    """
    rows = results.journal(("reply", "reaction", "join"), ("time", "kind", "person", "other", "detail"))
    is_join = (rows["kind"].astype(str) == "join").to_numpy(dtype=bool)
    invited = (rows["detail"] == Channel.INVITATION).to_numpy(dtype=bool)
    rows = rows[((rows["other"] >= 0).to_numpy(dtype=bool)) & (~is_join | invited)]
    person, other = rows["person"].to_numpy(dtype=np.int64), rows["other"].to_numpy(dtype=np.int64)
    a, b = np.minimum(person, other), np.maximum(person, other)
    time = rows["time"].to_numpy(dtype=np.float64)
    pair = a * (int(b.max(initial=0)) + 1) + b
    order = np.lexsort((time, pair))
    order = order[a[order] != b[order]]
    return Exchanges(a[order], b[order], time[order], pair[order])
