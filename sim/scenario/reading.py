"""Reads a scenario: bytes to text, and YAML text to nodes with their locations.

Nodes are made from ruamel's events, without its constructors, so that a file cannot run code. Tags,
aliases and multiple documents are rejected.
"""

import math
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from shequn.sim import hints
from shequn.sim.language import N_, _, current_language
from shequn.sim.scenario.errors import Problem, ScenarioError, scenario_error
from shequn.sim.scenario.nodes import Mapping, Mark, Node, Scalar, Sequence, Source

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
MAX_NODES = 50_000
_SHORT = 20_000  # characters; a text of more is read again each time it is needed

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
#: Control characters except tab and line breaks, and those that turn the direction of text around.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_BREAK = re.compile(r"\r\n|\r|\n|\x85|\u2028|\u2029")


def read_text(path: Path, what: str = N_("a scenario")) -> tuple[str, list[str]]:
    """The text of a file, and notes about its encoding; ``what`` is its name in messages.

    Raises
    ------
    ScenarioError
        The file is missing, a folder, unreadable, too large or not text.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise scenario_error(
                _("{name} is a folder; {what} is a YAML file").format(name=name, what=_(what))
            )
        if not path.exists():
            raise scenario_error(
                _("there is no file {name}{path}").format(name=name, path=_similar_file(path))
            )
        if not path.is_file():
            raise scenario_error(_("{name} is not a regular file").format(name=name))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        if isinstance(error, ScenarioError):
            raise
        raise scenario_error(
            _("{name} cannot be read: {error}").format(
                name=name, error=getattr(error, "strerror", None) or error
            )
        ) from None
    if len(data) > MAX_BYTES:
        raise scenario_error(
            _("{name} is larger than {max_bytes} MB; {what} has a few kB").format(
                name=name, max_bytes=MAX_BYTES // 1_000_000, what=_(what)
            )
        )
    return _decode(data, name)


def _similar_file(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return _(" (nor a folder {folder})").format(folder=folder)
    near = hints.nearest(path.name, [other.name for other in folder.glob("*.y*ml")])
    return _("; did you mean {near}?").format(near=folder / near) if near else ""


def _decode(data: bytes, name: str) -> tuple[str, list[str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), [
                _("{name} was read as UTF-16; the usual encoding is UTF-8").format(name=name)
            ]
        except UnicodeDecodeError:
            raise scenario_error(_("{name} is not a text file").format(name=name)) from None
    if b"\0" in data:
        raise scenario_error(_("{name} is not a text file").format(name=name))
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            line = data[: error.start].count(b"\n") + 1
            raise scenario_error(
                _("{name}:{line}: byte {data:#04x} is neither UTF-8 nor GB18030").format(
                    name=name, line=line, data=data[error.start]
                ),
                hint=_("save the file as UTF-8"),
            ) from None
        return text, [
            _("{name} is not UTF-8: it was read as GB18030 (GBK); save it as UTF-8 to be sure").format(
                name=name
            )
        ]


def parse(
    text: str,
    source_name: str,
    is_file: bool = True,
    what: str = N_("a scenario"),
    least: str = N_("format and title"),
) -> tuple[Mapping, list[Problem]]:
    """The nodes of a YAML text whose top level is a mapping, and the problems that were not fatal.

    ``what`` is its name in messages, and ``least`` what it must hold.

    Raises
    ------
    ScenarioError
        The text is not YAML, empty, or not a mapping.
    """
    source = Source(source_name, tuple(_BREAK.split(text)), is_file)
    if len(text) > _SHORT:
        node, problems = parse_value(text, source)
    else:
        node, problems = _parse_once(text, source, current_language())
    if node is None:
        raise scenario_error(
            _("{source_name} is empty; {what} needs at least {least}").format(
                source_name=source_name, what=_(what), least=_(least)
            )
        )
    if not isinstance(node, Mapping):
        line = hints.line_with_full_width_colon(source.lines)
        mark = node.mark if line is None else Mark(source, line, source.lines[line].index("："))
        given = _("a list") if isinstance(node, Sequence) else _("a single text")
        raise scenario_error(
            _("{what} is a mapping (key: value); this is {found}").format(what=_(what), found=given),
            mark,
            "" if line is None else hints.full_width_hint("："),
        )
    return node, list(problems)


@lru_cache(maxsize=32)
def _parse_once(text: str, source: Source, language: str) -> tuple[Node | None, list[Problem]]:
    """As `parse_value`; the same text, as for each variant of a scenario, is read once in a language."""
    return parse_value(text, source)


def parse_value(text: str, source: Source) -> tuple[Node | None, list[Problem]]:
    """The node of a YAML text (None if it is empty), and the problems that were not fatal."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        composer = _Composer(source, YAML(typ="safe", pure=True).parse(text))
        return composer.document(), composer.problems
    except ReaderError as error:
        before = _BREAK.split(text[: error.position])
        mark = Mark(source, len(before) - 1, len(before[-1]))
        raise scenario_error(
            _("character U+{character:04X} is not allowed in a text file").format(
                character=_code(error.character)
            ),
            mark,
        ) from None
    except MarkedYAMLError as error:
        raise ScenarioError([_syntax_problem(error, source)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise scenario_error(_("not YAML: {error}").format(error=error), Mark(source)) from None


def _code(character: Any) -> int:
    return character if isinstance(character, int) else ord(character)


def _syntax_problem(error: Any, source: Source) -> Problem:
    """ruamel's error in our own words, with a hint for the usual causes."""
    position = error.problem_mark or error.context_mark
    line = min(position.line, len(source.lines) - 1) if position else 0
    mark = Mark(source, line, position.column if position else 0)
    problem = str(error.problem or error.context or _("cannot be read"))
    first = error.context_mark.line if error.context_mark else line
    colon = hints.line_with_full_width_colon(source.lines[: line + 1][-3:])
    if colon is not None:
        at = max(0, line - 2) + colon
        colon_mark = Mark(source, at, source.lines[at].index("："))
        return Problem(_("not YAML: no colon after the key"), colon_mark, hints.full_width_hint("："))
    text = source.lines[line] if line < len(source.lines) else ""
    indent = re.match(r"\s*", text)
    if "\\t" in problem or "\t" in problem or (indent and "\t" in indent[0]):
        column = text.find("\t")
        return Problem(
            _("not YAML: a tab"),
            Mark(source, line, max(column, 0)),
            _("indent with spaces; YAML does not allow tabs"),
        )
    hint = hints.full_width_hint(text)
    if "mapping values are not allowed" in problem:
        problem = _("a key is not allowed here")
        hint = hint or _("check the indentation; put quotes around a text that contains “: ”")
    elif "expected <block end>" in problem:
        problem = _("the indentation does not fit the lines above")
    elif "unexpected end of stream" in problem and error.context and "quoted" in error.context:
        return Problem(
            _("not YAML: a quotation mark is not closed"), Mark(source, first, error.context_mark.column)
        )
    elif "stream end" in problem or "expected ',' or" in problem:
        problem = _("a bracket is not closed (or a comma is missing)")
        mark = Mark(source, first, error.context_mark.column) if error.context_mark else mark
    elif "cannot start any token" in problem:
        problem = _("a value cannot begin with {text}").format(text=text[mark.column : mark.column + 1])
        hint = hint or _("put it in quotes")
    elif "could not find expected ':'" in problem:
        problem = _("a key without a colon")
        mark = Mark(source, first, error.context_mark.column) if error.context_mark else mark
    return Problem(_("not YAML: {error}").format(error=problem), mark, hint)


class _Composer:
    """Makes nodes from YAML events, and collects the problems that are not fatal."""

    def __init__(self, source: Source, events: Any) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._events = events
        self._count = 0

    def document(self) -> Node | None:
        """The node of the only document; None if it is empty."""
        node: Node | None = None
        documents = 0
        for event in self._events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    mark = self._mark(event)
                    raise ScenarioError([*self.problems, Problem(_("a second document begins here"), mark)])
            elif name not in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                node = self._node(event, 0)
        if isinstance(node, Scalar) and node.value is None and not node.text:
            return None
        return node

    def _mark(self, event: Any, length: int = 1) -> Mark:
        return Mark(self.source, event.start_mark.line, event.start_mark.column, length)

    def _node(self, event: Any, depth: int) -> Node:
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            what = (
                _("nested deeper than {max_depth} levels").format(max_depth=MAX_DEPTH)
                if depth > MAX_DEPTH
                else _("too many values")
            )
            raise ScenarioError([*self.problems, Problem(what, self._mark(event))])
        kind = type(event).__name__
        if kind == "AliasEvent":
            text = _("aliases (*{anchor}) are not allowed; write the value out").format(anchor=event.anchor)
            raise ScenarioError([*self.problems, Problem(text, self._mark(event))])
        if getattr(event, "ctag", None) is not None:
            self._problem(
                _("tags ({ctag}) are not allowed; write the plain value").format(ctag=event.ctag), event
            )
        if kind == "MappingStartEvent":
            return self._mapping(event, depth)
        if kind == "SequenceStartEvent":
            return self._sequence(event, depth)
        return self._scalar(event)

    def _problem(self, message: str, event: Any) -> None:
        self.problems.append(Problem(message, self._mark(event)))

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Node] = []
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            items.append(self._node(event, depth + 1))
        return Sequence(self._mark(start), tuple(items))

    def _mapping(self, start: Any, depth: int) -> Mapping:
        items: dict[str, Node] = {}
        keys: dict[str, Mark] = {}
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self.problems.append(Problem(_("a key is a single word, not a list or mapping"), key.mark))
                continue
            if key.text in items:
                first = keys[key.text].line + 1
                self.problems.append(
                    Problem(
                        _("duplicate key {text}: it is already in line {first}").format(
                            text=key.text, first=first
                        ),
                        key.mark,
                    )
                )
                continue
            if isinstance(value, Scalar) and not value.text and value.value is None:
                value = Scalar(key.mark, None, "")  # point at the key of an empty value
            items[key.text] = value
            keys[key.text] = key.mark
        return Mapping(self._mark(start), items, keys)

    def _scalar(self, event: Any) -> Scalar:
        text = event.value
        if hidden := HIDDEN.search(text):
            words = _("the invisible character U+{code:04X} is not allowed: it changes how the text is shown")
            self._problem(words.format(code=ord(hidden[0])), event)
        same_line = event.end_mark.line == event.start_mark.line
        length = event.end_mark.column - event.start_mark.column if same_line else 1
        mark = self._mark(event, max(1, length))
        if event.style is not None:
            return Scalar(mark, text, text)
        if _INT.fullmatch(text) and len(text) > 400:
            self._problem(_("a number of more than 400 digits"), event)
            return Scalar(mark, 0, text)
        return Scalar(mark, scalar_value(text), text)


def scalar_value(text: str) -> Any:
    """The value of a plain (unquoted) scalar in YAML 1.2's core schema."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if match := _INFINITE.fullmatch(text):
        return -math.inf if match[1] == "-" else math.inf
    if text in (".nan", ".NaN", ".NAN"):
        return math.nan
    return text
