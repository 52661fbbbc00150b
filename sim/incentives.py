"""Units, earn rules, offers and purses as the kernel sees them."""

import math

import numpy as np
import numpy.typing as npt

from shequn.sim.amounts import MONEY
from shequn.sim.graphs.graph import key_of
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.state import (
    MAX_BUYERS,
    NEVER,
    NOBODY,
    Act,
    Channel,
    Privilege,
    acts_dtype,
    first_dtype,
    holding_dtype,
    lot_dtype,
    mark_dtype,
    offer_day_dtype,
    offer_dtype,
    promise_dtype,
    rule_day_dtype,
    rule_dtype,
    signed_dtype,
    taken_dtype,
    unit_day_dtype,
    unit_dtype,
)
from shequn.sim.kernel.world import Records
from shequn.sim.operations.award import Award
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.incentives import Unit
from shequn.sim.scenario.spaces import rooms_in
from shequn.sim.scenario.stages import mask_of

#: Fields of a unit, earn rule and offer that a branch may change.
OF_UNIT = ("most_per_day", "budget")
OF_RULE = ("first", "most", "chance", "delay", "newcomers", "during")
OF_OFFER = ("at_least", "worth", "stock", "most", "until", "open", "wait", "during")
_NO_LIMIT = np.iinfo(np.int64).max
#: Side arrays with a row for each membership.
BY_MEMBERSHIP = ("progress", "holdings", "acts", "taken", "levels", "shown", "board", "strikes")


def unit_names(scenario: Scenario) -> list[str]:
    """Names of the units in the order of their numbers; none where nothing is earned, offered or awarded."""
    awards = any(isinstance(operation, Award) for operation in scenario.operations)
    if not (scenario.units or scenario.earn or scenario.offers or scenario.marks or awards):
        return []
    return [MONEY, *(name for name in scenario.units if name != MONEY)]


def incentive_features(scenario: Scenario) -> Feature:
    """The parts of the kernel that units, earn rules and offers need."""
    features = Feature.STAFF if unit_names(scenario) else Feature(0)
    paid = any(MONEY in rule.pay for rule in scenario.earn.values())
    sold = any(MONEY in offer.takes or MONEY in offer.gives for offer in scenario.offers.values())
    return features | Feature.DOORS if paid or sold else features


def incentive_records(scenario: Scenario, seats: int, rooms: int) -> dict[str, Records]:
    """The records of units, earn rules, offers and purses at the start, with accounts for this number of seats."""
    units, days = unit_names(scenario), scenario.days + 3
    n_rules, n_offers = len(scenario.earn), len(scenario.offers)
    return {
        "units": _units(scenario, units),
        "earn": _rules(scenario, units),
        "offers": _offers(scenario, units),
        "buyers": np.zeros((len(Channel), 2), dtype=np.int64),
        "marks": _marks(scenario, units),
        "levels": np.zeros((seats, len(scenario.marks)), dtype=np.int32),
        "shown": np.zeros(seats if scenario.marks else 0),
        "board": np.full(seats if any(place.space.ranks for place in scenario.places) else 0, -1.0),
        "purses": purses_of(scenario),
        "holdings": np.zeros((seats, len(units)), dtype=holding_dtype),
        "acts": np.zeros((seats, n_rules), dtype=acts_dtype),
        "taken": np.zeros((seats, n_offers), dtype=taken_dtype),
        "signed": np.zeros((n_offers, MAX_BUYERS), dtype=signed_dtype),
        "firsts": np.zeros((n_rules, rooms), dtype=first_dtype),
        "lots": np.zeros(64, dtype=lot_dtype),
        "promises": np.zeros(64, dtype=promise_dtype),
        "unit_days": np.zeros(days * len(units), dtype=unit_day_dtype),
        "rule_days": np.zeros(days * n_rules, dtype=rule_day_dtype),
        "offer_days": np.zeros(days * n_offers, dtype=offer_day_dtype),
    }


def first_purses(scenario: Scenario) -> list[int]:
    """For each job the number of its first purse; NOBODY without one."""
    desks = _desks(scenario)
    first, numbers = 0, []
    for job, n in zip(scenario.staff.values(), desks, strict=True):
        numbers.append(first if job.purse else NOBODY)
        first += n if job.purse else 0
    return numbers


def purses_of(scenario: Scenario) -> npt.NDArray[np.float64]:
    """What is in the purses of the desks at the start: of each job, those of its people together."""
    desks = _desks(scenario)
    filled = [
        np.full(n, job.people * next(iter(job.purse.values())))
        for job, n in zip(scenario.staff.values(), desks, strict=True)
        if job.purse
    ]
    return np.concatenate(filled) if filled else np.zeros(0)


