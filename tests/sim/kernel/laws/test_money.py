"""Purses, and what people and the operator pay each other."""

import math

import pytest

from shequn.agents.paying import purse
from shequn.sim.kernel.chance import Purpose, normal, uniform
from shequn.sim.kernel.money import left_in_purse, pay, period_of, reward
from shequn.sim.kernel.recognition import fade_stocks
from shequn.sim.kernel.state import NOBODY, JournalKind, Payment
from shequn.sim.kernel.world import World
from tests.sim.kernel.laws.worlds import PEOPLE, inside, outside, rows
from tests.sim.records import record_of


def rich(mean: float = 100.0, log_sd: float = 0.0, days: float = 30.0) -> World:
    """A world with these purses."""
    world = outside()
    p = world.params[0]
    p["purse_mean"], p["purse_log_sd"], p["purse_days"] = mean, log_sd, days
    return world


def test_a_purse_is_the_persons_own_draw() -> None:
    world = rich(log_sd=0.5)
    for person in range(PEOPLE):
        member = world.people[person]
        z = normal(world.totals[0]["seed"], Purpose.PURSE, member["key"], 0)
        assert left_in_purse(world, member, 3.0) == pytest.approx(purse(z, 100.0, 0.5))


def test_periods_begin_on_a_day_of_each_persons_own() -> None:
    world = rich(days=30.0)
    for person in range(PEOPLE):
        member = world.people[person]
        begin = uniform(world.totals[0]["seed"], Purpose.PURSE, member["key"], 1)
        change = 30.0 * (1.0 - begin)
        assert period_of(world, member, 0.0) == 0
        assert period_of(world, member, change - 1e-6) == 0
        assert period_of(world, member, change + 1e-6) == 1
        assert period_of(world, member, change + 60.0 - 1e-6) == 2


def test_what_is_paid_is_spent_until_the_period_ends() -> None:
    world = rich()
    member = world.people[4]
    change = 30.0 * (1.0 - uniform(world.totals[0]["seed"], Purpose.PURSE, member["key"], 1))
    pay(world, 4, change - 1e-3, 30.0, Payment.FEE)
    pay(world, 4, change - 5e-4, 45.0, Payment.FEE)
    assert left_in_purse(world, member, change - 1e-4) == 25.0
    assert left_in_purse(world, member, change + 1e-4) == 100.0
    pay(world, 4, change + 1e-3, 10.0, Payment.FEE)
    assert left_in_purse(world, member, change + 2e-3) == 90.0
    assert left_in_purse(world, world.people[5], change) == 100.0
    total = world.totals[0]
    assert (total["income"], total["n_accounts"], record_of(world, 4)["account"]) == (85.0, 1, 0)
    assert [row[1:] for row in rows(world, JournalKind.PAY)] == [
        (4, NOBODY, NOBODY, Payment.FEE, amount) for amount in (30.0, 45.0, 10.0)
    ]


def test_a_reward_is_a_gain_on_what_is_left_of_earlier_gains_and_costs_what_it_pays() -> None:
    world = rich()
    inside(world, 0)
    p = world.params[0]
    p["benefit_purse_per_gain"], p["satisfaction_stock_half_life"] = 0.1, 7.0
    record_of(world, 0)["gains"], record_of(world, 0)["stocks_at"] = 2.0, 1.0
    record_of(world, 0)["recognition"] = 3.0
    reward(world, 0, 8.0, 5.0)
    assert (record_of(world, 0)["recognition"], record_of(world, 0)["stocks_at"]) == (3.0, 1.0)
    fade_stocks(record_of(world, 0), 8.0, p)
    assert record_of(world, 0)["gains"] == pytest.approx(1.5)  # half of 2, and 5 / (0.1 × 100)
    assert world.totals[0]["rewards"] == 5.0
    assert rows(world, JournalKind.PAY) == [(8.0, 0, NOBODY, NOBODY, Payment.REWARD, -5.0)]


def test_a_reward_after_very_long_is_not_lost_in_numbers_too_large() -> None:
    world = rich()
    inside(world, 0)
    p = world.params[0]
    p["benefit_purse_per_gain"], p["satisfaction_stock_half_life"] = 0.1, 0.01
    record_of(world, 0)["stocks_at"], record_of(world, 0)["recognition"] = 0.0, 3.0
    reward(world, 0, 900.0, 5.0)
    assert record_of(world, 0)["gains"] == pytest.approx(0.5)
    assert (record_of(world, 0)["recognition"], record_of(world, 0)["stocks_at"]) == (0.0, 900.0)


def test_to_endless_purses_no_price_is_too_high_and_no_reward_a_gain() -> None:
    world = rich(mean=math.inf, log_sd=1.0)
    inside(world, 0)
    assert left_in_purse(world, world.people[0], 1.0) == math.inf
    reward(world, 0, 0.0, 5.0)
    assert record_of(world, 0)["gains"] == 0.0
