"""Edits of a scenario's text: one value is set, removed or renamed, and every other character stays.

The places of values come from ruamel's nodes. ruamel would also write a text from its nodes, but then comments
below a key move when something is added to it, and spaces that align values are lost.
"""

from typing import Any, NamedTuple

from shequn.sim.language import _
from shequn.sim.scenario.dumping import inline_yaml, text_scalar
from shequn.sim.scenario.errors import ScenarioError
from shequn.sim.scenario.model import Content
from shequn.sim.scenario.nodes import Node, Scalar, Source, plain
from shequn.sim.scenario.reading import parse, parse_value

Path = tuple[str, ...]
_ORDER = [*Content.model_fields, "variants"]  # of the keys at the top level
_STEP = 2  # columns by which a block is indented


class EditError(ValueError):
    """An edit that cannot be made; the message says why."""


class _Pair(NamedTuple):
    """A key and its value in a mapping of ruamel's nodes."""

    key: Any
    value: Any


def typed_value(typed: str, is_text: bool = False) -> str:
    """What somebody typed into a form, as YAML for one line.

    Parameters
    ----------
    typed : str
    is_text : bool
        Whether the value is a text, whatever it looks like.
    """
    if is_text:
        return text_scalar(typed)
    try:
        node, problems = parse_value(typed, Source("", (typed,)))
    except ScenarioError:
        return text_scalar(typed)
    if node is None or problems:
        return text_scalar(typed)
    if isinstance(node, Scalar):
        return text_scalar(node.value) if isinstance(node.value, str) else typed.strip()
    return inline_yaml(plain(node))


def with_value(text: str, path: Path, yaml: str) -> str:
    """The text with the value at a path replaced, or added with the mappings around it.

    Parameters
    ----------
    text : str
    path : tuple of str
        Keys from the top.
    yaml : str
        The value, on one line.

    Raises
    ------
    EditError
        The text cannot be read, or holds no place for the value.
    """
    return _checked(text, _set(text, path, yaml), path, parse_value(yaml, Source("", (yaml,)))[0])


def without_value(text: str, path: Path) -> str:
    """The text without the key at a path.

    Raises
    ------
    EditError
        The text cannot be read, or there is no such key.
    """
    return _checked(text, _removed(text, path), path, None)


def renamed(text: str, path: Path, name: str) -> str:
    """The text with another name for the key at a path.

    Raises
    ------
    EditError
        The text cannot be read, there is no such key, or the name is already used.
    """
    *_above, (holder, pair) = _way(text, path)
    if pair is None:
        raise EditError(_("there is no {key}").format(key=".".join(path)))
    if any(key.value == name for key, _value in holder.value):
        raise EditError(_("{name} exists already").format(name=name))
    return text[: pair.key.start_mark.index] + text_scalar(name) + text[pair.key.end_mark.index :]


def _set(text: str, path: Path, yaml: str) -> str:
    if not text.strip():
        return f"{text_scalar(path[0])}: {_nested(path[1:], yaml)}\n"
    way = _way(text, path)
    depth, (holder, pair) = len(way), way[-1]
    if pair is None:
        return _added(text, holder, path[depth - 1], _nested(path[depth:], yaml), depth == 1)
    rest = path[depth:]
    if not rest:
        return _replaced(text, pair, yaml)
    value = _nested(rest[1:], yaml)
    if depth == 1 and value.startswith("{"):  # the first entry of a map by name
        return _opened(text, pair, f"{text_scalar(rest[0])}: {value}")
    return _replaced(text, pair, _nested(rest, yaml))


def _way(text: str, path: Path) -> list[tuple[Any, _Pair | None]]:
    """The mappings along a path with their pair for the next key, as far as there are any; never empty."""
    node = _compose(text)
    way: list[tuple[Any, _Pair | None]] = []
    for key in path:
        if not _is_mapping(node) or (way and not node.value):
            break
        pair = next((_Pair(*both) for both in node.value if both[0].value == key), None)
        way.append((node, pair))
        if pair is None:
            break
        node = pair.value
    return way


def _compose(text: str) -> Any:
    """ruamel's nodes of a text that can be read as a scenario; they construct nothing."""
    from ruamel.yaml import YAML

    try:
        _mapping, problems = parse(text, "")
    except ScenarioError as error:
        raise EditError(error.problems[0].message) from None
    if problems:
        raise EditError(problems[0].message)
    return YAML(typ="safe", pure=True).compose(text)


def _is_mapping(node: Any) -> bool:
    return type(node).__name__ == "MappingNode"


def _is_block(node: Any) -> bool:
    return not node.flow_style


def _start(text: str, pair: _Pair) -> int:
    """Where a value begins; an empty one begins after the colon of its key."""
    return _end_of_key(text, pair) if _is_empty(pair.value) else int(pair.value.start_mark.index)


def _end(text: str, pair: _Pair) -> int:
    """Where a value ends; ruamel's end of a block lies behind the comments that follow."""
    value = pair.value
    if _is_empty(value):
        return _end_of_key(text, pair)
    if _is_mapping(value) and _is_block(value):
        return _end(text, _Pair(*value.value[-1]))
    start, end = int(value.start_mark.index), int(value.end_mark.index)
    if type(value).__name__ == "SequenceNode" and _is_block(value):
        return _end_of_item(text, value.value[-1])
    return start + len(text[start:end].rstrip()) if getattr(value, "style", None) in ("|", ">") else end


