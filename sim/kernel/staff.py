"""The staff at work: what waits at each desk, and who takes it up when.

The staff of a job in one room form a desk; rooms divided from that room stay with it. Each of them does one piece of
work at a time, within the hours, until the minutes of the day are spent. Waiting work is taken by the priority of
its duty, then by time. What does not fit into what is left of the day waits; what has waited too long, or is about
somebody who has left or a post out of view, is left undone.
"""

import math
from typing import Any

from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.desks import desk_of
from shequn.sim.kernel.duties.kinds import carry_out
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.heap import event_tag, push
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.stages import is_during
from shequn.sim.kernel.state import NEVER, NOBODY, EventKind, JournalKind, Occasion, PostKind, State
from shequn.sim.kernel.ties import update_neighbours
from shequn.sim.kernel.world import World

_MINUTES_OF_DAY = 1440.0
_ROUNDING = 1e-9  # days or minutes: sums of minutes may exceed the day's by this much


@compiled
def fill_desks(world: World, job_id: int, desks: Any) -> None:
    """Fill ``desks`` with the desk of a job for each room."""
    for room in range(len(desks)):
        desks[room] = desk_of(world, world.jobs[job_id], room)


@compiled(only_with=Feature.STAFF)
def give_post(world: World, person: int, room_id: int, number: int, kind: int, now: float) -> None:
    """A member has written a new post or a reply: occasion for those who answer."""
    if len(world.duties) == 0:
        return
    who = world.people[person]
    member = world.members[who["member"]]
    give_to_moderators(world, Occasion.ANY_POST.value, room_id, number, now)
    give(world, Occasion.POST.value, NOBODY, person, room_id, number, now)
    if kind == PostKind.QUESTION:
        give(world, Occasion.QUESTION.value, NOBODY, person, room_id, number, now)
    if member["n_posts"] == 1:
        give(world, Occasion.FIRST_POST.value, NOBODY, person, room_id, number, now)


@compiled(only_with=Feature.STAFF)
def give(world: World, occasion: int, task: int, person: int, room_id: int, number: int, now: float) -> None:
    """Something happens that gives occasion to duties: it joins the line of each.

    ``task`` is the number of the task with Occasion.TASK; then ``room_id`` is where the member sits.
    """
    who = world.people[person]
    member = world.members[who["member"]]
    for duty_id in range(len(world.duties)):
        duty = world.duties[duty_id]
        if duty["occasion"] != occasion or (duty["task"] != NOBODY and duty["task"] != task):
            continue
        if not is_during(world, duty):
            continue
        desk = desk_of(world, world.jobs[duty["job"]], room_id)
        if desk == NOBODY:
            continue
        if duty["share"] < 1.0:
            key = pair(who["key"], duty["key"])
            count = (int(who["n_joins"]) << 40) | (int(member["n_posts"]) << 20) | int(member["n_visits"])
            count |= (task + 1) << 56  # several tasks may be done at one visit
            if uniform(world.totals[0]["seed"], Purpose.DUTY, key, count) >= duty["share"]:
                continue
        if occasion == Occasion.TASK:
            enter_line(world, duty_id, desk, person, NOBODY, task, now)
        elif occasion == Occasion.JOIN:
            enter_line(world, duty_id, desk, person, NOBODY, 0, now)
        else:
            enter_line(world, duty_id, desk, person, room_id, number, now)


@compiled(only_with=Feature.STAFF)
def give_to_moderators(world: World, occasion: int, room_id: int, number: int, now: float) -> None:
    """Something was written or reported: it joins the line of each duty to look at it, whoever wrote it."""
    for duty_id in range(len(world.duties)):
        duty = world.duties[duty_id]
        if duty["occasion"] != occasion or not is_during(world, duty):
            continue
        desk = desk_of(world, world.jobs[duty["job"]], room_id)
        if desk == NOBODY:
            continue
        if duty["share"] < 1.0:
            shown = int(world.params[0]["shown"])
            post = world.posts[room_id * shown + number % shown]
            key = pair(world.people[post["author"]]["key"], duty["key"])
            if uniform(world.totals[0]["seed"], Purpose.DUTY, key, post["own"]) >= duty["share"]:
                continue
        enter_line(world, duty_id, desk, NOBODY, room_id, number, now)


