"""A scenario's text as nodes, before checking: every value with its location."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

Key = str | int
Path = tuple[Key, ...]


@dataclass(frozen=True)
class Source:
    """Where text came from: a file, an option or a call from Python.

    ``name`` is its name in messages; ``is_file`` distinguishes files from options.
    """

    name: str
    lines: tuple[str, ...] = ()
    is_file: bool = False


@dataclass(frozen=True)
class Mark:
    """A location in a source: line and column from 0, and the number of characters."""

    source: Source
    line: int = 0
    column: int = 0
    length: int = 1


@dataclass(frozen=True)
class Scalar:
    """A single value (text, number, true/false or null); ``text`` is the value as written."""

    mark: Mark
    value: Any
    text: str


@dataclass(frozen=True)
class Sequence:
    """A list."""

    mark: Mark
    items: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Mapping:
    """Keys and values; ``keys`` has the locations of the keys.

    One that ``replaces`` is not merged with the mapping that it is laid over: it was written as a list.
    """

    mark: Mark
    items: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)
    replaces: bool = False

    def with_item(self, key: str, mark: Mark, value: "Node") -> "Mapping":
        """A copy with one key set."""
        return replace(self, items={**self.items, key: value}, keys={**self.keys, key: mark})

    def without(self, *keys: str) -> "Mapping":
        """A copy without these keys."""
        return replace(self, items={k: v for k, v in self.items.items() if k not in keys})


Node = Scalar | Sequence | Mapping


def plain(node: Node) -> Any:
    """The values without locations, as dicts, lists and scalars."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items.items()}
    if isinstance(node, Sequence):
        return [plain(value) for value in node.items]
    return node.value


def is_null(node: Node | None) -> bool:
    """Whether a value is written as null, or left empty."""
    return isinstance(node, Scalar) and node.value is None


def is_written_null(node: Node | None) -> bool:
    """Whether a value is written as null; an empty one may have been forgotten."""
    return isinstance(node, Scalar) and node.value is None and node.text != ""


def from_python(value: Any, mark: Mark) -> Node:
    """Nodes for values from Python, all with the same location.

    Tuples become lists, numpy's scalars plain numbers, and dates their ISO text. Any other object becomes a
    scalar, which the checks then reject.
    """
    if isinstance(value, dict):
        items = {str(key): from_python(part, mark) for key, part in value.items()}
        return Mapping(mark, items, dict.fromkeys(items, mark))
    if isinstance(value, list | tuple):
        return Sequence(mark, tuple(from_python(part, mark) for part in value))
    if isinstance(value, date):
        value = value.isoformat()
    elif not isinstance(value, str | bool | int | float | None) and hasattr(value, "item"):
        value = value.item()
    return Scalar(mark, value, str(value))


def _child(node: Node, key: Key) -> Node | None:
    if isinstance(node, Mapping):
        return node.items.get(str(key))
    if isinstance(node, Sequence) and isinstance(key, int) and key < len(node.items):
        return node.items[key]
    return None


def descend(root: Node, path: Path) -> Iterator[tuple[Key, Node]]:
    """The keys and nodes along a path, as far as they exist."""
    node = root
    for key in path:
        child = _child(node, key)
        if child is None:
            return
        node = child
        yield key, node


def location(root: Node, path: Path) -> Mark:
    """The location of the value at a path, or of the innermost existing mapping around it."""
    mark = root.mark
    holder: Node = root
    for key, node in descend(root, path):
        if isinstance(node, Scalar) or not isinstance(holder, Mapping):
            mark = node.mark
        else:  # point at the key of a mapping or list, which is clearer than its first line
            mark = holder.keys.get(str(key), node.mark)
        holder = node
    return mark
