"""What a scenario text says, with the place of every value: before it is checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Key = str | int
Path = tuple[Key, ...]


@dataclass(frozen=True)
class Source:
    """Where text came from: a file, an option or a call from Python.

    ``name`` is what messages call it; ``is_file`` tells files from options.
    """

    name: str
    lines: tuple[str, ...] = ()
    is_file: bool = False


@dataclass(frozen=True)
class Mark:
    """A place in a source: line and column from 0, and how many characters are meant."""

    source: Source
    line: int = 0
    column: int = 0
    length: int = 1


@dataclass(frozen=True)
class Scalar:
    """A single value: text, number, true/false or null; ``text`` is how it was written."""

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
    """Keys and values; ``keys`` holds the places of the keys."""

    mark: Mark
    items: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)

    def with_item(self, key: str, mark: Mark, value: "Node") -> "Mapping":
        """The same with one key set."""
        return Mapping(self.mark, {**self.items, key: value}, {**self.keys, key: mark})

    def without(self, *keys: str) -> "Mapping":
        """The same without some keys."""
        return Mapping(self.mark, {k: v for k, v in self.items.items() if k not in keys}, self.keys)


Node = Scalar | Sequence | Mapping


def plain(node: Node) -> Any:
    """The values alone, as dict, list and scalars."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items.items()}
    if isinstance(node, Sequence):
        return [plain(value) for value in node.items]
    return node.value


def from_python(value: Any, mark: Mark) -> Node:
    """Nodes for values given in Python; all of them at one place.

    Tuples become lists; numpy's scalars plain numbers; a date its ISO text; an object that
    is none of these stays a scalar, which the checks then refuse.
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
    """The nodes along a path, as far as they exist."""
    node = root
    for key in path:
        child = _child(node, key)
        if child is None:
            return
        node = child
        yield key, node


def place(root: Node, path: Path) -> Mark:
    """The place of the value at a path, or of the innermost mapping around it that exists."""
    mark = root.mark
    holder: Node = root
    for key, node in descend(root, path):
        if isinstance(node, Scalar) or not isinstance(holder, Mapping):
            mark = node.mark
        else:  # of a mapping or list the key is shown: it says more than its first line
            mark = holder.keys.get(str(key), node.mark)
        holder = node
    return mark
