"""Gates and operations are maps by name; what format 1 wrote as lists means the same as it did."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.experiments.sweeps.plan import scenario_digest
from shequn.sim.operations.operation import name_in_draws
from shequn.sim.operator import operation_keys
from shequn.sim.scenario import Scenario, ScenarioError
from shequn.sim.scenario.conversion import content_in_format_2
from shequn.sim.scenario.dumping import dump
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.merging import assignment_override
from shequn.sim.scenario.model import json_schema
from tests.sim.small_worlds import run, same_bytes

OLD = Path(__file__).with_name("format_1")

SHOCK = {"do": "shock", "day": 3, "people": 5}
BASE: dict[str, Any] = {
    "format": 2,
    "title": "x",
    "gates": {"rules": {"kind": "rules"}, "charge": {"kind": "fee", "amount": 9}},
    "operations": {
        "crowd": SHOCK,
        "open": {"do": "set_openness", "day": 3, "to": 1},
        "door": {"do": "set_gates", "day": 4, "gates": {"a": {"kind": "rules"}, "b": {"kind": "invitation"}}},
    },
}


def case(variant: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    values = {**BASE, **changes}
    if variant is None:
        return Scenario.from_mapping(values)
    return Scenario.from_mapping({**values, "variants": {"v": variant}}, "v")


def names(scenario: Scenario, key: str) -> list[str]:
    return list(scenario.resolved()[key])


def old(gates: Any = (), operations: Any = (), **variants: Any) -> dict[str, Any]:
    values = {"format": 1, "title": "x", "gates": list(gates), "operations": list(operations)}
    return {**values, "variants": variants} if variants else values


def test_a_variant_changes_adds_and_takes_away_by_name_in_the_order_of_the_base() -> None:
    changed = case({"gates": {"late": {"kind": "invitation"}, "rules": None, "charge": {"amount": 3}}})
    assert names(changed, "gates") == ["charge", "late"]
    assert changed.resolved()["gates"]["charge"] == {"kind": "fee", "amount": 3, "cost": 0}
    changed = case({"operations": {"end": {"do": "set_openness", "day": 9, "to": 0}, "crowd": {"people": 7}}})
    assert names(changed, "operations") == ["crowd", "open", "door", "end"]
    assert changed.operations[0].people == 7  # type: ignore[attr-defined]  # a shock
    changed = case({"operations": {"door": {"gates": {"a": None}}}})
    assert list(changed.resolved()["operations"]["door"]["gates"]) == ["b"]


def test_null_in_place_of_the_map_takes_away_all() -> None:
    changed = case({"gates": None, "operations": None})
    assert (changed.gates, changed.operations) == ((), ())
    assert case(gates={}).with_({"gates": None}).gates == ()


def test_another_kind_under_the_same_name_replaces_the_whole_in_its_position() -> None:
    changed = case({"gates": {"rules": {"kind": "quota", "per_day": 2}}, "operations": {"open": SHOCK}})
    assert [gate.kind for gate in changed.gates] == ["quota", "fee"]
    assert [operation.do for operation in changed.operations] == ["shock", "shock", "set_gates"]


def test_another_time_takes_the_place_of_the_old_one() -> None:
    repeated = case({"operations": {"open": {"every": 7, "first": 2}}})
    assert repeated.operations[1].instants(repeated.start, 10.0) == (2.0, 9.0)
    again = repeated.with_({"operations.open.day": 5})
    assert again.operations[1].instants(again.start, 10.0) == (5.0,)


@pytest.mark.parametrize("name", ["kind", "file", "generator", "reach", "day", "Shock", "Beta", "7", "扫除"])
def test_a_name_may_be_any_word(name: str) -> None:
    values = {**BASE["operations"], name: SHOCK}
    changed = case({"operations": {name: {"people": 7}}}, operations=values)
    assert names(changed, "operations") == [*BASE["operations"], name]
    assert changed.with_({f"operations.{name}.people": 8}).operations[3].people == 8  # type: ignore[attr-defined]
    with pytest.raises(ScenarioError, match=rf"operations\.{name}\.people is -1; allowed: a whole number"):
        changed.with_({f"operations.{name}.people": -1})


def test_dotted_keys_reach_what_has_a_name() -> None:
    scenario = case()
    assert scenario.with_({"gates.charge.amount": 4}).gates[1].price() == 4
    assert names(scenario.with_({"gates.charge": None}), "gates") == ["rules"]
    assert names(scenario.with_({"gates.new": {"kind": "invitation"}}), "gates") == ["rules", "charge", "new"]
    assert names(scenario.with_({"operations.door.gates.b": None}), "operations")[2] == "door"


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("gates.chrge.amount=3", "there is no gate named chrge; did you mean charge?"),
        ("gates.chrge=null", "there is no gate named chrge; did you mean charge?"),
        ("operations.zzz.people=3", "there is no operation named zzz; known: crowd, open, door"),
        ("operations.door.gates.c.cost=3", "there is no gate named c; known: a, b"),
        ("operations.crowd.poeple=3", "unknown key poeple in operations.crowd; did you mean people?"),
        ("gates.5.cost=1", "5 is not a position in this list (allowed: 0 to 1)"),
    ],
)
def test_a_dotted_key_without_its_thing_gives_the_nearest_name_at_its_place(
    argument: str, words: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        case().with_([assignment_override(argument)])
    (problem,) = error.value.problems
    assert words in problem.message
    place = len("operations.door.gates.") if "door" in argument else argument.index(".") + 1
    assert problem.mark is not None and problem.mark.column in (place, len("operations.crowd."))


def test_overrides_may_still_be_lists_and_positions() -> None:
    """Designs, options and records have no format of their own; a list replaces everything."""
    scenario = case()
    assert scenario.with_({"gates.1.amount": 4}).gates[1].price() == 4
    listed = scenario.with_({"gates": [{"kind": "rules"}, {"kind": "rules"}], "operations": []})
    assert names(listed, "gates") == ["rules", "rules-2"]
    assert listed.operations == ()
    again = Scenario.from_record(listed.to_record(), overrides=())
    assert again == listed
    nested = scenario.with_({"operations.door.gates": [{"kind": "fee", "amount": 1}]})
    assert list(nested.resolved()["operations"]["door"]["gates"]) == ["fee"]


def test_format_1_equals_format_2() -> None:
    shock = {"do": "shock", "day": 3, "people": 5}
    gates = [{"kind": "rules"}, {"kind": "fee", "amount": 1}, {"kind": "rules", "cost": 2}]
    door = {"do": "set_gates", "day": 4, "gates": [{"kind": "rules"}]}
    one = Scenario.from_mapping(old(gates, [shock, {**shock, "name": "crowd"}, door, {**shock, "people": 9}]))
    two = Scenario.from_mapping(
        {
            "format": 2,
            "title": "x",
            "gates": {"rules": gates[0], "fee": gates[1], "rules-2": gates[2]},
            "operations": {
                "shock": shock,
                "crowd": shock,
                "set_gates": {**door, "gates": {"rules": {"kind": "rules"}}},
                "shock-2": {**shock, "people": 9},
            },
        }
    )
    assert one == two
    assert one.dump() == two.dump()


def test_the_draws_of_operations_are_named_as_in_format_1() -> None:
    given = ["a", "shock", "shock-2", "campaign", "name a", "kind shock 1", "name shock", "the cull", "v1.0"]
    listed = [SHOCK, SHOCK, *({**SHOCK, "name": name} for name in given), {**SHOCK, "name": None}]
    scenario = Scenario.from_mapping(old((), listed))
    expected = ["kind shock 1", "kind shock 2", *(f"name {name}" for name in given), "kind shock 3"]
    assert [operation.name_in_draws for operation in scenario.operations] == expected
    assert len(set(operation_keys(scenario.operations))) == len(expected)
    assert name_in_draws("shock", "shock-1") == "name shock-1"  # shock itself is the first
    assert name_in_draws("campaign", "shock-2") == "name shock-2"


def test_a_list_of_a_variant_replaces_all_of_the_base() -> None:
    costly = {"kind": "fee", "amount": 9, "cost": 3}
    values = old(
        [{"kind": "rules"}, costly], [{**SHOCK, "over": 2}], v={"gates": [{"kind": "fee", "amount": 1}]}
    )
    found = Scenario.from_mapping(values, "v")
    assert names(found, "gates") == ["fee"]
    assert found.gates[0].cost == 0  # not that of the base
    assert len(found.operations) == 1
    values["variants"]["v"]["operations"] = [SHOCK]
    assert Scenario.from_mapping(values, "v").operations[0].over != 2  # type: ignore[attr-defined]


def test_the_order_of_gates_and_operations_counts_and_names_of_gates_do_not() -> None:
    turned = {name: BASE["gates"][name] for name in reversed(BASE["gates"])}
    assert case(gates=turned) != case()
    assert scenario_digest(case(gates=turned)) != scenario_digest(case())
    renamed = dict(zip(("x", "y"), BASE["gates"].values(), strict=True))
    assert case(gates=renamed) == case()
    assert case(operations={"other": SHOCK}) != case(operations={"crowd": SHOCK})
    doors = BASE["operations"]["door"]
    doors = {**doors, "gates": {name: doors["gates"][name] for name in ("b", "a")}}
    assert case(operations={"door": doors}) != case(operations={"door": BASE["operations"]["door"]})


@pytest.mark.parametrize("path", sorted(OLD.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_files_as_they_were_in_format_1_are_the_same_in_format_2(path: Path, tmp_path: Path) -> None:
    before = Scenario.load(path)
    written = tmp_path / path.name
    written.write_text(dump(content_in_format_2(before)), encoding="utf-8")
    assert "format: 2" in written.read_text(encoding="utf-8")
    for variant in (None, *before.variants):
        assert Scenario.load(written, variant) == Scenario.load(path, variant)
    assert Scenario.load(written).variants == before.variants == Scenario.load(path.stem).variants


@pytest.mark.parametrize("name", ["gated-group", "invitation-chain", "city-hobby"])
def test_shipped_files_kept_what_they_say(name: str) -> None:
    """These have the same names in both forms; others got better names where nothing is drawn."""
    for variant in (None, *Scenario.load(name).variants):
        now = Scenario.load(name, variant)
        question = now.question.model_copy(update={"base": ""})  # the old form has no name for the base
        assert Scenario.load(OLD / f"{name}.yaml", variant) == replace(now, question=question)


def test_a_flood_is_the_same_to_the_byte_in_both_forms() -> None:
    small = {"population.people": 300, "population.founders": 60, "days": 10, "operations.shock.day": 4.0}
    one, two = (
        run(Scenario.load(where, "stays-open", small))[1]
        for where in (OLD / "flood-of-newcomers.yaml", "flood-of-newcomers")
    )
    assert len(one) > 100
    assert same_bytes(one, two)


def as_format_1(scenario: Scenario) -> dict[str, Any]:
    """The lists that format 1 has for a resolved scenario; every operation with its name."""
    values = scenario.resolved()

    def lists(key: str, part: dict[str, Any]) -> list[Any]:
        entries = []
        for name, entry in part.items():
            entry = {**entry, "gates": lists("gates", entry["gates"])} if "gates" in entry else dict(entry)
            generated = not name_in_draws(entry.get("do", ""), name).startswith("name ")
            entries.append(entry if key == "gates" or generated else {**entry, "name": name})
        return entries

    return {key: lists(key, values[key]) for key in ("gates", "operations")}


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_and_variant_comes_back_from_format_1(name: str, tmp_path: Path) -> None:
    base = Scenario.load(name)
    values = {**base.resolved(), "format": 1, **as_format_1(base)}
    variants = {variant: Scenario.load(name, variant) for variant in base.variants}
    values["variants"] = {variant: as_format_1(scenario) for variant, scenario in variants.items()}
    read = Scenario.from_mapping(values)
    assert read == base
    written = tmp_path / "written.yaml"
    written.write_text(dump(content_in_format_2(read)), encoding="utf-8")
    for variant, scenario in variants.items():
        again = Scenario.load(written, variant)
        assert (again.gates, again.operations) == (scenario.gates, scenario.operations)


_GATES = st.lists(
    st.one_of(
        st.fixed_dictionaries({"kind": st.just("rules")}, optional={"cost": st.sampled_from([0, 1])}),
        st.fixed_dictionaries(
            {"kind": st.just("fee"), "amount": st.sampled_from([1, 2])}, optional={"cost": st.just(1)}
        ),
        st.just({"kind": "invitation"}),
    ),
    max_size=4,
)
_WHEN = st.sampled_from(
    [{"day": 1}, {"day": 2}, {"every": 3}, {"every": 3, "first": 1}, {"date": "2026-01-09"}]
)
_DEEDS = st.one_of(
    st.fixed_dictionaries(
        {"do": st.just("shock"), "people": st.sampled_from([1, 2])},
        optional={
            "over": st.just(2),
            "topic": st.sampled_from([{"spread": 1}, {"centre": 0.1}, {"spread": 1, "centre": 0}]),
        },
    ),
    st.fixed_dictionaries(
        {"do": st.just("set_openness"), "to": st.just(1)}, optional={"bypass": st.just(0.5)}
    ),
    st.fixed_dictionaries({"do": st.just("set_gates"), "gates": _GATES}),
)
_NAMES = st.sampled_from([{}, {}, {"name": "a"}, {"name": "b"}])
_OPERATIONS = st.lists(
    st.tuples(_DEEDS, _WHEN, _NAMES).map(lambda parts: {**parts[0], **parts[1], **parts[2]}),
    max_size=4,
    unique_by=lambda operation: operation.get("name", id(operation)),
)
_LISTS = st.fixed_dictionaries({}, optional={"gates": _GATES, "operations": _OPERATIONS})


@settings(max_examples=60, deadline=None)
@given(base=_LISTS, one=_LISTS, two=_LISTS)
def test_any_lists_of_format_1_are_written_in_format_2(
    base: dict[str, Any], one: dict[str, Any], two: dict[str, Any]
) -> None:
    values = {"format": 1, "title": "x", **base, "variants": {"one": one, "two": two}}
    content = content_in_format_2(Scenario.from_mapping(values))
    assert content["format"] == 2
    for variant in (None, "one", "two"):
        again, whole = Scenario.from_mapping(content, variant), Scenario.from_mapping(values, variant)
        assert again == whole
        listed = {**base, **({"one": one, "two": two}[variant] if variant else {})}
        assert [gate.kind for gate in again.gates] == [gate["kind"] for gate in listed.get("gates", [])]
        deeds = [operation["do"] for operation in listed.get("operations", [])]
        assert [operation.do for operation in again.operations] == deeds


def test_a_variant_that_cannot_be_written_is_refused_and_still_read() -> None:
    """Only an operation with a name such as ``shock`` has no second name with the same draws."""
    one, two = ({**SHOCK, "name": "shock", "topic": topic} for topic in ({"centre": 0.1}, {"spread": 1}))
    scenario = Scenario.from_mapping(old((), [one], v={"operations": [two]}), "v")
    assert scenario.operations[0].topic.centre == 0.5  # type: ignore[attr-defined]
    with pytest.raises(ScenarioError, match="variant v cannot be written in format 2"):
        content_in_format_2(scenario)


def test_the_schema_knows_names_and_changes_of_them() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    changes = {
        "gates": {"charge": {"amount": 3}, "rules": None},
        "operations": {"door": {"gates": {"a": None}}},
    }
    validator.validate({**BASE, "variants": {"v": changes, "none": {"gates": None}}})
    for wrong in (
        {**BASE, "gates": [{"kind": "rules"}]},
        {**BASE, "gates": {"charge": {"amount": 3}}},
        {**BASE, "gates": {"charge": None}},
        {**BASE, "variants": {"v": {"gates": {"charge": {"amuont": 3}}}}},
        {**BASE, "format": 1},
    ):
        assert list(validator.iter_errors(wrong))
