"""Branching: the same community under another policy from a saved state on.

A branch continues from a saved state. It may differ in what the operator decides and in how members
react. It cannot differ in what people are, in what has happened, or in anything on which existing records
depend.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from shequn.sim.building import params_of, rooms_of
from shequn.sim.incentives import OF_OFFER, OF_RULE, OF_UNIT, incentive_records, unit_names
from shequn.sim.kernel.state import NEVER
from shequn.sim.language import _
from shequn.sim.machine import Machine, splits_of
from shequn.sim.operations.arrivals import Arrivals
from shequn.sim.operations.operation import Operation
from shequn.sim.scenario import Problem, Scenario, ScenarioError
from shequn.sim.scenario.named import MAPS
from shequn.sim.scenario.spaces import Place, Space
from shequn.sim.staffing import OF_DUTY, OF_JOB, OF_TASK, staff_records

#: Texts and lengths, which do not affect what happens up to any day.
_NOT_POLICY = ("title", "description", "source", "question", "why", "what", "where", "who", "days", "runs")
_JOURNALS = ("none", "membership", "full")  # each has more rows than the one before
#: Settings that the operator may change on any day.
_COMMUNITY = (
    "capacity", "placing", "openness", "visibility", "bypass", "order", "reach", "strangers_per_day", "return_after",
)  # fmt: skip
#: The same of each space, job, duty and task; what else they say stands in records of the saved run.
_BY_KEY = {
    "spaces": ("seats", "fill", "gates", "order", "splits"),
    "staff": ("minutes", "pay", "hours", "chosen"),
    "duties": (
        "minutes",
        "share",
        "within",
        "quality",
        "topic",
        "kind",
        "every",
        "first",
        "until",
        "most",
        "by",
        "who",
        "unseen",
        "in",
        "group",
    ),
    "tasks": ("until", "open", "effort", "gives"),
    "units": ("most_per_day", "budget"),
    "marks": (),
    "earn": ("first", "most", "chance", "delay", "newcomers"),
    "offers": ("at_least", "worth", "stock", "most", "until", "open", "wait"),
}
_WHOLE = tuple(f"{key}." for key in MAPS)
#: Coefficients that entered running sums, thresholds already drawn, or the queue.
_FIXED_RULES = (
    "inviting.mode", "joining.by_topic", "leaving.mode", "locality.reach", "relationship.half_life",
    "satisfaction.stock_half_life",
)  # fmt: skip


class Change(NamedTuple):
    """One key that differs between the scenario of the state and that of the branch."""

    key: str
    before: Any
    after: Any


def changes(before: Scenario, after: Scenario) -> list[Change]:
    """The differences by dotted key, except for texts and lengths."""
    old, new = before.resolved(), after.resolved()
    old_leaves, new_leaves = dict(_leaves(old)), dict(_leaves(new))
    keys = [key for key in {**old_leaves, **new_leaves} if key not in _NOT_POLICY]
    differences = [
        difference
        for key in keys
        for difference in _differences(Change(key, old_leaves.get(key), new_leaves.get(key)))
    ]
    maps = {key: (old[key], new[key]) for key in MAPS}
    maps["population.groups"] = old["population"]["groups"], new["population"]["groups"]
    for key, (old_map, new_map) in maps.items():
        before_order = [name for name in old_map if name in new_map]
        after_order = [name for name in new_map if name in old_map]
        if before_order != after_order:
            differences.append(Change(key, before_order, after_order))
    return differences


def _differences(change: Change) -> Iterator[Change]:
    """The change itself if there is any; the keys of a space, job, duty or task one by one."""
    key, before, after = change
    if before == after:
        return
    if (
        key.startswith(tuple(f"{one}." for one in _BY_KEY))
        and key.count(".") == 1
        and isinstance(before, dict)
        and isinstance(after, dict)
    ):
        for part in {**before, **after}:
            yield from _differences(Change(f"{key}.{part}", before.get(part), after.get(part)))
    else:
        yield change


def _leaves(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Values by dotted key; each gate and each operation as a whole."""
    for key, value in values.items():
        if isinstance(value, dict) and not prefix.startswith(_WHOLE):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def is_new(operation: Operation, before: Scenario) -> bool:
    """Whether the scenario of the state lacks this operation; its name does not matter."""
    return not any(operation.does_the_same_as(old) for old in before.operations)


