"""What a scenario resolves to: dump and load, overrides, variants, pickling."""

import math
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shequn.sim.kernel.state import day_dtype
from shequn.sim.operations.timed import MEASURES
from shequn.sim.scenario import Scenario, ScenarioError

MINIMAL: dict[str, Any] = {"format": 1, "title": "x"}

shares = st.floats(0, 1)
days = st.floats(0.01, 36_500)
amounts = st.floats(0, 1e9)
printable = st.characters(exclude_categories=("Cc", "Cs"))
texts = st.text(printable | st.sampled_from("\n\t"), max_size=60)
qualities = st.one_of(
    st.fixed_dictionaries({}, optional={"a": st.floats(0.1, 1000), "b": st.floats(0.1, 1000)}),
    st.tuples(shares, shares).map(lambda p: {"distribution": "uniform", "low": min(p), "high": max(p)}),
)
gates = st.one_of(
    st.fixed_dictionaries({"kind": st.just("invitation")}, optional={"cost": amounts}),
    st.fixed_dictionaries({"kind": st.just("fee"), "amount": amounts}),
    st.fixed_dictionaries({"kind": st.just("task")}, optional={"noise": shares, "at_least": shares}),
    st.fixed_dictionaries({"kind": st.just("capacity"), "members": st.integers(1, 10**6)}),
    st.just({"kind": "rules"}),
)
times = st.one_of(
    st.fixed_dictionaries({"day": st.floats(0, 400)}),
    st.fixed_dictionaries({"date": st.dates(date(2026, 1, 1), date(2030, 1, 1)).map(date.isoformat)}),
    st.fixed_dictionaries({"every": days}, optional={"first": st.floats(0, 300)}),
    st.fixed_dictionaries(
        {
            "if": st.fixed_dictionaries(
                {"measure": st.sampled_from(MEASURES), "above": st.floats(-1e6, 1e6)},
                optional={"for": st.integers(1, 30), "once": st.booleans()},
            )
        }
    ),
)
deeds = st.one_of(
    st.fixed_dictionaries({"do": st.just("set_openness"), "to": shares}),
    st.fixed_dictionaries({"do": st.just("set_gates"), "gates": st.lists(gates, max_size=3)}),
    st.fixed_dictionaries(
        {"do": st.just("shock"), "people": st.integers(1, 10**4)}, optional={"quality": qualities}
    ),
    st.fixed_dictionaries({"do": st.just("hot_event")}, optional={"intensity": shares, "boost": amounts}),
    st.fixed_dictionaries({"do": st.just("remove"), "who": st.just("random"), "share": shares}),
)
scenarios = st.fixed_dictionaries(
    {"format": st.just(1), "title": st.text(printable, min_size=1, max_size=60)},
    optional={
        "description": texts,
        "where": texts,
        "start": st.dates(date(1999, 1, 1), date(2026, 1, 1)).map(date.isoformat),
        "days": st.integers(1, 36_500),
        "seed": st.integers(0, 2**63 - 1),
        "population": st.fixed_dictionaries(
            {},
            optional={
                "people": st.integers(50, 20_000_000),
                "founders": st.one_of(st.integers(0, 50), st.just("all")),
                "quality": qualities,
                "topic": st.fixed_dictionaries({"spread": st.one_of(st.floats(0, 10), st.just("uniform"))}),
                "places": st.one_of(st.none(), st.fixed_dictionaries({"city_km": st.floats(0.1, 100)})),
                "graph": st.sampled_from(
                    [
                        {"generator": "none"},
                        {"degree": 3.5, "layers": False},
                        {"generator": "watts_strogatz_graph", "arguments": {"k": 4, "p": 0.1}},
                    ]
                ),
            },
        ),
        "community": st.fixed_dictionaries(
            {},
            optional={
                "openness": shares,
                "return_after": st.one_of(st.floats(0, 1e6), st.just("never")),
                "rhythm": st.sampled_from(["flat", "daily", [1.0] * 24, [0.1] * 168]),
                "reach": shares,
            },
        ),
        "gates": st.lists(gates, max_size=4),
        "operations": st.lists(st.tuples(deeds, times).map(lambda p: {**p[0], **p[1]}), max_size=3),
        "rules": st.fixed_dictionaries(
            {},
            optional={
                "leaving": st.fixed_dictionaries(
                    {}, optional={"mode": st.sampled_from(["visit", "clock", "stay"]), "cap": shares}
                ),
                "satisfaction": st.fixed_dictionaries({"stock_half_life": st.one_of(days, st.just("never"))}),
            },
        ),
    },
)


