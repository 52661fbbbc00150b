"""Branching: the same community under another policy from a saved state on.

A branch continues from a saved state. It may differ in what the operator decides and in how members
react. It cannot differ in what people are, in what has happened, or in anything on which existing records
depend.
"""

from typing import Any

from shequn.sim.incentives import unit_names
from shequn.sim.kernel.state import NEVER
from shequn.sim.language import _
from shequn.sim.operations.arrivals import Arrivals
from shequn.sim.operations.operation import Operation
from shequn.sim.scenario import Problem, Scenario, ScenarioError
from shequn.sim.scenario.changing import Change, changes, may_change


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
        if not may_change(change)
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
