"""Offers: who sees them, when they are open, what they take and give, and who takes them."""

import math
from typing import Any

import numpy as np
import pytest

from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.money import purse_of_person
from shequn.sim.kernel.offers import use_what_lasts
from shequn.sim.kernel.rewards import closes
from shequn.sim.kernel.state import NOBODY, JournalKind, Payment
from shequn.sim.kernel.ties import interact, strength_now
from shequn.sim.results.incentives import offers_table
from tests.sim.incentives.laws.stall import FIRST, GAIN, MEAN_PURSE, OFFICE, SECOND, SPACES, Stall
from tests.sim.records import record_of, records
from tests.sim.staff.desk import pair

GIFT = {"gift": {"for": "joined", "pay": {"points": 1}}}
SURE = 1e6  # worth so much that nobody can resist


def stall(offer: dict[str, Any], **content: Any) -> Stall:
    """A stall with one offer, and ten points for everybody."""
    offers = {"offer": {"takes": {"points": 1}, "worth": SURE, **offer}}
    here = Stall(**{"offers": offers, "earn": GIFT, **content})
    for person in range(30):
        here.give(person, 10, 0.0)
    return here


# ---- when and where -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "is_open"),
    [(0.9, False), (1.0, True), (1.49, True), (1.5, False), (2.9, False), (3.0, True), (5.2, True), (7.4, True),
     (7.5, False), (9.2, False)],
)  # fmt: skip
def test_an_offer_is_open_as_a_task_is(at: float, is_open: bool) -> None:
    here = stall({"first": 1, "every": 2, "open": 0.5, "until": 8})
    assert here.look(0, at) == is_open


def test_an_offer_closes_for_good_with_its_last_opening() -> None:
    last = [
        closes(stall(offer).world.offers[0])
        for offer in (
            {},
            {"first": 1, "every": 2, "open": 0.5, "until": 8},
            {"first": 1, "every": 2, "until": 9},
            {"until": 3},
        )
    ]
    assert last == [math.inf, 7.5, 11.0, 36500.0]


@pytest.mark.parametrize(("in_", "seen"), [(None, 3), ("camp", 2), ("class", 2), ("office", 1)])
def test_an_offer_is_seen_in_and_below_its_space(in_: str | None, seen: int) -> None:
    here = stall({"in": in_}, spaces=SPACES)
    here.sit(FIRST, 0)
    here.sit(SECOND, 1)
    here.sit(OFFICE, 2)
    assert sum(here.look(person, 0.5) for person in range(3)) == seen


# ---- how many -------------------------------------------------------------------------------------


def test_the_stock_is_of_each_opening() -> None:
    here = stall({"stock": 3, "every": 2})
    assert [here.look(person, 0.5) for person in range(5)] == [1, 1, 1, 0, 0]
    assert [here.look(person, 2.5) for person in range(5)] == [1, 1, 1, 0, 0]
    assert [here.look(person, 6.5) for person in range(5, 9)] == [1, 1, 1, 0]


@pytest.mark.parametrize(("most", "taken"), [(1, [1, 0, 0, 0, 1]), (3, [1, 1, 1, 0, 1]), (None, [1] * 5)])
def test_a_member_takes_so_many_at_most_at_each_opening(most: int | None, taken: list[int]) -> None:
    here = stall({"most": most, "every": 2})
    assert [here.look(0, at) for at in (0.1, 0.2, 0.3, 0.4, 2.1)] == taken
    assert here.look(1, 2.2) == 1


def test_what_was_taken_at_earlier_openings_does_not_count() -> None:
    here = stall({"most": 2, "every": 2})
    taken = [here.look(0, at) for at in (0.1, 0.2, 0.3, 2.1, 2.2, 2.3, 4.1, 4.2, 4.3)]
    assert taken == [1, 1, 0] * 3


def test_who_has_taken_more_than_a_limit_that_was_lowered_takes_no_more() -> None:
    here = stall({"most": 3})
    assert [here.look(0, at) for at in (0.1, 0.2, 0.3)] == [1, 1, 1]
    here.world.offers["most"] = 2
    assert here.look(0, 0.4) == 0


def test_what_a_member_has_taken_counts_within_a_stay() -> None:
    here = stall({})
    assert [here.look(0, 0.1), here.look(0, 0.2)] == [1, 0]
    here.leave(0, 0.3)
    here.join(0, 0.4)
    here.give(0, 10, 0.4)
    assert [here.look(0, 0.5), here.look(0, 0.6)] == [1, 0]


