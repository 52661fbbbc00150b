"""When the operator did something: single moments, and those of an operation that repeats."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from shequn.sim.operations.operation import Operation
from shequn.sim.operations.timed import Condition
from shequn.sim.scenario import Scenario

_MAX_SINGLE = 3  # moments of an operation that are marked one by one


class Mark(NamedTuple):
    """A moment at which an operation was carried out."""

    day: float
    number: int  # of the operation, counted from 1 in the order of the scenario
    label: str


class Marks(NamedTuple):
    """The moments of a time axis: single ones, and those of each operation that repeats, by its number."""

    single: list[Mark]
    repeated: dict[int, list[Mark]]


def by_kind(moments: Iterable[Mark]) -> Marks:
    """Distinguish single moments from those of operations that repeat: more than three moments."""
    of_operation: dict[int, list[Mark]] = {}
    for mark in moments:
        of_operation.setdefault(mark.number, []).append(mark)
    repeated = {number: of_one for number, of_one in of_operation.items() if len(of_one) > _MAX_SINGLE}
    single = [mark for number, of_one in of_operation.items() if number not in repeated for mark in of_one]
    return Marks(sorted(single), repeated)


def marks(
    scenario: Scenario,
    days: pd.DataFrame,
    stages: pd.DataFrame | None = None,
    branching: dict[str, Any] | None = None,
) -> list[Mark]:
    """Every moment of every operation in run 0, in order of time.

    Parameters
    ----------
    scenario : Scenario
    days : DataFrame
        The table ``days``. Conditions are evaluated on it again, day by day, as the operator does:
        the end of day d is time d.
    stages : DataFrame, optional
        The table ``stages``.
    branching : dict, optional
        Entry of a branch's manifest: operations that are new in the branch start on its first day.
    """
    first = days[days["run"] == days["run"].min()]
    end = float(min(scenario.days, first["day"].max()))  # a run may stop earlier than its scenario
    begin, new = _new_operations(scenario, branching)
    clock = _Stages(stages)
    moments = []
    for number, operation in enumerate(scenario.operations, start=1):
        label = f"{number} {operation.label()}"
        since = begin if number in new else 0.0
        if operation.if_ is not None:
            in_time = first[first["day"] > since]
            met = [clock.is_during(operation, day) for day in in_time["day"]]
            instants = _times_met(operation.if_, in_time, met)
        elif operation.at_stage is not None:
            instants = tuple(at for at, name in clock.begins if name == operation.at_stage)
        else:
            instants = tuple(at for at in operation.instants(scenario.start, end) if at >= since)
        moments += [Mark(day, number, label) for day in instants if clock.is_during(operation, day)]
    return sorted(moments)


def _new_operations(scenario: Scenario, branching: dict[str, Any] | None) -> tuple[float, frozenset[int]]:
    """The day on which a branch starts, and the numbers of the operations that are new in it."""
    if branching is None:
        return 0.0, frozenset()
    changed = {
        key.removeprefix("operations."): change
        for key, change in branching.get("changed", {}).items()
        if key.startswith("operations.")
    }
    before = [old for old, _new in changed.values()]
    new = (
        number
        for number, name in enumerate(scenario.resolved()["operations"], start=1)
        if name in changed and changed[name][1] not in before
    )
    return float(branching["day"]), frozenset(new)


class _Stages:
    """When the stages of run 0 began."""

    def __init__(self, stages: pd.DataFrame | None) -> None:
        self.begins: list[tuple[float, str]] = []
        if stages is not None and len(stages):
            first = stages[stages["run"] == stages["run"].min()]
            self.begins = list(zip(first["begins"].tolist(), first["stage"].tolist(), strict=True))

    def is_during(self, operation: Operation, day: float) -> bool:
        """Whether an operation belongs to the stage of a time."""
        names = [name for at, name in self.begins if at <= day]
        return operation.during is None or (bool(names) and names[-1] in operation.during)


def _times_met(condition: Condition, days: pd.DataFrame, is_on: list[bool]) -> tuple[float, ...]:
    days_met, moments = 0, []
    values = days[condition.measure].tolist()
    for day, value, on in zip(days["day"].tolist(), values, is_on, strict=True):
        days_met = days_met + 1 if on and condition.holds(value) else 0
        if days_met == condition.for_:
            moments.append(float(day))
            if condition.once:
                break
    return tuple(moments)