@given(values=scenarios)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_dump_of_a_scenario_loads_to_the_same_scenario(values: dict[str, Any], tmp_path: Path) -> None:
    scenario = Scenario.from_mapping(values)
    path = tmp_path / "dump.yaml"
    path.write_text(scenario.dump(), encoding="utf-8", newline="\n")
    again = Scenario.load(path)
    assert again == scenario
    assert again.dump() == scenario.dump()


def test_the_shortest_scenario_has_the_defaults_of_the_design() -> None:
    scenario = Scenario.from_mapping(MINIMAL)
    assert (scenario.days, scenario.seed, scenario.runs, scenario.journal) == (365, 1, 10, "full")
    assert (scenario.population.people, scenario.population.founders) == (2000, 50)
    assert (scenario.community.strangers_per_day, scenario.community.reach) == (5.0, None)
    assert scenario.start == date(2026, 1, 1)
    assert scenario.rules["leaving"]["cap"] == 0.43


def test_never_and_uniform_are_infinite() -> None:
    scenario = Scenario.from_mapping(
        {
            **MINIMAL,
            "community": {"return_after": "never"},
            "population": {"topic": {"spread": "uniform"}},
            "gates": [{"kind": "quota", "per_day": 1, "patience": "never"}],
            "rules": {"joining": {"commitment_half_life": "never"}},
        }
    )
    assert scenario.community.return_after == math.inf
    assert scenario.population.topic.spread == math.inf
    assert scenario.gates[0].patience == math.inf  # type: ignore[union-attr]  # the only gate is a quota
    assert scenario.rules["joining"]["commitment_half_life"] == math.inf


def test_every_daily_measure_can_be_watched() -> None:
    assert (*MEASURES, "day") == tuple(sorted(day_dtype.names or (), key=lambda name: name == "day"))


def test_overrides_by_dotted_key_change_only_what_they_name() -> None:
    scenario = Scenario.from_mapping(MINIMAL)
    changed = scenario.with_(
        {"community.openness": 0.9, "rules.leaving.cap": np.float64(0.1), "days": np.int64(9)}
    )
    assert (changed.community.openness, changed.rules["leaving"]["cap"], changed.days) == (0.9, 0.1, 9)
    assert scenario.community.openness == 0.3
    assert changed.with_({"community.openness": 0.3, "rules.leaving.cap": 0.43, "days": 365}) == scenario


def test_nested_overrides_merge_and_lists_are_reached_by_place() -> None:
    base = {**MINIMAL, "gates": [{"kind": "rules"}, {"kind": "fee", "amount": 3}]}
    scenario = Scenario.from_mapping(base)
    changed = scenario.with_({"community": {"rooms": 3}, "gates.1.amount": 9})
    assert changed.community.rooms == 3
    assert changed.community.openness == scenario.community.openness
    assert [gate.kind for gate in changed.gates] == ["rules", "fee"]
    assert changed.gates[1].amount == 9  # type: ignore[union-attr]  # a fee
    with pytest.raises(ScenarioError, match="not a position in this list"):
        scenario.with_({"gates.2.amount": 9})


def test_an_error_in_an_override_names_it() -> None:
    with pytest.raises(ScenarioError, match=r"overrides: community\.openness is 3"):
        Scenario.from_mapping(MINIMAL).with_({"community.openness": 3})
    with pytest.raises(ScenarioError, match="did you mean openness"):
        Scenario.from_mapping(MINIMAL).with_({"community.opennes": 0.3})
    with pytest.raises(ScenarioError, match="variants cannot be set"):
        Scenario.from_mapping(MINIMAL).with_({"variants.a.days": 3})


