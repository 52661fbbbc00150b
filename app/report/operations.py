"""When the operator did something, to be marked on every axis of time."""

import math
from typing import Any, NamedTuple

import pandas as pd

from shequn.sim.operations.timed import Condition
from shequn.sim.scenario import Scenario


class Mark(NamedTuple):
    """An instant at which something was done."""

    day: float
    number: int  # of the operation, from 1, in the scenario's order
    words: str


def marks(scenario: Scenario, days: pd.DataFrame, branching: dict[str, Any] | None = None) -> list[Mark]:
    """Every instant of every operation in run 0, in order of time.

    Parameters
    ----------
    scenario : Scenario
    days : DataFrame
        The table ``days``. Conditions are read from it again, day by day, as the operator reads
        them: the end of day d is the instant d.
    branching : dict, optional
        Of a branch, as its manifest has it: operations that are new in it begin on its day.
    """
    first = days[days["run"] == days["run"].min()]
    end = float(min(scenario.days, first["day"].max()))  # a run may stop earlier than its scenario
    begin, new = _new_ones(branching)
    found = []
    for number, operation in enumerate(scenario.operations, start=1):
        words = f"{number} {operation.label()}"
        since = begin if number in new else 0.0
        if operation.if_ is not None:
            instants = _came_true(operation.if_, first[first["day"] > since])
        else:
            instants = tuple(at for at in operation.instants(scenario.start, end) if at >= since)
        found += [Mark(day, number, words) for day in instants]
    return sorted(found)


def _new_ones(branching: dict[str, Any] | None) -> tuple[float, frozenset[int]]:
    """The day on which a branch parted, and the numbers of the operations that are new in it."""
    if branching is None:
        return 0.0, frozenset()
    before, after = branching.get("changed", {}).get("operations", ([], []))
    new = (number for number, operation in enumerate(after, start=1) if operation not in before)
    return float(branching["day"]), frozenset(new)


def _came_true(condition: Condition, days: pd.DataFrame) -> tuple[float, ...]:
    held, found = 0, []
    for day, value in zip(days["day"].tolist(), days[condition.measure].tolist(), strict=True):
        above = condition.above is None or value > condition.above
        below = condition.below is None or value < condition.below
        held = held + 1 if above and below and not math.isnan(value) else 0
        if held == condition.for_:
            found.append(float(day))
            if condition.once:
                break
    return tuple(found)
