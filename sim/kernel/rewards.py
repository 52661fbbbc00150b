"""Rewards: what earn rules pay for an act, now or later, and what members expect of them.

A rule pays as much as the day's limit of the member, the budget of the unit and the purse of the staff leave; what
they do not leave is not paid later.
"""

import math
from typing import Any

import numpy as np

from shequn.agents import benefit, earning
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.accounts import issue
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.desks import desk_of, first_at_desk
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.heap import event_tag, push
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.marks import honor_of_unit
from shequn.sim.kernel.stages import is_during
from shequn.sim.kernel.state import MONEY, NEVER, NOBODY, Act, EventKind, JournalKind, State
from shequn.sim.kernel.world import World


@compiled(only_with=Feature.STAFF, otherwise=0)
def most_rewards(world: World) -> int:
    """The most payments, promises and pieces sold that one event may add.

    Of one kind of act a member does one at a time, but for tasks and offers: at a visit, each of them once, and each
    offer may be sold to all who wait for it together.
    """
    sold = 0
    for offer_id in range(len(world.offers)):
        sold += world.offers[offer_id]["buyers"]
    return max(1, len(world.tasks), sold) * len(world.earn) + sold


@compiled(only_with=Feature.STAFF)
def earn(world: World, act: int, task: int, person: int, now: float) -> None:
    """A member has done something: every earn rule for it pays, promises, or does not."""
    for rule_id in range(len(world.earn)):
        rule = world.earn[rule_id]
        if rule["act"] == act and (rule["task"] == NOBODY or rule["task"] == task):
            earn_by(world, rule_id, person, now)


@compiled
def earn_by(world: World, rule_id: int, person: int, now: float) -> None:
    """One rule for something that a member has done."""
    rule = world.earn[rule_id]
    who = world.people[person]
    member = world.members[who["member"]]
    if who["state"] != State.MEMBER or now - member["joined_at"] > rule["newcomers"]:
        return
    if not is_during(world, rule):
        return
    room = room_of_rule(world, rule, person)
    if room == NOBODY:
        return
    mine = world.acts[who["membership"], rule_id]
    note_act(mine, math.floor(now))
    if not counts_today(rule, mine):
        return
    first = world.firsts[rule_id, room]
    if rule["first"] > 0 and first_so_far(rule, first, now) >= rule["first"]:
        return
    if rule["chance"] < 1.0:
        count = (np.int64(who["n_joins"]) << 32) | np.int64(mine["acts"])
        u = uniform(world.totals[0]["seed"], Purpose.EARN, pair(who["key"], rule["key"]), count)
        if u >= rule["chance"]:
            return
    if rule["delay"] > 0.0:
        promise(world, rule_id, person, now + rule["delay"])
    elif pay_out(world, rule_id, person, now) <= 0.0:
        return
    first["n"] = first_so_far(rule, first, now) + 1
    first["window"] = math.floor(now / rule["window"])


@compiled
def room_of_rule(world: World, rule: Any, person: int) -> int:
    """The room of the rule's space that a member sits in or below; 0 without a space, NOBODY elsewhere."""
    if rule["space"] == NOBODY:
        return 0
    room = int(world.memberships[world.people[person]["membership"]]["room"])
    while room != NOBODY and world.rooms[room]["space"] != rule["space"]:
        room = int(world.rooms[room]["parent"])
    return room


@compiled
def note_act(mine: Any, today: int) -> None:
    """Count an act of today, and the days in a row."""
    if mine["day"] != today:
        mine["streak"] = mine["streak"] + 1 if mine["day"] == today - 1 else 1
        mine["day"] = today
        mine["today"] = 0
    mine["today"] += 1
    mine["acts"] += 1


@compiled
def counts_today(rule: Any, mine: Any) -> bool:
    """Whether the act that has just been noted is one that a rule pays for."""
    if mine["today"] > rule["most"]:
        return False
    return rule["streak"] == 0 or bool(mine["today"] == 1 and mine["streak"] % rule["streak"] == 0)


