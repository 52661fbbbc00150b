"""Units, marks, earn rules and offers in plain sentences."""

from collections.abc import Iterator

from shequn.app.explanation.stages import in_stages
from shequn.sim.amounts import MONEY
from shequn.sim.language import N_, _, plural
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.incentives import Earn, MemberMark, Offer, Unit
from shequn.sim.wording import days, exact_percent

_ACTS = {
    "visit": N_("a visit"),
    "task": N_("a task done"),
    "post": N_("a new post"),
    "reply": N_("a reply"),
    "first_post": N_("the first post or reply"),
    "featured": N_("a featured post"),
    "invited": N_("a join by invitation"),
    "joined": N_("joining"),
    "bought": N_("taking an offer"),
}


def incentives(scenario: Scenario) -> str:
    """Units, marks, earn rules and offers; empty without any."""
    parts = (
        (_("Members earn and spend:"), [_named(name, _unit(unit)) for name, unit in scenario.units.items()]),
        (_("What is rewarded:"), [_named(name, _rule(rule)) for name, rule in scenario.earn.items()]),
        (_("Marks that members show:"), [_named(name, _mark(mark)) for name, mark in scenario.marks.items()]),
        (_("Offers:"), [_named(name, _offer(offer)) for name, offer in scenario.offers.items()]),
    )
    return "\n\n".join("\n".join([heading, *lines]) for heading, lines in parts if lines)


def _named(name: str, parts: Iterator[str]) -> str:
    return "  - " + _("{name}: {parts}").format(name=name, parts=_(", ").join(parts))


def amounts_text(amounts: dict[str, float]) -> str:
    """Amounts of units in words."""
    return _(" and ").join(
        _("{amount:g} in money").format(amount=amount) if unit == MONEY else f"{amount:g} {unit}"
        for unit, amount in amounts.items()
    )


def _unit(unit: Unit) -> Iterator[str]:
    yield (
        _("without expiry")
        if unit.expires is None
        else _("expires after {days}").format(days=days(unit.expires))
    )
    if unit.most_per_day is not None:
        yield _("at most {n:g} a day for each member").format(n=unit.most_per_day)
    if unit.budget is not None:
        yield _("{n:g} in all").format(n=unit.budget)


def _rule(rule: Earn) -> Iterator[str]:
    act = _(_ACTS[rule.for_])
    if rule.task is not None:
        act = _("{what} ({detail})").format(what=act, detail=rule.task)
    yield _("{gives} for {takes}").format(gives=amounts_text(rule.pay), takes=act)
    if rule.from_ is not None:
        yield _("from the purse of {job}").format(job=rule.from_)
    if rule.first is not None:
        where = _(" in each room of {space}").format(space=rule.of) if rule.of is not None else ""
        yield _("the first {n}{where} in {days}").format(n=rule.first, where=where, days=days(rule.each))
    if rule.streak is not None:
        yield _("once for {days} in a row").format(days=days(rule.streak))
    if rule.most is not None:
        yield plural("{n} a day at most", "{n} a day at most", rule.most).format(n=rule.most)
    if rule.chance < 1:
        yield _("with a chance of {share}").format(share=exact_percent(rule.chance))
    if rule.delay:
        yield _("paid {days} later").format(days=days(rule.delay))
    if rule.newcomers is not None:
        yield _("in the first {days} of a stay").format(days=days(rule.newcomers))
    yield from in_stages(rule)


def _mark(mark: MemberMark) -> Iterator[str]:
    if mark.steps is None:
        yield _("a title")
        yield plural("it counts like {n:g} reaction", "it counts like {n:g} reactions", mark.honor).format(
            n=mark.honor
        )
    else:
        steps = ", ".join(f"{step:g}" for step in mark.steps)
        yield _("levels at {steps} {unit} earned").format(steps=steps, unit=mark.by)
        yield plural(
            "each counts like {n:g} reaction", "each counts like {n:g} reactions", mark.honor
        ).format(n=mark.honor)
    if mark.allows:
        opened = (
            _("{thing} (level {level})").format(thing=thing, level=level) if mark.steps else thing
            for thing, level in mark.allows.items()
        )
        yield _("needed for {things}").format(things=_(", ").join(opened))


def _offer(offer: Offer) -> Iterator[str]:
    gives = [amounts_text(offer.gives)] if offer.gives else []
    if offer.worth and offer.lasts is not None:
        gives.append(
            _("something worth {worth:g} over {days}").format(worth=offer.worth, days=days(offer.lasts))
        )
    elif offer.worth:
        gives.append(_("something worth {worth:g}").format(worth=offer.worth))
    if offer.mark is not None:
        gives.append(_("the title {mark}").format(mark=offer.mark))
    if offer.seat is not None:
        gives.append(_("a seat in {space}").format(space=offer.seat))
    yield _("{gives} for {takes}").format(gives=_(" and ").join(gives), takes=amounts_text(offer.takes))
    if offer.at_least:
        yield _("from {n:g} on the account on").format(n=offer.at_least)
    if offer.buyers > 1:
        yield _("for {n} together, who wait {days} for each other").format(
            n=offer.buyers, days=days(offer.wait)
        )
    if offer.in_ is not None:
        yield _("seen in {space}").format(space=offer.in_)
    if offer.from_ is not None:
        yield _("sold by {job}").format(job=offer.from_)
    if offer.stock is not None:
        yield _("{n} at each opening").format(n=offer.stock)
    if offer.open is not None or offer.first or offer.every < 36_500:
        yield _("opens on day {first:g}").format(first=offer.first)
        if offer.every < 36_500:
            yield _("and every {days}").format(days=days(offer.every))
        if offer.open is not None:
            yield _("for {days}").format(days=days(offer.open))
    yield from in_stages(offer)
