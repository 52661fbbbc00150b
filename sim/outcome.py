"""The outcome of one run: the input of its tables."""

from collections.abc import Callable
from typing import Any, NamedTuple

from shequn.sim.course import Course
from shequn.sim.kernel.everybody import Everybody
from shequn.sim.kernel.world import Records
from shequn.sim.scenario import Scenario
from shequn.sim.staffing import duty_order


class Outcome(NamedTuple):
    """The end of a run.

    ``people`` has a record for everybody (``everybody_dtype``), ``days`` the rows of days 0 … D
    (``day_dtype``), ``membership`` the journal's membership rows in time order.
    """

    scenario: Scenario
    seed: int
    people: Everybody
    groups: Records  # number of each person's group, NOBODY of none; of length 0 without groups
    labels: list[str] | None  # names of the graph's nodes, if it has any
    days: Records
    room_spaces: Records  # number of the space of each room
    space_days: Records  # of spaces, one per day and space (``space_day_dtype``)
    duty_days: Records  # of duties, one per day and duty (``duty_day_dtype``)
    task_days: Records  # of tasks, one per day and task (``task_day_dtype``)
    unit_days: Records  # of units, one per day and unit (``unit_day_dtype``)
    rule_days: Records  # of earn rules (``rule_day_dtype``)
    offer_days: Records  # of offers (``offer_day_dtype``)
    buyers: Records  # (channels, 2) members who took an offer, and another
    batches: Records  # of people whom operations have brought (``batch_dtype``)
    stages: tuple[tuple[float, str], ...]  # time at which each stage began, and its name
    duties: tuple[str, ...]  # names of the duties, in the order of their numbers
    membership: Records
    notes: tuple[str, ...]
    edges: Callable[[], tuple[Any, Any, Any]]  # all ties at the end: one end, the other end, strength


def outcome_of(course: Course) -> Outcome:
    """The outcome of a community up to now."""
    machine = course.machine
    membership = machine.membership()
    return Outcome(
        scenario=course.settings,
        seed=course.run_seed,
        people=machine.world.everybody,
        groups=machine.world.groups,
        labels=machine.nodes.labels,
        days=machine.days.copy(),
        room_spaces=machine.world.rooms["space"][: int(machine.totals["n_rooms"])].copy(),
        space_days=machine.space_days.copy(),
        duty_days=machine.duty_days.copy(),
        task_days=machine.task_days.copy(),
        unit_days=machine.unit_days.copy(),
        rule_days=machine.rule_days.copy(),
        offer_days=machine.offer_days.copy(),
        buyers=machine.world.buyers.copy(),
        batches=machine.world.batches.copy(),
        stages=tuple(course.operator.stages.begins),
        duties=tuple(duty_order(course.settings)),
        membership=membership,
        notes=machine.nodes.notes,
        edges=machine.edges,
    )