@compiled
def enter_round(
    world: World, duty_id: int, desks: Any, people: Any, rooms: Any, numbers: Any, now: float
) -> None:
    """Put the work of a round into the lines, in this order; what is left of the last round comes too late."""
    duty = world.duties[duty_id]
    job = world.jobs[duty["job"]]
    for desk in range(job["n_desks"]):
        empty_line(world, line_of(world, duty_id, desk), duty)
    for k in range(len(desks)):
        number = desks[k] if people[k] == NOBODY else numbers[k]
        enter_line(world, duty_id, desks[k], people[k], rooms[k], number, now)


@compiled
def line_of(world: World, duty_id: int, desk: int) -> int:
    """Number of the line of a duty at a desk."""
    job = world.jobs[world.duties[duty_id]["job"]]
    return int(job["first_line"] + desk * job["n_duties"] + duty_id - job["first_duty"])


@compiled
def enter_line(
    world: World, duty_id: int, desk: int, person: int, room_id: int, number: int, now: float
) -> None:
    """Put a piece of work at the end of its line; the desk gives out what it can."""
    total = world.totals[0]
    work_id = int(total["free_work"])
    if work_id == NOBODY:
        work_id = int(total["n_work"])
        total["n_work"] = work_id + 1
    else:
        total["free_work"] = world.work[work_id]["after"]
    work = world.work[work_id]
    work["since"] = now
    work["person"] = person
    work["stay"] = world.people[person]["n_joins"] if person != NOBODY else 0
    work["room"] = room_id
    work["number"] = number
    work["duty"] = duty_id
    work["after"] = NOBODY
    line = world.lines[line_of(world, duty_id, desk)]
    if line["last"] == NOBODY:
        line["first"] = work_id
    else:
        world.work[line["last"]]["after"] = work_id
    line["last"] = work_id
    world.duties[duty_id]["waiting"] += 1
    give_out(world, int(world.duties[duty_id]["job"]), desk, now)


@compiled
def leave_line(world: World, line_id: int, duty: Any) -> int:
    """Take the first piece of work out of a line; returns its number."""
    line = world.lines[line_id]
    work_id = int(line["first"])
    line["first"] = world.work[work_id]["after"]
    if line["first"] == NOBODY:
        line["last"] = NOBODY
    duty["waiting"] -= 1
    return work_id


@compiled
def forget(world: World, work_id: int) -> None:
    """Free the record of a piece of work."""
    world.work[work_id]["after"] = world.totals[0]["free_work"]
    world.totals[0]["free_work"] = work_id


@compiled
def empty_line(world: World, line_id: int, duty: Any) -> None:
    """Leave undone what waits in a line."""
    while world.lines[line_id]["first"] != NOBODY:
        forget(world, leave_line(world, line_id, duty))
        duty["missed"] += 1


@compiled
def can_be_done(world: World, work: Any) -> bool:
    """Whether a piece of work can be done: the member is there, the post in view."""
    if work["person"] != NOBODY:
        who = world.people[work["person"]]
        if who["state"] != State.MEMBER or who["n_joins"] != work["stay"]:
            return False
    if work["room"] == NOBODY:
        return True
    shown = int(world.params[0]["shown"])
    if work["number"] < world.rooms[work["room"]]["n_posts"] - shown:
        return False
    return bool(world.posts[work["room"] * shown + work["number"] % shown]["kind"] != PostKind.TAKEN_DOWN)


@compiled
def can_begin_at(world: World, staff: Any, job: Any, minutes: float, now: float) -> float:
    """When somebody can begin a piece of work of this length; NEVER if no day is long enough or they are away."""
    length = minutes / _MINUTES_OF_DAY
    if minutes > job["minutes"] + _ROUNDING or job["begins"] + length > job["ends"] + _ROUNDING:
        return NEVER
    if member_of(world, staff["person"])["lapsed"] == 1:
        return NEVER
    day = math.floor(now)
    at = max(now, day + job["begins"])
    if spent_today(staff, now) + minutes <= job["minutes"] + _ROUNDING:
        if at + length <= day + job["ends"] + _ROUNDING:
            return at
    return day + 1.0 + job["begins"]


