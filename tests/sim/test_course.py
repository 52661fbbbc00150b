"""The course of a community: with or without Mesa, in one piece or in many, the same journal."""

from typing import Any

import pytest

from shequn import Community, Scenario
from shequn.sim.course import Course, run_to_the_end
from shequn.sim.kernel.state import NEVER
from shequn.sim.machine import Machine

PLAIN: dict[str, Any] = {
    "format": 2,
    "title": "Small",
    "days": 30,
    "population": {
        "people": 300,
        "founders": 60,
        "pace": {"mean": 1},
        "drivers": {
            "honor": 0.2,
            "interest": 0.2,
            "benefit": 0.1,
            "relationship": 0.2,
            "event": 0.3,
            "locality": 0,
        },
    },
    "community": {"strangers_per_day": 5, "openness": 0.3},
}
OPENED = {"do": "set_openness", "to": 0.9}
DATED: dict[str, dict[str, Any]] = {  # what happens on days that are known in advance
    "nothing": {},
    "instants": {
        "operations": {"a": {**OPENED, "day": 10.5}, "b": {"do": "shock", "day": 10.5, "people": 20}}
    },
    "at the end of a day": {"operations": {"a": {"do": "shock", "day": 12, "people": 30}}},
    "campaigns that overlap": {
        "operations": {
            "a": {"do": "campaign", "day": 3, "days": 8, "discovery": 3},
            "b": {"do": "campaign", "first": 7.5, "every": 6, "days": 2.25, "discovery": 5},
        }
    },
    "a season until the last day": {
        "operations": {"a": {"do": "season", "day": 20, "days": 10, "discovery": 3}}
    },
    "staff from outside": {
        "staff": {"host": {"hours": [8, 23], "minutes": 100, "first": 5, "days": 10}},
        "duties": {"posts": {"job": "host", "do": "post", "minutes": 10}},
    },
}
DAILY: dict[str, dict[str, Any]] = {  # what a day may bring
    "a condition": {"operations": {"a": {**OPENED, "if": {"measure": "members", "above": 75}}}},
    "a hot event": {"operations": {"a": {"do": "hot_event", "day": 9, "intensity": 0.9, "discovery": 6}}},
    "stages": {
        "stages": {"early": {"until": {"measure": "members", "above": 75}}, "late": {}},
        "operations": {"a": {**OPENED, "at_stage": "late"}},
    },
    "the end of a day comes before operations at its instant": {
        "stages": {"early": {"until": {"day": 10}}, "late": {}},
        "operations": {"a": {**OPENED, "at_stage": "late"}, "b": {**OPENED, "to": 0.1, "day": 10}},
    },
    "boards": {"spaces": {"hall": {"ranks": True}}},
    "volunteers": {
        "staff": {"host": {"from": "members", "people": 2, "hours": [8, 23], "minutes": 100}},
        "duties": {"answers": {"job": "host", "do": "answer", "minutes": 5}},
    },
}


def scenario_of(name: str) -> Scenario:
    return Scenario.from_mapping({**PLAIN, **DATED.get(name, {}), **DAILY.get(name, {})})


def journal_of(run: Any) -> bytes:
    chunks: list[bytes] = []
    run(lambda rows: chunks.append(rows.tobytes()))
    return b"".join(chunks)


@pytest.mark.parametrize("name", [*DATED, *DAILY])
def test_journal_days_and_settings_are_those_of_the_community(name: str) -> None:
    scenario = scenario_of(name)
    machines: list[Machine] = []

    def with_mesa(sink: Any) -> None:
        community = Community(scenario, seed=5, sink=sink)
        for _ in range(scenario.days):
            community.step()
        community.machine.empty_journal()
        machines.append(community.machine)

    def without(sink: Any) -> None:
        machines.append(run_to_the_end(scenario, 5, sink))

    def machine_alone(sink: Any) -> None:
        machine = Machine(scenario, 5, sink=sink)
        machine.run_until(scenario.days)
        machine.empty_journal()

    journal = journal_of(with_mesa)
    assert journal_of(without) == journal
    with_days, alone = machines
    assert alone.days.tobytes() == with_days.days.tobytes()
    assert alone.params.tobytes() == with_days.params.tobytes()
    if name != "nothing":  # else the equality above would show little
        assert journal_of(machine_alone) != journal


@pytest.mark.parametrize("name", [*DATED, *DAILY])
def test_days_are_stopped_at_only_where_one_may_bring_something(name: str) -> None:
    course = Course(scenario_of(name))
    course.run_until(9.5)
    assert course.operator.acts_daily == (name in DAILY)


@pytest.mark.parametrize("name", [*DATED, *DAILY])
def test_where_a_course_stops_makes_no_difference(name: str) -> None:
    scenario = scenario_of(name)

    def in_pieces(sink: Any) -> None:
        course = Course(scenario, 5, sink=sink)
        for time in (0.0, 0.4, 3.0, 3.0, 7.5, 9.0, 10.0, 10.5, 12.0, 29.99):
            course.run_until(time)
            assert course.time == time
        course.step()
        assert course.time == 30.99
        course.machine.empty_journal()

    def at_once(sink: Any) -> None:
        course = Course(scenario, 5, sink=sink)
        course.run_until(30.99)
        course.machine.empty_journal()

    assert journal_of(in_pieces) == journal_of(at_once)


def test_operations_at_an_instant_may_be_left_for_later() -> None:
    course = Course(scenario_of("instants"))
    assert course.next_due == 10.5
    course.run_until(10.5, operations_then=False)
    assert course.machine.params["visibility"] == pytest.approx(0.3)
    course.run_until(10.5)
    assert course.machine.params["visibility"] == 0.9
    assert course.next_due == NEVER


def test_nothing_is_due_from_the_day_on_at_which_it_will_be_saved() -> None:
    assert Course(scenario_of("instants"), until=10.5).next_due == NEVER
    course = Course(scenario_of("campaigns that overlap"), until=9.75)
    assert course.next_due == 3.0
    course.run_until(9.7)  # the second campaign ends at 9.75
    assert course.next_due == NEVER


def test_the_journal_may_be_left_where_it_is() -> None:
    machine = run_to_the_end(scenario_of("nothing"), 5)
    assert (machine.time, len(machine.days)) == (30.0, 31)
