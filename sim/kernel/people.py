"""Records of people: everybody has one in ``people``; who has ever been a member or of the staff, one in ``members``.

All the others share the first record in ``members``, which is blank and never written to.
"""

from typing import Any

from shequn.agents.compiled import compiled
from shequn.sim.kernel.world import World


@compiled
def member_of(world: World, person: int) -> Any:
    """Somebody's record as a member; the blank one of who has never been one."""
    return world.members[world.people[person]["member"]]


@compiled
def open_record(world: World, person: int) -> None:
    """Give somebody a record as a member, if they have none."""
    who = world.people[person]
    if who["member"] == 0:
        total = world.totals[0]
        who["member"] = total["n_records"]
        world.members[total["n_records"]] = world.members[0]
        total["n_records"] += 1


@compiled
def open_records(world: World, people: Any) -> None:
    """Give each of these people a record as a member; there is room for them."""
    for k in range(len(people)):
        open_record(world, people[k])