@compiled
def spent_today(staff: Any, now: float) -> float:
    """Minutes that somebody has worked today."""
    return float(staff["minutes_spent"]) if staff["today"] == math.floor(now) else 0.0


@compiled
def comes_before(world: World, a: int, b: int, now: float) -> bool:
    """Whether one of the staff has worked less today than another, or as much and has the smaller key."""
    of_a, of_b = world.staff[a], world.staff[b]
    spent_a, spent_b = spent_today(of_a, now), spent_today(of_b, now)
    if spent_a != spent_b:
        return bool(spent_a < spent_b)
    return bool(world.people[of_a["person"]]["key"] < world.people[of_b["person"]]["key"])


@compiled
def give_out(world: World, job_id: int, desk: int, now: float) -> None:
    """Have those at a desk who do nothing take up what they can begin now.

    Who has worked least today comes first, then who has the smaller key. The one who can begin something that is left
    soonest comes back then. Nothing else changes, so it does no harm to call this once too often.
    """
    job = world.jobs[job_id]
    first = int(job["first_staff"] + desk * job["people"])
    while True:
        drop_what_no_longer_holds(world, job, desk, now)
        best = later = NOBODY
        soonest = NEVER
        for staff_id in range(first, first + job["people"]):
            staff = world.staff[staff_id]
            if staff["person"] == NOBODY or staff["work"] != NOBODY:
                continue
            at = can_begin_something_at(world, staff, job, now)
            if at <= now:
                if best == NOBODY or comes_before(world, staff_id, best, now):
                    best = staff_id
            elif at < soonest:
                later = staff_id
                soonest = at
        if best == NOBODY:
            break
        take_up(world, best, now)
    if later != NOBODY and world.staff[later]["due"] != soonest:
        come_at(world, later, soonest)


@compiled
def come_at(world: World, staff_id: int, due: float) -> None:
    """Somebody finishes what they do, or looks for work, at this time."""
    world.staff[staff_id]["due"] = due
    push(world.queue, due, event_tag(EventKind.WORK, 0, staff_id))


@compiled
def drop_what_no_longer_holds(world: World, job: Any, desk: int, now: float) -> None:
    """Leave undone what stands first in a line of a desk and has waited too long or cannot be done."""
    for duty_id in range(job["first_duty"], job["first_duty"] + job["n_duties"]):
        duty = world.duties[duty_id]
        line_id = line_of(world, duty_id, desk)
        while world.lines[line_id]["first"] != NOBODY:
            work = world.work[world.lines[line_id]["first"]]
            if now - work["since"] <= duty["within"] and can_be_done(world, work):
                break
            forget(world, leave_line(world, line_id, duty))
            duty["missed"] += 1


@compiled
def can_begin_something_at(world: World, staff: Any, job: Any, now: float) -> float:
    """When somebody can begin something that waits at their desk; NEVER."""
    soonest = NEVER
    for duty_id in range(job["first_duty"], job["first_duty"] + job["n_duties"]):
        if world.lines[line_of(world, duty_id, int(staff["desk"]))]["first"] != NOBODY:
            soonest = min(soonest, can_begin_at(world, staff, job, world.duties[duty_id]["minutes"], now))
    return soonest


@compiled
def take_up(world: World, staff_id: int, now: float) -> None:
    """Take up the most urgent work that fits into what is left of the day; there is some."""
    staff = world.staff[staff_id]
    job = world.jobs[staff["job"]]
    duty_id = int(job["first_duty"])
    while (
        world.lines[line_of(world, duty_id, int(staff["desk"]))]["first"] == NOBODY
        or can_begin_at(world, staff, job, world.duties[duty_id]["minutes"], now) > now
    ):
        duty_id += 1
    duty = world.duties[duty_id]
    staff["work"] = leave_line(world, line_of(world, duty_id, int(staff["desk"])), duty)
    staff["minutes_spent"] = spent_today(staff, now) + duty["minutes"]
    staff["today"] = math.floor(now)
    duty["minutes_spent"] += duty["minutes"]
    come_at(world, staff_id, now + duty["minutes"] / _MINUTES_OF_DAY)


