"""Jobs, duties and tasks, the people of the staff, and the lines of work."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.duties.kinds import DutyKind
from shequn.sim.kernel.heap import LARGEST_IN_TAG
from shequn.sim.kernel.staff import fill_desks
from shequn.sim.kernel.state import NEVER, NOBODY, EventKind, Occasion, State
from shequn.sim.kernel.world import World
from shequn.sim.saving.checks.ranges import MOST_32, require
from shequn.sim.scenario import Scenario
from shequn.sim.staffing import has_moderators, staff_records

#: Fields that change while a run goes on; all others are as the scenario says.
_CHANGING = {
    "jobs": ("present", "minutes", "pay"),
    "duties": ("rounds", "since", "done", "missed", "minutes_spent", "waited", "waiting"),
    "staff": ("person", "paid", "work", "today", "minutes_spent", "due"),
    "lines": ("first", "last"),
    "tasks": ("done", "answered"),
}
#: What a piece of work of each kind of duty is about: a member, a post of theirs.
_OF_MEMBERS = (DutyKind.ANSWER, DutyKind.WELCOME, DutyKind.FEATURE, DutyKind.CALL, DutyKind.TALK)
_OF_POSTS = (DutyKind.ANSWER, DutyKind.FEATURE, DutyKind.MODERATE)


def check_staff(world: World, scenario: Scenario, people: int, time: float) -> None:
    """Check all that the staff have to do and who they are; raises ``ValueError``.

    Parameters
    ----------
    world : World
        Its fields are in their ranges, and its people, rooms and seats have been checked.
    scenario : Scenario
        The one run so far.
    people : int
        Number of people before the staff.
    time : float
        Of the state, in days.
    """
    expected = staff_records(scenario)
    for name, changing in _CHANGING.items():
        records, due = getattr(world, name), expected[name]
        require(len(records) == len(due), name)
        for field in set(due.dtype.names or ()) - set(changing):
            require((records[field] == due[field]).all(), f"{name}.{field}")
    _check_places(world, people)
    _check_appointments(world, time)
    _check_work(world)
    _check_progress(world)
    require(len(world.strikes) == 0 or len(world.strikes) >= len(world.memberships), "strikes")
    require((len(world.strikes) > 0) == has_moderators(scenario), "strikes")


def _check_places(world: World, people: int) -> None:
    """Everybody whom the operator pays has a place of their own; volunteers are members and sit at their desk."""
    staff, jobs, state = world.staff, world.jobs, world.people["state"]
    volunteers = jobs["volunteers"][staff["job"]] == 1
    paid = people + np.arange((~volunteers).sum())
    require((staff["paid"][volunteers] == NOBODY).all(), "staff.paid")
    require((staff["paid"][~volunteers] == paid).all() and (paid < len(state)).all(), "staff.paid")
    there = staff["person"] != NOBODY
    require((staff["person"] == staff["paid"])[there & ~volunteers].all(), "staff.person")
    require(np.isin(np.flatnonzero(state >= State.STAFF), paid).all(), "people.state")
    require(
        (state[paid] == np.where(there[~volunteers], State.STAFF, State.FORMER_STAFF)).all(), "people.state"
    )
    own = staff[there & volunteers]
    require((state[own["person"]] == State.MEMBER).all(), "staff.person")
    require(len(np.unique(own["person"])) == len(own), "staff.person")
    rooms = world.memberships["room"][world.people["membership"][own["person"]]]
    for job in range(len(jobs)):
        of_job = own["job"] == job
        require((desks_of(world, job)[rooms[of_job]] == own["desk"][of_job]).all(), "staff.desk")
    present = np.bincount(staff["job"][there], minlength=len(jobs))
    require((jobs["present"] == present).all(), "jobs.present")


def desks_of(world: World, job: int) -> npt.NDArray[np.int64]:
    """The desk of a job that looks after each room, or NOBODY."""
    desks = np.empty(int(world.totals["n_rooms"][0]), dtype=np.int64)
    fill_desks(world, job, desks)
    return desks


def _check_appointments(world: World, time: float) -> None:
    """Whoever works, or comes back to work, has an appointment in the queue; vacant places have none."""
    staff = world.staff
    vacant, busy = staff["person"] == NOBODY, staff["work"] != NOBODY
    require((staff["due"][vacant] == NEVER).all() and not (vacant & busy).any(), "staff.due")
    is_due = staff["due"] < NEVER
    require(is_due[busy].all() and (staff["due"] >= time).all(), "staff.due")
    require((staff["today"] <= int(time)).all(), "staff.today")
    n = int(world.queue.size[0])
    tags, values = world.queue.tags[:n], world.queue.values[:n]
    of_staff = tags >> 59 == EventKind.WORK
    number = (tags[of_staff] >> 3) & LARGEST_IN_TAG
    require((number < len(staff)).all(), "queue: work")
    kept = number[values[of_staff] == staff["due"][number]]
    require(np.isin(np.flatnonzero(is_due), kept).all(), "staff.due")


def _check_work(world: World) -> None:
    """Each piece of work is being done by one person, waits in one line, or is free; and it can be done."""
    work, total = world.work[: int(world.totals["n_work"][0])], world.totals[0]
    lines, jobs, duties, staff = world.lines, world.jobs, world.duties, world.staff
    doing = staff["work"][staff["work"] != NOBODY]
    after = work["after"].astype(np.int64)
    after[doing] = NOBODY  # it has left its line
    heads = np.concatenate((lines["first"], [total["free_work"]], doing))
    entered = np.concatenate((heads[heads != NOBODY], after[after != NOBODY]))
    require(np.array_equal(np.sort(entered), np.arange(len(work))), "work.after")
    last = _ends(after)
    require((after[last] == NOBODY).all(), "work.after")
    empty = lines["first"] == NOBODY
    require((empty == (lines["last"] == NOBODY)).all(), "lines.last")
    require((last[lines["first"][~empty]] == lines["last"][~empty]).all(), "lines.last")
    line_ending_at = np.full(len(work), NOBODY)
    line_ending_at[lines["last"][~empty]] = np.flatnonzero(~empty)
    line = line_ending_at[last]
    waiting = line != NOBODY
    duty_of_line = np.concatenate(
        [np.tile(job["first_duty"] + np.arange(job["n_duties"]), job["n_desks"]) for job in jobs]
        or [np.zeros(0)]
    ).astype(np.int64)
    require((work["duty"][waiting] == duty_of_line[line[waiting]]).all(), "work.duty")
    require(
        (duties["waiting"] == np.bincount(work["duty"][waiting], minlength=len(duties))).all(),
        "duties.waiting",
    )
    earlier = np.flatnonzero(waiting & (after != NOBODY))
    require((work["since"][after[earlier]] >= work["since"][earlier]).all(), "work.since")
    busy = staff[staff["work"] != NOBODY]
    require((duties["job"][work["duty"][doing]] == busy["job"]).all(), "work.duty")
    used = waiting.copy()
    used[doing] = True
    _check_pieces(world, work[used])


def _ends(after: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The last record of each record's chain; a record of a circle if it has none."""
    end = np.where(after == NOBODY, np.arange(len(after)), after)
    for _ in range(len(after).bit_length()):  # twice as far each time
        end = end[end]
    return end


