"""The two communities have the same people and the same seed; a slider acts like the scenario's key."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from shequn.app.classroom.bases import Bases
from shequn.app.classroom.knobs import KNOB
from shequn.app.classroom.messages import parse_message
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.settings import Settings
from shequn.app.classroom.story import story
from shequn.sim.community import Community
from shequn.sim.kernel.state import Channel, JournalKind
from shequn.sim.population import drivers_of
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import ScenarioError

SMALL = {"population.people": 300, "population.founders": 40, "days": 60, "community.openness": 0.5}


@pytest.fixture(scope="module")
def bases() -> Bases:
    return Bases(Scenario.load("open-group", None, SMALL))


def moved(settings: Settings, side: str, key: str, value: object) -> Settings:
    return settings.with_position(side, key, KNOB[key].position(value))


def run(pair: Pair, days: int) -> None:
    while pair.day < days:
        pair.run(1, 9.0)


def test_without_changes_both_are_the_scenarios_own_run(bases: Bases) -> None:
    pair = Pair(bases, Settings.of_file("own"))
    run(pair, 60)
    community = Community(bases.scenario("own"))
    for _ in range(60):
        community.step()
    for side in pair.sides.values():
        assert side.days.tobytes() == community.machine.days.tobytes()


def test_both_have_the_same_people_and_ties_under_different_doors(bases: Bases) -> None:
    pair = Pair(bases, moved(Settings.of_file("own"), "B", "openness", 1.0))
    a, b = pair.sides["A"], pair.sides["B"]
    for trait in ("key", "quality", "topic", "drivers", "pace", "talkativeness"):
        np.testing.assert_array_equal(a.people[trait], b.people[trait])  # nan of who has not come
    assert a.positions_and_qualities() == b.positions_and_qualities()
    run(pair, 60)
    assert a.days["joins"].sum() < b.days["joins"].sum()


@pytest.mark.parametrize(
    ("key", "value", "operation"),
    [
        ("openness", 1.0, {"do": "set_openness", "day": 20, "to": 1.0}),
        ("gate", "invitation", {"do": "set_gates", "day": 20, "gates": [{"kind": "invitation"}]}),
        ("limit", 50, {"do": "set_gates", "day": 20, "gates": [{"kind": "capacity", "members": 50}]}),
    ],
)
def test_a_slider_moved_on_a_day_is_the_operation_of_that_day(
    bases: Bases, key: str, value: object, operation: dict[str, object]
) -> None:
    pair = Pair(bases, Settings.of_file("own"))
    run(pair, 20)
    pair.move(moved(pair.settings, "B", key, value), key)
    run(pair, 60)
    dated = Community(bases.scenario("own").with_({"operations": [operation]}))
    for _ in range(60):
        dated.step()
    assert pair.sides["B"].days.tobytes() == dated.machine.days.tobytes()
    assert pair.sides["A"].days.tobytes() != dated.machine.days.tobytes()


def drivers(pair: Pair) -> npt.NDArray[Any]:
    """The weights of everybody in the second community, whether they have come or not."""
    world = pair.sides["B"].course.machine.world
    return drivers_of(world, np.arange(len(world.people)))


def test_drivers_moved_on_a_day_equal_those_set_from_the_start(bases: Bases) -> None:
    pair = Pair(bases, Settings.of_file("own"))
    run(pair, 5)
    pair.move(moved(pair.settings, "B", "honor", 0.8), "honor")
    target = Pair(bases, moved(Settings.of_file("own"), "B", "honor", 0.8))
    assert (drivers(pair) == drivers(target)).all()
    assert np.isfinite(pair.sides["B"].people["drivers"][:, 0]).sum() > 10  # of those who have come


def test_groups_with_drivers_of_their_own_move_along() -> None:
    groups = {"a": {"share": 0.5, "drivers": {"honor": 0.4, "interest": 0.4}}, "b": {"share": 0.5}}
    own = Scenario.load("open-group", None, {**SMALL, "population.groups": groups})
    bases, weight = Bases(own), own.population.drivers.honor
    settings = moved(Settings.of_file("own"), "B", "honor", 0.6)
    now = bases.resolved(settings, "B").population
    assert now.drivers.honor == 0.6
    first, second = now.groups.values()
    assert first.drivers is not None and second.drivers is None
    assert first.drivers.honor == pytest.approx(0.4 * 0.6 / weight)
    assert first.drivers.interest == 0.4
    before = drivers(Pair(bases, Settings.of_file("own")))
    assert drivers(Pair(bases, settings))[:, 0].sum() > before[:, 0].sum()


def test_what_makes_the_people_waits_for_the_next_start(bases: Bases) -> None:
    pair = Pair(bases, Settings.of_file("own"))
    run(pair, 3)
    assert not pair.move(moved(pair.settings, "AB", "seed", 7), "seed")
    assert pair.pending == {"seed"}
    assert (pair.day, pair.sides["A"].course.run_seed) == (3, 1)
    pair.start(pair.settings)
    assert (pair.day, pair.sides["A"].course.run_seed, pair.pending) == (0, 7, set())


def test_settings_that_contradict_each_other_change_nothing(bases: Bases) -> None:
    pair = Pair(bases, Settings.of_file("own"))
    before = pair.sides
    too_many = moved(moved(pair.settings, "AB", "people", 50), "AB", "founders", 500)
    with pytest.raises(ScenarioError):
        pair.start(too_many)
    assert pair.sides is before


def test_a_flood_comes_and_the_door_is_shut_again(bases: Bases) -> None:
    settings = moved(moved(Settings.of_file("own"), "AB", "days", 90), "B", "flood", 100)
    pair = Pair(bases, settings)
    run(pair, 90)
    a, b = pair.sides["A"], pair.sides["B"]
    assert (a.days["joins_arrival"].sum(), b.days["joins_arrival"].sum()) == (0, 100)
    assert b.course.machine.params["visibility"] == a.course.machine.params["visibility"]
    assert b.has_new_people()
    b.positions_and_qualities()
    assert not b.has_new_people()


def test_looks_show_members_and_who_has_just_left(bases: Bases) -> None:
    import base64

    pair = Pair(bases, Settings.of_file("own"))
    run(pair, 60)
    side = pair.sides["A"]
    looks = np.frombuffer(base64.b64decode(side.appearance_codes()), dtype=np.uint8)
    assert ((looks >= 1) & (looks <= 9)).sum() == side.days[-1]["members"]
    assert (looks[side.latest_departures(3)] >= 10).any()


def test_a_story_agrees_with_the_journal(bases: Bases) -> None:
    pair = Pair(bases, moved(Settings.of_file("own"), "B", "openness", 1.0))
    run(pair, 60)
    side = pair.sides["B"]
    rows = side.rows()
    left = side.latest_departures(1)[0]
    text = " ".join(story(side, pair.sides["A"], left))
    end = rows[(rows["person"] == left) & (rows["kind"] == JournalKind.LEAVE)][-1]
    assert f"On day {int(end['time']) + 1} she left." in text
    visits = ((rows["person"] == left) & (rows["kind"] == JournalKind.VISIT)).sum()
    assert ("She visited once" if visits == 1 else f"She visited {visits} times") in text
    joins = rows[(rows["kind"] == JournalKind.JOIN) & (rows["detail"] == Channel.INVITATION)]
    text = story(side, pair.sides["A"], int(joins[0]["person"]))[0]
    assert f"invited by member {joins[0]['other']}" in text
    assert "In community A" in story(side, pair.sides["A"], left)[-1]
    assert story(side, pair.sides["A"], 10_000) == []


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "hello",
        {},
        {"do": "exec", "code": "1"},
        {"do": "move", "side": "C", "key": "openness", "position": 1},
        {"do": "move", "side": "A", "key": "x" * 50, "position": 1},
        {"do": "move", "side": "A", "key": "openness", "position": 10**9},
        {"do": "move", "side": "A", "key": "openness", "position": 0.5},
        {"do": "tell", "side": "A", "person": -1},
        {"do": "tell", "side": "A", "person": "0"},
        {"do": "pace", "days": 10_000},
        {"do": "play", "on": 1},
        {"do": "read", "code": "A" * 1000},
        {"do": "reset", "runs": 10_000},
        {"do": "choose", "lesson": "../" * 100},
    ],
    ids=str,
)
def test_messages_that_our_page_never_sends_are_rejected(data: object) -> None:
    assert parse_message(data) is None


def test_an_unknown_knob_or_position_cannot_be_moved() -> None:
    settings = Settings.of_file("own")
    for side, key, position in (
        ("A", "__class__", 0),
        ("A", "openness", 22),
        ("A", "openness", -1),
        ("C", "gate", 0),
    ):
        with pytest.raises(ValueError, match="no such setting"):
            settings.with_position(side, key, position)


def test_the_story_of_who_never_came_says_what_she_would_care_about(bases: Bases) -> None:
    pair = Pair(bases, Settings.of_file("own"))
    run(pair, 3)
    side = pair.sides["A"]
    people = side.course.machine.world.people
    never = int(np.flatnonzero(people["member"] == 0)[0])
    sentences = story(side, pair.sides["B"], never)
    weights = drivers_of(side.course.machine.world, [never])[0] * side.course.machine.params["possible"]
    assert f"({100 * weights.max() / weights.sum():.0f}%)" in sentences[2]
    assert people["member"][never] == 0
