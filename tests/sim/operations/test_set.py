"""The operation *set*: it is what a branch on that day would be, and it ends."""

from pathlib import Path
from typing import Any

import pytest

from shequn import Scenario, ScenarioError
from shequn.sim.community import Community
from shequn.sim.kernel.state import JournalKind
from tests.sim.small_worlds import Journal, run, same_bytes, world

KEYS: list[tuple[str, Any]] = [
    ("rules.posting.effort", 0.3),
    ("community.openness", 0.9),
    ("spaces.class.seats", 40),
    ("staff.teacher.minutes", 200),
    ("duties.reported.error", 0.9),
    ("tasks.homework.effort", 0.0),
    ("duties.best.by", "quality"),
    ("staff.mentor.chosen", "random"),
]


def test_for_good_it_is_the_branch_on_that_day(tmp_path: Path) -> None:
    scenario = world("course", days=14).with_({"operations": None})
    past = Community(scenario, until=6.0)
    while past.running and past.time < 6:
        past.step()
    past.save(tmp_path / "state.npz")
    for key, value in KEYS:
        operation = {"do": "set", "key": key, "to": value, "day": 6}
        rows = run(scenario.with_({"operations": {"change": operation}}))[1]
        journal = Journal()
        branch = Community.load(tmp_path / "state.npz", scenario.with_({key: value}), sink=journal)
        while branch.running:
            branch.step()
        branch.machine.empty_journal()
        assert same_bytes(rows[rows["time"] >= 6], journal.rows[journal.rows["time"] >= 6]), key


def test_it_changes_nothing_before_nor_where_it_sets_what_holds() -> None:
    base = run(world("hall", days=16))[1]
    again = world("hall", days=16).with_(
        {"operations": {"same": {"do": "set", "key": "rules.posting.reply", "to": _reply("hall"), "day": 5}}}
    )
    assert same_bytes(run(again)[1], base)
    other = again.with_({"operations": {"same": {"to": 0.99, "day": 9}}})
    rows = run(other)[1]
    assert same_bytes(rows[rows["time"] < 9], base[base["time"] < 9])
    assert not same_bytes(rows, base)


def _reply(name: str) -> float:
    value = world(name).rules["posting"]["reply"]
    assert isinstance(value, float)
    return value


def test_when_it_ends_the_value_of_the_scenario_holds_again_and_the_last_one_wins() -> None:
    operations = {
        "long": {"do": "set", "key": "rules.posting.effort", "to": 2, "day": 2, "days": 10},
        "short": {"do": "set", "key": "rules.posting.effort", "to": 3, "day": 4, "days": 2},
        "later": {"do": "set", "key": "rules.posting.again", "to": 0, "day": 8},
    }
    community = Community(world("hall", days=16).with_({"operations": operations}))
    params = community.machine.params
    seen = []
    while community.running:
        community.step()
        seen.append((float(params["posting_effort"]), float(params["posting_again"])))
    own, again = 1.0, seen[0][1]
    assert again > 0
    # at the end of a day, what happens at that instant included
    assert [effort for effort, _ in seen] == [own] + [2.0] * 2 + [3.0] * 2 + [2.0] * 6 + [own] * 5
    assert [value for _, value in seen] == [again] * 7 + [0.0] * 9


@pytest.mark.parametrize("day", [3, 5, 9])
def test_a_run_saved_while_something_is_set_goes_on_the_same(tmp_path: Path, day: int) -> None:
    scenario = world("course", days=16)
    whole = run(scenario)[1]
    first = Community(scenario, until=float(day))
    while first.running and first.time < day:
        first.step()
    first.save(tmp_path / "state.npz")
    journal = Journal()
    rest = Community.load(tmp_path / "state.npz", sink=journal)
    while rest.running:
        rest.step()
    rest.machine.empty_journal()
    assert same_bytes(journal.rows[journal.rows["time"] > day], whole[whole["time"] > day])


def test_a_branch_changes_what_is_beneath_and_what_is_set_stays_set(tmp_path: Path) -> None:
    operation = {"do": "set", "key": "rules.posting.effort", "to": 2, "day": 2, "days": 6}
    scenario = world("hall", days=12).with_({"operations": {"hard": operation}})
    first = Community(scenario, until=4.0)
    while first.time < 4:
        first.step()
    first.save(tmp_path / "state.npz")
    branch = Community.load(tmp_path / "state.npz", scenario.with_({"rules.posting.effort": 0.5}))
    seen = []
    while branch.running:
        branch.step()
        seen.append(float(branch.machine.params["posting_effort"]))
    assert seen == [2.0] * 3 + [0.5] * 5


def test_a_fee_that_is_set_is_paid() -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 2, "title": "t", "days": 30, "population": {"people": 300, "founders": 20},
            "community": {"strangers_per_day": 15, "openness": 0, "visibility": 1},
            "gates": {"fee": {"kind": "fee", "amount": 2, "cost": 0}},
            "operations": {"dear": {"do": "set", "key": "gates.fee.amount", "to": 5, "day": 12}},
        }
    )  # fmt: skip
    rows = run(scenario)[1]
    paid = rows[rows["kind"] == JournalKind.PAY]
    assert set(paid["value"][paid["time"] < 12]) == {2.0}
    assert set(paid["value"][paid["time"] >= 12]) == {5.0}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("rules.posting.effrt", 1, "did you mean effort"),
        ("rules.posting.effort", "low", "allowed: a number"),
        ("rules.leaving.mode", "clock", "does not change while a run goes on"),
        ("population.people", 9, "does not change while a run goes on"),
        ("operations.x.to", 9, "does not change while a run goes on"),
        ("community.shown", 9, "does not change while a run goes on"),
        ("spaces.class.copies", 9, "does not change while a run goes on"),
        ("duties.best.every", 9, "does not change while a run goes on"),
        ("duties.best.first", 9, "does not change while a run goes on"),
        ("community..openness", 9, "is not a dotted key"),
    ],
)
def test_what_cannot_be_set_is_said(key: str, value: Any, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        world("course").with_({"operations": {"x": {"do": "set", "key": key, "to": value, "day": 3}}})


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = {"a": {"key": "rules.posting.effrt", "to": 1}, "b": {"key": "community.shown", "to": 9}}
    with pytest.raises(ScenarioError) as error:
        world("hall").with_({"operations": {n: {"do": "set", "day": 1, **o} for n, o in wrong.items()}})
    assert len(error.value.problems) == 2


def test_its_words_name_the_key_and_the_value() -> None:
    named = world("course").operations
    sets = [operation for operation in named if operation.do == "set"]
    assert [operation.label() for operation in sets] == ["effort 0.6", "effort 2", "report 0.9"]
    assert "rules.posting.effort is 2" in sets[1].in_words()
    assert "rules.advertising.report becomes 0.9" in sets[2].in_words()
