"""Who had to do with whom, as the journal of run 0 shows it: answers, reactions, invitations that led in."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.app.report.result_folder import ResultFolder
from shequn.sim.kernel.state import Channel

RECENT = 30.0  # days within which two are in touch


class Exchanges(NamedTuple):
    """Exchanges between pairs of people, in order of pair and time."""

    a: npt.NDArray[np.int64]  # the smaller number
    b: npt.NDArray[np.int64]
    time: npt.NDArray[np.float64]  # days
    pair: npt.NDArray[np.int64]  # names the two

    @property
    def pairs(self) -> pd.DataFrame:
        """One row for each pair: ``a``, ``b``, ``first``, ``last`` (days) and ``n`` exchanges."""
        frame = pd.DataFrame({"pair": self.pair, "a": self.a, "b": self.b, "time": self.time})
        found = frame.groupby("pair", sort=False).agg(
            a=("a", "first"),
            b=("b", "first"),
            first=("time", "first"),
            last=("time", "last"),
            n=("time", "size"),
        )
        return found.reset_index(drop=True)

    def in_touch(self, days: int) -> npt.NDArray[np.float64]:
        """Pairs whose latest exchange is at most 30 days past, at the end of each day 0..days."""
        begins = np.ones(len(self.pair), dtype=bool)
        begins[1:] = (self.pair[1:] != self.pair[:-1]) | (self.time[1:] - self.time[:-1] > RECENT)
        ends = np.append(begins[1:], True) if len(begins) else begins
        change = np.zeros(days + 2)
        np.add.at(change, np.minimum(np.ceil(self.time[begins]).astype(int), days + 1), 1)
        np.add.at(change, np.minimum(np.ceil(self.time[ends] + RECENT).astype(int), days + 1), -1)
        return np.cumsum(change)[: days + 1]


def exchanges(found: ResultFolder) -> Exchanges:
    """The exchanges of run 0; none where there is no journal.

    A journal of comings and goings alone has only the invitations that led in.
    """
    rows = found.journal(("reply", "reaction", "join"), ("time", "kind", "person", "other", "detail"))
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