# ---- what it takes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("takes", "at_least", "taken"), [(10, 0, True), (11, 0, False), (1, 10, True), (1, 11, False)]
)
def test_a_member_must_have_what_it_takes_and_reach_the_threshold(
    takes: float, at_least: float, taken: bool
) -> None:
    here = stall({"takes": {"points": takes}, "at_least": at_least})
    assert here.look(0, 0.5) == taken
    assert here.balance(0) == 10 - takes * taken
    assert here.unit("points")["outstanding"] == 300 - takes * taken
    assert here.unit("points")["spent"] == takes * taken


def test_the_price_must_fit_into_what_is_left_in_the_purse() -> None:
    here = stall({"takes": {"money": 15}, "most": None})
    assert [here.look(0, 0.01 * k) for k in range(1, 5)] == [1, 1, 0, 0]
    assert (
        sum(here.look(0, at) for at in np.arange(1.0, 7.5, 0.25).tolist()) == 2
    )  # the purse was filled once
    rows = here.rows(JournalKind.BUY, JournalKind.PAY)
    assert rows["kind"].tolist() == [JournalKind.BUY, JournalKind.PAY] * 4
    pays = rows[rows["kind"] == JournalKind.PAY]
    assert pays["value"].tolist() == [15.0] * 4
    assert (pays["detail"] == Payment.PURCHASE).all()


def test_a_price_of_just_the_purse_fits() -> None:
    purse = purse_of_person(stall({}).world, stall({}).world.people[0])
    assert purse == pytest.approx(MEAN_PURSE)
    assert stall({"takes": {"money": purse}}).look(0, 0.5) == 1
    assert stall({"takes": {"money": purse + 1e-6}}).look(0, 0.5) == 0


def test_the_row_of_a_purchase_names_the_offer_and_the_units() -> None:
    offers = {
        "a": {"takes": {"points": 11}, "worth": SURE},
        "b": {"takes": {"points": 4, "money": 2}, "worth": SURE},
    }
    here = stall({}, offers=offers)
    here.look(3, 0.5)
    row = here.rows(JournalKind.BUY)[0]
    assert (row["person"], row["other"], row["room"], row["detail"], row["value"]) == (
        3,
        NOBODY,
        NOBODY,
        1,
        4.0,
    )
    assert here.rows(JournalKind.PAY)["value"].tolist() == [2.0]


# ---- what it gives --------------------------------------------------------------------------------


def test_money_units_and_worth_are_given() -> None:
    here = stall({"worth": 12, "gives": {"money": 8, "coins": 3}}, units={"points": {}, "coins": {}}, rules={
        "buying": {"scale": 0.0001}})  # fmt: skip
    assert here.look(0, 0.5) == 1
    rows = here.rows(JournalKind.BUY, JournalKind.PAY)
    assert rows["value"].tolist() == [1.0, -8.0]
    assert rows["detail"].tolist() == [0, Payment.REWARD]
    assert here.balance(0, "coins") == 3
    assert (
        here.unit("coins")["outstanding"] == here.unit("coins")["earned"] == here.unit("coins")["issued"] == 3
    )
    assert here.unit("money")["issued"] == 8
    left = 2.0 ** (-0.5 / here.world.params["satisfaction_stock_half_life"][0])
    assert here.world.everybody["gains"][0] * left == pytest.approx(20 / GAIN, rel=1e-6)
    assert here.world.everybody["gains"][1] == 0


def test_a_little_worth_is_a_little_gain_and_a_little_price_is_paid() -> None:
    here = stall({"takes": {"money": 0.5}, "worth": 0.8}, rules={"buying": {"scale": 0.0001}})
    assert here.look(0, 0.0) == 1
    assert here.rows(JournalKind.PAY)["value"].tolist() == [0.5]
    assert here.world.everybody["gains"][0] == pytest.approx(0.2, rel=1e-6)


def test_an_offer_that_gives_no_units_needs_no_budget() -> None:
    here = stall({}, units={"points": {}, "coins": {"budget": 5}})
    here.give(0, 4, 0.1, "coins")
    here.unit("coins")["budget"] = 3  # as a branch may set it
    assert here.look(0, 0.5) == 1


def test_the_price_is_no_gain() -> None:
    here = stall(
        {"takes": {"money": 5}, "worth": 0, "gives": {"points": 1}}, rules={"benefit": {"per_post": 0}}
    )
    assert here.look(0, 0.5) == 0  # points that buy nothing are no gain, and the price is a loss


