"""Operations explained in plain English."""

import datetime
from typing import Any

from sim.scenario.operations import Condition, Timed


def when_words(operation: Any, start: datetime.date) -> str:
    """When an operation happens and what it does, in one sentence."""
    return f"{_when(operation, start)}: {_deed(operation)}."


def _when(operation: Timed, start: datetime.date) -> str:
    if operation.date is not None:
        return f"on {operation.date} (day {(operation.date - start).days})"
    if operation.day is not None:
        return f"on day {operation.day:g} ({start + datetime.timedelta(days=operation.day)})"
    if operation.every is not None:
        first = operation.every if operation.first is None else operation.first
        until = "" if operation.until is None else f" until day {operation.until:g}"
        return f"every {operation.every:g} days from day {first:g}{until}"
    return _condition(operation.if_) if operation.if_ is not None else "never"


def _condition(condition: Condition) -> str:
    side = f"above {condition.above:g}" if condition.above is not None else f"below {condition.below:g}"
    days = f" for {condition.for_} days in a row" if condition.for_ > 1 else ""
    again = "" if condition.once else ", each time anew"
    return f"when {condition.measure} is {side}{days}{again}"


def _deed(operation: Any) -> str:
    match operation.do:
        case "campaign":
            return _campaign(operation)
        case "hot_event":
            found = f", {operation.discovery:g} × discovery" if operation.discovery != 1 else ""
            return (
                f"a hot event of intensity {operation.intensity:g} that fades over {operation.days:g} days, "
                f"visits × {1 + operation.boost:g} at its start{found}"
            )
        case "set_openness":
            return f"openness becomes {operation.to:g}"
        case "set_gates":
            kinds = ", ".join(gate.kind for gate in operation.gates)
            return f"the gates become: {kinds}" if kinds else "all gates are taken away"
        case "shock":
            over = f" over {operation.over:g} days" if operation.over else " at once"
            return f"{operation.people:,} fresh people come to the door{over}{_traits(operation)}"
        case "arrivals":
            length = "to the end" if operation.days is None else f"for {operation.days:g} days"
            return f"{operation.per_day:g} fresh people a day come to the door {length}{_traits(operation)}"
        case _:
            return _removal(operation)


def _campaign(operation: Any) -> str:
    effects = []
    if operation.discovery != 1:
        effects.append(f"discovery × {operation.discovery:g}")
    if operation.invitations != 1:
        effects.append(f"invitations × {operation.invitations:g}")
    if operation.reward_inviter:
        effects.append(f"the inviter gets {operation.reward_inviter:g}")
    if operation.reward_invited:
        effects.append(f"the invited gets {operation.reward_invited:g}")
    if operation.budget_per_join:
        effects.append(f"each join costs {operation.budget_per_join:g}")
    return f"a campaign of {operation.days:g} days: {', '.join(effects)}"


def _traits(operation: Any) -> str:
    own = [key for key in ("quality", "topic", "drivers") if getattr(operation, key) is not None]
    return f", with their own {' and '.join(own)}" if own else ""


def _removal(operation: Any) -> str:
    share = f"{100 * operation.share:g} %"
    if operation.who == "inactive":
        part = "all" if operation.share == 1 else f"{share} of the"
        return f"{part} members not seen for {operation.unseen:g} days are removed"
    which = "with the lowest quality" if operation.who == "lowest_quality" else "drawn at random"
    return f"{share} of the members are removed, {which}"
