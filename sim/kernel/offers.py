"""Offers: what a member takes at the end of a visit, for units or money."""

from typing import Any

import numpy as np

from shequn.agents import benefit, buying, paying
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.accounts import issue, take
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.desks import desk_of, first_at_desk
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.money import left_in_purse, pay, purse_of_person
from shequn.sim.kernel.recognition import add_gains
from shequn.sim.kernel.rewards import earn, gains_of_offer
from shequn.sim.kernel.state import MONEY, NOBODY, Act, JournalKind, Payment
from shequn.sim.kernel.tasks import number_open
from shequn.sim.kernel.ties import find_link, strength_now
from shequn.sim.kernel.world import World


@compiled(only_with=Feature.STAFF)
def look_at_offers(world: World, person: int, now: float) -> None:
    """At the end of a visit: perhaps take each offer that is open, seen and can be paid."""
    for offer_id in range(len(world.offers)):
        look_at(world, offer_id, person, now)


@compiled
def look_at(world: World, offer_id: int, person: int, now: float) -> None:
    """Perhaps take one offer."""
    p = world.params[0]
    offer = world.offers[offer_id]
    member = world.people[person]
    seat_id = int(member["membership"])
    opening = number_open(offer, now)
    if opening < 0 or not sees(world, offer, seat_id):
        return
    if offer["opening"] != opening:
        offer["opening"] = opening
        offer["gone"] = 0
    mine = world.taken[seat_id, offer_id]
    n = int(mine["n"]) if mine["opening"] == opening else 0
    if offer["gone"] >= offer["stock"] or n >= offer["most"] or not can_give(world, offer):
        return
    unit_id = int(offer["unit"])
    if unit_id != NOBODY:
        balance = world.holdings[seat_id, unit_id]["balance"]
        if balance < offer["takes"] or balance < offer["at_least"]:
            return
    if not paying.can_pay(float(offer["price"]), left_in_purse(world, member, now)):
        return
    seller = seller_of(world, offer, seat_id)
    gains = gains_of_offer(world, offer)
    if offer["job"] != NOBODY:
        gains = buying.believed(gains, tie_with(world, person, seller, now), p)
    cost = buying.cost_of_price(float(offer["price"]), purse_of_person(world, member), p)
    chance = buying.buying_probability(np.float64(member["drivers"][Driver.BENEFIT]), gains, cost, p)
    if chance <= 0.0:
        return
    count = (np.int64(member["n_joins"]) << 40) | np.int64(member["n_visits"])
    u = uniform(world.totals[0]["seed"], Purpose.BUY, pair(member["key"], offer["key"]), count)
    if u >= chance:
        return
    mine["opening"] = opening
    mine["n"] = n + 1
    mine["ever"] += 1
    count_buyer(world, member, seat_id)
    buy(world, offer_id, person, seller, now)


@compiled
def can_give(world: World, offer: Any) -> bool:
    """Whether the budgets of the units leave what an offer gives."""
    money = world.units[MONEY]
    if offer["gives_money"] > money["budget"] - money["issued"]:
        return False
    if offer["gives_unit"] == NOBODY:
        return True
    unit = world.units[offer["gives_unit"]]
    return bool(offer["gives_amount"] <= unit["budget"] - unit["issued"])


@compiled
def sees(world: World, offer: Any, seat_id: int) -> bool:
    """Whether a member sits in or below the space in which an offer is seen."""
    if offer["space"] == NOBODY:
        return True
    room = int(world.memberships[seat_id]["room"])
    while room != NOBODY:
        if world.rooms[room]["space"] == offer["space"]:
            return True
        room = int(world.rooms[room]["parent"])
    return False


@compiled
def seller_of(world: World, offer: Any, seat_id: int) -> int:
    """Who sells an offer where a member sits: the first of the staff of its job who is there; NOBODY."""
    if offer["job"] == NOBODY:
        return NOBODY
    job = world.jobs[offer["job"]]
    desk = desk_of(world, job, int(world.memberships[seat_id]["room"]))
    return NOBODY if desk == NOBODY else first_at_desk(world, job, desk)


@compiled
def tie_with(world: World, person: int, seller: int, now: float) -> float:
    """Strength of a member's tie with the seller; 0 without one."""
    link = find_link(world, person, seller) if seller != NOBODY else -1
    return strength_now(world.ties[world.links[link]["tie"]], now, world.params[0]) if link >= 0 else 0.0


@compiled
def count_buyer(world: World, member: Any, seat_id: int) -> None:
    """Count a member who has just taken their first or second offer of this stay."""
    taken = 0
    for offer_id in range(len(world.offers)):
        taken += world.taken[seat_id, offer_id]["ever"]
    if taken <= 2:
        world.buyers[member["channel"], taken - 1] += 1


@compiled
def buy(world: World, offer_id: int, person: int, seller: int, now: float) -> None:
    """A member takes an offer: they pay, and get what it gives."""
    p = world.params[0]
    offer = world.offers[offer_id]
    member = world.people[person]
    offer["gone"] += 1
    offer["sold"] += 1
    if offer["unit"] != NOBODY:
        takes = float(offer["takes"])
        take(world, int(member["membership"]), int(offer["unit"]), takes)
        world.units[offer["unit"]]["spent"] += takes
        offer["units"] += takes
    write(world, now, JournalKind.BUY.value, person, seller, NOBODY, offer_id, float(offer["takes"]))
    if offer["price"] > 0.0:
        pay(world, person, now, float(offer["price"]), Payment.PURCHASE.value)
        offer["money"] += offer["price"]
    if offer["gives_money"] > 0.0:
        issue(world, person, MONEY, float(offer["gives_money"]), now)
    if offer["gives_unit"] != NOBODY:
        issue(world, person, int(offer["gives_unit"]), float(offer["gives_amount"]), now)
    if offer["worth"] > 0.0:
        add_gains(member, now, benefit.gain_of_money(float(offer["worth"]), p["purse_mean"], p), p)
    earn(world, Act.BOUGHT.value, NOBODY, person, now)
