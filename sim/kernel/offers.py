"""Offers: what a member takes at the end of a visit, for units or money."""

from typing import Any

import numpy as np

from shequn.agents import benefit, buying
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.accounts import issue, take
from shequn.sim.kernel.buyers import can_afford, sign, waits_with_others
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.desks import desk_of, first_at_desk
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.invitations import update_invitation
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.marks import is_open_to, set_level
from shequn.sim.kernel.membership import move
from shequn.sim.kernel.money import pay, purse_of_person
from shequn.sim.kernel.recognition import add_gains
from shequn.sim.kernel.rewards import earn, gains_of_offer
from shequn.sim.kernel.rooms import choose_room
from shequn.sim.kernel.stages import is_during
from shequn.sim.kernel.state import MONEY, NOBODY, Act, JournalKind, Payment
from shequn.sim.kernel.tasks import number_open
from shequn.sim.kernel.ties import find_link, strength_along
from shequn.sim.kernel.world import World


@compiled(only_with=Feature.STAFF)
def look_at_offers(world: World, person: int, now: float) -> None:
    """At the end of a visit: perhaps take each offer that is open, seen and can be paid."""
    for offer_id in range(len(world.offers)):
        look_at(world, offer_id, person, now)


@compiled
def look_at(world: World, offer_id: int, person: int, now: float) -> None:
    """Perhaps take one offer."""
    offer = world.offers[offer_id]
    who = world.people[person]
    member = world.members[who["member"]]
    chance = chance_to_take(world, offer_id, person, now)
    if chance <= 0.0:
        return
    count = (np.int64(who["n_joins"]) << 40) | np.int64(member["n_visits"])
    u = uniform(world.totals[0]["seed"], Purpose.BUY, pair(who["key"], offer["key"]), count)
    if u >= chance:
        return
    if offer["buyers"] == 1:
        buy(world, offer_id, person, now)
    elif sign(world, offer_id, person, now):
        for k in range(offer["n_signed"]):
            buy(world, offer_id, int(world.signed[offer_id, k]["person"]), now)
        offer["n_signed"] = 0
    else:
        update_invitation(world, person, now)


@compiled
def chance_to_take(world: World, offer_id: int, person: int, now: float) -> float:
    """Chance that a member who looks at an offer now takes it; 0 if they cannot."""
    p = world.params[0]
    offer = world.offers[offer_id]
    who = world.people[person]
    member = world.members[who["member"]]
    seat_id = int(who["membership"])
    opening = number_open(offer, now)
    if opening < 0 or not is_seated_in(world, int(offer["space"]), seat_id):
        return 0.0
    if not is_during(world, offer) or not is_open_to(world, offer, seat_id):
        return 0.0
    if offer["opening"] != opening:
        offer["opening"] = opening
        offer["gone"] = 0
    mine = world.taken[seat_id, offer_id]
    n = int(mine["n"]) if mine["opening"] == opening else 0
    if n >= offer["most"] or mine["until"] > now or not can_give(world, offer):
        return 0.0
    if offer["seat"] != NOBODY and (
        member["application"] != NOBODY  # who stands in a line goes on standing there
        or is_seated_in(world, int(offer["seat"]), seat_id)
        or choose_room(world, person, int(offer["seat"])) == NOBODY
    ):
        return 0.0
    if not can_afford(world, offer, person, now) or waits_with_others(world, offer_id, person, now):
        return 0.0
    seller = seller_of(world, offer, seat_id)
    gains = gains_of_offer(world, offer)
    if offer["job"] != NOBODY:
        gains = buying.believed(gains, tie_with(world, person, seller, now), float(offer["gone"]), p)
    cost = buying.cost_of_price(float(offer["price"]), purse_of_person(world, who), p)
    worth = np.float64(member["drivers"][Driver.BENEFIT]) * (gains - cost)
    if offer["mark"] != NOBODY and world.levels[seat_id, offer["mark"]] == 0:
        worth += np.float64(member["drivers"][Driver.HONOR]) * world.marks[offer["mark"]]["honor"]
    return float(buying.buying_probability(worth, p))


