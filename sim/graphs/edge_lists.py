"""Edge lists as they occur in practice: a pair of names on each line."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from shequn.sim.graphs import files as graph_files
from shequn.sim.graphs.graph import Graph, GraphError, from_pairs
from shequn.sim.language import _, plural

_SAMPLE = 200  # lines examined to find the delimiter, a header and the weights
_SPACES = " "  # the delimiter that stands for any run of spaces and tabs
_CANDIDATES = ("\t", ",", ";", "|", "，", _SPACES)
_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": _SPACES,
          "spaces": _SPACES, "whitespace": _SPACES}  # fmt: skip
_ENDS = (("source", "target"), ("from", "to"), ("src", "dst"), ("src", "dest"), ("node1", "node2"),
         ("node_1", "node_2"), ("id1", "id2"), ("id_1", "id_2"), ("user1", "user2"), ("person1", "person2"),
         ("follower", "followee"), ("follower", "followed"),
         ("fromnodeid", "tonodeid"), ("来源", "目标"), ("起点", "终点"))  # fmt: skip
_WEIGHTS = ("strength", "weight", "weights", "w", "强度", "权重")
_WHOLE = re.compile(r"-?[0-9]+")


class _Layout(NamedTuple):
    """The format of the lines of an edge list."""

    delimiter: str
    columns: int
    ends: tuple[int, int]  # columns of the two names
    weight: int | None  # column of the weight
    header: int | None  # number of the header's line, from 1


def read_edge_list(
    path: Path | str,
    mutual: bool = False,
    header: Literal["auto"] | bool = "auto",
    delimiter: str = "auto",
) -> Graph:
    """The graph of an edge list: txt, csv or tsv, gzipped or not.

    Lines that start with # or % are comments. The first two columns, or those that a header calls
    source and target, are the names of the ends; a name is any text. Weights are in the column that a
    header calls weight or strength or, without a header, in a third column of numbers. People are in the
    order of their numbers if all names are whole numbers, else in order of first appearance.

    Parameters
    ----------
    path : Path or str
    mutual : bool
        Whether a pair must be listed in both directions to be a tie; else one direction is enough.
    header : "auto", True or False
        Whether the first line is a header.
    delimiter : str
        One character, ``tab``, ``comma``, ``semicolon``, ``space`` (any run of spaces and
        tabs), or ``auto``.

    Raises
    ------
    GraphError
        The file cannot be read, or a line differs from the others; the message quotes the line.
    """
    path = Path(path)
    data, notes = graph_files.text(path)
    _refuse_other_text(path, data)
    data = _without_comments(data, notes)
    sample = _sample(data)
    if not sample:
        raise GraphError(_("{path}: no pairs in the file, only comments").format(path=path))
    data, sample = _without_braces(data, sample, notes)
    layout = _layout(path, sample, header, delimiter, notes)
    if layout.delimiter == _SPACES:
        data = _single_spaces(data)
    elif layout.delimiter == "，":
        data, layout = data.replace("，".encode(), b","), layout._replace(delimiter=",")
    if layout.header is not None:
        data = re.sub(rb"(?<=\n)[^\n]+|^[^\n]+", b"", data, count=1)
    first, second, names, weight = _parsed(path, data, layout)
    people, first, second, keys = _ordered(names, first, second)
    try:
        return from_pairs(people, first, second, weight, notes, mutual, keys)
    except GraphError as error:
        raise GraphError(f"{path}: {error}") from None


def _refuse_other_text(path: Path, data: bytes) -> None:
    start = data[:200].lstrip().lower()
    if start.startswith((b"<?xml", b"<graphml", b"<!doctype", b"<html")):
        raise GraphError(
            _("{path}: found XML, not an edge list (call a GraphML file .graphml)").format(path=path)
        )
    if start.startswith((b"%%matrixmarket", b"*vertices", b"graph [")) or start[:1] in b"[{":
        raise GraphError(
            _("{path}: found another format, not an edge list of one pair per line").format(path=path)
        )


def _without_comments(data: bytes, notes: list[str]) -> bytes:
    """The data with empty lines for comments, so that line numbers stay the same."""
    if b"#" not in data and b"%" not in data:
        return data
    data, n = re.subn(rb"^[ \t]*[#%][^\n]*", b"", data, flags=re.MULTILINE)
    if n:
        notes.append(plural("{n:,} comment line skipped", "{n:,} comment lines skipped", n).format(n=n))
    return data


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers from 1."""
    number, at = 0, 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        number += 1
        if data[at:end].strip():
            yield number, data[at:end].decode("utf-8").strip(" ")
        at = end + 1


def _sample(data: bytes) -> list[tuple[int, str]]:
    return [line for line, _ in zip(_lines(data), range(_SAMPLE), strict=False)]


