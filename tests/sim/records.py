"""What people have as members, to be read and written to in a world made by hand."""

from typing import Any

import numpy as np

from shequn.sim.kernel.world import World


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