@compiled
def first_so_far(rule: Any, first: Any, now: float) -> int:
    """Paid acts of the current window."""
    return int(first["n"]) if first["window"] == math.floor(now / rule["window"]) else 0


@compiled
def pay_out(world: World, rule_id: int, person: int, now: float) -> float:
    """Pay a member by a rule, as much as limits leave; returns how much."""
    rule = world.earn[rule_id]
    amount = left_to_pay(world, rule, person, now)
    if amount <= 0.0:
        return 0.0
    if rule["job"] != NOBODY:
        world.purses[purse_of(world, rule, int(world.people[person]["membership"]))] -= amount
    rule["paid"] += 1
    rule["sum"] += amount
    write(world, now, JournalKind.EARN.value, person, NOBODY, NOBODY, rule_id, amount)
    issue(world, person, int(rule["unit"]), amount, now)
    return amount


@compiled
def left_to_pay(world: World, rule: Any, person: int, now: float) -> float:
    """What a rule would pay a member now."""
    seat_id = int(world.people[person]["membership"])
    unit = world.units[rule["unit"]]
    holding = world.holdings[seat_id, rule["unit"]]
    got = float(holding["got"]) if holding["day"] == math.floor(now) else 0.0
    amount = min(float(rule["amount"]), unit["most_per_day"] - got, unit["budget"] - unit["issued"])
    if rule["job"] != NOBODY:
        purse = purse_of(world, rule, seat_id)
        amount = min(amount, world.purses[purse]) if purse != NOBODY else 0.0
    return max(0.0, amount)


@compiled
def purse_of(world: World, rule: Any, seat_id: int) -> int:
    """The purse of the staff who pay by a rule where a member sits; NOBODY if none of them is there."""
    job = world.jobs[rule["job"]]
    desk = desk_of(world, job, int(world.memberships[seat_id]["room"]))
    if desk == NOBODY or first_at_desk(world, job, desk) == NOBODY:
        return NOBODY
    return int(job["first_purse"] + desk)


@compiled
def promise(world: World, rule_id: int, person: int, due: float) -> None:
    """Pay a member later, if they are still there."""
    total = world.totals[0]
    number = int(total["free_promise"])
    if number == NOBODY:
        number = int(total["n_promises"])
        total["n_promises"] = number + 1
    else:
        total["free_promise"] = world.promises[number]["after"]
    promised = world.promises[number]
    promised["person"] = person
    promised["stay"] = world.people[person]["n_joins"]
    promised["rule"] = rule_id
    push(world.queue, due, event_tag(EventKind.PAYOUT, 0, number))


@compiled(only_with=Feature.STAFF)
def keep_promise(world: World, number: int, now: float) -> None:
    """A reward is due: pay it to a member who has not left since."""
    total = world.totals[0]
    promised = world.promises[number]
    person, rule_id = int(promised["person"]), int(promised["rule"])
    stay = promised["stay"]
    promised["after"] = total["free_promise"]
    total["free_promise"] = number
    who = world.people[person]
    if who["state"] == State.MEMBER and who["n_joins"] == stay:
        pay_out(world, rule_id, person, now)


@compiled(only_with=Feature.STAFF, otherwise=0.0)
def worth_of_act(world: World, act: int, task: int, person: int, now: float) -> float:
    """What earn rules would pay a member for doing something now, in units of worth by their own weights."""
    worth = 0.0
    who = world.people[person]
    p = world.params[0]
    for rule_id in range(len(world.earn)):
        rule = world.earn[rule_id]
        if rule["act"] != act or (rule["task"] != NOBODY and rule["task"] != task):
            continue
        amount = would_pay(world, rule_id, person, now)
        if amount > 0.0:
            value = rule["chance"] * amount * worth_of_unit(world, int(rule["unit"]), who, now)
            worth += earning.delayed(value, float(rule["delay"]), p)
    return worth


