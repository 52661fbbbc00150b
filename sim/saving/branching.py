"""The same community from today on under another policy: what may change, and what then changes.

A branch goes on from a saved state. What people are, what has happened and what records were made by
cannot differ any more; what the operator decides and how members take it can.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from shequn.sim.building import params_of
from shequn.sim.kernel.state import NEVER
from shequn.sim.language import _
from shequn.sim.machine import Machine
from shequn.sim.operations.arrivals import Arrivals
from shequn.sim.operations.operation import Operation
from shequn.sim.scenario import Problem, Scenario, ScenarioError

#: Words and lengths: no part of what happens.
_NOT_POLICY = ("title", "description", "source", "question", "why", "what", "where", "who", "days", "runs")
_JOURNALS = ("none", "membership", "full")  # each keeps more than the one before
#: What the operator may decide anew on any day; lists as a whole.
_COMMUNITY = (
    "capacity", "placing", "openness", "order", "reach", "strangers_per_day", "staff", "staff_cost",
    "welcome.share", "welcome.delay", "return_after",
)  # fmt: skip
#: Coefficients that sums kept from day to day, drawn thresholds or the queue were made with.
_FIXED_RULES = (
    "inviting.mode", "joining.by_topic", "leaving.mode", "locality.reach", "relationship.half_life",
    "satisfaction.stock_half_life",
)  # fmt: skip


class Change(NamedTuple):
    """One key that differs between a state's scenario and the one that goes on."""

    key: str
    before: Any
    after: Any


def changes(before: Scenario, after: Scenario) -> list[Change]:
    """What differs, by dotted key; titles and lengths aside."""
    old, new = dict(_leaves(before.resolved())), dict(_leaves(after.resolved()))
    keys = [key for key in {**old, **new} if key not in _NOT_POLICY]
    return [Change(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def _leaves(values: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield above + key, value


def is_new(operation: Operation, before: Scenario) -> bool:
    """Whether the scenario that came to the state has no such operation."""
    return operation not in before.operations


def check_changes(before: Scenario, after: Scenario, day: float) -> list[Change]:
    """See that a run of ``before``, on ``day``, can go on as ``after``.

    Parameters
    ----------
    before, after : Scenario
        What has been run so far, and what is to be run from now on.
    day : float
        Of the state.

    Returns
    -------
    list of Change
        What differs.

    Raises
    ------
    ScenarioError
        Every key that cannot differ, and every operation that would have to happen in the past.
    """
    found = changes(before, after)
    wrong = [
        Problem(
            _("{key} cannot change on day {day:g}: it was {before}, now {after}").format(
                key=change.key, day=day, before=_shown(change.before), after=_shown(change.after)
            ),
            after.place_of(change.key),
            _cannot(change.key),
        )
        for change in found
        if not _may_differ(change)
    ]
    wrong += [
        Problem(
            _(
                "operations.{number} is new and was due on day {due:g}; this run goes on from day {day:g}"
            ).format(number=number, due=_first_due(operation, after), day=day),
            after.place_of(f"operations.{number}"),
        )
        for number, operation in enumerate(after.operations)
        if is_new(operation, before) and operation.every is None and _first_due(operation, after) < day
    ]
    if after.days < day or (after.days == day and before.days > day):
        wrong.append(
            Problem(
                _("days is {days}, but this run is on day {day:g} already").format(days=after.days, day=day),
                after.place_of("days"),
            )
        )
    if after.days > before.days and any(_reach_the_end(o, before, day) for o in before.operations):
        wrong.append(
            Problem(
                _(
                    "days cannot grow from {before} to {after}: arrivals that began before day {day:g} were "
                    "drawn to the end"
                ).format(before=before.days, after=after.days, day=day),
                after.place_of("days"),
            )
        )
    if wrong:
        raise ScenarioError(wrong)
    return found


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _cannot(key: str) -> str:
    if key.startswith("population.") or key in ("start", "seed"):
        return _("the people and their luck are those of the saved run")
    if key == "journal":
        return _("what was not written down before cannot be known now")
    return _("records of the saved run were made by it")


def _may_differ(change: Change) -> bool:
    key = change.key
    if key == "journal":
        return _JOURNALS.index(change.after) < _JOURNALS.index(change.before)
    if key == "community.return_after":  # to wait for, or not to wait for: the line is made by it
        return "never" not in (change.before, change.after)
    group, _dot, rest = key.partition(".")
    if group == "community":
        return rest in _COMMUNITY
    if group == "rules":
        return rest not in _FIXED_RULES
    return key in ("gates", "operations")


def _first_due(operation: Operation, scenario: Scenario) -> float:
    """When an operation happens first; never for one on a condition."""
    if operation.every is not None:
        return operation.every if operation.first is None else operation.first
    return min(operation.instants(scenario.start, NEVER), default=NEVER)


def _reach_the_end(operation: Operation, scenario: Scenario, day: float) -> bool:
    """Whether these are arrivals that may have been drawn to the end of the scenario already."""
    if not isinstance(operation, Arrivals) or operation.days is not None:
        return False
    return operation.if_ is not None or _first_due(operation, scenario) < day


def change_policy(machine: Machine, before: Scenario, after: Scenario) -> None:
    """Lay on a machine what differs between two scenarios, as an operation would between two days.

    What has changed since the start and does not differ between the two (openness after an operation,
    gates, a parameter set by hand) stays as it stands.
    """
    people = machine.graph.people
    old, new = params_of(before, people), params_of(after, people)
    differing = [name for name in new.dtype.names or () if (old[name] != new[name]).any()]
    for name in differing:
        machine.world.params[name] = new[name]
    if before.community.capacity != after.community.capacity:
        machine.set_capacity(after.community.capacity)
    if before.gates != after.gates:
        machine.replace_gates(after.gates)
    if [name for name in differing if name != "journal"]:
        machine.parameters_changed()