@pytest.mark.parametrize(
    ("gives", "budget", "taken"),
    [({"money": 3}, {"money": {"budget": 7}}, 2), ({"coins": 3}, {"coins": {"budget": 9}}, 3),
     ({"money": 2, "coins": 3}, {"money": {"budget": 100}, "coins": {"budget": 7}}, 2),
     ({"money": 2, "coins": 3}, {"money": {"budget": 2}, "coins": {"budget": 100}}, 1)],
)  # fmt: skip
def test_an_offer_is_taken_while_budgets_leave_what_it_gives(
    gives: dict[str, float], budget: dict[str, Any], taken: int
) -> None:
    here = stall({"gives": gives}, units={"points": {}, "coins": {}, **budget})
    assert [here.look(person, 0.5) for person in range(5)] == [1] * taken + [0] * (5 - taken)
    for unit in budget:
        assert here.unit(unit)["issued"] <= here.unit(unit)["budget"]


def test_what_an_offer_gives_counts_for_the_limit_of_the_day_and_is_not_cut_by_it() -> None:
    here = stall(
        {"gives": {"coins": 8}}, units={"points": {}, "coins": {"most_per_day": 5}},
        earn={**GIFT, "a": {"for": "post", "pay": {"coins": 2}}},
    )  # fmt: skip
    here.look(0, 0.5)
    here.do(0, 0.6)
    assert here.balance(0, "coins") == 8


def test_taking_an_offer_is_an_act() -> None:
    here = stall(
        {},
        earn={**GIFT, "again": {"for": "bought", "pay": {"points": 7}}},
    )
    here.look(0, 0.5)
    assert here.balance(0) == 10 - 1 + 7


# ---- who takes it ---------------------------------------------------------------------------------


def test_who_takes_an_offer_follows_from_gains_price_and_own_purse() -> None:
    scale, worth, price = 0.9, 4.0, 2.0
    offer = {"takes": {"money": price}, "worth": worth, "gives": {"money": 2}}
    here = stall(offer, log_sd=0.8, rules={"buying": {"scale": scale}})
    people = here.world.people
    records(here.world)["drivers"][:, Driver.BENEFIT] = np.linspace(0.1, 1.0, 30)
    key = here.world.offers["key"][0]
    expected, chances = [], []
    for person in range(30):
        cost = price / (0.1 * purse_of_person(here.world, people[person]))
        gain = (worth + 2) / GAIN
        weight = float(records(here.world)["drivers"][person, Driver.BENEFIT])
        chances.append(1 - math.exp(-weight * (gain - cost) / scale) if gain > cost else 0.0)
        expected.append(uniform(7, Purpose.BUY, pair(people["key"][person], key), 1 << 40) < chances[-1])
    assert [here.look(person, 0.5) for person in range(30)] == expected
    assert 3 < sum(expected) < 27
    assert min(chances) == 0.0
    # at the next visit the luck is new
    again = [person for person in range(30) if not expected[person]]
    lucky = [uniform(7, Purpose.BUY, pair(people["key"][k], key), 1 << 40 | 1) < chances[k] for k in again]
    assert [here.look(person, 0.6) for person in again] == lucky
    assert any(lucky)


def test_nobody_buys_to_whom_benefit_is_nothing_or_at_a_price_of_all_it_is_worth() -> None:
    here = stall({})
    records(here.world)["drivers"] = 0.0
    assert not any(here.look(person, 0.5) for person in range(30))
    here = stall({"takes": {"money": 4}, "worth": 4}, rules={"buying": {"scale": 0.0001}})
    assert not any(here.look(person, 0.5) for person in range(30))
    here = stall({"takes": {"money": 4}, "worth": 4.1}, rules={"buying": {"scale": 0.0001}})
    assert all(here.look(person, 0.5) for person in range(30))


SHOPS = {"shop": {"in": "class", "people": 2}}