@compiled
def can_give(world: World, offer: Any) -> bool:
    """Whether the stock and the budgets of the units leave what an offer gives to all who must want it together."""
    buyers = offer["buyers"]
    money = world.units[MONEY]
    if offer["gone"] + buyers > offer["stock"]:
        return False
    if buyers * offer["gives_money"] > money["budget"] - money["issued"]:
        return False
    if offer["gives_unit"] == NOBODY:
        return True
    unit = world.units[offer["gives_unit"]]
    return bool(buyers * offer["gives_amount"] <= unit["budget"] - unit["issued"])


@compiled
def is_seated_in(world: World, space_id: int, seat_id: int) -> bool:
    """Whether a member sits in or below a space; NOBODY is the whole community."""
    if space_id == NOBODY:
        return True
    room = int(world.memberships[seat_id]["room"])
    while room != NOBODY:
        if world.rooms[room]["space"] == space_id:
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
    return strength_along(world, link, now) if link >= 0 else 0.0


@compiled
def count_buyer(world: World, who: Any, seat_id: int) -> None:
    """Count a member who has just taken their first or second offer of this stay."""
    taken = 0
    for offer_id in range(len(world.offers)):
        taken += world.taken[seat_id, offer_id]["ever"]
    if taken <= 2:
        world.buyers[who["channel"], taken - 1] += 1


@compiled
def buy(world: World, offer_id: int, person: int, now: float) -> None:
    """A member takes an offer: they pay, and get what it gives."""
    offer = world.offers[offer_id]
    who = world.people[person]
    member = world.members[who["member"]]
    seat_id = int(who["membership"])
    mine = world.taken[seat_id, offer_id]
    mine["n"] = mine["n"] + 1 if mine["opening"] == offer["opening"] else 1
    mine["opening"] = offer["opening"]
    mine["ever"] += 1
    count_buyer(world, who, seat_id)
    offer["gone"] += 1
    offer["sold"] += 1
    if offer["unit"] != NOBODY:
        takes = float(offer["takes"])
        take(world, seat_id, int(offer["unit"]), takes)
        world.units[offer["unit"]]["spent"] += takes
        offer["units"] += takes
    need = np.float64(member["need"])
    member["need"] = need + world.params[0]["buying_renewal"] * (1.0 - need)
    seller = seller_of(world, offer, seat_id)
    write(world, now, JournalKind.BUY.value, person, seller, NOBODY, offer_id, float(offer["takes"]))
    if offer["price"] > 0.0:
        pay(world, person, now, float(offer["price"]), Payment.PURCHASE.value)
        offer["money"] += offer["price"]
    if offer["gives_money"] > 0.0:
        issue(world, person, MONEY, float(offer["gives_money"]), now)
    if offer["gives_unit"] != NOBODY:
        issue(world, person, int(offer["gives_unit"]), float(offer["gives_amount"]), now)
    if offer["lasts"] > 0.0:
        mine["since"] = now
        mine["until"] = now + offer["lasts"]
    elif offer["worth"] > 0.0:
        gain(world, who, float(offer["worth"]), now)
    if offer["mark"] != NOBODY and world.levels[seat_id, offer["mark"]] == 0:
        set_level(world, person, int(offer["mark"]), 1, now)
    if offer["seat"] != NOBODY:
        move(world, person, choose_room(world, person, int(offer["seat"])), now)
    earn(world, Act.BOUGHT.value, NOBODY, person, now)


@compiled(only_with=Feature.STAFF)
def use_what_lasts(world: World, person: int, now: float) -> None:
    """At a visit: the worth that has come since the last one of the offers that a member has taken."""
    who = world.people[person]
    for offer_id in range(len(world.offers)):
        mine = world.taken[who["membership"], offer_id]
        if mine["since"] < mine["until"]:
            offer = world.offers[offer_id]
            up_to = min(now, float(mine["until"]))
            gain(world, who, offer["worth"] * (up_to - mine["since"]) / offer["lasts"], now)
            mine["since"] = up_to


@compiled
def gain(world: World, who: Any, worth: float, now: float) -> None:
    """Give a member what is worth an amount of money."""
    p = world.params[0]
    add_gains(world.members[who["member"]], now, benefit.gain_of_money(worth, p["purse_mean"], p), p)
