"""Merges descriptions: a variant is laid over its scenario, options over both.

Mappings merge; lists and single values replace. Further rules make one line enough:

- another generator, file or distribution replaces its whole mapping, as the old arguments do not fit it, and so does
  another kind of gate or operation under the same name;
- amounts of units (`pay`, `takes`, `gives` of an offer, `purse`) replace those before;
- null takes away the gate or operation of that name, and `gates: null` all of them; the same goes for the groups of
  the population;
- `reach` and `strangers_per_day` replace each other, and so do `day`, `date`, `every` and `if` of an operation;
- a graph file replaces `people`.
"""

from dataclasses import dataclass, replace
from typing import Any, cast

from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.scenario.errors import ScenarioError, scenario_error
from shequn.sim.scenario.named import GROUPS, MAPS, Entry, entry_at, lists_as_maps
from shequn.sim.scenario.nodes import (
    Key,
    Mapping,
    Mark,
    Node,
    Path,
    Sequence,
    Source,
    from_python,
    is_null,
    is_written_null,
    plain,
)
from shequn.sim.scenario.reading import parse_value
from shequn.sim.scenario.ready_made import with_groups

_CHOOSERS = ("generator", "file", "distribution")
#: Amounts of units, by the keys around the name: five points take the place of one yuan.
_AMOUNTS = {
    ("staff", "purse"), ("earn", "pay"), ("offers", "takes"), ("offers", "gives"), ("operations", "pay"),
}  # fmt: skip
#: Keys that replace each other: each with those that go with it.
_RIVALS: tuple[dict[str, tuple[str, ...]], ...] = (
    {"reach": (), "strangers_per_day": ()},
    {"day": (), "date": (), "every": ("first", "until"), "if": ()},
)


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
    return tuple(int(part) if _is_position(part) else part for part in parts), tuple(marks)


def _is_position(part: str) -> bool:
    return part.isdecimal() and str(int(part)) == part


def overlay(base: Mapping, changes: Mapping, at: Path = ()) -> Mapping:
    """``changes`` laid over ``base``, the mapping at path ``at`` of a scenario."""
    if changes.replaces or (at[:1] + at[2:]) in _AMOUNTS or _chooses_otherwise(base, changes, at):
        return changes
    merged = base
    for key, value in changes.items.items():
        if is_written_null(value) and _can_be_taken_away(merged, key, at):
            merged = merged.without(key)
            continue
        old = merged.items.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            value = overlay(old, value, (*at, key))
        merged = merged.with_item(key, changes.keys.get(key, value.mark), value)
    return _without_rivals(base, merged, set(changes.items), at)


def _can_be_taken_away(mapping: Mapping, key: str, at: Path) -> bool:
    """Whether null under this key takes something away; a name that is not there is left for the check to report."""
    is_map = (not at and key in MAPS) or (*at, key) == GROUPS
    return is_map or (entry_at(at) is not None and key in mapping.items)


def apply_override(root: Mapping, override: Override) -> Mapping:
    """``root`` with an override laid over it.

    Raises
    ------
    ScenarioError
        A part of the key is not a position in a list or a name in a map, or lies inside a single value.
    """
    value, problems = lists_as_maps(override.value, override.path)
    if problems:
        raise ScenarioError(problems)
    changed = _with_value(root, replace(override, value=with_groups(value, override.path)))
    return cast(Mapping, changed)


def _with_value(node: Node | None, change: Override, at: Path = ()) -> Node:
    """The value at path ``at`` with a change below it."""
    path, marks, value = change.path, change.marks, change.value
    if not path:
        if isinstance(node, Mapping) and isinstance(value, Mapping):
            return overlay(node, value, at)
        return value
    key, mark = path[0], marks[0]
    below = Override(path[1:], marks[1:], value)
    if isinstance(node, Sequence):
        return _list_with_value(node, key, mark, below, at)
    if node is None or is_null(node):
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
    if (entry := entry_at(at)) is not None:
        name = _name_in_map(node, key, below, entry, mark)
    child = _with_value(node.items.get(name), below, (*at, name))
    if is_written_null(child) and _can_be_taken_away(node, name, at):
        return node.without(name)
    changes = Mapping(mark, {name: child}, {name: mark})
    if _chooses_otherwise(node, changes, at):
        return changes
    return _without_rivals(node, node.with_item(name, mark, child), {name}, at)


def _name_in_map(node: Mapping, key: Key, below: Override, entry: Entry, mark: Mark) -> str:
    """The name that a part of a key means in a map by name: a name, or a position in its order.

    Raises
    ------
    ScenarioError
        There is nothing of that name to change or take away.
    """
    names = list(node.items)
    if str(key) in names:
        return str(key)
    if isinstance(key, int):
        return names[_checked_position(key, len(names), mark)]
    if below.path or is_null(below.value):
        text = _("there is no {entry} named {name}{near}")
        near = did_you_mean(key, names)
        raise scenario_error(text.format(entry=_(entry.word), name=key, near=near), mark)
    return key


def _list_with_value(node: Sequence, key: Key, mark: Mark, below: Override, at: Path) -> Sequence:
    position = _checked_position(key, len(node.items), mark)
    items = list(node.items)
    items[position] = _with_value(items[position], below, (*at, position))
    return Sequence(node.mark, tuple(items))


def _checked_position(key: Key, count: int, mark: Mark) -> int:
    if isinstance(key, int) and key < count:
        return key
    if count:
        text = _("{key} is not a position in this list (allowed: 0 to {last})")
    else:
        text = _("{key} is not a position in this list (it is empty)")
    raise scenario_error(text.format(key=key, last=count - 1), mark)


def _chooses_otherwise(base: Mapping, changes: Mapping, at: Path) -> bool:
    """Whether ``changes`` choose another generator, file or distribution, or another kind of what has a name."""
    if entry_at(at) is not None:
        return False
    entry = entry_at(at[:-1])
    choices = [key for key in (_CHOOSERS if entry is None else (entry.chooser,)) if key in changes.items]
    if "arguments" in changes.items and not choices:
        return False
    return any(
        key not in base.items or plain(base.items[key]) != plain(changes.items[key]) for key in choices
    )


def _without_rivals(base: Mapping, merged: Mapping, new_keys: set[str], at: Path) -> Mapping:
    """``merged`` without the keys that the new keys replace."""
    if entry_at(at) is not None:
        return merged
    for rivals in _RIVALS:
        if any(key in new_keys and not is_null(merged.items[key]) for key in rivals):
            for rival, companions in rivals.items():
                if rival not in new_keys:
                    merged = merged.without(rival, *(key for key in companions if key not in new_keys))
    if "graph" in new_keys and "people" not in new_keys:
        graph, old = merged.items["graph"], base.items.get("graph")
        new_file = isinstance(graph, Mapping) and "file" in graph.items
        if new_file and not (isinstance(old, Mapping) and "file" in old.items):
            merged = merged.without("people")
    return merged
