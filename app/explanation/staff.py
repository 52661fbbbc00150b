"""Staff, their duties and members' tasks in plain sentences."""

from collections.abc import Iterator
from typing import assert_never

from shequn.app.explanation.incentives import amounts_text
from shequn.app.explanation.stages import in_stages
from shequn.sim.kernel.duties.duty import Duty, InRounds, OnOccasion
from shequn.sim.language import _, plural
from shequn.sim.scenario.scenario import Scenario
from shequn.sim.scenario.spaces import rooms_in
from shequn.sim.scenario.staff import Job, Task
from shequn.sim.wording import days, exact_percent


def staff(scenario: Scenario) -> str:
    """Each job with its duties in order; empty without staff."""
    if not scenario.staff:
        return ""
    lines = [_("The staff:")]
    for name, job in scenario.staff.items():
        lines.append("  - " + _("{name}: {parts}").format(name=name, parts=_job(job, scenario)))
        lines += [
            "    - " + _("{name}: {parts}").format(name=duty_name, parts=_duty(duty))
            for duty_name, duty in scenario.duties.items()
            if duty.job == name
        ]
    return "\n".join(lines)


def tasks(scenario: Scenario) -> str:
    """Each task; empty without tasks."""
    lines = [
        "  - " + _("{name}: {parts}").format(name=name, parts=_task(task))
        for name, task in scenario.tasks.items()
    ]
    return "\n".join([_("Members may do this at a visit:"), *lines]) if lines else ""


def _job(job: Job, scenario: Scenario) -> str:
    space = scenario.places[0].name if job.in_ is None else job.in_
    rooms = dict(zip((place.name for place in scenario.places), rooms_in(scenario.places), strict=True))[
        space
    ]
    if rooms > 1:
        where = _(" in each room of {space}").format(space=space)
    else:
        where = _(" in {place}").format(place=space) if scenario.has_spaces else ""
    match job.from_:
        case "members":
            who = plural(
                "{n} volunteer from the members{where}", "{n} volunteers from the members{where}", job.people
            )
        case "graduates":
            who = plural(
                "{n} volunteer who has been here before{where}",
                "{n} volunteers who have been here before{where}",
                job.people,
            )
        case "outside":
            who = plural("{n} person{where}", "{n} people{where}", job.people)
        case _:
            assert_never(job.from_)
    who = who.format(n=job.people, where=where)
    parts = [
        who,
        _("{begin} to {end}, {minutes:g} minutes a day each").format(
            begin=_time(job.hours[0]), end=_time(job.hours[1]), minutes=job.minutes
        ),
    ]
    if job.pay:
        parts.append(_("paid {pay:g} a day each").format(pay=job.pay))
    if job.purse:
        parts.append(_("a purse of {amounts} each").format(amounts=amounts_text(job.purse)))
    if job.first or job.days is not None:
        first = _("from day {day:g}").format(day=job.first)
        parts.append(first if job.days is None else first + _(" for {days}").format(days=days(job.days)))
    return _(", ").join(parts)


def _time(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"


def _duty(duty: Duty) -> str:
    return _(", ").join(
        [
            duty.in_words(),
            *_when(duty),
            plural("{n:g} minute each", "{n:g} minutes each", duty.minutes).format(n=duty.minutes),
            *in_stages(duty),
        ]
    )


def _when(duty: Duty) -> Iterator[str]:
    if isinstance(duty, OnOccasion):
        if duty.share < 1:
            yield _("{share} of them").format(share=exact_percent(duty.share))
        yield _("within {days}").format(days=days(duty.within))
    if isinstance(duty, InRounds):
        yield _every(duty.every, duty.first)
        if duty.most is not None:
            yield _("{n} at most each time").format(n=duty.most)


def _every(period: float, first: float) -> str:
    if period == 1:
        return _("every day from day {first:g} on").format(first=first)
    return _("every {days} from day {first:g} on").format(days=days(period), first=first)


def _task(task: Task) -> str:
    gives = [
        _("{value:g} through {driver}").format(value=value, driver=_(driver))
        for driver, value in task.gives.model_dump().items()
        if value > 0
    ]
    text = _("effort {effort:g}, gives {gives}").format(
        effort=task.effort, gives=_(", ").join(gives) or _("nothing")
    )
    return _(", ").join([_every(task.every, task.first), text, *in_stages(task)])
