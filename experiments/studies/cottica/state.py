"""The records of a run: every field with its unit."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.experiments.studies.cottica.parameters import Parameters
from shequn.sim.kernel.heap import Heap, empty_heap

NO_TICK = -9  # before the first tick; neither it nor its successor is a tick


class Kind(IntEnum):
    """Kinds of events. Those of one instant happen in this order."""

    FADE = 0  # end of a tick: strengths fade, and the weak leave
    MANAGE = 1  # then the manager comments
    JOIN = 2  # start of a tick: a newcomer
    TURN = 3  # a member's, within the tick


MEMBER = np.dtype(
    [
        ("joined", np.int64),  # tick
        ("active", np.bool_),  # has not left
        ("chattiness", np.float64),  # probability of posting in a tick, without the bonus
        ("strength", np.float64),  # sum of the strengths of ties to this member, the manager's included
        ("got", np.int64),  # latest tick in which this member got a comment
        ("got_before", np.int64),  # latest such tick before that
        ("wrote", np.int64),  # latest tick in which this member commented
        ("n_comments", np.int64),  # written by this member
    ]
)

TOTALS = np.dtype(
    [
        ("n_members", np.int64),  # people who ever joined
        ("n_dropouts", np.int64),
        ("n_comments", np.int64),  # of members
        ("management_effort", np.int64),  # comments of the manager
        ("membership_strength", np.float64),  # of active members, summed over ticks
    ]
)


class Community(NamedTuple):
    """The whole state of a run."""

    rules: npt.NDArray[np.void]  # RULES (1)
    members: npt.NDArray[np.void]  # MEMBER (members)
    ties: npt.NDArray[np.float64]  # [writer, reader]: strength, in comments
    queue: Heap
    totals: npt.NDArray[np.void]  # TOTALS (1)


def empty_community(parameters: Parameters) -> Community:
    """A community without members."""
    n = max(parameters.members, parameters.founders)
    return Community(
        parameters.record(),
        np.zeros(n, dtype=MEMBER),
        np.zeros((n, n)),
        empty_heap(n + len(Kind)),  # a turn for each member, and one event of each other kind
        np.zeros(1, dtype=TOTALS),
    )
