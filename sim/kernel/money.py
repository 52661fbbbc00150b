"""Money: purses, and what people and the operator pay each other."""

from typing import Any

import numpy as np

from shequn.agents import benefit, paying
from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, normal, uniform
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.recognition import add_gains
from shequn.sim.kernel.state import NOBODY, JournalKind, Payment
from shequn.sim.kernel.world import World


@compiled
def period_of(world: World, who: Any, now: float) -> int:
    """Number of the current period of a person's purse; each person's periods begin on a day of their own."""
    begin = uniform(world.totals[0]["seed"], Purpose.PURSE, who["key"], 1)
    return int(np.floor(now / world.params[0]["purse_days"] + begin))


@compiled
def purse_of_person(world: World, who: Any) -> float:
    """Money that a person can spend per period."""
    p = world.params[0]
    z = normal(world.totals[0]["seed"], Purpose.PURSE, who["key"], 0)
    return paying.purse(z, p["purse_mean"], p["purse_log_sd"])


@compiled(only_with=Feature.DOORS, otherwise=0.0)
def left_in_purse(world: World, who: Any, now: float) -> float:
    """Money that a person can still spend in the current period."""
    size = purse_of_person(world, who)
    number = world.members[who["member"]]["account"]
    if number != NOBODY:
        account = world.accounts[number]
        if account["period"] == period_of(world, who, now):
            size -= account["spent"]
    return size


@compiled(only_with=Feature.DOORS)
def pay(world: World, person: int, now: float, amount: float, what_for: int) -> None:
    """A person pays the operator, out of their purse; ``what_for`` is a Payment."""
    total = world.totals[0]
    who = world.people[person]
    member = world.members[who["member"]]
    if member["account"] == NOBODY:
        member["account"] = total["n_accounts"]
        world.accounts[total["n_accounts"]]["period"] = -1
        total["n_accounts"] += 1
    account = world.accounts[member["account"]]
    period = period_of(world, who, now)
    if account["period"] != period:
        account["period"] = period
        account["spent"] = 0.0
    account["spent"] += amount
    total["income"] += amount
    write(world, now, JournalKind.PAY.value, person, NOBODY, NOBODY, what_for, amount)


@compiled(only_with=Feature.DOORS)
def reward(world: World, person: int, now: float, amount: float) -> None:
    """The operator pays a person: a gain to them."""
    p = world.params[0]
    who = world.people[person]
    add_gains(world.members[who["member"]], now, benefit.gain_of_money(amount, p["purse_mean"], p), p)
    world.totals[0]["rewards"] += amount
    write(world, now, JournalKind.PAY.value, person, NOBODY, NOBODY, Payment.REWARD.value, -amount)
