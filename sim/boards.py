"""Boards 排行榜: where members of spaces that rank stand, as published at the end of each day."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import WEEK, State

if TYPE_CHECKING:
    from shequn.sim.machine import Machine
    from shequn.sim.scenario import Scenario


def publish_boards(machine: "Machine", scenario: "Scenario") -> None:
    """Rank the members of each room of a space that ranks, among those who were seen there in the last week.

    A member's place is the share of the others with less recognition and marks, those with as much counting half; the
    only one in a room is not ranked.
    """
    world = machine.world
    ranks = np.array([bool(place.space.ranks) for place in scenario.places])
    if not ranks.any():
        return
    people = world.everybody
    members = np.flatnonzero(people["state"] == State.MEMBER)
    world.board[people["membership"][members]] = -1.0
    # seen in a week, as recognition of the active is counted
    members = members[int(machine.time) - people["last_visit_at"][members].astype(np.int64) <= WEEK]
    seats = people["membership"][members]
    ponds = world.rooms["pond"][world.memberships["room"][seats]]
    ranked = ranks[world.rooms["space"][ponds]]
    members, seats, ponds = members[ranked], seats[ranked], ponds[ranked]
    standing = machine.recognition_of(members, machine.time)
    if len(world.marks):
        standing = standing + world.shown[seats]
    world.board[seats] = shares_below(standing, ponds)


def shares_below(values: npt.NDArray[np.float64], groups: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """For each value the share of the others of its group that are less, equal ones counting half.

    -1 for one that has no others.
    """
    import pandas as pd

    by_group = pd.Series(values).groupby(groups)
    others = by_group.transform("size") - 1
    shares = (by_group.rank() - 1.0) / others.where(others > 0)
    return shares.fillna(-1.0).to_numpy()