def _end_of_item(text: str, item: Any) -> int:
    """Where the last item of a block list ends."""
    if type(item).__name__ != "ScalarNode" and _is_block(item) and item.value:
        last = item.value[-1]
        return _end(text, _Pair(*last)) if _is_mapping(item) else _end_of_item(text, last)
    start, end = int(item.start_mark.index), int(item.end_mark.index)
    return start + len(text[start:end].rstrip())


def _is_empty(value: Any) -> bool:
    return bool(value.start_mark.index == value.end_mark.index)


def _end_of_key(text: str, pair: _Pair) -> int:
    """After the colon of a key."""
    return text.index(":", pair.key.end_mark.index) + 1


def _nested(keys: Path, yaml: str) -> str:
    """A value within mappings on one line."""
    for key in reversed(keys):
        yaml = f"{{{text_scalar(key)}: {yaml}}}"
    return yaml


def _replaced(text: str, pair: _Pair, yaml: str) -> str:
    start, end = _start(text, pair), _end(text, pair)
    if (
        not _is_empty(pair.value)
        and text[start - 1 : start] == " "
        and "\n" not in text[_end_of_key(text, pair) : start]
    ):
        return text[:start] + yaml + text[end:]
    return f"{text[: _end_of_key(text, pair)]} {yaml}{text[end:]}"


def _opened(text: str, pair: _Pair, line: str) -> str:
    """The text with an empty value (or a word in place of a mapping) replaced by an indented line."""
    start, end = _start(text, pair), _end(text, pair)
    before = text[:start].rstrip(" ")
    text = before + text[end:]
    at = _end_of_line(text, len(before))
    indent = " " * (pair.key.start_mark.column + _STEP)
    return f"{text[:at]}\n{indent}{line}{text[at:]}"


def _added(text: str, holder: Any, key: str, yaml: str, is_top: bool) -> str:
    """The text with one more pair in a mapping, on a line of its own unless the mapping is on one line."""
    pair = f"{text_scalar(key)}: {yaml}"
    if not holder.value:  # {} at the top
        return text[: holder.start_mark.index] + pair + text[holder.end_mark.index :]
    before = _Pair(*holder.value[-1])
    if not _is_block(holder):
        end = _end(text, before)
        return f"{text[:end]}, {pair}{text[end:]}"
    if is_top and key in _ORDER:
        earlier = [_Pair(*both) for both in holder.value if _rank(both[0].value) < _ORDER.index(key)]
        before = earlier[-1] if earlier else before
    column = holder.value[0][0].start_mark.column
    at = _end_of_line(text, _end(text, before))
    if is_top and yaml.startswith("{") and ": {" in yaml:  # an entry of a map by name: on a line of its own
        pair = f"{text_scalar(key)}:\n{' ' * _STEP}{yaml[1:-1]}"
    return f"{text[:at]}\n{' ' * column}{pair}{text[at:] or chr(10)}"


def _rank(key: str) -> int:
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)


def _end_of_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _removed(text: str, path: Path) -> str:
    way = _way(text, path)
    holder, pair = way[-1]
    if len(way) < len(path) or pair is None:
        raise EditError(_("there is no {key}").format(key=".".join(path)))
    start, end = int(pair.key.start_mark.index), _end(text, pair)
    if len(holder.value) == 1 and len(way) > 1:
        above = way[-2][1]
        assert above is not None
        return _replaced(text, above, "{}")
    if _is_block(holder):
        line = text.rfind("\n", 0, start) + 1
        return text[:line] + text[_end_of_line(text, end) + 1 :]
    keys = [key.value for key, _value in holder.value]
    position = keys.index(path[-1])
    if position == 0:
        following = len(keys) > 1 and holder.value[1][0].start_mark.index
        return text[:start] + text[following or end :]
    comma = text.index(",", _end(text, _Pair(*holder.value[position - 1])))
    gap = text[comma + 1 : start]
    return text[:comma] + (gap if "#" in gap or "\n" in gap else "") + text[end:]


def _checked(before: str, after: str, path: Path, value: Node | None) -> str:
    """The text after an edit, if nothing but the value at its path has changed."""
    values = _values(after)
    if values is None or values != _changed(_values(before) or {}, path, value):
        raise EditError(_("{key} can be changed in the text only").format(key=".".join(path)))
    return after


def _values(text: str) -> dict[str, Any] | None:
    """What a text says; None if it cannot be read."""
    if not text.strip():
        return {}
    try:
        root, problems = parse(text, "")
    except ScenarioError:
        return None
    return None if problems else plain(root)


def _changed(values: dict[str, Any], path: Path, value: Node | None) -> dict[str, Any]:
    """A copy of nested dicts with the value at a path set, or taken away if it is None."""
    key, rest = path[0], path[1:]
    copy = dict(values)
    if rest:
        inner = copy.get(key)
        copy[key] = _changed(inner if isinstance(inner, dict) else {}, rest, value)
    elif value is None:
        copy.pop(key, None)
    else:
        copy[key] = plain(value)
    return copy
