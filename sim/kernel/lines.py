"""Waiting lists: each space has one, a doubly linked list of applications in order of arrival."""

from shequn.agents.compiled import compiled
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.heap import LARGEST_IN_TAG, event_tag, push
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.state import MAX_SPACES, NOBODY, EventKind, State
from shequn.sim.kernel.world import World


@compiled
def line_up(world: World, person: int, space_id: int) -> None:
    """Give a person an application at the end of a space's line; a free record is used again if there is any."""
    total = world.totals[0]
    space = world.spaces[space_id]
    number = int(total["free_application"])
    if number == NOBODY:
        number = int(total["n_applications"])
        total["n_applications"] = number + 1
    else:
        total["free_application"] = world.applications[number]["after"]
    application = world.applications[number]
    application["person"] = person
    application["space"] = space_id
    application["ticket"] = total["tickets"]
    application["before"] = space["last"]
    application["after"] = NOBODY
    if space["last"] == NOBODY:
        space["first"] = number
    else:
        world.applications[space["last"]]["after"] = number
    space["last"] = number
    total["tickets"] += 1
    total["waiting"] += 1
    space["waiting"] += 1
    member_of(world, person)["application"] = number


@compiled(only_with=Feature.DOORS, otherwise=NOBODY)
def withdraw(world: World, person: int) -> int:
    """Take a person off the waiting list; returns the number of their application, which is free from now on."""
    total = world.totals[0]
    who = world.people[person]
    member = world.members[who["member"]]
    number = int(member["application"])
    application = world.applications[number]
    space = world.spaces[application["space"]]
    before = int(application["before"])
    after = int(application["after"])
    if before == NOBODY:
        space["first"] = after
    else:
        world.applications[before]["after"] = after
    if after == NOBODY:
        space["last"] = before
    else:
        world.applications[after]["before"] = before
    application["after"] = total["free_application"]
    total["free_application"] = number
    total["waiting"] -= 1
    space["waiting"] -= 1
    member["application"] = NOBODY
    if who["state"] == State.WAITING:
        who["state"] = State.OUTSIDE
    return number


@compiled
def schedule_admission(world: World, space_id: int, at: float) -> None:
    """Schedule the next admission from a space's waiting list; an earlier entry becomes stale."""
    space = world.spaces[space_id]
    space["admission_pending"] = 1
    space["admission_version"] += 1
    push(world.queue, at, event_tag(EventKind.ADMISSION, 0, admission_name(world, space_id)))


@compiled
def admission_name(world: World, space_id: int) -> int:
    """What the queue entry of a space's next admission says: its version, and the space in the last bits."""
    return int((MAX_SPACES * world.spaces[space_id]["admission_version"] + space_id) & LARGEST_IN_TAG)


@compiled
def cancel_admission(world: World, space_id: int) -> None:
    """Cancel a space's next admission, until somebody waits at its quota gate again."""
    space = world.spaces[space_id]
    space["admission_version"] += 1
    space["admission_pending"] = 0
