"""The network of a community on one day: its people and the ties between them, copied while a run goes on."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.sim.course import Course
from shequn.sim.kernel.everybody import Everybody
from shequn.sim.kernel.state import NOBODY, State


class NetworkOfDay(NamedTuple):
    """Copies of what the tables need of one day."""

    day: int
    people: Everybody
    groups: npt.NDArray[Any]
    rooms: npt.NDArray[np.int64]  # of each person; NOBODY = of no room
    edges: tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[np.float64], npt.NDArray[np.float32]]


def network_now(course: Course, day: int) -> NetworkOfDay:
    """The network of a community at the end of a day; nothing in the community changes."""
    machine = course.machine
    world = machine.world
    membership = world.people["membership"]
    is_member = (world.people["state"] == State.MEMBER) & (membership != NOBODY)
    rooms = np.where(is_member, world.memberships["room"][membership], NOBODY)
    return NetworkOfDay(day, world.everybody.copy(), world.groups.copy(), rooms, machine.edges_with_given())
