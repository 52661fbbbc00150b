"""Operations: what they must not change, the order of the waiting list, and clocks that end."""

from typing import Any

import numpy as np
import pytest

from shequn import Scenario, ScenarioError, simulate
from shequn.sim.kernel.state import JournalKind
from shequn.sim.operator import operation_keys

QUOTA = {"kind": "quota", "per_day": 0.5, "patience": "never"}


def scenario(**parts: Any) -> Scenario:
    base: dict[str, Any] = {
        "format": 1,
        "title": "Operations",
        "days": 60,
        "population": {"people": 400, "founders": 80},
        "community": {"strangers_per_day": 6, "openness": 0.5},
    }
    return Scenario.from_mapping(base | parts)


def journal_of(case: Scenario, seed: int = 1) -> bytes:
    return simulate(case, seed).journal.to_csv().encode()


@pytest.mark.parametrize(
    "operation",
    [
        {"do": "set_openness", "to": 0.5},
        {"do": "hot_event", "intensity": 0, "boost": 0, "discovery": 1, "days": 3},
    ],
    ids=["openness as it is", "an event of no intensity"],
)
def test_an_operation_that_changes_nothing_leaves_the_journal_as_it_is(operation: dict[str, Any]) -> None:
    assert journal_of(scenario(operations=[operation | {"every": 1}])) == journal_of(scenario())


def test_two_arms_do_not_differ_before_the_first_event_of_one_of_them() -> None:
    people = {"population": {"people": 400, "founders": 80, "drivers": {"event": 0.3}}}
    event = {"do": "hot_event", "day": 40, "intensity": 0.9}
    calm, lively = (simulate(scenario(**people, operations=operations), 1) for operations in ([], [event]))
    before = [result.days.query("day <= 40").to_csv() for result in (calm, lively)]
    assert before[0] == before[1]

    # who cares for events is glad of one
    def satisfied(result: Any) -> float:
        return float(result.days.query("41 <= day <= 43")["satisfaction"].mean())

    assert satisfied(lively) > satisfied(calm) + 0.02


def test_the_boost_of_an_event_is_gone_with_it() -> None:
    def visits(boost: float, discovery: float) -> Any:
        event = {
            "do": "hot_event", "day": 20, "intensity": 0, "boost": boost, "discovery": discovery, "days": 1
        }  # fmt: skip
        case = scenario(
            operations=[event],
            community={"strangers_per_day": 0, "openness": 0},
            population={"people": 400, "founders": 80, "drivers": {"event": 0.3}},
        )
        found = [simulate(case, seed).days["visits"].to_numpy() for seed in range(12)]
        return np.mean(found, axis=0)

    plain, boosted = visits(0.0, 1.0), visits(12.0, 1.0)
    assert boosted[21:24].sum() > 1.5 * plain[21:24].sum()
    # twenty days and more after a burst of one day, a tenth at most is left of what it added
    assert abs(boosted[41:].mean() - plain[41:].mean()) < 0.1 * (boosted[21:24].mean() - plain[21:24].mean())
    # and whether the event draws strangers (there are none to draw) changes nothing for members
    np.testing.assert_array_equal(boosted, visits(12.0, 5.0))


def test_the_line_keeps_its_order_when_gates_are_replaced() -> None:
    case = scenario(
        community={"openness": 0.0001, "reach": 200},
        gates=[QUOTA],
        rules={"inviting": {"rate": 0}},
        operations=[
            {"do": "set_gates", "day": 20, "gates": [{"kind": "rules", "cost": 0}, QUOTA | {"per_day": 2}]},
            {"do": "set_gates", "day": 20, "gates": [QUOTA | {"per_day": 1}]},
        ],
    )
    result = simulate(case, seed=3)
    rows = result.outcome.membership
    came: dict[int, float] = {}
    for row in rows[(rows["kind"] == JournalKind.WAIT) & (rows["time"] < 20)]:
        came.setdefault(int(row["person"]), float(row["time"]))
    joined = rows[(rows["kind"] == JournalKind.JOIN) & (rows["time"] >= 20)]
    waited = [came[int(person)] for person in joined["person"] if int(person) in came]
    assert len(waited) > 20
    assert waited == sorted(waited)
    assert (result.days["waiting"] >= 0).all()
    waiting = (rows["kind"] == JournalKind.WAIT).sum() - (
        (rows["kind"] == JournalKind.PASS_LINE) & (rows["value"] > 0)
    ).sum()
    assert result.days["waiting"].iloc[-1] <= waiting


