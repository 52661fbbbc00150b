"""What the collector of a run had counted for the table of cohorts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import NEVER, Channel, JournalKind
from shequn.sim.results.cohorts import WEEK
from shequn.sim.saving.checks.ranges import require


def check_cohorts(
    recorded: Mapping[str, npt.NDArray[Any]], membership: npt.NDArray[Any], time: float
) -> None:
    """Compare the counts by cohort with the journal's membership rows; raises ``ValueError``.

    Parameters
    ----------
    recorded : mapping
        The arrays of a :class:`shequn.sim.results.cohorts.CohortCounts`; without them there is nothing to check.
    time : float
        Of the state, in days.
    """
    if not recorded:
        return
    first, founder = recorded["first"], recorded["founder"].astype(bool)
    last_age, counts = recorded["last_age"], recorded["counts"]
    joins = membership[membership["kind"] == JournalKind.JOIN][::-1]
    due, founded = np.full(len(first), NEVER), np.zeros(len(first), dtype=bool)
    require(not len(joins) or joins["person"].max() < len(first), "recorded.first")
    due[joins["person"]] = joins["time"]  # in reverse, so that the first join remains
    founded[joins["person"]] = joins["detail"] == Channel.FOUNDER
    # whoever joined before the run was recorded is unknown here
    require(first.shape == due.shape and ((first == due) | (first == NEVER)).all(), "recorded.first")
    joined = first < NEVER
    require(founder.shape == due.shape and (founder == (founded & joined)).all(), "recorded.founder")
    require(last_age.shape == due.shape and (last_age[~joined] == -1).all(), "recorded.last_age")
    age = np.floor((time - first[joined]) / WEEK)
    require(((last_age[joined] >= 0) & (last_age[joined] <= age)).all(), "recorded.last_age")
    require(counts.ndim == 3 and len(counts) == 2 and counts.dtype.kind == "i", "recorded.counts")
    cohort, last = (first[joined] / WEEK).astype(np.int64), last_age[joined]
    require((cohort < counts.shape[1]).all() and (last < counts.shape[2]).all(), "recorded.counts")
    ending = np.zeros(counts.shape, dtype=np.int64)  # people by the last week in which they were seen
    np.add.at(ending, (founder[joined].astype(np.int64), cohort, last), 1)
    still = np.cumsum(ending[:, :, ::-1], axis=2)[:, :, ::-1]
    require(((counts >= ending) & (counts <= still)).all(), "recorded.counts")
