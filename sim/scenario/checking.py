"""Checking nodes against the model: every problem with its place and what is allowed."""

from typing import Any

from pydantic import ValidationError

from sim.scenario import hints
from sim.scenario.contradictions import contradictions
from sim.scenario.errors import Problem
from sim.scenario.gates import GATE_KINDS
from sim.scenario.model import Content, base_schema, scenario_model
from sim.scenario.nodes import Key, Mapping, Mark, Node, Path, Scalar, Sequence, descend, place, plain
from sim.scenario.operations import OPERATION_KINDS

#: Which key tells the kinds of a mapping apart, by the first kind's model, and the words for it.
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Beta": ("distribution", ("beta", "uniform")),
    next(iter(GATE_KINDS.values())): ("kind", tuple(GATE_KINDS)),
    next(iter(OPERATION_KINDS.values())): ("do", tuple(OPERATION_KINDS)),
}
_NAMES = {
    "object": "a mapping (key: value)",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "null": "null",
}


def checked(root: Mapping) -> tuple[Content | None, list[Problem]]:
    """The content of a scenario without variants, or everything that is wrong with it."""
    try:
        content = scenario_model().model_validate(plain(root))
    except ValidationError as error:
        return None, [_problem(detail, root) for detail in error.errors(include_url=False)]
    found = [Problem(message, place(root, path)) for path, message in contradictions(content)]
    return (None, found) if found else (content, [])