def test_a_clock_that_rings_often_late_in_a_run_does_not_ring_for_ever() -> None:
    case = scenario(
        days=1500,
        journal="none",
        community={"openness": 0},
        population={"people": 60, "founders": 10, "graph": {"generator": "complete_graph"}},
        rules={"inviting": {"rate": 8, "odds": 0}, "leaving": {"cap": 0}},
    )
    assert simulate(case, seed=1).days["invitations"].iloc[-1] > 100


def test_another_operation_in_the_list_renames_nobody_whom_an_operation_brings_or_removes() -> None:
    bring = {"do": "arrivals", "day": 10, "per_day": 2, "days": 20}
    crowd = {"do": "shock", "day": 15, "people": 30}
    cull = {"do": "remove", "day": 5, "who": "random", "share": 0.3}
    nothing = [{"do": "set_openness", "day": 1, "to": 0.5}, {"do": "remove", "day": 1, "unseen": 999}]
    one = scenario(operations=[bring, crowd, cull | {"name": "the cull"}])
    two = scenario(operations=[*nothing, cull | {"name": "the cull"}, crowd, bring])
    assert journal_of(one) == journal_of(two)


def test_operations_of_one_kind_have_their_own_chance() -> None:
    shock = {"do": "shock", "day": 15, "people": 30}
    keys = operation_keys(
        scenario(operations=[shock, shock, shock | {"name": "a"}, shock | {"name": "shock 1"}]).operations
    )
    assert len(set(keys)) == 4
    with pytest.raises(ScenarioError, match="a second operation named 'a'"):
        scenario(operations=[shock | {"name": "a"}, shock | {"name": "a"}])


OPEN: dict[str, Any] = {"openness": 0.0001, "reach": 200}
NOBODY_ASKS = {"inviting": {"rate": 0}}


def test_gates_replaced_by_the_same_change_nothing() -> None:
    gates = [{"kind": "rules", "cost": 0.3}, QUOTA | {"patience": 10}, {"kind": "task", "at_least": 0.3}]
    again = {"do": "set_gates", "every": 1.7, "gates": gates}
    assert journal_of(scenario(gates=gates)) == journal_of(scenario(gates=gates, operations=[again]))


@pytest.mark.parametrize(
    ("before", "after", "comes_in"),
    [
        # a task put before the quota gate is not for those who stand there already
        ([QUOTA], [{"kind": "task", "at_least": 1, "noise": 0}, QUOTA | {"per_day": 50}], True),
        # what stands behind it still is
        ([QUOTA], [QUOTA | {"per_day": 50}, {"kind": "task", "at_least": 1, "noise": 0}], False),
        # without a quota gate, a kind they have passed and paid is not asked of them again
        ([{"kind": "rules", "cost": 0}, QUOTA], [{"kind": "rules", "cost": 99}], True),
        ([QUOTA], [{"kind": "rules", "cost": 99}], False),
    ],
)
def test_those_in_line_keep_what_they_have_passed_and_paid(before: Any, after: Any, comes_in: bool) -> None:
    change = {"do": "set_gates", "day": 20, "gates": after}
    case = scenario(gates=before, operations=[change], community=OPEN, rules=NOBODY_ASKS)
    rows = simulate(case, seed=3).outcome.membership
    waited = set(rows["person"][(rows["kind"] == JournalKind.WAIT) & (rows["time"] < 20)].tolist())
    joined = set(rows["person"][(rows["kind"] == JournalKind.JOIN) & (rows["time"] < 20)].tolist())
    late = set(rows["person"][(rows["kind"] == JournalKind.JOIN) & (rows["time"] >= 20)].tolist())
    assert len(waited - joined) > 50
    assert late == (waited - joined if comes_in else set())


def test_a_line_that_moves_to_another_quota_gate_goes_on_at_its_pace() -> None:
    change = {"do": "set_gates", "day": 20.25, "gates": [QUOTA | {"per_day": 4}]}
    case = scenario(gates=[QUOTA], operations=[change], community=OPEN, rules=NOBODY_ASKS)
    rows = simulate(case, seed=3).outcome.membership
    passed = rows["time"][(rows["kind"] == JournalKind.PASS_LINE) & (rows["time"] > 15)]
    np.testing.assert_allclose(np.diff(passed[passed < 20.25]), 2.0)
    np.testing.assert_allclose(np.diff(passed[passed >= 20.25]), 0.25)
    last, next_one = passed[passed < 20.25][-1], passed[passed >= 20.25][0]
    assert next_one == pytest.approx(max(20.25, last + 0.25))
