"""Incentives: units that members earn by what they do, and offers that they take for units or money."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from shequn.agents.drivers import Driver
from shequn.sim.amounts import MONEY, Amounts, faults_of_amounts, not_whole
from shequn.sim.choice import unknown_space, unknown_title
from shequn.sim.fields import (
    ByName,
    Days,
    DaysOrNone,
    Fault,
    NotNegative,
    Period,
    Positive,
    Share,
    StageNames,
    Strict,
    WholeNumber,
    by_name,
)
from shequn.sim.hints import did_you_mean
from shequn.sim.kernel.state import MAX_BUYERS, MAX_STEPS, Privilege
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

MAX_UNITS = 16
MAX_RULES = 64
MAX_MARKS = 16
MAX_OFFERS = 64
MAX_ALLOWED = 128
PRIVILEGES = tuple(privilege.name.lower() for privilege in Privilege)


class Unit(Strict):
    """Points, coins, experience: whole numbers on an account. ``money`` is a unit, too, that is paid out at once."""

    expires: Days | None = Field(
        None, description="Days after which what was earned expires; null = never. Not for money."
    )
    most_per_day: Positive | None = Field(
        None, description="Most that a member can earn in a day, in all; null = no limit."
    )
    budget: NotNegative | None = Field(
        None, description="Most that is issued in the whole run; null = no limit."
    )


class Earn(Strict):
    """A rule by which members earn units or money: for what they do, by whom, how often and when."""

    acts_through: ClassVar[Through] = Through((Driver.BENEFIT,))

    for_: Literal[
        "visit", "task", "post", "reply", "first_post", "featured", "invited", "joined", "bought"
    ] = Field(
        alias="for",
        description="What is rewarded: a visit, a task done, a new post, a reply, the first ever, a post that is "
        "featured, a join by invitation, joining, taking an offer.",
    )
    task: str | None = Field(None, description="With for: task: which one; null = all.")
    pay: Amounts = Field(description="How much of which unit: {points: 5}, {money: 0.5}.")
    from_: str | None = Field(
        None, alias="from", description="A job whose purse pays; null = the operator pays."
    )
    first: Annotated[int, WholeNumber(1, 1_000_000)] | None = Field(
        None,
        description="How many acts are paid, the first ones, in each room of `of` and each `each`; null = all.",
    )
    of: str | None = Field(
        None, description="A space in whose rooms the first are counted, and below which it pays; null = all."
    )
    each: Period = Field(
        1.0, description="Days for which the first are counted; 1 = from midnight to midnight."
    )
    streak: Annotated[int, WholeNumber(2, 365)] | None = Field(
        None, description="Days in a row for which it pays once; null = each act is paid."
    )
    most: Annotated[int, WholeNumber(1, 1_000_000)] | None = Field(
        None, description="Acts of a member on a day that can be paid, the first ones; null = all."
    )
    chance: Share = Field(1.0, description="Chance that an act is paid.")
    delay: DaysOrNone = Field(0.0, description="Days from the act to the payment (S40).")
    newcomers: Days | None = Field(None, description="Only in the first days of a stay; null = always.")
    during: StageNames | None = Field(None, description="Only in these stages; null = in all.")

    @property
    def unit(self) -> str:
        """The unit in which it pays."""
        return next(iter(self.pay))

    @property
    def amount(self) -> float:
        """How much it pays."""
        return next(iter(self.pay.values()))


class MemberMark(Strict):
    """What members show of themselves: a level by what they have earned of a unit, or a title that is awarded."""

    acts_through: ClassVar[Through] = Through((Driver.HONOR,), (Direct.PERMISSION,))

    by: str | None = Field(None, description="The unit whose earnings decide the level; null = a title.")
    steps: Annotated[list[Positive], Field(min_length=1, max_length=MAX_STEPS)] | None = Field(
        None, description="With by: units earned for level 1, 2, and so on."
    )
    honor: Positive = Field(
        1.0, description="What each level counts for, as recognition that does not fade (assumed)."
    )
    allows: Annotated[dict[str, Annotated[int, WholeNumber(1, MAX_STEPS)]], Field(max_length=MAX_ALLOWED)] = (
        Field(
            default_factory=dict,
            json_schema_extra={"default": {}},
            description="What only members with this level or a higher one may do: post, reply, invite, a task or an "
            "offer: {invite: 2, watermark: 3}. Of a title: 1.",
        )
    )


class Offer(Strict):
    """What members can take at the end of a visit: for units, for money, or for both."""

    acts_through: ClassVar[Through] = Through((Driver.BENEFIT, Driver.HONOR))

    takes: Amounts = Field(description="What it takes: {points: 100}, {money: 9.9}, or both.")
    at_least: NotNegative = Field(
        0.0, description="Units that one must have to take it; the redemption threshold."
    )
    gives: Amounts = Field(
        default_factory=dict,
        json_schema_extra={"default": {}},
        description="Units or money that it gives: {money: 1}.",
    )
    worth: NotNegative = Field(
        0.0, description="What else it gives, as the money that it is worth to members (assumed)."
    )
    lasts: Days | None = Field(
        None,
        description="Days over which its worth comes, at visits; until then it cannot be taken again. null = at once.",
    )
    mark: str | None = Field(None, description="A title that it gives.")
    seat: str | None = Field(None, description="A space in which it gives a seat, while there is one.")
    buyers: Annotated[int, WholeNumber(1, MAX_BUYERS)] = Field(
        1, description="Members who must want it together; nobody pays before they are complete."
    )
    wait: Days = Field(
        1.0, description="With buyers: days for which the first of them waits for the others (assumed)."
    )
    in_: str | None = Field(None, alias="in", description="The space in which it is seen; null = everywhere.")
    from_: str | None = Field(
        None, alias="from", description="A job that sells it: who is tied to them believes more of its worth."
    )
    stock: Annotated[int, WholeNumber(1, 1_000_000_000)] | None = Field(
        None, description="How many there are at each opening; null = no limit."
    )
    most: Annotated[int, WholeNumber(1, 1_000_000)] | None = Field(
        1, description="How many one member can take at each opening; null = no limit."
    )
    every: Period = Field(36_500.0, description="Days from one opening to the next.")
    first: DaysOrNone = Field(0.0, description="Day of the first opening.")
    until: DaysOrNone | None = Field(
        None, description="The last possible day of an opening; null = to the end."
    )
    open: Days | None = Field(None, description="Days for which it is open; null = until the next opening.")
    during: StageNames | None = Field(None, description="Only in these stages; null = in all.")

    @property
    def price(self) -> float:
        """Money that it takes."""
        return self.takes.get(MONEY, 0.0)


if TYPE_CHECKING:
    UnitsByName = ByName
    MarksByName = ByName
    EarnByName = ByName
    OffersByName = ByName
else:
    UnitsByName = by_name(Unit, MAX_UNITS)
    MarksByName = by_name(MemberMark, MAX_MARKS)
    EarnByName = by_name(Earn, MAX_RULES)
    OffersByName = by_name(Offer, MAX_OFFERS)


def incentive_faults(content: "Content") -> Iterator[Fault]:
    """What is contradictory in units, earn rules and offers."""
    money = content.units.get(MONEY)
    if money is not None and money.expires is not None:
        yield ("units", MONEY, "expires"), _("money is paid out at once and does not expire")
    for name, unit in content.units.items():
        for key, limit in (("most_per_day", unit.most_per_day), ("budget", unit.budget)):
            if name != MONEY and limit is not None and limit != int(limit):
                yield ("units", name, key), not_whole(name, limit)
    earned = {MONEY} | {rule.unit for rule in content.earn.values() if len(rule.pay) == 1}
    earned |= {name for offer in content.offers.values() for name in offer.gives}
    earned |= {name for o in content.operations.values() if o.do == "award" for name in o.pay}
    for name, mark in content.marks.items():
        for path, message in (*_faults_of_mark(mark, content, earned), *_faults_of_allowed(name, content)):
            yield ("marks", name, *path), message
    for name, rule in content.earn.items():
        for path, message in _faults_of_rule(rule, content):
            yield ("earn", name, *path), message
    for name, offer in content.offers.items():
        for path, message in _faults_of_offer(offer, content, earned):
            yield ("offers", name, *path), message


def _faults_of_mark(mark: MemberMark, content: "Content", earned: set[str]) -> Iterator[Fault]:
    if (mark.by is None) != (mark.steps is None):
        yield (), _("a level needs both by and steps; a title has neither")
    elif mark.by == MONEY:
        yield ("by",), _("money is paid out at once; levels go by another unit")
    elif mark.by is not None and mark.by not in content.units:
        near = did_you_mean(mark.by, content.units) or _("; this scenario has no units")
        yield ("by",), _("there is no unit {unit}{near}").format(unit=mark.by, near=near)
    elif mark.by is not None and mark.by not in earned:
        yield ("by",), _("nobody ever earns {unit}").format(unit=mark.by)
    for number, (step, after) in enumerate(pairwise(mark.steps or ())):
        if after <= step:
            yield (
                ("steps", number + 1),
                _("steps rise, but {after:g} comes after {step:g}").format(after=after, step=step),
            )


def _faults_of_allowed(name: str, content: "Content") -> Iterator[Fault]:
    mark = content.marks[name]
    most = len(mark.steps or (1,))
    for thing, level in mark.allows.items():
        path = ("allows", thing)
        kinds = [key for key, names in _allowed_kinds(content).items() if thing in names]
        other = next(other for other, its in content.marks.items() if thing in its.allows)
        if not kinds:
            known = [name for names in _allowed_kinds(content).values() for name in names]
            near = did_you_mean(thing, known) or _("; allowed: {known}").format(known=", ".join(known))
            yield path, _("there is no act, task or offer {thing}{near}").format(thing=thing, near=near)
        elif len(kinds) > 1:
            text = _("{thing} is the name of several: {kinds}; give one of them another name")
            yield path, text.format(thing=thing, kinds=", ".join(kinds))
        elif level > most:
            yield path, _("level {level} is above the highest, {most}").format(level=level, most=most)
        elif other != name:
            yield path, _("marks.{other} allows {thing} already").format(other=other, thing=thing)


def _allowed_kinds(content: "Content") -> dict[str, Iterable[str]]:
    """Names of what a mark can allow, by where they come from."""
    return {"post, reply, invite": PRIVILEGES, "tasks": content.tasks, "offers": content.offers}


def _faults_of_rule(rule: Earn, content: "Content") -> Iterator[Fault]:
    if len(rule.pay) != 1:
        yield ("pay",), _("pays {n} units; a rule pays one").format(n=len(rule.pay))
        return
    yield from faults_of_amounts(rule.pay, "pay", content)
    yield from unknown_space(rule.of, "of", content)
    if rule.task is not None and (rule.for_ != "task" or rule.task not in content.tasks):
        known = ", ".join(content.tasks) or _("none")
        yield (
            ("task",),
            _("{task} is no task that is rewarded here; tasks: {known}").format(task=rule.task, known=known),
        )
    if rule.for_ == "task" and not content.tasks:
        yield ("for",), _("there are no tasks to reward")
    if rule.from_ is not None:
        job = content.staff.get(rule.from_)
        if job is None:
            near = did_you_mean(rule.from_, content.staff) or _("; this scenario has no staff")
            yield ("from",), _("there is no job {job}{near}").format(job=rule.from_, near=near)
        elif rule.unit not in job.purse:
            yield (
                ("from",),
                _("{job} has no {unit} in its purse (staff.{job}.purse)").format(
                    job=rule.from_, unit=rule.unit
                ),
            )
    if rule.streak is not None and rule.most is not None:
        yield ("most",), _("a streak pays once a day at most; leave out most")


def _faults_of_offer(offer: Offer, content: "Content", earned: set[str]) -> Iterator[Fault]:
    for key, amounts in (("takes", offer.takes), ("gives", offer.gives)):
        yield from faults_of_amounts(amounts, key, content)
        if len(amounts.keys() - {MONEY}) > 1:
            yield (key,), _("names {n} units; one unit and money are allowed").format(n=len(amounts))
    if not offer.takes:
        yield ("takes",), _("takes nothing; a gift without an act is an earn rule (for: joined)")
    if not offer.gives and offer.worth == 0 and offer.mark is None:
        yield (), _("gives nothing: say gives, worth or mark; a seat alone is worth nothing to them")
    if offer.lasts is not None and offer.worth == 0:
        yield ("lasts",), _("lasts is about its worth, and it has none")
    yield from unknown_title(offer.mark, content)
    yield from unknown_space(offer.seat, "seat", content)
    if offer.seat is not None and offer.buyers > 1:
        yield ("seat",), _("a seat is taken by one buyer; leave out buyers")
    if offer.stock is not None and offer.stock < offer.buyers:
        yield (
            ("stock",),
            _("{stock} in stock are fewer than the {buyers} buyers together").format(
                stock=offer.stock, buyers=offer.buyers
            ),
        )
    for unit in offer.takes.keys() & content.units.keys():
        if unit not in earned:
            yield ("takes", unit), _("nobody ever earns {unit}").format(unit=unit)
    if offer.at_least > 0 and not offer.takes.keys() - {MONEY}:
        yield ("at_least",), _("at_least counts units, and the offer takes none")
    yield from unknown_space(offer.in_, "in", content)
    if offer.from_ is not None and offer.from_ not in content.staff:
        near = did_you_mean(offer.from_, content.staff) or _("; this scenario has no staff")
        yield ("from",), _("there is no job {job}{near}").format(job=offer.from_, near=near)
    if offer.until is not None and offer.until < offer.first:
        yield (
            ("until",),
            _("until ({until:g}) is before first ({first:g})").format(until=offer.until, first=offer.first),
        )
    if offer.open is not None and offer.open > offer.every:
        yield (
            ("open",),
            _("open for {open:g} days, but the next opening is after {every:g}").format(
                open=offer.open, every=offer.every
            ),
        )


def purse_faults(purse: dict[str, float], content: "Content") -> Iterator[Fault]:
    """What is contradictory in the purse of a job."""
    yield from faults_of_amounts(purse, "purse", content)
    if len(purse) > 1:
        yield ("purse",), _("names {n} units; a purse holds one").format(n=len(purse))
