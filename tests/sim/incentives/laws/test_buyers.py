"""Groups of buyers: who is of one, when it is complete, and what one more buyer is worth."""

import math
from typing import Any

import numpy as np
import pytest

from shequn.agents.drivers import Driver
from shequn.sim.kernel.buyers import worth_of_a_buyer
from shequn.sim.kernel.invitations import update_invitation
from shequn.sim.kernel.state import MAX_BUYERS, JournalKind
from tests.sim.incentives.laws.stall import GAIN, Stall
from tests.sim.records import record_of, records

SURE = 1e6  # worth so much that nobody can resist
GIFT = {"gift": {"for": "joined", "pay": {"points": 1}}}


def stall(offer: dict[str, Any], **content: Any) -> Stall:
    """A stall with one offer for three together, and ten points for everybody."""
    offers = {"offer": {"takes": {"points": 4}, "worth": SURE, "buyers": 3, **offer}}
    here = Stall(**{"offers": offers, "earn": GIFT, **content})
    for person in range(30):
        here.give(person, 10, 0.0)
    return here


def signed(here: Stall) -> list[tuple[int, float]]:
    """Who has signed so far, and how many they were then."""
    rows = here.rows(JournalKind.SIGN)
    return list(zip(rows["person"].tolist(), rows["value"].tolist(), strict=True))


def test_nobody_pays_before_the_group_is_complete_and_then_all_do_in_the_order_in_which_they_came() -> None:
    here = stall({})
    assert [here.look(5, 0.1), here.look(2, 0.2)] == [0, 0]
    assert [here.balance(5), here.balance(2)] == [10, 10]
    assert here.look(9, 0.3) == 3
    assert here.rows(JournalKind.BUY)["person"].tolist() == [5, 2, 9]
    assert [here.balance(person) for person in (5, 2, 9, 1)] == [6, 6, 6, 10]
    assert here.unit("points")["spent"] == 12
    assert signed(here) == [(5, 1), (2, 2), (9, 3)]
    assert here.look(1, 0.4) == 0  # the next group
    assert signed(here)[-1] == (1, 1)


def test_who_waits_already_does_not_sign_again() -> None:
    here = stall({"most": None})
    assert sum(here.look(0, 0.1 * k) for k in range(1, 6)) == 0
    assert signed(here) == [(0, 1)]


@pytest.mark.parametrize(("at", "bought"), [(1.3, 3), (1.301, 0)])
def test_the_first_waits_so_long_and_no_longer(at: float, bought: int) -> None:
    here = stall({"wait": 1.2})
    here.look(0, 0.1)
    here.look(1, 1.0)
    assert here.look(2, at) == bought
    assert signed(here)[-1] == ((2, 3) if bought else (2, 1))


def test_who_has_left_or_can_no_longer_pay_is_not_of_the_group() -> None:
    here = stall({}, offers={"offer": {"takes": {"points": 4}, "worth": SURE, "buyers": 4, "wait": 9},
                             "other": {"takes": {"points": 8}, "worth": SURE, "in": None, "first": 0.5}})  # fmt: skip
    for person in (0, 1, 2):
        here.look(person, 0.1)
    here.leave(0, 0.2)
    here.join(0, 0.3)  # a new stay
    here.look(1, 0.6)  # spends eight of ten
    assert here.balance(1) == 2
    here.world.offers["stock"][1] = 0
    assert here.look(3, 0.7) == 0
    assert signed(here)[-1] == (3, 2)
    here.give(0, 10, 0.75)
    assert here.look(0, 0.8) == 0
    assert here.look(4, 0.9) == 4
    assert here.rows(JournalKind.BUY)["person"].tolist()[1:] == [2, 3, 0, 4]


def test_who_comes_back_signs_again_and_counts_once() -> None:
    here = stall({"wait": 9})
    here.look(0, 0.1)
    here.leave(0, 0.2)
    here.world.offers["open"] = 0.0  # the first visit of the new stay finds it shut
    here.join(0, 0.3)
    here.world.offers["open"] = 36500.0
    here.give(0, 10, 0.4)
    here.look(0, 0.5)
    assert signed(here) == [(0, 1), (0, 1)]
    here.look(1, 0.6)
    assert here.look(2, 0.7) == 3
    assert sorted(here.rows(JournalKind.BUY)["person"].tolist()) == [0, 1, 2]


def test_a_group_ends_with_its_opening() -> None:
    here = stall({"every": 2, "open": 1, "wait": 30})
    here.look(0, 0.8)
    here.look(1, 0.9)
    assert here.look(2, 2.1) == 0
    assert signed(here)[-1] == (2, 1)
    assert here.look(0, 2.2) == 0
    assert here.look(1, 2.3) == 3


