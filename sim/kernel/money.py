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
def period_of(world: World, member: Any, now: float) -> int:
    """Number of the current period of a person's purse; each person's periods begin on a day of their own."""
    begin = uniform(world.totals[0]["seed"], Purpose.PURSE, member["key"], 1)
    return int(np.floor(now / world.params[0]["purse_days"] + begin))


@compiled(only_with=Feature.DOORS, otherwise=0.0)
def left_in_purse(world: World, member: Any, now: float) -> float:
    """Money that a person can still spend in the current period."""
    p = world.params[0]
    size = paying.purse(
        normal(world.totals[0]["seed"], Purpose.PURSE, member["key"], 0), p["purse_mean"], p["purse_log_sd"]
    )
    if member["account"] != NOBODY:
        account = world.accounts[member["account"]]
        if account["period"] == period_of(world, member, now):
            size -= account["spent"]
    return size


@compiled(only_with=Feature.DOORS)
def pay(world: World, person: int, now: float, amount: float) -> None:
    """A person pays the operator, out of their purse."""
    total = world.totals[0]
    member = world.people[person]
    if member["account"] == NOBODY:
        member["account"] = total["n_accounts"]
        world.accounts[total["n_accounts"]]["period"] = -1
        total["n_accounts"] += 1
    account = world.accounts[member["account"]]
    period = period_of(world, member, now)
    if account["period"] != period:
        account["period"] = period
        account["spent"] = 0.0
    account["spent"] += amount
    total["income"] += amount
    write(world, now, JournalKind.PAY.value, person, NOBODY, NOBODY, Payment.FEE.value, amount)


@compiled(only_with=Feature.DOORS)
def reward(world: World, person: int, now: float, amount: float) -> None:
    """The operator pays a person: a gain to them."""
    p = world.params[0]
    member = world.people[person]
    add_gains(member, now, benefit.gain_of_money(amount, p["purse_mean"], p), p)
    world.totals[0]["rewards"] += amount
    write(world, now, JournalKind.PAY.value, person, NOBODY, NOBODY, Payment.REWARD.value, -amount)
