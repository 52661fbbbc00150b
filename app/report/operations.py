"""When the operator did something, to be marked on every axis of time."""

import math
from typing import Any, NamedTuple

import pandas as pd

from sim.language import _
from sim.scenario import Scenario
from sim.scenario.operations import Condition


class Mark(NamedTuple):
    """An instant at which something was done."""

    day: float
    number: int  # of the operation, from 1, in the scenario's order
    words: str


def label(operation: Any) -> str:
    """What an operation does, in a few words."""
    match operation.do:
        case "campaign":
            return _("campaign of {days:g} days").format(days=operation.days)
        case "hot_event":
            return _("hot event")
        case "set_openness":
            return _("openness {to:g}").format(to=operation.to)
        case "set_gates":
            if not operation.gates:
                return _("no gates any more")
            kinds = ", ".join(gate.kind for gate in operation.gates)
            return _("gates: {kinds}").format(kinds=kinds)
        case "shock":
            return _("{n:,} people arrive").format(n=operation.people)
        case "arrivals":
            return _("{n:g} people a day arrive").format(n=operation.per_day)
        case _:
            return {
                "inactive": _("removal of the inactive"),
                "lowest_quality": _("removal of the lowest in quality"),
                "random": _("removal at random"),
            }[operation.who]


def marks(scenario: Scenario, days: pd.DataFrame) -> list[Mark]:
    """Every instant of every operation in run 0, in order of time.

    Parameters
    ----------
    scenario : Scenario
    days : DataFrame
        The table ``days``. Conditions are read from it again, day by day, as the operator reads
        them: the end of day d is the instant d.
    """
    first = days[days["run"] == days["run"].min()]
    found = []
    for number, operation in enumerate(scenario.operations, start=1):
        words = f"{number} {label(operation)}"
        instants = operation.instants(scenario.start, float(scenario.days))
        if operation.if_ is not None:
            instants = _came_true(operation.if_, first)
        found += [Mark(day, number, words) for day in instants]
    return sorted(found)


def _came_true(condition: Condition, days: pd.DataFrame) -> tuple[float, ...]:
    held, found = 0, []
    for day, value in zip(days["day"].tolist(), days[condition.measure].tolist(), strict=True):
        if day == 0:
            continue  # conditions are first read at the end of a day
        above = condition.above is None or value > condition.above
        below = condition.below is None or value < condition.below
        held = held + 1 if above and below and not math.isnan(value) else 0
        if held == condition.for_:
            found.append(float(day))
            if condition.once:
                break
    return tuple(found)
