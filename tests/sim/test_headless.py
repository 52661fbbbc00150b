"""A run without Mesa has the journal and the days of one with it."""

from typing import Any

import pytest

from shequn import Community, Scenario
from shequn.sim.headless import run_headless
from shequn.sim.machine import Machine
from shequn.sim.operator import Operator

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
    "the end of a day comes before what is due at its instant": {
        "stages": {"early": {"until": {"day": 10}}, "late": {}},
        "operations": {"a": {**OPENED, "at_stage": "late"}, "b": {**OPENED, "to": 0.1, "day": 10}},
    },
    "boards": {"spaces": {"hall": {"ranks": True}}},
    "volunteers": {
        "staff": {"host": {"from": "members", "people": 2, "hours": [8, 23], "minutes": 100}},
        "duties": {"answers": {"job": "host", "do": "answer", "minutes": 5}},
    },
}


def journal_of(run: Any) -> bytes:
    chunks: list[bytes] = []
    run(lambda rows: chunks.append(rows.tobytes()))
    return b"".join(chunks)


@pytest.mark.parametrize("name", [*DATED, *DAILY])
def test_journal_days_and_settings_are_those_of_the_community(name: str) -> None:
    scenario = Scenario.from_mapping({**PLAIN, **DATED.get(name, {}), **DAILY.get(name, {})})
    machines: list[Machine] = []

    def with_mesa(sink: Any) -> None:
        community = Community(scenario, seed=5, sink=sink)
        for _ in range(scenario.days):
            community.step()
        community.machine.empty_journal()
        machines.append(community.machine)

    def without(sink: Any) -> None:
        machines.append(run_headless(scenario, 5, sink))

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
    scenario = Scenario.from_mapping({**PLAIN, **DATED.get(name, {}), **DAILY.get(name, {})})
    assert Operator(scenario, Machine(scenario, 1)).acts_daily == (name in DAILY)


def test_the_journal_may_be_left_where_it_is() -> None:
    machine = run_headless(Scenario.from_mapping(PLAIN), 5)
    assert (machine.time, len(machine.days)) == (30.0, 31)
