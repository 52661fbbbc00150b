"""The staff as the kernel sees them: records of jobs, duties, places and tasks, and people whom the operator pays."""

from typing import Any

import numpy as np

from shequn.sim.graphs.graph import key_of
from shequn.sim.incentives import first_purses, needed_for
from shequn.sim.kernel.chance import Purpose, fresh_keys
from shequn.sim.kernel.duties.kinds import DutyKind
from shequn.sim.kernel.state import (
    NEVER,
    NOBODY,
    Occasion,
    PostKind,
    State,
    duty_day_dtype,
    duty_dtype,
    job_dtype,
    line_dtype,
    staff_dtype,
    task_day_dtype,
    task_dtype,
)
from shequn.sim.kernel.world import Records, World
from shequn.sim.population import (
    LARGEST_BELOW_1,
    draw_traits,
    groups_of,
    new_people,
    with_people,
    with_records,
)
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.spaces import rooms_in
from shequn.sim.scenario.stages import mask_of

#: Fields of a job, duty and task that a branch may change.
OF_JOB = ("begins", "ends")  # minutes and pay: see Operator.update_jobs
OF_DUTY = (
    "minutes",
    "share",
    "within",
    "quality",
    "topic",
    "post_kind",
    "pinned",
    "below",
    "error",
    "strikes",
    "during",
)
OF_TASK = ("until", "open", "effort", "gives", "during")


def duty_order(scenario: Scenario) -> list[str]:
    """Names of all duties, those of a job together, each job's in order of priority."""
    return [name for job in scenario.staff for name, duty in scenario.duties.items() if duty.job == job]


def staff_records(scenario: Scenario) -> dict[str, Records]:
    """The records of jobs, duties, lines, places and tasks before anybody has been hired."""
    names = [place.name for place in scenario.places]
    rooms = rooms_in(scenario.places)
    jobs = np.zeros(len(scenario.staff), dtype=job_dtype)
    in_order = duty_order(scenario)
    places: list[Records] = []
    purses = first_purses(scenario)
    lines = 0
    for number, (name, job) in enumerate(scenario.staff.items()):
        record = jobs[number]
        space = 0 if job.in_ is None else names.index(job.in_)
        own = [duty for duty in in_order if scenario.duties[duty].job == name]
        record["key"] = key_of(name)
        record["space"], record["n_desks"] = space, rooms[space]
        record["volunteers"], record["people"] = job.from_ != "outside", job.people
        record["first_staff"], record["first_line"] = sum(len(block) for block in places), lines
        record["first_duty"] = in_order.index(own[0]) if own else 0
        record["n_duties"] = len(own)
        record["begins"], record["ends"] = job.hours[0] / 24.0, job.hours[1] / 24.0
        record["minutes"], record["pay"] = job.minutes, job.pay
        record["first_purse"] = purses[number]
        record["from_day"] = job.first
        record["to_day"] = NEVER if job.days is None else job.first + job.days
        block = np.zeros(rooms[space] * job.people, dtype=staff_dtype)
        block["person"] = block["work"] = block["paid"] = NOBODY
        block["due"] = NEVER
        block["job"], block["desk"] = number, np.arange(len(block)) // job.people
        places.append(block)
        lines += rooms[space] * len(own)
    line_records = np.zeros(lines, dtype=line_dtype)
    line_records["first"] = line_records["last"] = NOBODY
    days = scenario.days + 3
    return {
        "jobs": jobs,
        "duties": _duties(scenario, in_order),
        "staff": np.concatenate(places) if places else np.zeros(0, dtype=staff_dtype),
        "lines": line_records,
        "tasks": _tasks(scenario),
        "duty_days": np.zeros(days * len(in_order), dtype=duty_day_dtype),
        "task_days": np.zeros(days * len(scenario.tasks), dtype=task_day_dtype),
    }


def has_moderators(scenario: Scenario) -> bool:
    """Whether anybody has the duty to look at posts."""
    return any(duty.do == "moderate" for duty in scenario.duties.values())


def _duties(scenario: Scenario, in_order: list[str]) -> Records:
    jobs, tasks = list(scenario.staff), list(scenario.tasks)
    records = np.zeros(len(in_order), dtype=duty_dtype)
    for record, name in zip(records, in_order, strict=True):
        duty: Any = scenario.duties[name]
        record["job"], record["key"] = jobs.index(duty.job), key_of(name)
        record["kind"], record["occasion"] = DutyKind[duty.do.upper()], duty.occasion()
        task = getattr(duty, "task", None)
        record["task"] = NOBODY if task is None else tasks.index(task)
        record["minutes"] = duty.minutes
        record["during"] = mask_of(duty.during, list(scenario.stages))
        on_occasion = duty.occasion() != Occasion.CALENDAR
        record["share"] = duty.share if on_occasion else 1.0
        record["within"] = duty.within if on_occasion else duty.every
        if duty.do == "post":
            topic = scenario.population.topic.centre if duty.topic is None else duty.topic
            record["quality"], record["topic"] = duty.quality, min(topic, float(LARGEST_BELOW_1))
            record["post_kind"], record["pinned"] = PostKind[duty.kind.upper()], duty.pinned
        if duty.do == "moderate":
            record["below"], record["error"], record["strikes"] = duty.below, duty.error, duty.strikes or 0
    return records


def _tasks(scenario: Scenario) -> Records:
    records = np.zeros(len(scenario.tasks), dtype=task_dtype)
    for record, (name, task) in zip(records, scenario.tasks.items(), strict=True):
        record["every"], record["first"] = task.every, task.first
        record["until"] = NEVER if task.until is None else task.until
        record["open"] = task.every if task.open is None else task.open
        record["during"] = mask_of(task.during, list(scenario.stages))
        record["effort"], record["gives"] = task.effort, task.gives.by_driver()
        record["needs"], record["needs_level"] = needed_for(name, scenario)
    return records


def with_staff(world: World, scenario: Scenario, seed: int) -> World:
    """The world with the people whom the operator will pay, who are not there yet; they know nobody."""
    hired = np.flatnonzero(world.jobs["volunteers"][world.staff["job"]] == 0)
    if not len(hired):
        return world
    people = new_people(len(hired))
    job = world.staff["job"][hired]
    for number, record in enumerate(scenario.staff.values()):
        of_job = job == number
        n = int(of_job.sum())
        if n:
            keys = fresh_keys(int(world.jobs["key"][number]), int(Purpose.STAFF), n)
            some = new_people(n)
            some["key"] = keys
            draw_traits(some, seed, scenario.population)
            some["quality"] = min(record.quality, float(LARGEST_BELOW_1))
            some["topic"] = min(scenario.population.topic.centre, float(LARGEST_BELOW_1))
            people[of_job] = some
    people["state"] = State.FORMER_STAFF
    paid = len(world.people) + np.arange(len(hired))
    world.staff["paid"][hired] = paid
    groups = groups_of(np.ascontiguousarray(people["key"]), seed, scenario.population)
    return with_records(with_people(world, people), paid, groups)
