"""Operations explained in plain words."""

import datetime
from typing import Any

from shequn.sim.language import N_, _, date_text
from shequn.sim.scenario.operations import Condition, Timed

_TRAITS = {"quality": N_("quality"), "topic": N_("topic"), "drivers": N_("drivers")}


def when_words(operation: Any, start: datetime.date) -> str:
    """When an operation happens and what it does, in one sentence."""
    return _("{when}: {deed}.").format(when=_when(operation, start), deed=_deed(operation))


def _when(operation: Timed, start: datetime.date) -> str:
    if operation.date is not None:
        return _("on {date} (day {days})").format(
            date=date_text(operation.date), days=(operation.date - start).days
        )
    if operation.day is not None:
        return _("on day {day:g} ({date})").format(
            day=operation.day, date=date_text(start + datetime.timedelta(days=operation.day))
        )
    if operation.every is not None:
        first = operation.every if operation.first is None else operation.first
        until = "" if operation.until is None else _(" until day {until:g}").format(until=operation.until)
        return _("every {every:g} days from day {first:g}{until}").format(
            every=operation.every, first=first, until=until
        )
    return _condition(operation.if_) if operation.if_ is not None else _("never")


def _condition(condition: Condition) -> str:
    side = (
        _("above {over}").format(over=f"{condition.above:g}")
        if condition.above is not None
        else _("below {under}").format(under=f"{condition.below:g}")
    )
    days = _(" for {n} days in a row").format(n=condition.for_) if condition.for_ > 1 else ""
    again = "" if condition.once else _(", each time anew")
    return _("when {measure} is {side}{days}{again}").format(
        measure=condition.measure, side=side, days=days, again=again
    )


def _deed(operation: Any) -> str:
    match operation.do:
        case "campaign":
            return _campaign(operation)
        case "hot_event":
            found = (
                _(", {discovery:g} × discovery").format(discovery=operation.discovery)
                if operation.discovery != 1
                else ""
            )
            return _(
                "a hot event of intensity {intensity:g} that fades over {days:g} days, visits × {boost:g} at "
                "its start{found}"
            ).format(
                intensity=operation.intensity, days=operation.days, boost=1 + operation.boost, found=found
            )
        case "set_openness":
            return _("openness becomes {to:g}").format(to=operation.to)
        case "set_gates":
            kinds = _(", ").join(gate.kind for gate in operation.gates)
            return (
                _("the gates become: {kinds}").format(kinds=kinds) if kinds else _("all gates are taken away")
            )
        case "shock":
            over = _(" over {over:g} days").format(over=operation.over) if operation.over else _(" at once")
            return _("{people:,} fresh people come to the door{over}{traits}").format(
                people=operation.people, over=over, traits=_traits(operation)
            )
        case "arrivals":
            length = (
                _("to the end")
                if operation.days is None
                else _("for {days:g} days").format(days=operation.days)
            )
            return _("{per_day:g} fresh people a day come to the door {length}{traits}").format(
                per_day=operation.per_day, length=length, traits=_traits(operation)
            )
        case _:
            return _removal(operation)


def _campaign(operation: Any) -> str:
    effects = []
    if operation.discovery != 1:
        effects.append(_("discovery × {discovery:g}").format(discovery=operation.discovery))
    if operation.invitations != 1:
        effects.append(_("invitations × {invitations:g}").format(invitations=operation.invitations))
    if operation.reward_inviter:
        effects.append(
            _("the inviter gets {reward_inviter:g}").format(reward_inviter=operation.reward_inviter)
        )
    if operation.reward_invited:
        effects.append(
            _("the invited gets {reward_invited:g}").format(reward_invited=operation.reward_invited)
        )
    if operation.budget_per_join:
        effects.append(
            _("each join costs {budget_per_join:g}").format(budget_per_join=operation.budget_per_join)
        )
    return _("a campaign of {days:g} days: {effects}").format(
        days=operation.days, effects=_(", ").join(effects)
    )


def _traits(operation: Any) -> str:
    own = [_(words) for key, words in _TRAITS.items() if getattr(operation, key) is not None]
    return _(", with their own {own}").format(own=_(" and ").join(own)) if own else ""


def _removal(operation: Any) -> str:
    share = _("{n:.4g} %").format(n=100 * operation.share)
    if operation.who == "inactive":
        if operation.share == 1:
            return _("all members not seen for {unseen:g} days are removed").format(unseen=operation.unseen)
        words = _("{share} of the members not seen for {unseen:g} days are removed")
        return words.format(share=share, unseen=operation.unseen)
    which = _("with the lowest quality") if operation.who == "lowest_quality" else _("drawn at random")
    return _("{share} of the members are removed, {which}").format(share=share, which=which)
