"""What the collector of a run had kept of moves, marks and first posts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import NEVER, JournalKind
from shequn.sim.kernel.world import World
from shequn.sim.results.traces import KINDS
from shequn.sim.saving.checks.ranges import require


def check_traces(
    recorded: Mapping[str, npt.NDArray[Any]], world: World, membership: npt.NDArray[Any], time: float
) -> None:
    """Check the rows and times; raises ``ValueError``.

    Parameters
    ----------
    recorded : mapping
        The arrays of a :class:`shequn.sim.results.traces.Traces`; without them there is nothing to check.
    membership : journal_dtype array
        The journal's membership rows: only who had joined can move or get a mark.
    time : float
        Of the state, in days.
    """
    if not recorded:
        return
    rows, first_post = recorded["traces"], recorded["first_post"]
    people = len(world.people)
    require(rows.ndim == 1 and np.isin(rows["kind"], KINDS).all(), "recorded.traces.kind")
    require((np.diff(rows["time"], prepend=0.0, append=time) >= 0.0).all(), "recorded.traces.time")
    joined = np.full(people, NEVER)
    joins = membership[membership["kind"] == JournalKind.JOIN][::-1]
    joined[joins["person"]] = joins["time"]  # in reverse, so that the first join remains
    require(((rows["person"] >= 0) & (rows["person"] < people)).all(), "recorded.traces.person")
    require((joined[rows["person"]] <= rows["time"]).all(), "recorded.traces.person")
    moves, marks = (rows[rows["kind"] == kind] for kind in (JournalKind.MOVE, JournalKind.MARK))
    n_rooms = int(world.totals[0]["n_rooms"])
    require(((moves["room"] >= 0) & (moves["room"] < n_rooms)).all(), "recorded.traces.room")
    require(((marks["detail"] >= 0) & (marks["detail"] < len(world.marks))).all(), "recorded.traces.detail")
    require((marks["value"] >= 0.0).all(), "recorded.traces.value")
    require(first_post.ndim == 1 and first_post.dtype == np.float64, "recorded.first_post")
    wrote = np.flatnonzero(first_post != NEVER)
    require((wrote < people).all(), "recorded.first_post")
    # staff from outside write without a join
    require(((first_post[wrote] >= 0.0) & (first_post[wrote] <= time)).all(), "recorded.first_post")
