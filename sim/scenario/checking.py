"""Checks a scenario's nodes against the model: every problem, where it is, and what is allowed there."""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from shequn.sim import hints
from shequn.sim.language import _
from shequn.sim.scenario.allowed import Allowed
from shequn.sim.scenario.contradictions import contradictions
from shequn.sim.scenario.errors import Problem
from shequn.sim.scenario.model import Content, base_schema, scenario_model
from shequn.sim.scenario.named import Entry, entry_at
from shequn.sim.scenario.nodes import (
    Mapping,
    Mark,
    Node,
    Path,
    Scalar,
    Sequence,
    descend,
    is_null,
    is_written_null,
    location,
    plain,
)

#: The key that distinguishes the kinds of a distribution, and its allowed words.
_DISTRIBUTIONS = ("distribution", ("beta", "uniform"))


def check(root: Mapping) -> tuple[Content | None, list[Problem]]:
    """The content of a scenario without variants, or everything that is wrong with it."""
    content, wrong_values = validate(root)
    if content is None:
        return None, wrong_values
    conflicts = [Problem(message, location(root, path)) for path, message in contradictions(content)]
    return (None, conflicts) if conflicts else (content, [])


def validate(root: Mapping) -> tuple[Content | None, list[Problem]]:
    """The content, or what is wrong with single values; contradictions between values are not checked."""
    try:
        return scenario_model().model_validate(plain(root)), []
    except ValidationError as error:
        return None, problems(error, root, base_schema())


def problems(error: ValidationError, root: Mapping, schema: dict[str, Any]) -> list[Problem]:
    """pydantic's errors about the nodes under ``root``, in our own words.

    Parameters
    ----------
    error : ValidationError
        Raised by a model whose JSON Schema is ``schema``.
    root : Mapping
        What was validated.
    schema : dict
        From ``model_json_schema(by_alias=True)``.
    """
    allowed = Allowed.whole(schema)
    return [_problem(error_detail, root, allowed) for error_detail in error.errors(include_url=False)]


def _problem(error_detail: Any, root: Mapping, whole: Allowed) -> Problem:
    """pydantic's error about one value, in our own words."""
    loc = tuple(error_detail["loc"])
    kind = error_detail["type"]
    if kind == "extra_forbidden":  # the last key comes from the file, even if it looks like a tag
        allowed, parent_path = whole.at(loc[:-1])
        parent = [root, *(node for _, node in descend(root, parent_path))][-1]
        return _unknown_key((*parent_path, loc[-1]), parent, allowed.keys)
    allowed, path = whole.at(loc)
    name = ".".join(map(str, path))
    if kind == "missing":
        return Problem(
            _("{key} is missing{inside} ({allowed})").format(
                key=path[-1], inside=_inside(path), allowed=allowed
            ),
            location(root, path[:-1]),
        )
    *_holders, parent, node = [root, root, *(node for _, node in descend(root, path))]
    if kind == "union_tag_invalid":
        entry = entry_at(path[:-1])
        if entry is None or not isinstance(parent, Mapping):
            return _unknown_kind(name, node, *_DISTRIBUTIONS)
        return _unknown_entry(str(path[-1]), name, node, parent, entry)
    return _wrong_value(path, node, allowed, location(root, path))


def _unknown_entry(key: str, name: str, node: Node, parent: Mapping, entry: Entry) -> Problem:
    """A gate or operation of no kind: nothing to take away or to change, or a kind that does not exist."""
    names = [other for other, value in parent.items.items() if other != key and not is_null(value)]
    if is_written_null(node):
        text = _("there is no {entry} named {name} to take away{near}").format(
            entry=_(entry.word), name=_short(key), near=hints.did_you_mean(key, names)
        )
        return Problem(text, parent.keys.get(key, node.mark))
    problem = _unknown_kind(name, node, entry.chooser, entry.kinds)
    if is_null(node):
        return replace(problem, mark=parent.keys.get(key, node.mark), hint=_("write null to take it away"))
    near = hints.nearest(key, names)
    if isinstance(node, Mapping) and entry.chooser not in node.items and near is not None:
        return replace(problem, message=problem.message + _("; did you mean {near}?").format(near=near))
    return problem


def _inside(path: Path) -> str:
    return _(" in {place}").format(place=".".join(map(str, path[:-1]))) if path[:-1] else ""


def _unknown_key(path: Path, parent: Node, known: list[str]) -> Problem:
    key = str(path[-1])
    mark = parent.keys.get(key, parent.mark) if isinstance(parent, Mapping) else parent.mark
    hint = hints.full_width_hint(key)
    suggestion = "" if hint else hints.did_you_mean(key, known)
    return Problem(
        _("unknown key {key}{path}{near}").format(key=_short(key), path=_inside(path), near=suggestion),
        mark,
        hint,
    )


def _unknown_kind(name: str, node: Node, key: str, words: tuple[str, ...]) -> Problem:
    if not isinstance(node, Mapping):
        hint = (
            _("write {{{key}: {node}, …}}").format(key=key, node=plain(node)) if plain(node) in words else ""
        )
        return Problem(
            _("{name} is {node}; expected a mapping with {key}").format(
                name=name, node=describe_node(node), key=key
            ),
            node.mark,
            hint,
        )
    if key not in node.items:
        return Problem(
            _("{key} is missing in {name} (one of {words})").format(
                key=key, name=name, words=", ".join(words)
            ),
            node.mark,
        )
    value = node.items[key]
    suggestion = hints.nearest(str(plain(value)), words)
    suggestion = _("; did you mean {near}?").format(near=suggestion) if suggestion else ""
    text = _("{name}.{key} is {value}; allowed: {words}{tail}").format(
        name=name, key=key, value=describe_node(value), words=", ".join(words), tail=suggestion
    )
    return Problem(text, value.mark, hints.value_hint(_text(value), "string"))


def _wrong_value(path: Path, node: Node, allowed: Allowed, mark: Mark) -> Problem:
    name = ".".join(map(str, path))
    text = _("{name} is {node}; allowed: {allowed}").format(
        name=name, node=describe_node(node), allowed=allowed
    )
    if isinstance(node, Scalar) and isinstance(node.value, str) and allowed.words:
        suggestion = hints.nearest(node.value, allowed.words)
        text += _("; did you mean {near}?").format(near=suggestion) if suggestion else ""
    hint = ""
    if isinstance(node, Scalar):
        hint = hints.value_hint(node.value, allowed.kind) if isinstance(node.value, str) else ""
    elif isinstance(node, Sequence) and allowed.kind == "object":
        hint = _("this is not a list: remove the dash or the brackets")
        if entry_at(path) is not None:
            hint = _("lists belong to format 1; now each has a name, such as fee: {kind: fee, amount: 9}")
    return Problem(text, mark, hint)


def describe_node(node: Node) -> str:
    """A value in the form used in messages."""
    if isinstance(node, Mapping):
        return _("a mapping")
    if isinstance(node, Sequence) and 0 < len(node.items) <= 3 and all(map(_is_short, node.items)):
        return f"[{', '.join(item.text for item in node.items if isinstance(item, Scalar))}]"
    if isinstance(node, Sequence):
        return _("a list of {n}").format(n=len(node.items)) if node.items else _("an empty list")
    if node.value is None:
        return _("empty") if not node.text else "null"
    if isinstance(node.value, str):
        return f'"{_short(node.value)}"' if node.value else _("an empty text")
    return _short(node.text)


def _is_short(node: Node) -> bool:
    return isinstance(node, Scalar) and 0 < len(node.text) <= 12 and "\n" not in node.text


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