def _without_braces(
    data: bytes, sample: list[tuple[int, str]], notes: list[str]
) -> tuple[bytes, list[tuple[int, str]]]:
    """Attributes as networkx writes them: ``1 2 {'weight': 3}`` becomes ``1 2 3``."""
    if not sample[-1][1].endswith("}"):
        return data, sample
    data, weights = re.subn(rb"\{[^\n]*?['\"](?:weight|strength)['\"]: *([-+0-9.eE]+)[^\n]*\}", rb"\1", data)
    if not weights:
        data = re.sub(rb"[ \t,;]*\{[^\n]*\}[ \t]*$", b"", data, flags=re.MULTILINE)
    notes.append(
        _("attributes in braces: only the weight is used") if weights else _("attributes in braces: not used")
    )
    return data, _sample(data)


def _single_spaces(data: bytes) -> bytes:
    if b"\t" in data:
        data = data.replace(b"\t", b" ")
    if b"  " in data:
        data = re.sub(rb" {2,}", b" ", data)
    if b"\n " in data or b" \n" in data or data[:1] == b" " or data[-1:] == b" ":
        data = data.replace(b"\n ", b"\n").replace(b" \n", b"\n").strip(b" ")
    return data


def _fields(line: str, delimiter: str) -> list[str]:
    if delimiter == _SPACES and '"' not in line:
        return line.split()
    if delimiter == _SPACES:
        line = re.sub(r"[ \t]+", " ", line.strip())
    try:
        return [field.strip() for field in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return [line]


def _layout(
    path: Path,
    sample: Sequence[tuple[int, str]],
    header: Literal["auto"] | bool,
    delimiter: str,
    notes: list[str],
) -> _Layout:
    """Delimiter, header and columns, from the first lines; adds the assumptions made to ``notes``."""
    mark = _delimiter(path, sample, delimiter)
    rows = [_fields(line, mark) for _, line in sample]
    number, line = sample[0]
    if len(rows[0]) < 2:
        raise GraphError(
            _("{path}: line {number}: found {line}: two columns are needed").format(
                path=path, number=number, line=_cut(line)
            )
        )
    has_header = _is_header(rows) if header == "auto" else header
    if has_header and len(rows) < 2:
        raise GraphError(
            _("{path}: no pairs in the file, only a header: {line}").format(path=path, line=_cut(line))
        )
    columns = len(rows[1] if has_header else rows[0])
    if columns < 2:
        raise GraphError(
            _("{path}: line {number}: found {line}: two columns are needed").format(
                path=path, number=sample[1][0], line=_cut(sample[1][1])
            )
        )
    names = [name.lower() for name in rows[0]] if has_header and len(rows[0]) == columns else []
    ends = next(((names.index(a), names.index(b)) for a, b in _ENDS if a in names and b in names), (0, 1))
    weight = next((names.index(name) for name in _WEIGHTS if name in names), None)
    if has_header:
        notes.append(_("first line taken as a header: {line}").format(line=_cut(line)))
    if not names and columns > 2 and all(_is_number(row[2]) for row in rows[has_header:] if len(row) > 2):
        weight = 2
        notes.append(_("third column taken as the ties' weight"))
    unused = [i for i in range(columns) if i not in (*ends, weight)]
    if unused:
        shown = ", ".join(repr(names[i]) if names else str(i + 1) for i in unused)
        notes.append(
            plural("column {shown} not used", "columns {shown} not used", len(unused)).format(shown=shown)
        )
    return _Layout(mark, columns, ends, weight, number if has_header else None)


def _delimiter(path: Path, sample: Sequence[tuple[int, str]], delimiter: str) -> str:
    if delimiter != "auto":
        mark = _WORDS.get(delimiter.lower(), delimiter)
        if len(mark) != 1 or mark in '\n\r"' or (ord(mark) > 127 and mark != "，"):
            words = ", ".join(_WORDS)
            raise GraphError(
                _("delimiter is {delimiter!r}; allowed: one character, {words} or auto").format(
                    delimiter=delimiter, words=words
                )
            )
        return mark
    split = {mark: sum(len(line.split(mark.strip(_SPACES) or None)) > 1 for _, line in sample)
             for mark in _CANDIDATES}  # fmt: skip
    most = max(split.values())
    if most:
        return next(mark for mark in _CANDIDATES if split[mark] >= 0.9 * most)
    number, line = sample[0]
    raise GraphError(
        _("{path}: line {number}: found {line}: two columns are needed").format(
            path=path, number=number, line=_cut(line)
        )
    )


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has known column names, or words where all other rows have numbers."""
    top, rest = rows[0], [row for row in rows[1:] if len(row) >= 2]
    names = [name.lower() for name in top]
    if any(a in names and b in names for a, b in _ENDS):
        return True
    if not rest or any(_WHOLE.fullmatch(name) for name in top[:2]):
        return False
    if all(_WHOLE.fullmatch(name) for row in rest for name in row[:2]):
        return True
    thirds = [row[2] for row in rest if len(row) > 2]
    if len(top) < 3 or len(thirds) < len(rest):
        return False
    return not _is_number(top[2]) and all(map(_is_number, thirds))


def _cut(line: str) -> str:
    return repr(line if len(line) <= 60 else line[:57] + "...")


def _parsed(path: Path, data: bytes, layout: _Layout) -> tuple[Any, Any, Any, Any]:
    """Positions of both ends in the list of names, that list (pyarrow), and the weights or None."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as arrow_csv

    columns = [str(i) for i in range(layout.columns)]
    one, other = (columns[i] for i in layout.ends)
    name = pa.dictionary(pa.int32(), pa.string())
    types = {one: name, other: name}
    if layout.weight is not None:
        types[columns[layout.weight]] = pa.float64()
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            arrow_csv.ReadOptions(column_names=columns, block_size=1 << 24),
            arrow_csv.ParseOptions(delimiter=layout.delimiter),
            arrow_csv.ConvertOptions(column_types=types, include_columns=list(types), null_values=[""]),
        ).unify_dictionaries()
    except (pa.ArrowInvalid, pa.ArrowCapacityError, pa.ArrowTypeError) as error:
        raise _bad_line(path, data, layout, str(error)) from None
    weight = None if layout.weight is None else table.column(columns[layout.weight])
    if any(column.null_count for column in table.columns):
        raise _bad_line(path, data, layout, _("an empty field"))
    if table.num_rows == 0:
        raise GraphError(_("{path}: no pairs in the file").format(path=path))
    first, second = (table.column(c).combine_chunks() for c in (one, other))
    if isinstance(first, pa.ChunkedArray):
        first, second = first.chunk(0), second.chunk(0)
    names = pa.concat_arrays([first.dictionary, second.dictionary])
    broken = pc.any(pc.match_substring(names, "\n")).as_py()
    names = pc.utf8_trim_whitespace(names).dictionary_encode()
    if broken or pc.min(pc.binary_length(names.dictionary)).as_py() == 0:
        raise _bad_line(path, data, layout, _('an empty name, or a " without its closing "'))
    code, split = _numbers(names.indices), len(first.dictionary)
    weights = None if weight is None else np.concatenate([_numbers(chunk) for chunk in weight.chunks])
    if weights is not None and not (np.isfinite(weights) & (weights > 0)).all():
        raise _bad_line(path, data, layout, _("a weight that is not above 0"))
    first, second = code[:split][_numbers(first.indices)], code[split:][_numbers(second.indices)]
    return first, second, names.dictionary, weights