def test_a_tie_with_the_seller_who_is_there_makes_more_of_the_gain_believed() -> None:
    """The gain counts b + (1 − b) s/(s + 1): at a price of two thirds of it, from s = ½ on with b = ½."""
    here = stall({"takes": {"money": 8}, "worth": 12, "from": "shop"}, staff=SHOPS, spaces=SPACES, rules={
        "buying": {"scale": 0.0001}, "relationship": {"growth": 0.3}})  # fmt: skip
    here.sit(FIRST, 0, 1, 2)
    here.sit(SECOND, 3)
    here.sit(OFFICE, 4)
    staff = [int(person) for person in here.world.staff["paid"]]
    here.machine.hire(1, staff[1])
    for _ in range(2):  # strength .51
        for person in (0, 3, 4):
            interact(here.world, person, staff[1], 0.4, True)
    interact(here.world, 1, staff[1], 0.4, True)  # .3: too little
    assert strength_now(here.world.ties[0], 0.4, here.world.params[0]) == pytest.approx(0.51)
    assert [here.look(person, 0.4) for person in range(5)] == [1, 0, 0, 0, 0]
    assert here.rows(JournalKind.BUY)["other"].tolist() == [staff[1]]
    # the first of those who are there sells: nobody knows them
    here.machine.hire(0, staff[0])
    for _ in range(2):
        interact(here.world, 2, staff[1], 0.4, True)
    assert here.look(2, 0.4) == 0
    here.machine.dismiss(0)
    assert here.look(2, 0.4) == 1


def test_without_anybody_there_a_share_of_the_gain_is_believed() -> None:
    cheap = {"takes": {"money": 5.9}, "worth": 12, "from": "shop"}
    dear = {"takes": {"money": 6.1}, "worth": 12, "from": "shop"}
    rules = {"buying": {"scale": 0.0001}}
    assert stall(cheap, staff=SHOPS, spaces=SPACES, rules=rules).look(0, 0.5) == 1
    assert stall(dear, staff=SHOPS, spaces=SPACES, rules=rules).look(0, 0.5) == 0
    assert stall({**dear, "from": None}, spaces=SPACES, rules=rules).look(0, 0.5) == 1