def _problem(detail: Any, root: Mapping) -> Problem:
    """pydantic's complaint about one value in our words."""
    loc = tuple(detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":  # the last key is the file's own, even one that looks like a tag
        schema, inside = _walk(loc[:-1])
        holder = [root, *(node for _, node in descend(root, inside))][-1]
        return _unknown_key((*inside, loc[-1]), holder, _keys(schema))
    schema, path = _walk(loc)
    name = ".".join(map(str, path))
    if kind == "missing":
        return Problem(f"{path[-1]} is missing{_inside(path)} ({allowed(schema)})", place(root, path[:-1]))
    node: Node = [root, *(node for _, node in descend(root, path))][-1]
    if kind == "union_tag_invalid":
        return _unknown_kind(name, node, str(detail["ctx"]["expected_tags"]).split("'")[1])
    return _wrong_value(name, node, schema, place(root, path))


def _inside(path: Path) -> str:
    return f" in {'.'.join(map(str, path[:-1]))}" if path[:-1] else ""


def _unknown_key(path: Path, holder: Node, known: list[str]) -> Problem:
    key = str(path[-1])
    mark = holder.keys.get(key, holder.mark) if isinstance(holder, Mapping) else holder.mark
    hint = hints.full_width(key)
    near = "" if hint else hints.did_you_mean(key, known)
    return Problem(f"unknown key {_short(key)}{_inside(path)}{near}", mark, hint)


def _unknown_kind(name: str, node: Node, first: str) -> Problem:
    key, words = _KINDS[first]
    if not isinstance(node, Mapping):
        hint = f"write {{{key}: {plain(node)}, …}}" if plain(node) in words else ""
        return Problem(f"{name} is {shown(node)}; a mapping with {key} is due", node.mark, hint)
    if key not in node.items:
        return Problem(f"{key} is missing in {name} (one of {', '.join(words)})", node.mark)
    value = node.items[key]
    near = hints.nearest(str(plain(value)), words)
    tail = f"; did you mean {near}?" if near else ""
    text = f"{name}.{key} is {shown(value)}; allowed: {', '.join(words)}{tail}"
    return Problem(text, value.mark, hints.for_value(_text(value), "string"))


def _wrong_value(name: str, node: Node, schema: dict[str, Any], mark: Mark) -> Problem:
    words = _words(schema)
    text = f"{name} is {shown(node)}; allowed: {allowed(schema)}"
    if isinstance(node, Scalar) and isinstance(node.value, str) and words:
        near = hints.nearest(node.value, words)
        text += f"; did you mean {near}?" if near else ""
    hint = ""
    if isinstance(node, Scalar):
        hint = hints.for_value(node.value, _wanted(schema)) if isinstance(node.value, str) else ""
    elif isinstance(node, Sequence) and _wanted(schema) == "object":
        hint = "no list is due here: no dash, no brackets"
    return Problem(text, mark, hint)


def shown(node: Node) -> str:
    """A value as messages show it."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return f"a list of {len(node.items)}" if node.items else "an empty list"
    if node.value is None:
        return "empty" if not node.text else "null"
    if isinstance(node.value, str):
        return f'"{_short(node.value)}"' if node.value else "an empty text"
    return _short(node.text)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _resolve(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return dict(base_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
    return schema


def _branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a schema, each resolved."""
    schema = _resolve(schema)
    parts = schema.get("anyOf") or schema.get("oneOf")
    return [found for part in parts for found in _branches(part)] if parts else [schema]


def _walk(loc: tuple[Key, ...]) -> tuple[dict[str, Any], Path]:
    """The schema at a location of pydantic's, and the location without the tags of unions.

    Tags are names of models, which begin with a capital; no key of a scenario does.
    """
    schema: dict[str, Any] = base_schema()
    definitions = schema["$defs"]
    path: list[Key] = []
    for key in loc:
        if isinstance(key, str) and key in definitions and key[:1].isupper():
            schema = definitions[key]
        else:
            path.append(key)
            schema = _child(schema, key)
    return _resolve(schema), tuple(path)


def _keys(schema: dict[str, Any]) -> list[str]:
    return [key for branch in _branches(schema) for key in branch.get("properties", {})]


def _child(schema: dict[str, Any], key: Key) -> dict[str, Any]:
    """The schema of a key or of a list's items; empty for one that is not known."""
    for branch in _branches(schema):
        if isinstance(key, int) and "items" in branch:
            return dict(branch["items"])
        if isinstance(key, str) and key in branch.get("properties", {}):
            return dict(branch["properties"][key])
    return {}


def _words(schema: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for branch in _branches(schema):
        values = [*branch.get("enum", []), *([branch["const"]] if "const" in branch else [])]
        found += [value for value in values if isinstance(value, str)]
    return found


def _wanted(schema: dict[str, Any]) -> str:
    return next((str(b["type"]) for b in _branches(schema) if b.get("type") not in (None, "null")), "")


def allowed(schema: dict[str, Any]) -> str:
    """What a schema allows, in words: ``a number from 0 to 1, or never``."""
    parts = [_allowed(branch) for branch in _branches(schema)]
    return ", or ".join(dict.fromkeys(part for part in parts if part)) or "something else"


def _allowed(branch: dict[str, Any]) -> str:
    if "const" in branch:
        return str(branch["const"])
    if "enum" in branch:
        return ", ".join(map(str, branch["enum"]))
    kind = branch.get("type", "")
    if kind in ("number", "integer"):
        return ("a whole number" if kind == "integer" else "a number") + _range(branch)
    if branch.get("format") == "date":
        return "a date such as 2026-01-31"
    if kind == "array" and "minItems" in branch:
        return f"a list of {branch['minItems']} numbers"
    if kind == "string" and "maxLength" in branch:
        least = f"{branch['minLength']} to" if "minLength" in branch else "at most"
        return f"a text of {least} {branch['maxLength']} characters"
    return _NAMES.get(str(kind), str(kind))


def _range(branch: dict[str, Any]) -> str:
    low, high = branch.get("minimum"), branch.get("maximum")
    over, under = branch.get("exclusiveMinimum"), branch.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {_number(low)} to {_number(high)}"
    parts = []
    if low is not None:
        parts.append("not below " + _number(low) if low else "not negative")
    if over is not None:
        parts.append(f"above {_number(over)}")
    if high is not None:
        parts.append(f"at most {_number(high)}")
    if under is not None:
        parts.append(f"below {_number(under)}")
    return (" " + " and ".join(parts)) if parts else ""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"
