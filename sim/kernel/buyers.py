"""Groups of buyers: an offer that several members must want together (拼团).

The first who wants it begins a group, which waits for the others for a while; nobody pays before it is complete. Who
has left by then, or cannot pay any more, is not of the group.
"""

from typing import Any

import numpy as np

from shequn.agents import benefit, buying, paying
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.money import left_in_purse, purse_of_person
from shequn.sim.kernel.state import NOBODY, JournalKind, State
from shequn.sim.kernel.tasks import number_open
from shequn.sim.kernel.world import World


@compiled
def can_afford(world: World, offer: Any, person: int, now: float) -> bool:
    """Whether a member has the units that an offer takes, as many as it asks for, and the money."""
    who = world.people[person]
    if offer["unit"] != NOBODY:
        balance = world.holdings[who["membership"], offer["unit"]]["balance"]
        if balance < offer["takes"] or balance < offer["at_least"]:
            return False
    return paying.can_pay(float(offer["price"]), left_in_purse(world, who, now))


@compiled
def waits_with_others(world: World, offer_id: int, person: int, now: float) -> bool:
    """Whether a member is of the group that waits for more buyers of an offer."""
    if not is_waiting(world.offers[offer_id], now):
        return False
    found = False
    for k in range(world.offers[offer_id]["n_signed"]):
        signed = world.signed[offer_id, k]
        found |= signed["person"] == person and signed["stay"] == world.people[person]["n_joins"]
    return found


@compiled
def is_waiting(offer: Any, now: float) -> bool:
    """Whether a group waits for more buyers, at the same opening."""
    if offer["n_signed"] == 0 or now > offer["since"] + offer["wait"]:
        return False
    return number_open(offer, now) == number_open(offer, float(offer["since"]))


@compiled
def sign(world: World, offer_id: int, person: int, now: float) -> bool:
    """A member wants an offer with others; returns whether the group is complete."""
    offer = world.offers[offer_id]
    if not is_waiting(offer, now):
        offer["n_signed"] = 0
        offer["since"] = now
    kept = 0
    for k in range(offer["n_signed"]):
        signed = world.signed[offer_id, k]
        other = int(signed["person"])
        who = world.people[other]
        if who["state"] == State.MEMBER and who["n_joins"] == signed["stay"]:
            if can_afford(world, offer, other, now):
                world.signed[offer_id, kept]["person"] = other
                world.signed[offer_id, kept]["stay"] = signed["stay"]
                kept += 1
    world.signed[offer_id, kept]["person"] = person
    world.signed[offer_id, kept]["stay"] = world.people[person]["n_joins"]
    offer["n_signed"] = kept + 1
    write(world, now, JournalKind.SIGN.value, person, NOBODY, NOBODY, offer_id, float(kept + 1))
    return bool(offer["n_signed"] == offer["buyers"])


@compiled(only_with=Feature.STAFF, otherwise=0.0)
def worth_of_a_buyer(world: World, person: int, now: float) -> float:
    """What one more buyer would bring a member who waits for others: their part of what they would gain."""
    p = world.params[0]
    who = world.people[person]
    worth = 0.0
    for offer_id in range(len(world.offers)):
        offer = world.offers[offer_id]
        if offer["buyers"] > 1 and waits_with_others(world, offer_id, person, now):
            gains = benefit.gain_of_money(float(offer["gives_money"] + offer["worth"]), p["purse_mean"], p)
            cost = buying.cost_of_price(float(offer["price"]), purse_of_person(world, who), p)
            worth += max(0.0, gains - cost) / (offer["buyers"] - offer["n_signed"])
    return np.float64(world.members[who["member"]]["drivers"][Driver.BENEFIT]) * worth