def test_variants_state_only_what_differs() -> None:
    values = {
        **MINIMAL,
        "community": {"openness": 0.5, "rooms": 2},
        "gates": [{"kind": "rules"}],
        "variants": {"closed": {"community": {"openness": 0}}, "same": None, "gated": {"gates": []}},
    }
    base = Scenario.from_mapping(values)
    closed = Scenario.from_mapping(values, "closed")
    assert (closed.community.openness, closed.community.rooms) == (0.0, 2)
    assert closed.gates == base.gates
    assert Scenario.from_mapping(values, "same") == base
    assert Scenario.from_mapping(values, "gated").gates == ()
    assert base.variants == ("closed", "same", "gated")
    with pytest.raises(ScenarioError, match="did you mean closed"):
        Scenario.from_mapping(values, "close")


def test_another_generator_reach_or_file_replaces_what_it_excludes(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_text("1 2\n")
    path = tmp_path / "s.yaml"
    path.write_text(
        "format: 1\ntitle: x\n"
        "population: {people: 80, founders: 2, graph: {degree: 7}, quality: {a: 3}}\n"
        "community: {strangers_per_day: 9}\n"
        "variants:\n"
        "  none: {population: {graph: {generator: none}}}\n"
        "  file: {population: {graph: {file: g.txt}}}\n"
        "  reach: {community: {reach: 0.1}}\n"
        "  even: {population: {quality: {distribution: uniform}}}\n"
    )
    assert Scenario.load(path, "none").population.graph.model_dump() == {"generator": "none"}
    with_file = Scenario.load(path, "file")
    assert with_file.population.people is None
    assert with_file.graph_path == (tmp_path / "g.txt").resolve()
    assert Scenario.load(path, "reach").community.strangers_per_day is None
    assert Scenario.load(path, "even").population.quality.model_dump()["high"] == 1.0
    assert Scenario.load(path, overrides={"population.graph.generator": "none"}).population.people == 80


def test_a_graph_given_in_python_may_lie_anywhere(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_text("1 2\n")
    scenario = Scenario.from_mapping(MINIMAL).with_(
        {"population.graph": {"file": str(tmp_path / "g.txt")}, "population.founders": 1}
    )
    assert scenario.graph_path == (tmp_path / "g.txt").resolve()
    assert scenario.population.people is None


def test_a_scenario_survives_pickling() -> None:
    scenario = Scenario.load("flood-of-newcomers", "pruned")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.dump() == scenario.dump()
    assert again.with_({"days": 3}).days == 3


def test_instants_of_operations_lie_within_the_run() -> None:
    def instants(days: int = 100, **when: Any) -> tuple[float, ...]:
        values = {**MINIMAL, "operations": [{"do": "set_openness", "to": 1, **when}]}
        return Scenario.from_mapping(values).operations[0].instants(date(2026, 1, 1), days)

    assert instants(day=3) == (3.0,)
    assert instants(day=100) == ()
    assert instants(date="2026-02-01") == (31.0,)
    assert instants(every=30) == (30.0, 60.0, 90.0)
    assert instants(every=30, first=0) == (0.0, 30.0, 60.0, 90.0)
    assert instants(every=30, first=10, until=40) == (10.0, 40.0)
    assert instants(**{"if": {"measure": "members", "below": 3}}) == ()


@pytest.mark.parametrize("code", [0x202E, 0x2066, 0x200F, 0x1B, 0x07])
def test_characters_that_change_how_a_text_is_shown_are_refused(tmp_path: Path, code: int) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f'format: 1\ntitle: "a\\u{code:04X}b"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=rf"invisible character U\+{code:04X}"):
        Scenario.load(str(path))
    path.write_text('format: 1\ntitle: "社群 👩\\u200D🎓 café"\n', encoding="utf-8")
    assert "社群" in Scenario.load(str(path)).title
