"""The shipped scenarios, the template and the schema hold together."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shequn.app.explanation.scenario import explain
from shequn.app.scenario_commands import schema_text
from shequn.app.template import template
from shequn.sim.scenario import Scenario, ScenarioError
from shequn.sim.scenario.locations import shipped, shipped_folder, split_variant
from shequn.sim.scenario.model import json_schema
from shequn.sim.scenario.nodes import plain
from shequn.sim.scenario.reading import parse

NAMES = {
    "open-group",
    "gated-group",
    "small-circle",
    "large-hall",
    "invitation-chain",
    "city-hobby",
    "flash-event",
    "flood-of-newcomers",
    "cold-start",
}


def _values(path: Path) -> Any:
    return plain(parse(path.read_text(encoding="utf-8"), path.name)[0])


def _all() -> list[tuple[str, str | None]]:
    return [
        (name, variant)
        for name, path in shipped().items()
        for variant in (None, *(_values(path).get("variants") or {}))
    ]


def test_the_nine_scenarios_of_the_design_are_there() -> None:
    assert set(shipped()) >= NAMES


@pytest.mark.parametrize(("name", "variant"), _all())
def test_every_shipped_scenario_loads_without_a_note_and_is_explained(name: str, variant: str | None) -> None:
    scenario = Scenario.load(name, variant)
    assert scenario.notes == ()
    assert scenario.question.text.endswith("?")
    for text in (scenario.title, scenario.description, scenario.source, scenario.why, scenario.what):
        assert text
    words = explain(scenario)
    assert scenario.title in words
    assert "{" not in words
    assert "None" not in words


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_shipped_scenario_has_a_variant_to_compare_with(name: str) -> None:
    assert Scenario.load(name).variants


def test_the_schema_file_is_up_to_date() -> None:
    text = (shipped_folder() / "schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == json.loads(schema_text()), "shequn schema > scenarios/schema.json"


def test_the_schema_is_valid_and_accepts_every_shipped_scenario_its_dump_and_the_template() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in shipped().values():
        validator.validate(_values(path))
        assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")
    for name, variant in _all():
        validator.validate(plain(parse(Scenario.load(name, variant).dump(), name)[0]))
    validator.validate(plain(parse(template("x", "x.yaml", "schema.json"), "x")[0]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": 1},
        {"format": 1, "title": "x", "community": {"openness": 2}},
        {"format": 1, "title": "x", "gates": [{"kind": "fee"}]},
        {"format": 1, "title": "x", "rules": {"leaving": {"capp": 1}}},
        {"format": 1, "title": "x", "variants": {"a": {"days": 0}}},
        {"format": 1, "title": "x", "community": {"return_after": "nevr"}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_schema()).validate(wrong)
    with pytest.raises(ScenarioError):
        Scenario.from_mapping(wrong)


def test_every_key_of_the_schema_is_described() -> None:
    from shequn.sim.scenario.model import base_schema

    for name, definition in base_schema()["$defs"].items():
        assert definition.get("description"), name
        for key, value in definition["properties"].items():
            named = "$ref" in value or "const" in value
            assert named or value.get("description"), f"{name}.{key}"


def test_coefficients_carry_unit_default_and_source_into_the_schema() -> None:
    from shequn.agents.rules import GROUPS

    definitions = json_schema()["$defs"]
    for group in GROUPS:
        properties = definitions[group.name.capitalize() + "Rules"]["properties"]
        for coefficient in group.coefficients:
            text = properties[coefficient.name]["description"]
            assert coefficient.unit in text
            assert f"Source: {coefficient.source}" in text
            assert properties[coefficient.name]["default"] == coefficient.default


def test_the_template_shows_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(template("Ein: Titel", "x.yaml", "schema.json"), encoding="utf-8")
    assert Scenario.load(path) == Scenario.from_mapping({"format": 1, "title": "Ein: Titel"})


def test_the_commented_examples_of_the_template_are_valid(tmp_path: Path) -> None:
    lines = template("x", "x.yaml", "schema.json").splitlines()
    told = [line.replace("#  ", "  ", 1) if line.startswith("#  ") else line for line in lines]
    text = "\n".join(told)
    for key in (
        "gates",
        "staff",
        "duties",
        "tasks",
        "units",
        "marks",
        "earn",
        "offers",
        "operations",
        "rules",
    ):
        text = text.replace(f"\n{key}: {{}}", f"\n{key}:")
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    scenario = Scenario.load(path)
    assert len(scenario.gates) == 8
    assert len(scenario.operations) == 8
    assert (len(scenario.staff), len(scenario.duties), len(scenario.tasks)) == (1, 3, 1)
    assert (len(scenario.units), len(scenario.marks), len(scenario.earn), len(scenario.offers)) == (
        1,
        1,
        2,
        2,
    )


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("open-group", ("open-group", None)),
        ("open-group:closed", ("open-group", "closed")),
        ("a/b.yaml:closed", ("a/b.yaml", "closed")),
        (r"C:\a\b.yaml", (r"C:\a\b.yaml", None)),
        (r"C:\a\b.yaml:closed", (r"C:\a\b.yaml", "closed")),
        ("C:b.yaml", ("C:b.yaml", None)),
        ("open-group:", ("open-group", "")),
    ],
)
def test_a_variant_is_split_off_but_not_a_drive(spec: str, found: tuple[str, str | None]) -> None:
    assert split_variant(spec) == found


def test_a_name_is_shipped_or_a_file_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("format: 1\ntitle: mine\n")
    (tmp_path / "open-group.yaml").write_text("format: 1\ntitle: mine\n")
    assert Scenario.load("mine").title == "mine"
    assert Scenario.load("open-group").title == "Open group"
    assert Scenario.load("open-group.yaml").title == "mine"
    with pytest.raises(ScenarioError, match="did you mean open-group"):
        Scenario.load("opn-group")


def test_the_scenarios_are_package_data() -> None:
    from importlib.resources import files

    names = {entry.name for entry in files("scenarios").iterdir()}
    assert {f"{name}.yaml" for name in NAMES} | {"schema.json"} <= names
