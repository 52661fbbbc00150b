"""Staff: people with a job; and tasks that members may do."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from shequn.agents.drivers import Driver
from shequn.sim.amounts import Amounts
from shequn.sim.choice import unknown_space
from shequn.sim.fields import (
    ByName,
    Days,
    DaysOrNone,
    Fault,
    NotNegative,
    Period,
    Share,
    StageNames,
    Strict,
    WholeNumber,
    by_name,
)
from shequn.sim.language import _
from shequn.sim.levers import Through
from shequn.sim.scenario.incentives import purse_faults
from shequn.sim.scenario.spaces import places, rooms_in, space_faults

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

MAX_JOBS = 32
MAX_STAFF = 100_000
MAX_TASKS = 16


def _hours(value: Any) -> Any:
    if isinstance(value, list | tuple) and len(value) == 2:
        begin, end = value
        numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in value)
        if numbers and 0 <= begin < end <= 24:
            return (float(begin), float(end))
    raise PydanticCustomError("hours", "are not two hours of one day")


Hours = Annotated[
    tuple[float, float],
    PlainValidator(_hours),
    WithJsonSchema(
        {
            "type": "array",
            "format": "hours",
            "items": {"type": "number", "minimum": 0, "maximum": 24},
            "minItems": 2,
            "maxItems": 2,
        }
    ),
]


class Job(Strict):
    """People who do the same job. In each room of their space there are ``people`` of them."""

    people: Annotated[int, WholeNumber(1, 10_000)] = Field(
        1, description="Number of them in each room that their space has at the start."
    )
    in_: str | None = Field(
        None, alias="in", description="The space that they look after; null = the one entered from outside."
    )
    from_: Literal["outside", "members", "graduates"] = Field(
        "outside",
        alias="from",
        description="outside: people whom the operator pays or sends; they count nowhere as members and stay for the "
        "whole term. members: volunteers from the room, who remain members and may leave as members do. graduates: of "
        "these, only members who have been here in an earlier term, or stay.",
    )
    chosen: Literal["recognition", "quality", "random"] = Field(
        "recognition",
        description="Which members are asked, at the end of each day on which a place is vacant.",
    )
    hours: Hours = Field((9.0, 18.0), description="Hours of the day between which they work.")
    minutes: float = Field(480.0, ge=0, le=1440, description="Minutes that each of them works a day.")
    pay: NotNegative = Field(0.0, description="Money that each of them costs per day.")
    purse: Amounts = Field(
        default_factory=dict,
        json_schema_extra={"default": {}},
        description="What each of them can give in the run, by earn rules with from: {coins: 500}.",
    )
    first: DaysOrNone = Field(0.0, description="First day of the term.")
    days: Days | None = Field(None, description="Length of the term; null = to the end.")
    quality: Share = Field(0.8, description="outside: quality of what they write in answers (assumed).")


class Gives(Strict):
    """What a task gives through each driver, in units of its stock (assumed)."""

    honor: NotNegative = Field(
        0.0,
        description="Recognition that answers promise; counts by the share of own tasks that were answered.",
    )
    interest: NotNegative = Field(0.0, description="As many enjoyable posts.")
    benefit: NotNegative = Field(0.0, description="Gains.")
    relationship: NotNegative = Field(0.0, description="Answers by people one knows.")

    def by_driver(self) -> list[float]:
        """What it gives, in the order of the drivers."""
        return [getattr(self, driver.name.lower(), 0.0) for driver in Driver]


class Task(Strict):
    """Something that members may do at a visit while it is open: a check-in, homework."""

    acts_through: ClassVar[Through] = Through(
        (Driver.HONOR, Driver.INTEREST, Driver.BENEFIT, Driver.RELATIONSHIP)
    )

    every: Period = Field(1.0, description="Days from one to the next.")
    first: DaysOrNone = Field(0.0, description="When the first is set.")
    until: DaysOrNone | None = Field(None, description="When the last is set, at most; null = to the end.")
    open: Days | None = Field(
        None, description="Days for which each can be done; null = until the next is set."
    )
    effort: NotNegative = Field(
        0.1, description="What doing it costs; who gains no more than that never does it (assumed)."
    )
    gives: Gives = Gives()
    during: StageNames | None = Field(None, description="Only in these stages; null = in all.")


if TYPE_CHECKING:
    StaffByName = ByName
    TasksByName = ByName
else:
    StaffByName = by_name(Job, MAX_JOBS)
    TasksByName = by_name(Task, MAX_TASKS)


def staff_faults(content: "Content") -> Iterator[Fault]:
    """What is contradictory in staff, duties and tasks."""
    for name, job in content.staff.items():
        for path, message in (*unknown_space(job.in_, "in", content), *purse_faults(job.purse, content)):
            yield ("staff", name, *path), message
    if any(space_faults(content)):
        return  # the rooms are not known
    all_places = places(content)
    rooms = dict(zip((place.name for place in all_places), rooms_in(all_places), strict=True))
    entrance = all_places[0].name
    n_staff = sum(job.people * rooms.get(job.in_ or entrance, 0) for job in content.staff.values())
    if n_staff > MAX_STAFF:
        yield (
            ("staff",),
            _("{n:,} people of the staff; allowed: at most {most:,}").format(n=n_staff, most=MAX_STAFF),
        )
    for name, duty in content.duties.items():
        for path, message in duty.faults(content):
            yield ("duties", name, *path), message
    for name, task in content.tasks.items():
        most = max(task.gives.by_driver())
        is_paid = any(rule.for_ == "task" and rule.task in (None, name) for rule in content.earn.values())
        if task.effort >= most and not is_paid:
            yield (
                ("tasks", name, "gives"),
                _(
                    "gives {most:g} at most, and costs an effort of {effort:g}: nobody would ever do it"
                ).format(most=most, effort=task.effort),
            )
        if task.until is not None and task.until < task.first:
            yield (
                ("tasks", name, "until"),
                _("until ({until:g}) is before first ({first:g})").format(until=task.until, first=task.first),
            )
        if task.open is not None and task.open > task.every:
            yield (
                ("tasks", name, "open"),
                _("open for {open:g} days, but the next is set after {every:g}").format(
                    open=task.open, every=task.every
                ),
            )
