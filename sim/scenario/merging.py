"""Merges descriptions: a variant is laid over its scenario, options over both.

Mappings merge; lists and single values replace. Three further rules make one line enough:

- another generator, file or distribution replaces its whole mapping, as the old arguments do not fit it;
- `reach` and `strangers_per_day` replace each other;
- a graph file replaces `people`.
"""

from dataclasses import dataclass
from typing import Any

from shequn.sim.language import _
from shequn.sim.scenario.errors import scenario_error
from shequn.sim.scenario.nodes import (
    Key,
    Mapping,
    Mark,
    Node,
    Path,
    Scalar,
    Sequence,
    Source,
    from_python,
    plain,
)
from shequn.sim.scenario.reading import parse_value

_CHOOSERS = ("generator", "file", "distribution")


@dataclass(frozen=True)
class Override:
    """One value to set at a dotted key; ``marks`` are the locations of the key's parts."""

    path: Path
    marks: tuple[Mark, ...]
    value: Node


def option_override(name: str, key: str, text: str, argument: str | None = None) -> Override:
    """An override from the command line: ``text`` is YAML.

    Parameters
    ----------
    name : str
        The option, such as ``--set``.
    key : str
        Dotted key, such as ``community.openness``.
    text : str
        The value as typed.
    argument : str, optional
        The whole argument, for messages, when it contains the key too (``key=value``).

    Raises
    ------
    ScenarioError
        The key or the value cannot be read.
    """
    source = Source(name, (argument if argument is not None else text,))
    start = len(argument) - len(text) if argument is not None else 0
    if "\n" in text or "\r" in text:
        raise scenario_error(_("{name} takes one line").format(name=name), Mark(source))
    value, problems = parse_value(" " * start + text, source)
    if problems:
        raise scenario_error(problems[0].message, problems[0].mark, problems[0].hint)
    if value is None:
        raise scenario_error(
            _("no value for {key}").format(key=key),
            Mark(source, 0, max(0, start - 1)),
            _("write null to unset a key"),
        )
    return Override(*_path(key, source, at_start=argument is not None), value)


def assignment_override(argument: str) -> Override:
    """An override from ``--set key=value``."""
    key, sign, text = argument.partition("=")
    if not sign or not key.strip():
        hint = _("for example --set community.openness=0.5")
        raise scenario_error(
            _("{written!r} is not key=value").format(written=argument),
            Mark(Source("--set", (argument,))),
            hint,
        )
    return option_override("--set", key.strip(), text, argument)


def value_override(name: str, key: str, value: Any) -> Override:
    """An override whose value is not YAML: a path, or a value from Python."""
    source = Source(name, (str(value),)) if name.startswith("--") else Source(name)
    path, marks = _path(key, source, at_start=False)
    return Override(path, marks, from_python(value, Mark(source)))


def file_override(key: str, mark: Mark, value: Node) -> Override:
    """An override from a file: its dotted key is at ``mark``.

    Raises
    ------
    ScenarioError
        The key cannot be read.
    """
    return Override(*_path(key, mark.source, at_start=mark.length == len(key), begin=mark), value)


def _path(
    key: str, source: Source, at_start: bool, begin: Mark | None = None
) -> tuple[Path, tuple[Mark, ...]]:
    """The parts of a key and their marks: one for each part if the source has the key verbatim."""
    parts = key.split(".")
    whole = begin if begin is not None else Mark(source)
    marks = []
    column = whole.column
    for part in parts:
        marks.append(Mark(source, whole.line, column, max(1, len(part))) if at_start else whole)
        column += len(part) + 1
    if not all(parts):
        raise scenario_error(
            _("{key!r} is not a dotted key").format(key=key), whole, _("for example community.openness")
        )
    if parts[0] in ("variants", "format"):
        raise scenario_error(_("{parts} cannot be set").format(parts=parts[0]), marks[0])
    return tuple(int(part) if part.isdecimal() else part for part in parts), tuple(marks)


def overlay(base: Mapping, changes: Mapping) -> Mapping:
    """``over`` laid over ``base``."""
    if _chooses_otherwise(base, changes):
        return changes
    merged = base
    for key, value in changes.items.items():
        old = merged.items.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            value = overlay(old, value)
        merged = merged.with_item(key, changes.keys.get(key, value.mark), value)
    return _without_rivals(base, merged, set(changes.items))


def apply_override(root: Mapping, override: Override) -> Mapping:
    """``root`` with an override laid over it.

    Raises
    ------
    ScenarioError
        A part of the key is not a position in a list, or lies inside a single value.
    """
    changed = _with_value(root, override.path, override.marks, override.value)
    if not isinstance(changed, Mapping):
        raise TypeError("an override has at least one key")
    return changed


def _with_value(node: Node | None, path: Path, marks: tuple[Mark, ...], value: Node) -> Node:
    if not path:
        if isinstance(node, Mapping) and isinstance(value, Mapping):
            return overlay(node, value)
        return value
    key, mark = path[0], marks[0]
    if isinstance(node, Sequence):
        return _list_with_value(node, path, marks, value)
    if node is None or (isinstance(node, Scalar) and node.value is None):
        if isinstance(key, int):
            raise scenario_error(
                _("{key} is not a position in this list (it is empty)").format(key=key), mark
            )
        node = Mapping(mark)
    if not isinstance(node, Mapping):
        raise scenario_error(
            _("{key} cannot be set here: {node!r} is a single value").format(key=key, node=plain(node)), mark
        )
    name = str(key)
    child = _with_value(node.items.get(name), path[1:], marks[1:], value)
    changes = Mapping(mark, {name: child}, {name: mark})
    if _chooses_otherwise(node, changes):
        return changes
    return _without_rivals(node, node.with_item(name, mark, child), {name})


def _list_with_value(node: Sequence, path: Path, marks: tuple[Mark, ...], value: Node) -> Sequence:
    key: Key = path[0]
    count = len(node.items)
    if not isinstance(key, int) or key >= count:
        if count:
            text = _("{key} is not a position in this list (allowed: 0 to {last})")
        else:
            text = _("{key} is not a position in this list (it is empty)")
        raise scenario_error(text.format(key=key, last=count - 1), marks[0])
    items = list(node.items)
    items[key] = _with_value(items[key], path[1:], marks[1:], value)
    return Sequence(node.mark, tuple(items))


def _chooses_otherwise(base: Mapping, changes: Mapping) -> bool:
    """Whether ``over`` chooses another generator, file or distribution than ``base``."""
    choices = [key for key in _CHOOSERS if key in changes.items]
    if "arguments" in changes.items and not choices:
        return False
    return any(
        key not in base.items or plain(base.items[key]) != plain(changes.items[key]) for key in choices
    )


def _without_rivals(base: Mapping, merged: Mapping, new_keys: set[str]) -> Mapping:
    """``merged`` without the keys that the new keys replace."""
    for key, rival in (("reach", "strangers_per_day"), ("strangers_per_day", "reach")):
        if key in new_keys and rival not in new_keys and plain(merged.items[key]) is not None:
            merged = merged.without(rival)
    if "graph" in new_keys and "people" not in new_keys:
        graph, old = merged.items["graph"], base.items.get("graph")
        new_file = isinstance(graph, Mapping) and "file" in graph.items
        if new_file and not (isinstance(old, Mapping) and "file" in old.items):
            merged = merged.without("people")
    return merged