def _desks(scenario: Scenario) -> list[int]:
    names, rooms = [place.name for place in scenario.places], rooms_in(scenario.places)
    return [rooms[0 if job.in_ is None else names.index(job.in_)] for job in scenario.staff.values()]


def _units(scenario: Scenario, names: list[str]) -> Records:
    records = np.zeros(len(names), dtype=unit_dtype)
    records["first"] = records["last"] = NOBODY
    for record, name in zip(records, names, strict=True):
        unit = scenario.units.get(name, Unit())
        record["expires"] = NEVER if unit.expires is None else unit.expires
        record["most_per_day"] = math.inf if unit.most_per_day is None else unit.most_per_day
        record["budget"] = math.inf if unit.budget is None else unit.budget
    return records


def _marks(scenario: Scenario, units: list[str]) -> Records:
    records = np.zeros(len(scenario.marks), dtype=mark_dtype)
    for record, mark in zip(records, scenario.marks.values(), strict=True):
        record["unit"] = NOBODY if mark.by is None else units.index(mark.by)
        steps = mark.steps or ()
        record["n_steps"], record["honor"] = len(steps), mark.honor
        record["steps"][: len(steps)] = steps
        for privilege in Privilege:
            record["allows"][privilege] = mark.allows.get(privilege.name.lower(), 0)
    return records


def _rules(scenario: Scenario, units: list[str]) -> Records:
    records = np.zeros(len(scenario.earn), dtype=rule_dtype)
    tasks, jobs = list(scenario.tasks), list(scenario.staff)
    for record, (name, rule) in zip(records, scenario.earn.items(), strict=True):
        record["key"], record["act"] = key_of(name), Act[rule.for_.upper()]
        record["task"] = NOBODY if rule.task is None else tasks.index(rule.task)
        record["unit"], record["amount"] = units.index(rule.unit), rule.amount
        record["job"] = NOBODY if rule.from_ is None else jobs.index(rule.from_)
        record["first"], record["space"] = rule.first or 0, _space(scenario, rule.of)
        record["window"], record["streak"] = rule.each, rule.streak or 0
        record["most"] = _NO_LIMIT if rule.most is None else rule.most
        record["chance"], record["delay"] = rule.chance, rule.delay
        record["newcomers"] = NEVER if rule.newcomers is None else rule.newcomers
        record["during"] = mask_of(rule.during, list(scenario.stages))
    return records


def _offers(scenario: Scenario, units: list[str]) -> Records:
    records = np.zeros(len(scenario.offers), dtype=offer_dtype)
    jobs = list(scenario.staff)
    for record, (name, offer) in zip(records, scenario.offers.items(), strict=True):
        record["key"], record["space"] = key_of(name), _space(scenario, offer.in_)
        record["job"] = NOBODY if offer.from_ is None else jobs.index(offer.from_)
        record["unit"], record["takes"] = _unit_of(offer.takes, units)
        record["at_least"], record["price"] = offer.at_least, offer.price
        record["worth"], record["gives_money"] = offer.worth, offer.gives.get(MONEY, 0.0)
        record["gives_unit"], record["gives_amount"] = _unit_of(offer.gives, units)
        record["mark"] = NOBODY if offer.mark is None else list(scenario.marks).index(offer.mark)
        record["seat"], record["lasts"] = _space(scenario, offer.seat), offer.lasts or 0.0
        record["buyers"], record["wait"] = offer.buyers, offer.wait
        record["stock"] = _NO_LIMIT if offer.stock is None else offer.stock
        record["most"] = _NO_LIMIT if offer.most is None else offer.most
        record["every"], record["first"] = offer.every, offer.first
        record["until"] = NEVER if offer.until is None else offer.until
        record["open"] = offer.every if offer.open is None else offer.open
        record["opening"] = -1
        record["during"] = mask_of(offer.during, list(scenario.stages))
        record["needs"], record["needs_level"] = needed_for(name, scenario)
    return records


def needed_for(name: str, scenario: Scenario) -> tuple[int, int]:
    """Number of the mark that a task or an offer of this name needs, and its level; NOBODY and 0 if none."""
    for number, mark in enumerate(scenario.marks.values()):
        if name in mark.allows:
            return number, mark.allows[name]
    return NOBODY, 0


def _unit_of(amounts: dict[str, float], units: list[str]) -> tuple[int, float]:
    """Number and amount of what is not money; NOBODY and 0 if there is none."""
    for name, amount in amounts.items():
        if name != MONEY:
            return units.index(name), amount
    return NOBODY, 0.0


def _space(scenario: Scenario, name: str | None) -> int:
    return NOBODY if name is None else [place.name for place in scenario.places].index(name)