@compiled
def would_pay(world: World, rule_id: int, person: int, now: float) -> float:
    """What a rule would pay, but for chance, for one more act of a member now."""
    rule = world.earn[rule_id]
    who = world.people[person]
    member = world.members[who["member"]]
    room = room_of_rule(world, rule, person)
    if room == NOBODY or now - member["joined_at"] > rule["newcomers"] or not is_during(world, rule):
        return 0.0
    mine = world.acts[who["membership"], rule_id]
    today = math.floor(now)
    done = int(mine["today"]) if mine["day"] == today else 0
    if done >= rule["most"]:
        return 0.0
    if rule["first"] > 0 and first_so_far(rule, world.firsts[rule_id, room], now) >= rule["first"]:
        return 0.0
    amount = left_to_pay(world, rule, person, now)
    if rule["streak"] > 0:  # each day of it brings a part
        return amount / rule["streak"] if done == 0 else 0.0
    return amount


@compiled
def worth_of_unit(world: World, unit_id: int, who: Any, now: float) -> float:
    """What one unit is worth to a member: of money, its gains; else its part of the best offer that takes it, and of
    the next levels that it brings nearer.
    """
    drivers = world.members[who["member"]]["drivers"]
    worth = np.float64(drivers[Driver.BENEFIT]) * gains_of_unit(world, unit_id, now)
    if unit_id == MONEY:
        return worth
    return worth + np.float64(drivers[Driver.HONOR]) * honor_of_unit(world, unit_id, int(who["membership"]))


@compiled
def gains_of_unit(world: World, unit_id: int, now: float) -> float:
    """Gains of one unit: of money, its own; else its part of the best offer that takes it and will be open."""
    p = world.params[0]
    if unit_id == MONEY:
        return benefit.gain_of_money(1.0, p["purse_mean"], p)
    best = 0.0
    for offer_id in range(len(world.offers)):
        offer = world.offers[offer_id]
        if offer["unit"] == unit_id and now < closes(offer):
            best = max(best, gains_of_offer(world, offer) / offer["takes"])
    return best


@compiled(only_with=Feature.STAFF, otherwise=0.0)
def gains_of_joining(world: World, now: float) -> float:
    """Gains that earn rules promise somebody who would join.

    Rules of a space and those that staff pay count nothing here: where somebody will sit is not known. Levels count
    nothing either, as who is outside does not see them.
    """
    p = world.params[0]
    worth = 0.0
    for rule_id in range(len(world.earn)):
        rule = world.earn[rule_id]
        if (
            rule["act"] != Act.JOINED
            or rule["space"] != NOBODY
            or rule["job"] != NOBODY
            or rule["streak"] > 0
            or not is_during(world, rule)
        ):
            continue
        if rule["first"] > 0 and first_so_far(rule, world.firsts[rule_id, 0], now) >= rule["first"]:
            continue
        unit = world.units[rule["unit"]]
        amount = min(float(rule["amount"]), unit["most_per_day"], unit["budget"] - unit["issued"])
        if amount > 0.0:
            value = rule["chance"] * amount * gains_of_unit(world, int(rule["unit"]), now)
            worth += earning.delayed(value, float(rule["delay"]), p)
    return worth


@compiled
def closes(offer: Any) -> float:
    """When an offer closes for good."""
    if offer["until"] == NEVER:
        return NEVER
    last = math.floor((offer["until"] - offer["first"]) / offer["every"])
    return offer["first"] + last * offer["every"] + offer["open"]


@compiled
def gains_of_offer(world: World, offer: Any) -> float:
    """Gains from what an offer gives; other units that it gives count nothing here."""
    p = world.params[0]
    return benefit.gain_of_money(float(offer["gives_money"] + offer["worth"]), p["purse_mean"], p)
