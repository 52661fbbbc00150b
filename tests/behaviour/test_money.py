"""Money: a price deters by the purse, whoever pays gets in, and only ratios of money count."""

import math
from typing import Any

import numpy as np
import pytest

from shequn.sim.kernel.state import Channel, JournalKind, Payment
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import Rows, run, same_bytes

PAIRS = 12
T_1E_4 = 5.92  # Student's t at 11 degrees of freedom, one side, 1e-4


def club(fee: float | None, seed: int = 1, factor: float = 1.0, **more: Any) -> Scenario:
    """A public group behind a fee (None: free), with rewards; all money is multiplied by ``factor``."""
    gates = [] if fee is None else [{"kind": "fee", "amount": fee * factor}]
    values: dict[str, Any] = {
        "format": 1, "title": "club", "days": 40, "seed": seed, "journal": "full",
        "population": {
            "people": 900, "founders": 30, "purse": {"mean": 100 * factor, "log_sd": 1, "days": 30},
            "graph": {"generator": "watts_strogatz_graph", "arguments": {"k": 10, "p": 0.1}},
        },
        "community": {"visibility": 1, "bypass": 0, "strangers_per_day": 15, "return_after": 5},
        "gates": gates,
        "operations": [
            {"do": "campaign", "day": 5, "days": 20, "pay_inviter": 6 * factor, "pay_invited": 4 * factor},
        ],
        "rules": {"leaving": {"base": 0.4}, "inviting": {"rate": 0.01}},
    }  # fmt: skip
    return Scenario.from_mapping(values | more)


def joins(rows: Rows) -> Rows:
    """The rows of joins, founders apart."""
    return rows[(rows["kind"] == JournalKind.JOIN) & (rows["detail"] != Channel.FOUNDER)]


@pytest.mark.parametrize("factor", [10.0, 0.125])
def test_only_ratios_of_money_count(factor: float) -> None:
    plain, scaled = run(club(29.0))[1], run(club(29.0, factor=factor))[1]
    assert len(joins(plain)) > 50
    money = plain["kind"] == JournalKind.PAY
    assert same_bytes(plain[~money], scaled[~money])
    np.testing.assert_allclose(scaled["value"][money], factor * plain["value"][money], rtol=1e-12)


def test_a_dearer_door_lets_in_fewer() -> None:
    prices = (1.0, 9.9, 99.0, 999.0)
    n = np.array([[len(joins(run(club(price, seed))[1])) for seed in range(PAIRS)] for price in prices])
    for fewer in -np.diff(n, axis=0):
        assert fewer.mean() - T_1E_4 * fewer.std(ddof=1) / math.sqrt(PAIRS) > 0.0, n.mean(axis=1)


def test_income_is_the_fee_in_force_at_each_admission_to_a_cent() -> None:
    fees = (9.9, 29.9, 0.0)
    dear = [{"do": "set_gates", "day": 10, "gates": [{"kind": "fee", "amount": fees[1]}]},
            {"do": "set_gates", "day": 25, "gates": []}]  # fmt: skip
    community, rows = run(
        club(fees[0], operations=dear, community={"visibility": 1, "bypass": 0.3, "strangers_per_day": 15})
    )
    paid = rows[rows["kind"] == JournalKind.PAY]
    in_force = np.where(paid["time"] < 10, fees[0], fees[1])
    assert (paid["value"] == in_force).all()
    assert (paid["time"] < 25).all()
    admitted = {(int(row["person"]), float(row["time"])) for row in joins(rows)}
    assert {(int(row["person"]), float(row["time"])) for row in paid} <= admitted  # whoever pays gets in
    strangers = (joins(rows)["detail"] == Channel.STRANGER) & (joins(rows)["time"] < 25)
    assert 0 < len(paid) < len(joins(rows)[joins(rows)["time"] < 25])  # some strangers bypass the gate
    assert strangers.sum() > 0
    assert round(float(community.machine.totals["income"]), 2) == round(float(paid["value"].sum()), 2)


def test_rewards_cost_what_they_pay() -> None:
    community, rows = run(club(None))
    rewards = rows[(rows["kind"] == JournalKind.PAY) & (rows["detail"] == Payment.REWARD)]
    invited = joins(rows)[joins(rows)["detail"] == Channel.INVITATION]
    now = (invited["time"] >= 5) & (invited["time"] < 25)
    assert now.sum() > 5
    assert len(rewards) == 2 * now.sum()
    assert community.machine.totals["rewards"] == 10.0 * now.sum()
    last = community.machine.days[-1]
    assert last["balance"] == last["income"] - last["rewards"] - last["reach_cost"] - last["staff_cost"]


def test_where_nobody_minds_a_price_it_deters_nobody() -> None:
    endless = {"population.purse.mean": "unlimited"}
    free, dear = run(club(None).with_(endless))[1], run(club(1e6).with_(endless))[1]
    assert same_bytes(free[free["kind"] != JournalKind.PAY], dear[dear["kind"] != JournalKind.PAY])
    fees = dear[(dear["kind"] == JournalKind.PAY) & (dear["detail"] == Payment.FEE)]
    assert len(fees) == len(joins(dear))


def test_the_share_that_pays_is_that_of_purses_that_are_large_enough() -> None:
    scenario = club(
        80.0, population={"people": 1, "founders": 0, "graph": {"generator": "none"}},
        operations=[{"do": "shock", "day": 0, "people": 6000, "over": 1}], days=2,
    )  # fmt: skip
    rows = run(scenario)[1]
    z = math.log(80.0 / 100.0) + 0.5  # the purse is 100 e^(z − ½)
    expected = 6000 * 0.5 * math.erfc(z / math.sqrt(2.0))
    assert abs(len(joins(rows)) - expected) < 3.9 * math.sqrt(expected * (1 - expected / 6000))  # 1e-4
