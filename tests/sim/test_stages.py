"""Stages: when one goes over into the next, and what belongs to them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shequn import Scenario, ScenarioError, simulate
from shequn.sim.community import Community
from shequn.sim.kernel.state import JournalKind
from shequn.sim.presentation.marks import marks
from shequn.sim.results.stages import STAGES
from tests.sim.small_worlds import Journal, run, same_bytes, world

EVERYBODY: dict[str, Any] = {
    "format": 2, "title": "t", "days": 20,
    "population": {"people": 100, "founders": 30, "graph": {"generator": "none"}},
    "community": {"openness": 0},
    "rules": {"leaving": {"mode": "stay", "stay_days": 1000}, "inviting": {"rate": 0}},
}  # fmt: skip


def scenario(stages: dict[str, Any], **content: Any) -> Scenario:
    """A community whose number of members changes only by what the operator does."""
    return Scenario.from_mapping({**EVERYBODY, "stages": stages, **content})


def begins(case: Scenario) -> list[tuple[float, str]]:
    """When each stage began."""
    community = Community(case)
    while community.running:
        community.step()
    assert int(community.machine.totals["stage"]) == max(0, len(community.operator.stages.begins) - 1)
    return community.operator.stages.begins


def growing(*days: float) -> dict[str, Any]:
    """Ten people more on each of these days."""
    return {f"more-{k}": {"do": "shock", "day": day, "people": 10, "over": 0} for k, day in enumerate(days)}


ABOVE = {"measure": "members", "above": 35}


@pytest.mark.parametrize(
    ("until", "day"),
    [
        ({"day": 5}, 5.0),
        ({"day": 4.5}, 5.0),  # looked at in the evening
        (ABOVE, 4.0),  # ten come at 3.5
        ({**ABOVE, "for": 3}, 6.0),
        ({**ABOVE, "for": 3, "day": 5}, 5.0),
        ({**ABOVE, "for": 3, "day": 9}, 6.0),
        ({"measure": "members", "below": 35, "for": 3}, 3.0),
        ({"measure": "members", "above": 1000}, None),
        ({"day": 0}, 0.0),
    ],
)
def test_a_stage_ends_on_a_day_or_once_a_measure_has_been_there_for_days(
    until: Any, day: float | None
) -> None:
    case = scenario({"first": {"until": until}, "second": {}}, operations=growing(3.5))
    expected = [(0.0, "first")] + ([] if day is None else [(day, "second")])
    assert begins(case) == expected


def test_days_count_within_a_stage_and_a_condition_needs_days_of_its_own() -> None:
    stages = {
        "a": {"until": {**ABOVE, "for": 2}},
        "b": {"until": {**ABOVE, "for": 3}},
        "c": {"until": ABOVE},
        "d": {},
    }
    assert begins(scenario(stages, operations=growing(3.5))) == [
        (0.0, "a"),
        (5.0, "b"),
        (8.0, "c"),
        (9.0, "d"),
    ]


def test_stages_whose_day_is_past_are_over_at_once() -> None:
    stages = {"a": {"until": {"day": 4}}, "b": {"until": {"day": 2}}, "c": {"until": {"day": 6}}, "d": {}}
    assert begins(scenario(stages)) == [(0.0, "a"), (4.0, "b"), (4.0, "c"), (6.0, "d")]
    at_once = {"a": {"until": {"day": 0}}, "b": {"until": {"day": 0}}, "c": {}}
    operations = {
        name: {"do": "shock", "people": n, "over": 0, "at_stage": name}
        for name, n in (("a", 1), ("b", 2), ("c", 4))
    }
    case = scenario(at_once, operations=operations)
    assert begins(case) == [(0.0, "a"), (0.0, "b"), (0.0, "c")]
    rows = run(case)[1]
    assert (rows["kind"] == JournalKind.JOIN).sum() == 30 + 7
    assert rows["time"][rows["kind"] == JournalKind.JOIN].max() == 0.0


def test_an_operation_waits_for_its_stage_and_happens_in_its_stages_only() -> None:
    stages = {"a": {"until": {"day": 4}}, "b": {"until": {"day": 8}}, "c": {}}
    operations = {
        "begin": {"do": "shock", "people": 1, "over": 0, "at_stage": "b"},
        "daily": {"do": "shock", "people": 1, "over": 0, "every": 1, "first": 0.5, "during": ["a", "c"]},
        "never": {"do": "shock", "people": 50, "over": 0, "day": 3, "during": ["c"]},
        "met": {
            "do": "shock", "people": 1, "over": 0, "if": {"measure": "members", "above": 0, "for": 2}, "during": ["b"],
        },
        "last": {"do": "shock", "people": 1, "over": 0, "day": 8, "during": ["b"]},
    }  # fmt: skip
    case = scenario(stages, operations=operations, days=10)
    rows = run(case)[1]
    joins = rows["time"][(rows["kind"] == JournalKind.JOIN) & (rows["time"] > 0)]
    # from the evening of day 4 on it is stage b, whose first whole days end at 5 and 6; at 8 it is c
    assert joins.tolist() == [0.5, 1.5, 2.5, 3.5, 4.0, 5.0, 8.5, 9.5]


def test_the_marks_of_the_report_are_when_they_happened() -> None:
    case = world("bazaar")
    result = simulate(case, case.seed)
    found = marks(case, result.days.assign(run=0), result.stages.assign(run=0))
    names = list(case.resolved()["operations"])
    begin = dict(zip(result.stages["stage"], result.stages["begins"], strict=True))
    for number, operation in enumerate(case.operations, start=1):
        days = [mark.day for mark in found if mark.number == number]
        if operation.at_stage is not None:
            assert days == [begin[operation.at_stage]], names[number - 1]
        if operation.during == ["late"]:
            assert days == [18.0]  # of 6, 12 and 18
    assert list(begin) == ["opening", "middle", "late"]
    assert begin["late"] == 13.0


def test_what_belongs_to_a_stage_happens_in_it_alone() -> None:
    rows, case = run(world("bazaar"))[1], world("bazaar")
    stages = {name: at for at, name in begins(case)}
    middle, late = stages["middle"], stages["late"]
    assert 0 < middle < late

    def times(kind: JournalKind, names: Any, name: str) -> Any:
        return rows["time"][(rows["kind"] == kind) & (rows["detail"] == list(names).index(name))]

    promised = times(JournalKind.EARN, case.earn, "late")  # paid 1.25 days after the task
    assert len(promised) and promised.min() > middle + 1.25 and promised.max() <= late + 1.25
    start = times(JournalKind.EARN, case.earn, "start")
    assert len(start) and start.max() <= late
    essays = times(JournalKind.TASK, case.tasks, "essay")
    assert len(essays) and essays.min() > middle
    badges = times(JournalKind.BUY, case.offers, "badge")
    assert len(badges) and badges.min() > middle
    talks = times(JournalKind.DUTY, [n for n, d in case.duties.items() if d.job == "seller"], "coffee")
    assert len(talks) and talks.min() > middle and talks.max() <= late + 1


def saved(case: Scenario, day: int, folder: Path) -> Path:
    """The state of a run on a day."""
    first = Community(case, until=float(day))
    while first.time < day:
        first.step()
    first.save(folder / "state.npz")
    return folder / "state.npz"


def test_a_branch_may_change_stages_but_keeps_the_present_one(tmp_path: Path) -> None:
    stages = {"a": {"until": {"day": 4}}, "b": {"until": {"day": 8}}, "c": {}}
    state = saved(scenario(stages), 6, tmp_path)
    later = Community.load(state, scenario({**stages, "b": {"until": {"day": 12}}}))
    while later.running:
        later.step()
    assert later.operator.stages.begins == [(0.0, "a"), (4.0, "b"), (12.0, "c")]
    with pytest.raises(ScenarioError, match="is in the stage b"):
        Community.load(state, scenario({"a": {"until": {"day": 4}}, "c": {}}))


def test_a_branch_may_begin_stages_and_what_waits_for_the_first_one_happens(tmp_path: Path) -> None:
    state = saved(scenario({}), 6, tmp_path)
    shock = {"do": "shock", "people": 3, "over": 0}
    operations = {"now": {**shock, "at_stage": "a"}, "then": {**shock, "at_stage": "b"}}
    journal = Journal()
    branch = Community.load(
        state, scenario({"a": {"until": {"day": 9}}, "b": {}}, operations=operations), sink=journal
    )
    while branch.running:
        branch.step()
    branch.machine.empty_journal()
    assert branch.operator.stages.begins == [(6.0, "a"), (9.0, "b")]
    joins = journal.rows["time"][journal.rows["kind"] == JournalKind.JOIN]
    assert joins.tolist() == [6.0] * 3 + [9.0] * 3


def test_a_task_is_open_on_the_days_of_its_stages() -> None:
    tasks = {"essay": {"every": 2, "open": 1, "gives": {"honor": 1}, "during": ["b"]}}
    case = scenario({"a": {"until": {"day": 4}}, "b": {"until": {"day": 9}}, "c": {}}, tasks=tasks, days=12)
    table = simulate(case, 1).tasks
    assert table["day"][table["open"]].tolist() == [5, 7, 9]


def test_the_table_of_stages_has_those_that_have_begun() -> None:
    case = scenario({"a": {"until": {"day": 4}}, "b": {"until": {"day": 400}}, "c": {}})
    table = simulate(case, 1).stages
    assert table[["stage", "begins"]].values.tolist() == [["a", 0.0], ["b", 4.0]]
    none = simulate(scenario({}), 1).stages
    assert isinstance(none, pd.DataFrame) and len(none) == 0
    assert [column.name for column in STAGES.columns][1:] == ["stage", "begins"]


def test_entries_for_all_stages_are_those_for_none() -> None:
    """Naming every stage, or none, changes nothing."""
    kinds = ("earn", "offers", "duties", "tasks")
    plain = world("bazaar", days=12).with_({"operations": None})
    names = [f"{kind}.{name}" for kind in kinds for name in getattr(plain, kind)]
    every = plain.with_({f"{name}.during": ["late", "opening", "middle"] for name in names})
    none = plain.with_({f"{name}.during": None for name in names})
    assert same_bytes(run(every)[1], run(none)[1])
    assert np.array_equal(Community(every).machine.world.earn["during"], [7] * len(plain.earn))
    assert not same_bytes(run(every)[1], run(plain)[1])