@compiled(only_with=Feature.STAFF)
def work_on(world: World, staff_id: int, now: float) -> None:
    """Somebody of the staff finishes what they were doing, if anything; their desk gives out what it can."""
    staff = world.staff[staff_id]
    if staff["due"] != now:  # the appointment was changed
        return
    staff["due"] = NEVER
    work_id = int(staff["work"])
    if work_id != NOBODY:
        staff["work"] = NOBODY
        finish(world, int(staff["person"]), work_id, now)
        forget(world, work_id)
    give_out(world, int(staff["job"]), int(staff["desk"]), now)


@compiled
def finish(world: World, worker: int, work_id: int, now: float) -> None:
    """The minutes of a piece of work are spent: do it, unless it cannot be done or is about the worker."""
    work = world.work[work_id]
    duty = world.duties[work["duty"]]
    if work["person"] == worker or not can_be_done(world, work):
        duty["missed"] += 1
        return
    waited = now - work["since"]
    duty["done"] += 1
    duty["waited"] += waited
    room_id = int(work["room"])
    write(world, now, JournalKind.DUTY.value, worker, int(work["person"]), room_id, int(work["duty"]), waited)
    carry_out(world, worker, work, duty, now)


@compiled
def hire(world: World, staff_id: int, person: int, now: float) -> None:
    """A person takes a place of the staff. Those the operator pays are there from now on; volunteers are already."""
    staff = world.staff[staff_id]
    job = world.jobs[staff["job"]]
    staff["person"] = person
    staff["work"] = NOBODY
    staff["due"] = NEVER
    job["present"] += 1
    if job["volunteers"] == 0:
        world.people[person]["state"] = State.STAFF
        update_neighbours(world, person, now, 1)
    write(world, now, JournalKind.HIRE.value, person, NOBODY, NOBODY, int(staff["job"]), 0.0)
    give_out(world, int(staff["job"]), int(staff["desk"]), now)


@compiled
def dismiss(world: World, staff_id: int, now: float) -> None:
    """Somebody leaves the staff; what they are doing stays undone. Those who were paid leave for good."""
    staff = world.staff[staff_id]
    job = world.jobs[staff["job"]]
    person = int(staff["person"])
    if staff["work"] != NOBODY:
        world.duties[world.work[staff["work"]]["duty"]]["missed"] += 1
        forget(world, int(staff["work"]))
        staff["work"] = NOBODY
    staff["person"] = NOBODY
    staff["due"] = NEVER
    job["present"] -= 1
    write(world, now, JournalKind.DISMISS.value, person, NOBODY, NOBODY, int(staff["job"]), 0.0)
    if job["volunteers"] == 0:
        world.people[person]["state"] = State.FORMER_STAFF
        update_neighbours(world, person, now, -1)
    give_out(world, int(staff["job"]), int(staff["desk"]), now)


@compiled(only_with=Feature.STAFF)
def leave_places(world: World, person: int, room_id: int, now: float) -> None:
    """A member sits in another room, or in none (NOBODY): they leave places of the staff that are elsewhere."""
    for staff_id in range(len(world.staff)):
        staff = world.staff[staff_id]
        if staff["person"] == person and desk_of(world, world.jobs[staff["job"]], room_id) != staff["desk"]:
            dismiss(world, staff_id, now)


@compiled(only_with=Feature.STAFF)
def come_back(world: World, person: int, now: float) -> None:
    """A member is back who had lapsed: if they are of the staff, they work again."""
    for staff_id in range(len(world.staff)):
        staff = world.staff[staff_id]
        if staff["person"] == person:
            give_out(world, int(staff["job"]), int(staff["desk"]), now)


@compiled
def wake(world: World, job_id: int, now: float) -> None:
    """The hours or minutes of a job have changed: everybody who has it and does nothing looks for work."""
    for desk in range(world.jobs[job_id]["n_desks"]):
        give_out(world, job_id, desk, now)


@compiled(only_with=Feature.STAFF, otherwise=0)
def journal_rows_of_a_post(world: World) -> int:
    """Rows that a post of the staff may add to the journal: it goes into every room of a desk."""
    return int(world.totals[0]["n_rooms"]) if len(world.duties) > 0 else 0