def test_the_table_of_offers_has_a_row_for_each_day() -> None:
    offers = {
        "a": {"takes": {"points": 4}, "worth": SURE},
        "b": {"takes": {"points": 1, "money": 2}, "worth": SURE, "most": None},
    }
    here = stall({}, offers=offers)
    here.look(0, 0.5)
    here.look(1, 1.5)
    here.look(0, 1.5)
    here.machine.run_until(3.0)

    class Outcome:
        scenario = here.scenario
        offer_days = here.machine.offer_days

    table = offers_table(Outcome)
    assert table["offer"].tolist() == ["a", "b"] * 4
    assert table["day"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert table["sold"].tolist() == [0, 0, 1, 1, 1, 2, 0, 0]
    assert table["units"].tolist() == [0, 0, 4, 1, 4, 2, 0, 0]
    assert table["money"].tolist() == [0, 0, 0, 2, 0, 4, 0, 0]


# ---- titles, seats, and worth over time -----------------------------------------------------------


def test_a_title_is_given_and_counts_by_the_weight_of_honor() -> None:
    scale = 0.9
    here = stall({"worth": 0, "mark": "star", "most": None}, marks={"star": {"honor": 2}}, rules={
        "buying": {"scale": scale}})  # fmt: skip
    people = here.world.people
    records(here.world)["drivers"] = 0.0
    records(here.world)["drivers"][:, Driver.HONOR] = np.linspace(0.0, 0.7, 30)
    key = here.world.offers["key"][0]
    chances = 1 - np.exp(-2 * records(here.world)["drivers"][:, Driver.HONOR].astype(float) / scale)
    luck = [uniform(7, Purpose.BUY, pair(people["key"][k], key), 1 << 40) for k in range(30)]
    assert [here.look(k, 0.5) for k in range(30)] == (np.array(luck) < chances).tolist()
    rows = here.rows(JournalKind.MARK)
    holders = rows["person"].tolist()
    assert 3 < len(holders) < 27
    assert (rows["value"] == 1).all()
    seats = people["membership"][holders]
    assert (here.world.levels[seats, 0] == 1).all()
    assert (here.world.shown[seats] == 2).all()
    records(here.world)["drivers"][:, Driver.HONOR] = 1e6
    assert [here.look(k, 0.6) for k in holders[:3]] == [0, 0, 0]  # they have it


def test_a_title_beside_what_is_worth_money_is_written_once() -> None:
    here = stall({"mark": "star", "most": None}, marks={"star": {"honor": 2}})
    assert [here.look(0, 0.1), here.look(0, 0.2)] == [1, 1]
    assert len(here.rows(JournalKind.MARK)) == 1


def test_a_seat_is_taken_once_and_only_while_there_is_one() -> None:
    spaces = {**SPACES, "office": {"seats": 2}}
    here = stall({"seat": "office"}, spaces=spaces)
    for person in range(4):
        here.sit(FIRST, person)
    assert [here.look(person, 0.5) for person in range(4)] == [1, 1, 0, 0]
    assert [here.room(person) for person in range(4)] == [OFFICE, OFFICE, FIRST, FIRST]
    assert here.rows(JournalKind.MOVE)["person"].tolist() == [0, 1]
    assert here.balance(2) == 10
    here.leave(1, 0.6)
    assert [here.look(0, 0.7), here.look(3, 0.8)] == [0, 1]
    assert here.room(3) == OFFICE


def test_a_seat_below_the_space_is_a_seat_in_it() -> None:
    here = stall({"seat": "camp"}, spaces=SPACES)
    here.sit(SECOND, 0)
    here.sit(OFFICE, 1)
    assert [here.look(0, 0.5), here.look(1, 0.5)] == [0, 1]
    assert here.room(1) in (FIRST, SECOND)


def test_who_stands_in_a_line_buys_no_seat() -> None:
    gates = {"line": {"kind": "quota", "per_day": 0.01}}
    here = stall({"seat": "office"}, spaces={**SPACES, "office": {"gates": gates}})
    here.machine.run_until(0.1)
    here.machine.move([0, 1], 2)  # the first passes at once, the second waits
    assert here.room(0) == OFFICE
    assert [here.look(1, 0.5), here.look(2, 0.5)] == [0, 1]


def _gains(here: Stall, person: int, at: float) -> float:
    """What a member's gains are at a visit."""
    here.machine.run_until(at)
    use_what_lasts(here.world, person, at)
    member = record_of(here.world, person)
    elapsed = at - member["stocks_at"]
    return float(member["gains"]) * 2.0 ** (-elapsed / here.world.params["satisfaction_stock_half_life"][0])


def test_what_lasts_is_worth_a_part_at_each_visit_and_all_in_the_end() -> None:
    never = {"satisfaction": {"stock_half_life": 1e9}, "buying": {"scale": 0.0001}}
    here = stall({"worth": 12, "lasts": 4, "most": None}, rules=never)
    assert here.look(0, 1.0) == 1
    assert _gains(here, 0, 1.0) == 0
    assert _gains(here, 0, 2.0) == pytest.approx(12 / GAIN / 4)
    assert here.look(0, 2.5) == 0  # it lasts still
    assert _gains(here, 0, 4.0) == pytest.approx(12 / GAIN * 3 / 4)
    assert _gains(here, 0, 9.0) == pytest.approx(12 / GAIN)
    assert _gains(here, 0, 10.0) == pytest.approx(12 / GAIN)
    assert here.look(0, 11.0) == 1
    assert _gains(here, 0, 13.0) == pytest.approx(12 / GAIN * 1.5)
    assert _gains(here, 1, 13.0) == 0


def test_it_can_be_taken_again_as_soon_as_it_ends() -> None:
    here = stall({"lasts": 4, "most": None})
    assert [here.look(0, at) for at in (1.0, 4.999, 5.0)] == [1, 0, 1]


def test_who_leaves_loses_what_lasts() -> None:
    here = stall(
        {"worth": 12, "lasts": 4, "stock": 1},
        rules={"satisfaction": {"stock_half_life": 1e9}, "buying": {"scale": 1e-4}},
    )
    here.look(0, 1.0)
    here.leave(0, 1.5)
    here.join(0, 1.6)
    before = _gains(here, 0, 1.6)
    assert _gains(here, 0, 4.0) == before


def test_those_who_have_taken_it_make_more_of_the_gain_believed() -> None:
    """Nobody is there to trust: the share is b + (1 − b) n/(n + crowd), so from ten takers on it is ¾."""
    offer = {"takes": {"money": 8.9}, "worth": 12, "from": "shop", "most": None, "every": 2}
    here = stall(
        offer, staff=SHOPS, spaces=SPACES, rules={"buying": {"scale": 0.0001, "crowd": 10, "belief": 0.5}}
    )
    here.world.offers["opening"][0] = 0
    for gone, taken in ((0, 0), (9, 0), (10, 1)):
        here.world.offers["gone"][0] = gone
        assert here.look(gone, 0.5) == taken
    assert here.look(20, 2.5) == 0  # at the next opening nobody has