def _check_pieces(world: World, work: npt.NDArray[Any]) -> None:
    """What a piece of work is about is there: a member, a task, a post in a room."""
    duty = world.duties[work["duty"]]
    of_member = np.isin(duty["kind"], _OF_MEMBERS)
    require(((work["person"] != NOBODY) == of_member).all(), "work.person")
    joins = world.people["n_joins"][work["person"][of_member]]
    require(((work["stay"][of_member] > 0) & (work["stay"][of_member] <= joins)).all(), "work.stay")
    of_task = duty["occasion"] == Occasion.TASK
    of_post = np.isin(duty["kind"], _OF_POSTS) & ~of_task
    require(((work["room"] != NOBODY) == of_post).all(), "work.room")
    at_desk = duty["kind"] == DutyKind.POST
    below = np.full(len(work), MOST_32)
    below[of_post] = world.rooms["n_posts"][work["room"][of_post]]
    below[of_task] = len(world.tasks)
    below[at_desk] = world.jobs["n_desks"][duty["job"][at_desk]]
    require(((work["number"] >= 0) | ~(of_post | of_task | at_desk)).all(), "work.number")
    require((work["number"] < below).all(), "work.number")


def _check_progress(world: World) -> None:
    """Answers to a task are no more than what was handed in; days add up."""
    require(world.progress.ndim == 2 and world.progress.shape[1] == len(world.tasks), "progress")
    require(len(world.progress) >= len(world.memberships), "progress")
    require((world.progress["answered"] <= world.progress["done"]).all(), "progress.answered")
    require((world.duties["since"] <= world.totals["n_posts"][0]).all(), "duties.since")
    days, total = world.days[: int(world.totals["n_days"][0])], world.totals[0]
    for name, own, records in (("duty_days", "duty", world.duties), ("task_days", "task", world.tasks)):
        rows = getattr(world, name)[: int(total[f"n_{name}"])]
        require(len(rows) == len(days) * len(records), name)
        require((rows["day"] == np.repeat(days["day"], len(records))).all(), f"{name}.day")
        require((rows[own] == np.tile(np.arange(len(records)), len(days))).all(), f"{name}.{own}")
    rows = world.task_days[: int(total["n_task_days"])]
    require((rows["members"] == np.repeat(days["members"], len(world.tasks))).all(), "task_days.members")