@pytest.mark.parametrize(("stock", "bought"), [(3, 3), (5, 3), (6, 6)])
def test_a_group_needs_stock_for_all(stock: int, bought: int) -> None:
    here = stall({"stock": stock})
    assert sum(here.look(person, 0.5) for person in range(12)) == bought


def test_a_group_needs_a_budget_for_all() -> None:
    here = stall({"gives": {"money": 2}}, units={"points": {}, "money": {"budget": 17}})
    assert sum(here.look(person, 0.5) for person in range(30)) == 6
    assert here.unit("money")["issued"] == 12


def test_the_price_of_the_crowd_is_paid_by_each() -> None:
    here = stall({"takes": {"money": 7}})
    for person in range(3):
        here.look(person, 0.5)
    assert here.rows(JournalKind.PAY)["value"].tolist() == [7.0] * 3


def test_a_group_of_the_largest_size_fits() -> None:
    assert MAX_BUYERS > 30
    here = stall({"buyers": 30})
    assert [here.look(person, 0.5) for person in range(30)] == [0] * 29 + [30]


def test_groups_of_buyers_who_come_at_random_are_complete_as_often_as_poisson_says() -> None:
    """With rate λ and a wait W, a first buyer finds n − 1 others with P(N(λW) ≥ n − 1). Error level 1e-5."""
    rate, wait, n = 2.0, 1.0, 3
    here = stall({"buyers": n, "wait": wait, "takes": {"points": 0.0001 * 10_000}, "most": None}, earn={
        "gift": {"for": "joined", "pay": {"points": 1}}})  # fmt: skip
    for person in range(30):
        here.give(person, 100_000, 0.0)
    times = np.cumsum(np.random.default_rng(5).exponential(1.0 / rate, 780))
    for k, at in enumerate(times[times < 390].tolist()):
        here.look(k % 30, at)
    rows = here.rows(JournalKind.SIGN)
    begun, complete = int((rows["value"] == 1).sum()), int((rows["value"] == n).sum())
    due = 1.0 - math.exp(-rate * wait) * (1.0 + rate * wait)
    assert begun > 200
    # the last group may still wait
    assert abs(complete / begun - due) < 4.42 * math.sqrt(due * (1 - due) / begun) + 1.0 / begun


# ---- bringing the others --------------------------------------------------------------------------


def test_one_more_buyer_is_worth_the_gain_shared_by_those_who_are_missing() -> None:
    here = stall(
        {"takes": {"money": 2}, "worth": 10, "buyers": 4, "wait": 3}, rules={"buying": {"scale": 1e-4}}
    )
    cost = 2 / (0.1 * 40)

    def worth(person: int, at: float = 0.5) -> Any:
        return pytest.approx(worth_of_a_buyer(here.world, person, at), rel=1e-6)

    assert worth(0) == 0
    here.look(0, 0.5)
    assert [worth(0), worth(1)] == [(10 / GAIN - cost) / 3, 0]
    here.look(1, 0.5)
    assert [worth(0), worth(1)] == [(10 / GAIN - cost) / 2] * 2
    records(here.world)["drivers"][0, Driver.BENEFIT] = 0.25
    assert worth(0) == (10 / GAIN - cost) / 8
    assert [worth(0, 3.5), worth(0, 3.51)] == [(10 / GAIN - cost) / 8, 0]


def test_who_wants_a_title_gains_nothing_by_one_more_buyer() -> None:
    here = stall({"takes": {"money": 2}, "worth": 0, "mark": "star", "buyers": 2}, marks={"star": {"honor": 9}}, rules={
        "buying": {"scale": 1e-4}})  # fmt: skip
    records(here.world)["drivers"][0, Driver.HONOR] = 1.0
    here.look(0, 0.5)
    assert signed(here) == [(0, 1)]
    assert worth_of_a_buyer(here.world, 0, 0.6) == 0.0


def test_who_waits_invites_more_and_who_does_not_care_for_benefit_no_more() -> None:
    here = Stall(
        offers={"offer": {"takes": {"money": 2}, "worth": 10, "buyers": 4, "wait": 3}},
        community={"openness": 0, "mixing": "complete"},
        rules={"buying": {"scale": 1e-4}, "inviting": {"rate": 0.01, "asker_reward": 5}},
    )
    member = record_of(here.world, 0)
    before = float(member["invite_rate"])
    here.look(0, 0.5)
    assert float(member["invite_rate"]) / before == pytest.approx(1 + 5 * (10 / GAIN - 0.5) / 3)
    records(here.world)["drivers"][0] = 0
    update_invitation(here.world, 0, 0.5)
    assert float(member["invite_rate"]) == before