def check_changes(before: Scenario, after: Scenario, day: float) -> list[Change]:
    """Check that a run of ``before`` can continue on ``day`` as ``after``.

    Parameters
    ----------
    before, after : Scenario
        The scenario run so far, and the one from now on.
    day : float
        Day of the state.

    Returns
    -------
    list of Change
        The differences.

    Raises
    ------
    ScenarioError
        Lists every key that differs but cannot, and every operation that would be in the past.
    """
    differences = changes(before, after)
    problems = [
        Problem(
            _("{key} cannot change on day {day:g}: it was {before}, now {after}").format(
                key=change.key, day=day, before=_short_text(change.before), after=_short_text(change.after)
            ),
            after.location_of(change.key),
            _why_not(change.key),
        )
        for change in differences
        if not _may_differ(change)
    ]
    problems += [
        Problem(
            _(
                "operations.{name} is new, but its day ({due:g}) is past: this run continues from day {day:g}"
            ).format(name=name, due=_first_due(operation, after), day=day),
            after.location_of(f"operations.{name}"),
        )
        for name, operation in zip(after.resolved()["operations"], after.operations, strict=True)
        if is_new(operation, before) and operation.every is None and _first_due(operation, after) < day
    ]
    if unit_names(before) != unit_names(after):  # the first award: units themselves have been compared
        problems.append(
            Problem(
                _("an award needs accounts, and this run began without them"), after.location_of("operations")
            )
        )
    if after.days < day or (after.days == day and before.days > day):
        problems.append(
            Problem(
                _("days is {days}, but this run is already on day {day:g}").format(days=after.days, day=day),
                after.location_of("days"),
            )
        )
    if after.days > before.days and any(_is_drawn_to_the_end(o, before, day) for o in before.operations):
        problems.append(
            Problem(
                _(
                    "days cannot increase from {before} to {after}: arrivals that began before day {day:g} "
                    "are already drawn up to the old end"
                ).format(before=before.days, after=after.days, day=day),
                after.location_of("days"),
            )
        )
    if problems:
        raise ScenarioError(problems)
    return differences


def _short_text(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _why_not(key: str) -> str:
    if key.startswith("population.") or key in ("start", "seed"):
        return _("people and random draws are those of the saved run")
    if key == "journal":
        return _("rows that were not written before cannot be recovered")
    return _("existing records of the saved run depend on it")


def _may_differ(change: Change) -> bool:
    key = change.key
    if key == "journal":
        return _JOURNALS.index(change.after) < _JOURNALS.index(change.before)
    if key == "community.return_after":  # with never, nobody who left has a threshold
        return "never" not in (change.before, change.after)
    group, _dot, rest = key.partition(".")
    if group == "community":
        return rest in _COMMUNITY
    if group == "rules":
        return rest not in _FIXED_RULES
    if group in _BY_KEY:
        return rest.partition(".")[2] in _BY_KEY[group]
    return group in MAPS


def _first_due(operation: Operation, scenario: Scenario) -> float:
    """Day on which an operation first happens; NEVER for one with a condition."""
    if operation.every is not None:
        return operation.every if operation.first is None else operation.first
    return min(operation.instants(scenario.start, NEVER), default=NEVER)


def _is_drawn_to_the_end(operation: Operation, scenario: Scenario, day: float) -> bool:
    """Whether the operation is arrivals that may already have been drawn up to the scenario's end."""
    if not isinstance(operation, Arrivals) or operation.days is not None:
        return False
    return operation.if_ is not None or _first_due(operation, scenario) < day


def change_policy(machine: Machine, before: Scenario, after: Scenario) -> None:
    """Apply the differences between two scenarios to a machine, as an operation would.

    Whatever does not differ between the two but has changed since the start (openness after an operation,
    gates, a parameter set by hand) keeps its present value.
    """
    people = machine.graph.people
    old, new = params_of(before, people), params_of(after, people)
    differences = [name for name in new.dtype.names or () if (old[name] != new[name]).any()]
    for name in differences:
        machine.world.params[name] = new[name]
    machine.splits = splits_of(after)
    for number, place in enumerate(after.places):
        new_space = rooms_of((Place("", -1, place.space),))[0]
        for name in ("placing", "order", "splits"):
            machine.world.spaces[name][number] = new_space[name][0]
    for number, (old_place, new_place) in enumerate(zip(before.places, after.places, strict=True)):
        _change_space(machine, number, old_place.space, new_place.space)
    _change_staff(machine, after)
    if [name for name in differences if name != "journal"]:
        machine.parameters_changed()


def _change_staff(machine: Machine, after: Scenario) -> None:
    """Set what jobs, duties, tasks and incentives say from now on; minutes and pay of jobs are the operator's to set.

    Only staff whose hours or duties have changed look for work at once: to look too early is to take up work before
    the operations and rounds of this instant.
    """
    new = staff_records(after) | incentive_records(after, 0, 0)
    world = machine.world
    may_change = {
        "jobs": OF_JOB, "duties": OF_DUTY, "tasks": OF_TASK, "units": OF_UNIT, "earn": OF_RULE, "offers": OF_OFFER,
    }  # fmt: skip
    changed = {name: np.zeros(len(getattr(world, name)), dtype=bool) for name in may_change}
    for name, fields in may_change.items():
        records = getattr(world, name)
        for field in fields:
            differs = records[field] != new[name][field]
            changed[name] |= differs.any(axis=tuple(range(1, differs.ndim)))
            records[field] = new[name][field]
    changed["jobs"][world.duties["job"][changed["duties"]]] = True
    for job in np.flatnonzero(changed["jobs"]):
        machine.hours_changed(int(job))


def _change_space(machine: Machine, number: int, before: Space, after: Space) -> None:
    """Apply the differences of one space in seats and gates, and divide rooms that are full now."""
    if before.seats != after.seats:
        machine.set_capacity(after.seats, number)
    elif before.splits != after.splits:
        machine.look_for_full_rooms()
    if before.gates != after.gates:
        machine.replace_gates(tuple(after.gates.values()), number)
