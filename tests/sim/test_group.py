"""A real group to start from: its table, every mistake a message, and how its members settle in."""

from pathlib import Path

import numpy as np
import pytest

from shequn.sim.kernel.state import State
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario, ScenarioError
from shequn.sim.scenario.group import read_group
from tests.sim.traits import everybody_of

TABLE = """person,joined,last_seen,events,inviter,state,pace,talkativeness,next_visit,satisfaction
a,-100,-1,50,,member,1,0.5,,0.8
b,-80,-3,20,a,member,0.5,0.4,2.5,
c,-50,-30,5,a,away,0.5,0.4,40,
d,-200,-90,3,,left,,,,
,-10,-2,0,,,,,,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "members.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def scenario(table: Path, **more: object) -> Scenario:
    population = {"people": 60, "from_log": {"file": str(table)}, **more}
    return Scenario.from_mapping({"format": 1, "title": "g", "days": 30, "population": population})


def test_members_keep_their_past(table: Path) -> None:
    machine = Machine(scenario(table), 3)
    people = machine.world.everybody[:5]
    assert people["state"].tolist() == [State.MEMBER] * 3 + [State.LEFT, State.MEMBER]
    assert machine.totals["members"] == 4
    assert machine.totals["ever"] == 5
    assert people["joined_at"][[0, 1, 2, 4]].tolist() == [-100, -80, -50, -10]
    assert people["last_visit_at"][[0, 1, 2, 4]].tolist() == [-1, -3, -30, -2]
    assert people["n_posts"].tolist() == [50, 20, 5, 3, 0]
    assert people["invited_by"][:3].tolist() == [-1, 0, 0]
    assert people["n_accepted"][0] == 2
    assert people["pace"][:3].tolist() == [1.0, 0.5, 0.5]
    assert people["satisfaction"][0] == np.float32(0.8)
    assert people["lapsed"].tolist() == [0, 0, 1, 0, 0]
    assert people["visit_due"][1] == 2.5
    assert people["visit_due"][2] == 40.0
    assert machine.world.post_counts.sum() == 5


def test_who_is_away_comes_when_the_table_says(table: Path) -> None:
    machine = Machine(scenario(table), 3)
    machine.run_until(30.0)
    away = machine.world.everybody[2]
    assert away["lapsed"] == 1
    assert away["n_visits"] == 5  # as many as events, at least: none since
    assert machine.world.people["state"][3] != State.OUTSIDE


def test_what_the_table_lacks_is_drawn_as_for_anybody(table: Path) -> None:
    machine = Machine(scenario(table), 3)
    plain = Machine(
        Scenario.from_mapping({"format": 1, "title": "g", "days": 30, "population": {"people": 60}}), 3
    )
    assert machine.world.everybody["pace"][4] == everybody_of(plain.world)["pace"][4]
    assert machine.world.people["quality"].tolist() == plain.world.people["quality"].tolist()


def test_a_run_takes_one_draw_by_its_seed(table: Path) -> None:
    head, *rows = TABLE.splitlines()
    twice = [f"{head},draw", *(f"{row},{draw}" for draw in (0, 1) for row in rows)]
    table.write_text(
        "\n".join(twice).replace("a,-100,-1,50,,member,1,0.5,,0.8,1", "a,-100,-1,50,,member,2,0.5,,0.8,1")
    )
    paces = [float(Machine(scenario(table), seed).world.everybody["pace"][0]) for seed in (4, 5)]
    assert paces == [1.0, 2.0]


def test_the_same_table_and_seed_give_the_same_run(table: Path) -> None:
    ends = []
    for _ in range(2):
        machine = Machine(scenario(table), 8)
        machine.run_until(30.0)
        ends.append(machine.world.everybody[:].tobytes())
    assert ends[0] == ends[1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("person,joined", "person,join", "unknown column 'join'; did you mean joined"),
        ("last_seen,events", "visits,events", "column 'last_seen' is missing"),
        ("pace,talkativeness", "pace,pace", "column 'pace' appears twice"),
        ("-100,-1", "-100,1", r":2:.*last_seen is 1; allowed: -36500 to 0"),
        ("-100,-1", "-1,-100", r":2:.*last seen on day -100, before joining on day -1"),
        ("-80,-3", "-80,", r":3:.*last_seen is empty"),
        ("-80,-3", "-80,soon", r":3:.*last_seen: 'soon' is not a number"),
        ("20,a", "20,x", r":3:.*inviter 'x' is not in the table"),
        ("20,a", "20,b", r"cannot have invited themselves"),
        ("b,-80", "a,-80", r"person 'a' appears twice"),
        (",away,", ",awya,", r"state is 'awya'; allowed: member, away, left; did you mean away"),
        (",away,0.5", ",away,nan", r"pace is nan; allowed: 0 to 1000"),
        (",left,,,,", ",left", r"6 values; the header has 10"),
        (TABLE, "person,joined,last_seen\n", "the table has no members"),
        (TABLE, "", "is empty"),
    ],
)
def test_every_mistake_is_reported_with_its_line(table: Path, old: str, new: str, said: str) -> None:
    table.write_text(TABLE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        scenario(table)


def test_bytes_that_are_no_text_are_reported(table: Path) -> None:
    table.write_bytes(b"\xff\xfe\x00person")
    with pytest.raises(ScenarioError, match="not a table of members"):
        read_group(table)


def test_more_members_than_people_are_reported(table: Path) -> None:
    with pytest.raises(ScenarioError, match="5 members, but there are only 4 people"):
        scenario(table, people=4, founders=2)


def test_a_table_that_is_not_there_or_outside_is_reported(table: Path, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no group file"):
        scenario(tmp_path / "member.csv")
    outside = tmp_path / "mine.yaml"
    outside.write_text("format: 1\ntitle: g\npopulation: {from_log: {file: ../members.csv}}\n")
    with pytest.raises(ScenarioError, match="leads outside the scenario's folder"):
        Scenario.load(outside)
