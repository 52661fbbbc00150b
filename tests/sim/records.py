"""What people have as members, to be read and written to in a world made by hand."""

from typing import Any

import numpy as np

from shequn.sim.kernel.state import State
from shequn.sim.kernel.world import World
from shequn.sim.population import new_members


def record_of(world: World, person: int) -> Any:
    """Somebody's own record as a member; that of nobody is not given away, as all outsiders share it."""
    own = int(world.people["member"][person])
    assert own > 0, f"person {person} has no record as a member"
    return world.members[own]


def records(world: World) -> Any:
    """All records as members, where they are those of the first people in the order of their numbers."""
    n = int(world.totals[0]["n_records"])
    assert np.array_equal(world.people["member"][: n - 1], np.arange(1, n))
    return world.members[1:n]


def check_records(world: World) -> None:
    """The record of nobody is blank; who has come to the door, or is paid, has one of their own; each is somebody's."""
    assert world.members[0].tobytes() == new_members(0)[0].tobytes()
    people, n = world.people, int(world.totals[0]["n_records"])
    assert n <= len(world.members)
    own = people["member"]
    assert np.array_equal(np.sort(own[own != 0]), np.arange(1, n))
    with_one = (State.WAITING, State.MEMBER, State.LEFT, State.REMOVED, State.STAFF, State.FORMER_STAFF)
    assert (own[np.isin(people["state"], with_one)] > 0).all()
