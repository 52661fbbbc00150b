"""The table of what operators say is up to date, and names what exists."""

import ast
from pathlib import Path
from typing import Any

import pytest

from shequn.app.reference.s_table import ROWS, Row, places, uses
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.model import json_schema
from shequn.sim.scenario.nodes import plain
from shequn.sim.scenario.reading import parse

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json_schema()


def _values(name: str) -> Any:
    path = shipped()[name]
    return plain(parse(path.read_text(encoding="utf-8"), path.name)[0])


def _choices(part: dict[str, Any]) -> list[dict[str, Any]]:
    """The definitions that a part of the schema may be."""
    if "$ref" in part:
        return _choices(SCHEMA["$defs"][part["$ref"].rsplit("/", 1)[-1]])
    return [
        part,
        *(one for key in ("anyOf", "oneOf", "allOf") for sub in part.get(key, ()) for one in _choices(sub)),
    ]


def in_schema(key: str) -> bool:
    """Whether the schema knows a dotted key, and its value if there is one."""
    path, _, value = key.partition("=")
    parts = [SCHEMA]
    for name in path.split("."):
        choices = [choice for part in parts for choice in _choices(part)]
        if name == "*":
            parts = [
                c["additionalProperties"] for c in choices if isinstance(c.get("additionalProperties"), dict)
            ]
        else:
            parts = [c["properties"][name] for c in choices if name in c.get("properties", {})]
    choices = [choice for part in parts for choice in _choices(part)]
    return bool(choices) and (
        not value or any(value in (c.get("const"), *c.get("enum", ())) for c in choices)
    )


def test_every_statement_has_one_row() -> None:
    assert [row.number for row in ROWS] == list(range(1, 43))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"S{row.number}")
def test_what_a_row_names_is_there(row: Row) -> None:
    assert row.file or row.not_yet
    assert not row.file or (ROOT / row.file).is_file(), row.file
    if row.test:
        file, _, name = row.test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)], row.test
    assert bool(row.file) == bool(row.test) == bool(row.mechanism)
    assert not row.key or in_schema(row.key), row.key
    assert bool(row.key) == bool(row.scenario)
    assert not row.scenario or uses(_values(row.scenario), row.key), row.scenario


def test_an_unknown_key_is_not_found() -> None:
    assert not in_schema("operations.*.do=dance")
    assert not in_schema("rules.posting.efort")
    assert list(places({"a": {"b": {"c": 1}}}, "a.*.c=2")) == []
    assert uses({"variants": {"v": {"gates": {"fee": {"kind": "fee"}}}}}, "gates.*.kind=fee")
    assert not uses({"variants": {"v": {"gates": None}}}, "gates")
