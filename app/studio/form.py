"""The form: a field for every key of a scenario, made from the schema of scenario files.

A field is a dict for the browser: ``key``, ``kind``, ``text`` (its description in the language of the visitor),
``default`` and what its kind needs. Kinds:

- ``text`` and ``long``: a text; ``value``: anything that is written on one line, with ``words`` that it may be,
  ``low`` and ``high``; ``choice``: one of ``words``
- ``group``: a mapping with ``fields``; ``either``: one of several such mappings, ``options``, each with what to write
  to ``start`` with it
- ``entries``: a map from names to mappings, whose kinds are the options, chosen by the key ``chooser``
"""

import math
from typing import Any

from shequn.sim.language import _
from shequn.sim.scenario.dumping import inline_yaml
from shequn.sim.scenario.model import LARGEST, base_schema

Field = dict[str, Any]
_CHOOSERS = ("do", "kind", "distribution", "generator")  # keys whose word names a kind
#: What to write first for keys that a kind of mapping needs.
_EXAMPLES: dict[str, dict[str, Any]] = {
    "file": {"file": "ties.csv"},
    "generator": {"generator": "watts_strogatz_graph", "arguments": {"k": 10, "p": 0.1}},
}
_LONG = 1000  # characters; longer texts get a box of several lines


def descriptions() -> list[str]:
    """All texts of the schema in English, in its order."""
    schema = base_schema()
    texts: dict[str, None] = {}

    def collect(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("description"), str):
                texts[_one_line(part["description"])] = None
            for value in part.values():
                collect(value)
        elif isinstance(part, list):
            for value in part:
                collect(value)

    collect({key: value for key, value in schema.items() if key not in ("$defs", "description")})
    for name, definition in schema["$defs"].items():
        if name != "Rules" and not name.endswith("Rules"):
            collect(definition)
    return list(texts)


def sections() -> list[Field]:
    """The fields of the top level in the current language, in the order of the file."""
    schema = base_schema()
    fields = []
    for key, part in schema["properties"].items():
        if key == "rules":
            fields.append({"key": key, "kind": "group", "text": "", "fields": _rules()})
        elif key != "format":
            fields.append(_field(key, part, schema["$defs"], key in schema["required"]))
    return fields


def _field(key: str, part: dict[str, Any], definitions: dict[str, Any], required: bool = False) -> Field:
    """The field of a key."""
    field: Field = {"key": key, "text": _(_one_line(part.get("description", ""))), "required": required}
    options = [_resolved(option, definitions) for option in _alternatives(part)]
    mappings = [option for option in options if "properties" in option]
    if len(mappings) == 1:
        return {
            **field,
            "kind": "group",
            "fields": _fields(mappings[0], definitions),
            **_text_of(mappings[0], field),
        }
    if mappings:
        return {**field, "kind": "either", "options": [_option(one, definitions) for one in mappings]}
    for option in options:
        entry = option.get("additionalProperties")
        if isinstance(entry, dict) and (kinds := _mappings(entry, definitions)):
            known = [_option(one, definitions) for one in kinds]
            chooser = next(iter(known[0]["when"]), "") if len(known) > 1 else ""
            return {**field, "kind": "entries", "chooser": chooser, "options": known}
    default = part.get("default")
    if default is not None and default != "":
        field["default"] = inline_yaml(default)
    single = _single(options)
    if default is None and "null = " in part.get("description", "") and single["kind"] == "value":
        field["default"] = "null"
    return {**field, **single}


def _single(options: list[dict[str, Any]]) -> Field:
    """The kind of a value that is no mapping of fields."""
    words = [str(word) for option in options for word in option.get("enum", [option.get("const")]) if word]
    kinds = {option.get("type") for option in options}
    if "boolean" in kinds:
        words += ["true", "false"]
    others = kinds - {"null", "boolean", None}
    if kinds <= {"string", "null", None} and not words and not any("format" in option for option in options):
        longest = max(option.get("maxLength", 0) for option in options)
        return {"kind": "long" if longest > _LONG else "text"}
    if (
        words
        and not others - {"string"}
        and all("enum" in o or "const" in o or o.get("type") in ("null", "boolean") for o in options)
    ):
        return {"kind": "choice", "words": words}
    field: Field = {"kind": "value", "words": words}
    for option in options:
        for name, bound in (
            ("minimum", "low"),
            ("exclusiveMinimum", "low"),
            ("maximum", "high"),
            ("exclusiveMaximum", "high"),
        ):
            if abs(option.get(name, math.inf)) < LARGEST:
                field[bound] = option[name]
    return field


def _alternatives(part: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas of which a value has one, whatever way they are listed."""
    listed = part.get("anyOf") or part.get("oneOf")
    return [inner for option in listed for inner in _alternatives(option)] if listed else [part]


def _resolved(part: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref")
    return definitions[reference.rpartition("/")[2]] if reference else part


def _mappings(part: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    options = [_resolved(option, definitions) for option in _alternatives(part)]
    return [option for option in options if "properties" in option]


def _fields(mapping: dict[str, Any], definitions: dict[str, Any]) -> list[Field]:
    required = mapping.get("required", [])
    return [
        _field(key, part, definitions, key in required)
        for key, part in mapping["properties"].items()
        if "const" not in part
    ]


def _option(mapping: dict[str, Any], definitions: dict[str, Any]) -> Field:
    """One kind of mapping: how to recognise it, what to write first, and its fields."""
    properties = mapping["properties"]
    when = {key: properties[key]["const"] for key in _CHOOSERS if "const" in properties.get(key, {})}
    needs = [key for key in mapping.get("required", []) if key not in when]
    return {
        "when": when,
        "needs": needs,
        "start": inline_yaml(when | {k: v for key in needs for k, v in _EXAMPLES.get(key, {}).items()}),
        "text": _(_one_line(mapping.get("description", ""))),
        "fields": _fields(mapping, definitions),
    }


def _text_of(mapping: dict[str, Any], field: Field) -> Field:
    """The description of a group: that of its key, or else that of its mapping."""
    return {} if field["text"] else {"text": _(_one_line(mapping.get("description", "")))}


def _rules() -> list[Field]:
    """The coefficients of the rules, by group."""
    from shequn.agents.rules import GROUPS

    return [
        {
            "key": group.name,
            "kind": "group",
            "text": _(group.text),
            "fields": [_coefficient(coefficient) for coefficient in group.coefficients],
        }
        for group in GROUPS
    ]


def _coefficient(coefficient: Any) -> Field:
    field: Field = {
        "key": coefficient.name,
        "text": _(coefficient.text),
        "default": inline_yaml(coefficient.default) if coefficient.default != math.inf else "never",
        "unit": _(coefficient.unit) if coefficient.unit else "",
        "source": coefficient.source,
    }
    if coefficient.choices:
        return {**field, "kind": "choice", "words": list(coefficient.choices)}
    bounds = {"low": coefficient.low, "high": coefficient.high}
    finite = {name: bound for name, bound in bounds.items() if abs(bound) < LARGEST}
    return {**field, "kind": "value", "words": [], **finite}


def _one_line(text: str) -> str:
    return " ".join(text.split())
