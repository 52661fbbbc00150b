"""Marks: levels and titles that members show. Honor compares them as it compares recognition.

A level goes by what a member has earned of a unit in this stay; a title is given by the operator. What a member's marks
count for together stands in ``shown``, by membership; a room's ring holds the same of those seen lately, as it holds
their recognition.
"""

from typing import Any

import numpy as np

from shequn.agents.compiled import compiled
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.rooms import pond_of
from shequn.sim.kernel.state import NOBODY, WEEK, WEEK_RING, JournalKind
from shequn.sim.kernel.world import World


@compiled(only_with=Feature.STAFF, otherwise=0.0)
def shown_by(world: World, who: Any) -> float:
    """What a member's marks count for, in units of recognition."""
    return float(world.shown[who["membership"]]) if len(world.marks) > 0 else 0.0


@compiled(only_with=Feature.STAFF)
def count_shown(world: World, room: Any, who: Any, day: int, sign: int) -> None:
    """Add a member's marks to a room's sum over those last seen on a day, or subtract them (``sign`` -1)."""
    if len(world.marks) > 0:
        room["shown"][day % WEEK_RING] += sign * world.shown[who["membership"]]


@compiled(only_with=Feature.STAFF, otherwise=0.0)
def shown_by_others(world: World, room: Any, who: Any, now: float) -> float:
    """Mean of what the marks of the other active members of a room count for; the member has just been seen."""
    if len(world.marks) == 0:
        return 0.0
    active = 0
    held = 0.0
    for back in range(WEEK):
        active += room["seen"][(int(now) - back) % WEEK_RING]
        held += room["shown"][(int(now) - back) % WEEK_RING]
    return max(0.0, held - shown_by(world, who)) / max(1, active - 1)


@compiled(only_with=Feature.STAFF, otherwise=True)
def may(world: World, person: int, privilege: int) -> bool:
    """Whether a member's marks allow what only members with a mark may do; anything that no mark opens is allowed."""
    seat_id = int(world.people[person]["membership"])
    for mark_id in range(len(world.marks)):
        if world.levels[seat_id, mark_id] < world.marks[mark_id]["allows"][privilege]:
            return False
    return True


@compiled
def is_open_to(world: World, entry: Any, seat_id: int) -> bool:
    """Whether a member has the mark that a task or an offer needs."""
    return bool(entry["needs"] == NOBODY or world.levels[seat_id, entry["needs"]] >= entry["needs_level"])


@compiled
def set_level(world: World, person: int, mark_id: int, level: int, now: float) -> None:
    """Give a member a level of a mark; 0 takes it away."""
    who = world.people[person]
    member = world.members[who["member"]]
    seat_id = int(who["membership"])
    change = world.marks[mark_id]["honor"] * (level - world.levels[seat_id, mark_id])
    world.levels[seat_id, mark_id] = level
    world.shown[seat_id] += change
    last = int(member["last_visit_at"])
    if int(now) - last < WEEK:
        pond_of(world, int(world.memberships[seat_id]["room"]))["shown"][last % WEEK_RING] += change
    write(world, now, JournalKind.MARK.value, person, NOBODY, NOBODY, mark_id, float(level))


@compiled
def update_levels(world: World, person: int, unit_id: int, now: float) -> None:
    """After earning a unit: the levels that go by it."""
    seat_id = int(world.people[person]["membership"])
    earned = world.holdings[seat_id, unit_id]["earned"]
    for mark_id in range(len(world.marks)):
        mark = world.marks[mark_id]
        if mark["unit"] == unit_id:
            level = steps_reached(mark, earned)
            if level != world.levels[seat_id, mark_id]:
                set_level(world, person, mark_id, level, now)


@compiled
def steps_reached(mark: Any, earned: float) -> int:
    """Level that what was earned is worth."""
    level = 0
    while level < mark["n_steps"] and earned >= mark["steps"][level]:
        level += 1
    return level


@compiled
def honor_of_unit(world: World, unit_id: int, seat_id: int) -> float:
    """What one more of a unit brings a member towards their next levels, in units of recognition."""
    honor = 0.0
    earned = np.float64(world.holdings[seat_id, unit_id]["earned"])
    for mark_id in range(len(world.marks)):
        mark = world.marks[mark_id]
        if mark["unit"] == unit_id:
            level = steps_reached(mark, earned)
            if level < mark["n_steps"]:
                honor += mark["honor"] / (mark["steps"][level] - earned)
    return honor


@compiled
def clear_marks(world: World, seat_id: int) -> None:
    """Marks of a member who has just taken this seat: none."""
    for mark_id in range(len(world.marks)):
        world.levels[seat_id, mark_id] = 0
    if len(world.marks) > 0:
        world.shown[seat_id] = 0.0


@compiled
def give_title(world: World, mark_id: int, winners: Any, people: Any, now: float) -> None:
    """Give a title to the winners, and take it from the others of these people who have it."""
    for k in range(len(people)):
        seat_id = int(world.people[people[k]]["membership"])
        if world.levels[seat_id, mark_id] != 0 and not is_among(people[k], winners):
            set_level(world, people[k], mark_id, 0, now)
    for k in range(len(winners)):
        seat_id = int(world.people[winners[k]]["membership"])
        if world.levels[seat_id, mark_id] == 0:
            set_level(world, winners[k], mark_id, 1, now)


@compiled
def is_among(person: int, people: Any) -> bool:
    """Whether somebody is one of these people."""
    found = False
    for k in range(len(people)):
        found |= people[k] == person
    return found
