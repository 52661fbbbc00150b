"""The controls say what the file says, in words where they cannot show it, and can override it."""

import re
from itertools import chain
from pathlib import Path

import pytest

from shequn.app.classroom.bases import BASES, Bases, within_limits
from shequn.app.classroom.control_panel import panel
from shequn.app.classroom.knobs import FILE, KNOB, KNOBS
from shequn.app.classroom.limits import MAX_DAYS, MAX_PEOPLE
from shequn.app.classroom.said import said
from shequn.app.classroom.settings import SIDES, Settings
from shequn.sim.language import in_language
from shequn.sim.operations.hot_event import HotEvent
from shequn.sim.operations.shock import Shock
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import ScenarioError
from shequn.sim.scenario.locations import shipped

CLUB = {
    "format": 2,
    "title": "Friday club",
    "days": 1200,
    "seed": 20_261_127,
    "population": {"people": 8000, "founders": 123, "drivers": {"honor": 0.22, "event": 0.2}},
    "community": {"openness": 0.43, "capacity": 300},
    "gates": {"fee": {"kind": "fee", "amount": 199}},
    "rules": {"inviting": {"rate": 0.0035}},
    "operations": {
        "friday": {"do": "hot_event", "every": 7, "first": 5},
        "author": {"do": "hot_event", "day": 59},
        "wave": {"do": "shock", "day": 30, "people": 100},
        "open-door": {"do": "set_openness", "day": 90, "to": 0.8},
    },
}
OWN = Settings.of_file("own")


@pytest.fixture(scope="module")
def club() -> Bases:
    return Bases(Scenario.from_mapping(CLUB))


def shown(bases: Bases, settings: Settings = OWN) -> dict[str, str]:
    """The text beside each slider of A."""
    state = panel(bases, settings, set(), with_files=True)
    steps = {key: dict(one["steps"]) for key, one in state["files"]["A"]["knobs"].items()}
    return {key: steps[key][state["positions"]["A"][key]] for key in steps}


def moved(key: str, value: object) -> Settings:
    return OWN.with_position("A", key, KNOB[key].position(value))


def test_every_control_shows_what_the_file_says(club: Bases) -> None:
    texts = shown(club)
    assert texts["openness"] == "0.43"
    assert texts["limit"] == "300"
    assert texts["founders"] == "123"
    assert texts["seed"] == "20261127"
    assert texts["honor"] == "0.22"
    assert texts["invitations"] == "3.5 ‰ a day"
    assert texts["gate"].startswith("as in the file: a fee of 199")
    assert texts["events"].startswith("as in the file: every 7 days from day 5; on day 59")
    assert texts["flood"].startswith("as in the file: 100 people, on day 30")
    assert texts["locality"] == "as in the file: no effect: nobody lives anywhere"
    assert texts["plan"] == "as in the file: 1 operation"


def test_the_words_are_chinese_on_a_chinese_page(club: Bases) -> None:
    with in_language("zh"):
        state = panel(club, OWN, set(), with_files=True)
        texts = [*shown(club).values(), *state["cuts"], state["differ"]]
    for text in texts:
        assert not re.findall(r"[A-Za-z]{2,}", text), text


def test_the_page_says_what_it_cuts(club: Bases) -> None:
    people, days = panel(club, OWN, set(), with_files=False)["cuts"]
    assert "8,000 people" in people
    assert f"{MAX_PEOPLE:,}" in people
    assert "1,200 days" in days
    assert f"{MAX_DAYS:,}" in days
    assert shown(club)["people"] == f"{MAX_PEOPLE:,}"
    assert panel(club, Settings.of_file("open-group"), set(), with_files=False)["cuts"] == []


def test_the_page_says_what_the_file_changes_later(club: Bases) -> None:
    files = panel(club, OWN, set(), with_files=True)["files"]
    (sentence,) = files["A"]["knobs"]["openness"]["later"]
    assert "on day 90" in sentence and "openness becomes 0.8" in sentence


def test_what_nobody_moved_is_the_file_itself(club: Bases) -> None:
    assert club.resolved(OWN, "A") == club.scenario("own")


def test_a_moved_control_takes_the_place_of_what_the_file_says(club: Bases) -> None:
    without = club.resolved(moved("events", 0), "A")
    assert not [o for o in without.operations if isinstance(o, HotEvent)]
    monthly = club.resolved(moved("events", 30), "A")
    assert [o.every for o in monthly.operations if isinstance(o, HotEvent)] == [30]
    no_wave = club.resolved(moved("flood", 0), "A")
    assert not [o for o in no_wave.operations if isinstance(o, Shock)]
    assert [o.do for o in club.resolved(moved("plan", "none"), "A").operations] == [
        "hot_event",
        "hot_event",
        "shock",
    ]
    unlimited = club.resolved(moved("limit", 0), "A")
    assert (unlimited.community.capacity, len(unlimited.gates)) == (None, 1)
    smaller = club.resolved(moved("limit", 50), "A")
    assert smaller.community.capacity is None
    assert [gate.kind for gate in smaller.gates] == ["capacity", "fee"]
    assert not club.is_live(OWN, "limit")  # seats are built, a gate is not


