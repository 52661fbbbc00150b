"""What was earned has been spent, has expired or is outstanding, and no limit is exceeded, whatever the scenario."""

import math
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.sim.community import Community
from shequn.sim.incentives import unit_names
from shequn.sim.kernel.state import JournalKind, Payment, State
from shequn.sim.scenario import Scenario
from tests.sim.records import check_records
from tests.sim.small_worlds import LEAVING, PEOPLE, Journal, Rows, world

UNITS = ("money", "points", "coins")
ACTS = ("visit", "task", "post", "reply", "first_post", "featured", "invited", "joined", "bought")


@st.composite
def bazaars(draw: Any) -> dict[str, Any]:
    """A small community with rules for all acts and some offers, with limits of every kind."""

    def one(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    def rule(act: str) -> dict[str, Any]:
        unit = one(*UNITS)
        spec = {
            "for": act, "pay": {unit: one(1, 5, 30)}, "chance": one(1, 0.5), "delay": one(0, 0, 1.3),
            "first": one(None, None, 1, 4), "each": one(1, 0.4, 3), "of": one(None, "market", "hall"),
            "newcomers": one(None, 2), "from": one(None, None, "host") if unit == "coins" else None,
        }  # fmt: skip
        return {**spec, **one({}, {"most": 1}, {"most": 3}, {"streak": 2})}

    def offer() -> dict[str, Any]:
        takes = one({"money": 3}, {"points": 5}, {"coins": 4}, {"points": 12, "money": 1})
        buyers = one(1, 1, 2, 3)
        return {
            "buyers": buyers, "wait": one(0.4, 2), "lasts": one(None, None, 1.5), "mark": one(None, "patron"),
            "seat": one(None, None, "office") if buyers == 1 else None,
            "takes": takes, "worth": one(3, 30),
            "gives": one({}, {"money": 2}, {"coins": 3}, {"points": 7, "money": 1}),
            "at_least": one(0, 9) if takes.keys() - {"money"} else 0, "stock": one(None, 2 * buyers),
            "most": one(None, 1, 2),
            "every": one(2, 36500), "first": one(0, 1.5), "until": one(None, 4), "open": one(None, 1.2),
            "in": one(None, "hall"), "from": one(None, "host"),
        }  # fmt: skip

    limits = {
        name: {"most_per_day": one(None, 20), "budget": one(None, 0, 150),
               **({} if name == "money" else {"expires": one(None, 1.7, 4)})}
        for name in UNITS
    }  # fmt: skip
    return {
        "format": 2, "title": "t", "days": 7, "journal": "full", "seed": draw(st.integers(0, 1000)),
        "population": {
            **PEOPLE, "people": 80, "drivers": {"benefit": 0.5, "honor": 0.2},
            "purse": {"mean": 20, "log_sd": 1, "days": 3},
            "graph": {"generator": "watts_strogatz_graph", "arguments": {"k": 6, "p": 0.2}},
        },
        "community": {"openness": 0.5, "strangers_per_day": 8, "shown": 8, "return_after": 0.5},
        "spaces": {"market": {}, "hall": {"in": "market", "copies": 2, "seats": 25, "splits": {}, "ranks": True},
            "office": {}},
        "staff": {
            "host": {"in": "hall", "from": "members", "people": 2, "purse": {"coins": one(7, 60)}},
            "editor": {"in": "market", "minutes": 600},
        },
        "duties": {"best": {"job": "editor", "do": "feature", "most": 3}},
        "tasks": {"homework": {"gives": {"benefit": 1}}},
        "units": limits,
        "marks": {
            "patron": {"honor": 2, "allows": one({}, {"invite": 1, "offer-3": 1})},
            "rank": {"by": "points", "steps": [5, 20, 60], "allows": one({}, {"post": 1, "homework": 2})},
        },
        "earn": {act: rule(act) for act in ACTS}
        | {f"gift-{unit}": {"for": "visit", "pay": {unit: 2}, "most": 1} for unit in UNITS},
        "offers": {f"offer-{k}": offer() for k in range(4)},
        "operations": {
            "move": {"do": "move", "every": 2, "who": "random", "share": 0.2, "to": "office", "in": "hall"},
            "remove": {"do": "remove", "day": 4.4, "who": "random", "share": 0.2},
        },
        "rules": {"leaving": LEAVING, "inviting": {"rate": 0.05, "odds": 2}, "posting": {"reply": 0.4}},
    }  # fmt: skip


class Book:
    """Accounts of all members, kept from the rows of the journal alone, and checked at every row."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.names = scenario, unit_names(scenario)
        self.rules, self.offers = list(scenario.earn.values()), list(scenario.offers.values())
        self.balance: dict[tuple[int, str], float] = defaultdict(float)
        self.earned, self.spent, self.expired = (dict.fromkeys(self.names, 0.0) for _ in range(3))
        self.got: dict[Any, float] = defaultdict(float)  # by member, stay, unit and day
        self.taken: dict[Any, int] = defaultdict(
            int
        )  # by member, stay, offer and opening; and by offer and opening
        self.stay: dict[int, int] = defaultdict(int)
        self.income = self.rewards = 0.0

    def enter(self, row: Any) -> None:
        """Enter a row."""
        person, value, day = int(row["person"]), float(row["value"]), math.floor(row["time"])
        match row["kind"]:
            case JournalKind.EARN:
                assert value > 0
                is_award = row["detail"] < 0
                unit = self.names[-1 - row["detail"]] if is_award else self.rules[row["detail"]].unit
                self.issue(person, unit, value)
                self.got[person, self.stay[person], unit, day] += value
                if not is_award:
                    assert value <= self.rules[row["detail"]].amount
                    limit = self.scenario.units[unit].most_per_day
                    assert limit is None or self.got[person, self.stay[person], unit, day] <= limit
            case JournalKind.BUY:
                self.buy(person, row["detail"], value, float(row["time"]))
            case JournalKind.EXPIRE:
                assert value > 0
                self.expired[self.names[row["detail"]]] += value
                self.take(person, self.names[row["detail"]], value)
            case JournalKind.PAY if row["detail"] == Payment.REWARD:
                self.rewards -= value
            case JournalKind.PAY:
                self.income += value
            case JournalKind.JOIN | JournalKind.LEAVE | JournalKind.REMOVE:
                assert all(self.balance[person, unit] == 0 for unit in self.names)
                self.stay[person] += 1

    def issue(self, person: int, unit: str, amount: float) -> None:
        """Somebody gets units, or money."""
        self.earned[unit] += amount
        budget = self.scenario.units[unit].budget
        assert budget is None or self.earned[unit] <= budget
        if unit != "money":
            self.balance[person, unit] += amount

    def take(self, person: int, unit: str, amount: float) -> None:
        """Units leave an account, which has them."""
        self.balance[person, unit] -= amount
        assert self.balance[person, unit] >= 0

    def buy(self, person: int, number: int, takes: float, now: float) -> None:
        """Somebody takes an offer that is open."""
        offer = self.offers[number]
        opening = math.floor((now - offer.first) / offer.every)
        begins = offer.first + opening * offer.every
        assert opening >= 0
        assert begins <= (math.inf if offer.until is None else offer.until)
        assert now < begins + (offer.every if offer.open is None else offer.open)
        for key, most in (
            ((person, self.stay[person], number, opening), offer.most),
            ((number, opening), offer.stock),
        ):
            self.taken[key] += 1
            assert most is None or self.taken[key] <= most
        unit = next((name for name in offer.takes if name != "money"), None)
        assert takes == (offer.takes[unit] if unit else 0)
        if unit:
            assert self.balance[person, unit] >= offer.at_least
            self.take(person, unit, takes)
            self.spent[unit] += takes
        for name, amount in offer.gives.items():
            self.issue(person, name, amount)


def check_accounts(community: Community, book: Book, rows: Rows) -> None:
    """The records of the machine are what the book of the journal says."""
    machine, names = community.machine, book.names
    world, people = machine.world, machine.world.people
    check_records(world)
    members = np.flatnonzero(people["state"] == State.MEMBER)
    held = world.holdings["balance"][people["membership"][members]]
    days = machine.unit_days
    for number, name in enumerate(names):
        unit = world.units[number]
        outstanding = book.earned[name] - book.spent[name] - book.expired[name] if name != "money" else 0.0
        assert held[:, number].tolist() == [book.balance[int(person), name] for person in members]
        assert unit["outstanding"] == outstanding == held[:, number].sum()
        assert unit["issued"] == book.earned[name]
        own = days[days["unit"] == number]
        for field, total in (("earned", book.earned), ("spent", book.spent), ("expired", book.expired)):
            assert own[field].sum() + unit[field] == total[name]
        assert np.array_equal(
            own["outstanding"],
            np.cumsum(own["earned"] - own["spent"] - own["expired"]) if number else np.zeros(len(own)),
        )
    assert (world.purses >= 0).all()
    paid = np.zeros(len(book.rules))
    by_rules = (rows["kind"] == JournalKind.EARN) & (rows["detail"] >= 0)
    np.add.at(paid, rows["detail"][by_rules], rows["value"][by_rules])
    by_rule = np.bincount(machine.rule_days["rule"], machine.rule_days["sum"], len(paid)) + world.earn["sum"]
    assert by_rule == pytest.approx(paid, abs=1e-9)
    purse = next(iter(book.scenario.staff["host"].purse.values())) * book.scenario.staff["host"].people
    from_purses = sum(paid[k] for k, rule in enumerate(book.rules) if rule.from_ is not None)
    assert from_purses + world.purses.sum() == pytest.approx(2 * purse)
    day = machine.days[-1]  # money is counted from the start
    assert day["income"] == pytest.approx(book.income, abs=0.005)
    assert day["rewards"] == pytest.approx(book.rewards, abs=0.005)
    assert book.rewards == pytest.approx(book.earned["money"], abs=0.005)


def follow(scenario: Scenario) -> None:
    """Run, stop every third of a day, and check everything."""
    journal, book = Journal(), Book(scenario)
    community = Community(scenario, sink=journal)
    entered = 0
    for stop in range(1, 3 * scenario.days + 1):
        community.run_until(stop / 3)
        community.machine.empty_journal()
        rows = journal.rows
        for row in rows[entered:]:
            book.enter(row)
        entered = len(rows)
        if stop % 3 == 0:
            check_accounts(community, book, rows)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(bazaars())
def test_what_was_earned_is_spent_expired_or_outstanding_and_limits_hold(bazaar: dict[str, Any]) -> None:
    follow(Scenario.from_mapping(bazaar))


@pytest.mark.parametrize("seed", [7, 8])
def test_no_unit_is_lost_in_the_bazaar(seed: int) -> None:
    follow(world("bazaar", seed=seed))
