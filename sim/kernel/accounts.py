"""Accounts: what members have of each unit; how it gets there, is taken, expires, and is lost by leaving.

For each unit, what was issued is what has been spent, has expired and is outstanding, after every event. Money is paid
out at once, and no account holds it.
"""

import math
from typing import Any

from shequn.agents.compiled import compiled
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.heap import event_tag, push
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.marks import clear_marks, update_levels
from shequn.sim.kernel.money import reward
from shequn.sim.kernel.state import MONEY, NEVER, NOBODY, EventKind, JournalKind
from shequn.sim.kernel.world import World


@compiled(only_with=Feature.STAFF)
def open_accounts(world: World, seat_id: int) -> None:
    """Accounts of a member who has just taken this seat: nothing on them, nothing done, nothing taken down."""
    clear_marks(world, seat_id)
    if len(world.strikes) > 0:
        world.strikes[seat_id] = 0
    for unit_id in range(len(world.units)):
        holding = world.holdings[seat_id, unit_id]
        holding["balance"] = 0.0
        holding["earned"] = 0.0
        holding["got"] = 0.0
        holding["day"] = -1
        holding["first"] = NOBODY
        holding["last"] = NOBODY
    for rule_id in range(len(world.earn)):
        mine = world.acts[seat_id, rule_id]
        mine["day"] = -2
        mine["streak"] = 0
        mine["today"] = 0
        mine["acts"] = 0
    for offer_id in range(len(world.offers)):
        taken = world.taken[seat_id, offer_id]
        taken["opening"] = -1
        taken["n"] = 0
        taken["ever"] = 0
        taken["until"] = 0.0
        taken["since"] = 0.0


@compiled
def issue(world: World, person: int, unit_id: int, amount: float, now: float) -> None:
    """Put units on a member's account, or pay out money."""
    seat_id = int(world.people[person]["membership"])
    unit, holding = world.units[unit_id], world.holdings[seat_id, unit_id]
    if holding["day"] != math.floor(now):
        holding["day"] = math.floor(now)
        holding["got"] = 0.0
    holding["got"] += amount
    unit["issued"] += amount
    unit["earned"] += amount
    if unit_id == MONEY:
        reward(world, person, now, amount)
        return
    holding["balance"] += amount
    holding["earned"] += amount
    unit["outstanding"] += amount
    update_levels(world, person, unit_id, now)
    if unit["expires"] < NEVER:
        add_lot(world, seat_id, unit_id, amount, now)


@compiled
def add_lot(world: World, seat_id: int, unit_id: int, amount: float, now: float) -> None:
    """Note when units expire that have just been earned."""
    total = world.totals[0]
    unit, holding = world.units[unit_id], world.holdings[seat_id, unit_id]
    number = int(total["free_lot"])
    if number == NOBODY:
        number = int(total["n_lots"])
        total["n_lots"] = number + 1
    else:
        total["free_lot"] = world.lots[number]["after"]
    lot = world.lots[number]
    lot["at"] = now
    lot["left"] = amount
    lot["seat"] = seat_id
    lot["next"] = NOBODY
    lot["after"] = NOBODY
    if holding["first"] == NOBODY:
        holding["first"] = number
    else:
        world.lots[holding["last"]]["next"] = number
    holding["last"] = number
    if unit["first"] == NOBODY:
        unit["first"] = number
        push(world.queue, now + unit["expires"], event_tag(EventKind.EXPIRY, 0, unit_id))
    else:
        world.lots[unit["last"]]["after"] = number
    unit["last"] = number


@compiled
def take(world: World, seat_id: int, unit_id: int, amount: float) -> None:
    """Take units off an account that has as many, those that expire first."""
    holding = world.holdings[seat_id, unit_id]
    holding["balance"] -= amount
    world.units[unit_id]["outstanding"] -= amount
    while amount > 0.0 and holding["first"] != NOBODY:
        lot = world.lots[holding["first"]]
        part = min(amount, float(lot["left"]))
        lot["left"] -= part
        amount -= part
        if lot["left"] <= 0.0:
            holding["first"] = lot["next"]


@compiled(only_with=Feature.STAFF)
def expire(world: World, unit_id: int, now: float) -> None:
    """The oldest lot of a unit expires; the next one has its turn."""
    total = world.totals[0]
    unit = world.units[unit_id]
    number = int(unit["first"])
    lot = world.lots[number]
    left = float(lot["left"])
    if left > 0.0:
        seat_id = int(lot["seat"])
        take(world, seat_id, unit_id, left)
        unit["expired"] += left
        person = int(world.memberships[seat_id]["person"])
        write(world, now, JournalKind.EXPIRE.value, person, NOBODY, NOBODY, unit_id, left)
    unit["first"] = lot["after"]
    lot["after"] = total["free_lot"]
    total["free_lot"] = number
    if unit["first"] == NOBODY:
        unit["last"] = NOBODY
    else:
        due = world.lots[unit["first"]]["at"] + unit["expires"]
        push(world.queue, max(now, due), event_tag(EventKind.EXPIRY, 0, unit_id))


@compiled(only_with=Feature.STAFF)
def close_accounts(world: World, person: int, now: float) -> None:
    """A member leaves: what is on their accounts is lost."""
    seat_id = int(world.people[person]["membership"])
    for unit_id in range(len(world.units)):
        left = float(world.holdings[seat_id, unit_id]["balance"])
        if left > 0.0:
            take(world, seat_id, unit_id, left)
            world.units[unit_id]["expired"] += left
            write(world, now, JournalKind.EXPIRE.value, person, NOBODY, NOBODY, unit_id, left)


@compiled
def award(world: World, people: Any, unit_id: int, amount: float, now: float) -> None:
    """Give each of these members an amount of a unit, as far as its budget goes."""
    for k in range(len(people)):
        unit = world.units[unit_id]
        given = min(amount, unit["budget"] - unit["issued"])
        if given > 0.0:
            write(world, now, JournalKind.EARN.value, people[k], NOBODY, NOBODY, -1 - unit_id, given)
            issue(world, people[k], unit_id, given, now)