def test_a_gate_that_is_set_leaves_the_limit_of_the_file(club: Bases) -> None:
    gates = {**CLUB["gates"], "full": {"kind": "capacity", "members": 150}}  # type: ignore[dict-item]
    bases = Bases(Scenario.from_mapping({**CLUB, "gates": gates, "community": {"openness": 0.4}}))
    assert shown(bases)["limit"] == "150"
    assert [gate.kind for gate in bases.resolved(moved("gate", "none"), "A").gates] == ["capacity"]
    assert [gate.kind for gate in bases.resolved(moved("limit", 0), "A").gates] == ["fee"]


def test_a_door_whose_two_sides_differ_is_said_in_words() -> None:
    bases = Bases(Scenario.load("open-group", None, {"community.visibility": 0.2, "community.bypass": 0.1}))
    assert shown(bases)["openness"] == "as in the file: visibility 0.2, past the gates 0.1"
    flood = bases.resolved(moved("flood", 100), "A").operations[-1]
    assert (flood.visibility, flood.bypass) == (0.2, 0.1)  # type: ignore[attr-defined]
    door = bases.resolved(moved("openness", 0.5), "A").community
    assert (door.openness, door.visibility, door.bypass) == (0.5, None, None)


def test_rooms_with_seats_are_said_in_words_and_may_be_one_limit() -> None:
    bases = Bases(Scenario.load("fission", "divided"))
    assert shown(bases)["limit"] == "as in the file: 60 seats in each room, a full room divides"
    space = bases.resolved(moved("limit", 500), "A").places[0].space
    assert (space.seats, space.splits) == (None, None)
    assert [gate.kind for gate in space.gates.values()] == ["capacity"]


def test_a_value_of_the_file_is_one_step_and_not_two() -> None:
    bases = Bases(Scenario.load("open-group", None, {"community.openness": 0.5}))
    steps = panel(bases, OWN, set(), with_files=True)["files"]["A"]["knobs"]["openness"]["steps"]
    assert [text for _position, text in steps].count("0.50") == 1
    assert [text for _position, text in steps] == sorted(text for _position, text in steps)
    assert bases.canonical(moved("openness", 0.5)) == OWN


def test_more_people_than_the_page_can_hold_are_refused() -> None:
    wave = {"do": "shock", "day": 1, "people": 15_000}
    with pytest.raises(ScenarioError, match="places for"):
        Bases(Scenario.load("open-group", None, {"operations": {"a": wave, "b": wave}}))


def test_a_file_of_ties_with_too_many_people_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ties.csv"
    path.write_text("\n".join(f"{k},{k + 1}" for k in range(MAX_PEOPLE)), encoding="utf-8")
    ties = Scenario.from_mapping(
        {"format": 2, "title": "Ties", "population": {"graph": {"file": str(path)}, "founders": 10}}
    )
    with pytest.raises(ScenarioError, match=f"{MAX_PEOPLE + 1:,} people"):
        Bases(ties)
    path.write_text("\n".join(f"{k},{k + 1}" for k in range(300)), encoding="utf-8")
    assert shown(Bases(ties))["people"] == "as many as the file of ties has"


def test_founders_are_cut_in_proportion_when_they_would_fill_the_page() -> None:
    big = {"population.people": 10 * MAX_PEOPLE, "population.founders": MAX_PEOPLE}
    scenario, cuts = within_limits(Scenario.load("open-group", None, big))
    assert scenario.population.founders == MAX_PEOPLE // 10
    assert [cut.key for cut in cuts] == ["people", "founders"]


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_can_be_shown(name: str) -> None:
    scenario = Scenario.load(name)
    for one in chain([scenario], scenario.with_variants()):
        bases = Bases(one)
        state = panel(bases, OWN, set(), with_files=True)
        assert state["positions"]["A"] == dict.fromkeys(KNOB, FILE)
        for knob in KNOBS:
            steps = state["files"]["A"]["knobs"][knob.key]["steps"]
            assert FILE in [position for position, _text in steps]
            assert len({position for position, _text in steps}) == len(steps)
            assert all(text for _position, text in steps)


@pytest.mark.parametrize("name", ["fission", "unattended", "training-camp", "flood-of-newcomers"])
def test_every_position_gives_a_scenario_or_says_why_not(name: str) -> None:
    bases = Bases(Scenario.load(name))
    for knob in KNOBS:
        if said(bases.scenario("own"), knob.key).is_fixed:
            continue
        for position in {1, knob.n_positions // 2, knob.n_positions - 1}:
            try:
                bases.resolved(OWN.with_position("AB", knob.key, position), "B")
            except ScenarioError as error:
                assert str(error)


def test_the_shipped_bases_have_the_same_people_where_a_lesson_pairs_them() -> None:
    from shequn.app.classroom.lessons import lessons

    bases = Bases(Scenario.load("open-group"))
    for lesson in lessons().values():
        settings = lesson.settings(bases)
        a, b = (bases.resolved(settings, side) for side in SIDES)
        assert (a.population, a.days, a.seed) == (b.population, b.days, b.seed)
    assert set(BASES) >= {name for lesson in lessons().values() for name in lesson.bases}