def _numbers(array: Any) -> Any:
    """A pyarrow array without nulls as a NumPy array; pyarrow's ``to_numpy`` would import pandas (0.4 s)."""
    return np.from_dlpack(array)


def _bad_line(path: Path, data: bytes, layout: _Layout, reason: str) -> GraphError:
    """The error for the first wrong line, found in a slow second pass."""
    for number, line in _lines(data):
        fields = _fields(line, layout.delimiter)
        start = (
            _("{path}: line {number}: found {line}").format(path=path, number=number, line=_cut(line)) + ": "
        )
        if line.count('"') % 2:
            return GraphError(start + _('a " without its closing "'))
        if len(fields) != layout.columns:
            words = plural(
                "{n} column; {columns} are needed, as in the lines before",
                "{n} columns; {columns} are needed, as in the lines before",
                len(fields),
            )
            return GraphError(start + words.format(n=len(fields), columns=layout.columns))
        if not all(fields[i] for i in layout.ends):
            return GraphError(start + _("a name is empty"))
        if layout.weight is not None:
            weight = fields[layout.weight]
            if not _is_number(weight) or not 0 < float(weight) < float("inf"):
                return GraphError(
                    start + _("weight {weight!r} is not a number above 0").format(weight=weight)
                )
    return GraphError(f"{path}: {reason}")


def _ordered(names: Any, first: Any, second: Any) -> tuple[Any, Any, Any, Any]:
    """People in order: by number if all names are whole numbers, else by first appearance."""
    import pyarrow.compute as pc

    n, keys = len(names), None
    if pc.all(pc.match_substring_regex(names, r"^(0|[1-9][0-9]{0,17})$")).as_py():
        numbers = _numbers(names.cast("int64"))
        order = np.argsort(numbers)
        keys = numbers[order].astype(np.uint64)
    elif pc.all(pc.match_substring_regex(names, r"^(0|-?[1-9][0-9]{0,99})$")).as_py():
        order = np.array(sorted(range(n), key=[int(name) for name in names.to_pylist()].__getitem__))
    else:
        appeared = np.empty(n, dtype=np.int64)
        row = np.arange(len(first), dtype=np.int64)[::-1]  # backwards, so that the earliest is written last
        appeared[:] = 2 * len(first)
        appeared[second[::-1]] = 2 * row + 1
        earliest = np.full(n, 2 * len(first))
        earliest[first[::-1]] = 2 * row
        order = np.argsort(np.minimum(appeared, earliest))
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    if keys is not None and int(keys[0]) == 0 and int(keys[-1]) == n - 1:
        return n, place[first], place[second], None
    return names.take(order).to_pylist(), place[first], place[second], keys
