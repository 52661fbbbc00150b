"""Edge lists as they occur in practice: a pair of names on each line."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shequn.sim.graphs import files as graph_files
from shequn.sim.graphs.edge_columns import (
    SPACES,
    Layout,
    cut,
    delimiter_of,
    fields,
    is_number,
    layout_of,
)
from shequn.sim.graphs.graph import Graph, GraphError, from_pairs
from shequn.sim.graphs.matrices import names_of, read_matrix
from shequn.sim.graphs.names import composed, rounded
from shequn.sim.graphs.options import MATRIX, FileOptions, by_option
from shequn.sim.language import _, plural

_SAMPLE = 200  # lines examined to find the delimiter, a header and the weights
_FEWEST_OF_A_KIND = 10  # names of each side from which on people who know each other share some
_ARROWS = ("<-->", "<->", "-->", "<--", "->", "<-", "=>", "→", "←", "↔", " -- ", " — ", " ~ ")


def read_edge_list(path: Path | str, options: FileOptions | None = None) -> Graph:
    """The graph of an edge list (txt, csv or tsv, gzipped or not), or of a matrix in the same dress.

    Lines that start with # or % are comments. The ends are in the two columns that a header calls source and
    target (or user and friend, and so on), else in the first two; an arrow may stand between them. A name is
    any text. Weights are in the column that a header calls weight or strength or, without a header, in a third
    column of numbers that do not look like times. People are in the order of their numbers if all names are
    whole numbers, else in order of first appearance.

    Parameters
    ----------
    path : Path or str
    options : FileOptions, optional

    Raises
    ------
    GraphError
        The file cannot be read, a line differs from the others (the message quotes it), or it cannot be said
        what the columns are (the message names the option).
    """
    path, options = Path(path), options or FileOptions()
    data, notes = graph_files.text(path)
    _refuse_other_text(path, data)
    data = _without_comments(data, notes)
    if match := re.match(rb'\s*"?sep=(.)"?[ ]*(?=\n)', data):  # written for Excel
        data = b"\n" + data[match.end() + 1 :]
        options = options._replace(delimiter=match[1].decode()) if options.delimiter == "auto" else options
    sample = _sample(data)
    if not sample:
        raise GraphError(_("{path}: no pairs in the file, only comments").format(path=path))
    data, sample = _without_braces(data, sample, notes)
    data, sample = _with_double_quotes(data, sample)
    data, sample, options = _without_arrows(data, sample, options, notes)
    matrix = _matrix(path, data, sample, options, notes)
    if matrix is not None:
        return matrix
    layout = layout_of(path, data, sample, options, notes)
    if layout.delimiter == SPACES:
        data = _single_spaces(data)
    elif layout.delimiter == "，":
        data, layout = data.replace("，".encode(), b","), layout._replace(delimiter=",")
    elif b'" ' in data or b' "' in data:  # a quote counts at the start of a field only
        mark = re.escape(layout.delimiter.encode())
        data = re.sub(rb'(?:(?<=["\n])|^)[ \t]*(' + mark + rb')[ \t]*(?=")', rb"\1", data)
    header = sample[0][1] if layout.header is not None else None
    if header is not None:
        data = re.sub(rb"(?<=\n)[^\n]+|^[^\n]+", b"", data, count=1)
    first, second, names, weight = _parsed(path, data, layout, options)
    if header is not None and options.header == "auto":
        _refuse_person_in_header(path, fields(header, layout.delimiter), layout, names)
    if options.columns == "auto":
        _refuse_two_kinds(path, first, second, len(names))
    people, first, second, keys = _ordered(names, first, second)
    try:
        return from_pairs(
            people, first, second, weight, notes, options.mutual, keys, options.repeats, options.bad_weights
        )
    except GraphError as error:
        raise GraphError(f"{path}: {error}") from None


def _refuse_person_in_header(path: Path, header: Sequence[str], layout: Layout, names: Any) -> None:
    """Refuse a first line that looked like a header, if a later line has one of its names."""
    import pyarrow.compute as pc

    for name in (header[i] for i in layout.ends if i < len(header)):
        if pc.any(pc.match_substring_regex(names, rf"^\Q{name}\E$")).as_py():  # a scalar would import pandas
            raise GraphError(
                _(
                    "{path}: line {line}: is this a header? {name!r} is a name in later lines, too. {option}"
                ).format(path=path, line=layout.header, name=name, option=by_option("header", "false"))
            )


def _refuse_two_kinds(path: Path, first: Any, second: Any, n: int) -> None:
    """Refuse a list in which no name of one side comes on the other: its sides are not both people."""
    one, other = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    one[first], other[second] = True, True
    if min(one.sum(), other.sum()) < _FEWEST_OF_A_KIND or (one & other).any():
        return
    raise GraphError(
        _(
            "{path}: no name of one column stands in the other ({n:,} and {m:,} names): are these two kinds of "
            "things, such as people and groups, or one person under two names? {option}"
        ).format(path=path, n=int(one.sum()), m=int(other.sum()), option=by_option("columns", "1,2"))
    )


def _without_arrows(
    data: bytes, sample: list[tuple[int, str]], options: FileOptions, notes: list[str]
) -> tuple[bytes, list[tuple[int, str]], FileOptions]:
    """The data with a tab for an arrow that every line has once; a number after the second name is a column."""
    arrow = next((one for one in _ARROWS if all(line.count(one) == 1 for _number, line in sample)), None)
    if arrow is None or options.delimiter != "auto":
        return data, sample, options
    mark = re.escape(arrow.strip().encode())
    data = re.sub(rb"[ \t]*" + mark + rb"[ \t]*", b"\t", data)
    if all(line.rstrip().endswith(";") for _number, line in sample):  # as Graphviz has it
        data = re.sub(rb"(?m)[ \t]*;[ \t]*$", b"", data)
    notes.append(_("{arrow!r} stands between the two names").format(arrow=arrow.strip()))
    number = re.compile(r"\S[ \t,;:]+[-+]?[0-9]*[.,]?[0-9]+(e-?[0-9]+)?$", re.IGNORECASE)
    ends = [line.split("\t", 1) for _number, line in _sample(data)]
    if all(len(pair) == 2 and number.search(pair[1]) and not number.search(pair[0]) for pair in ends):
        data = re.sub(rb"(?m)[ \t,;:]+([^ \t,;:\n]+)$", rb"\t\1", data)
    return data, _sample(data), options._replace(delimiter="tab")


def _matrix(
    path: Path, data: bytes, sample: list[tuple[int, str]], options: FileOptions, notes: list[str]
) -> Graph | None:
    """The graph of a matrix, if the lines are one; what is asked for is one."""
    if options.columns not in ("auto", MATRIX):
        return None
    asked = options.columns == MATRIX
    try:
        mark = delimiter_of(path, sample, options.delimiter)
    except GraphError:
        if asked:
            raise
        return None
    rows = [fields(line, mark) for _number, line in sample]
    n_lines = sum(1 for _line in _lines(data)) if len(sample) == _SAMPLE else len(sample)
    names = names_of(rows, n_lines)
    if names is None:
        if asked:
            raise GraphError(
                _("{path}: not a matrix: as many lines as columns are needed, with the names in the first of each "
                  "or in neither").format(path=path)
            )  # fmt: skip
        return None
    has_names = len(names) < n_lines
    lines = [(number, fields(line, mark)) for number, line in _lines(data)]
    return read_matrix(path, lines[has_names:], names, options, notes)


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


def _with_double_quotes(data: bytes, sample: list[tuple[int, str]]) -> tuple[bytes, list[tuple[int, str]]]:
    """The data with double quotes where both names of every line stand in single ones."""
    if b'"' in data or not all(re.match(r"\s*'[^']*'[^'\w]+'[^']*'", line) for _number, line in sample):
        return data, sample
    data = data.replace(b"'", b'"')
    return data, _sample(data)


def _single_spaces(data: bytes) -> bytes:
    if b"\t" in data:
        data = data.replace(b"\t", b" ")
    if b"  " in data:
        data = re.sub(rb" {2,}", b" ", data)
    if b"\n " in data or b" \n" in data or data[:1] == b" " or data[-1:] == b" ":
        data = data.replace(b"\n ", b"\n").replace(b" \n", b"\n").strip(b" ")
    return data


def _parsed(path: Path, data: bytes, layout: Layout, options: FileOptions) -> tuple[Any, Any, Any, Any]:
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
            arrow_csv.ConvertOptions(
                column_types=types,
                include_columns=list(types),
                null_values=[""],
                decimal_point=layout.decimal,
            ),
        ).unify_dictionaries()
    except (pa.ArrowInvalid, pa.ArrowCapacityError, pa.ArrowTypeError) as error:
        raise _bad_line(path, data, layout, options, str(error)) from None
    weight = None if layout.weight is None else table.column(columns[layout.weight])
    drops = options.bad_weights == "drop"
    if weight is not None and drops:
        weight = pc.fill_null(weight, float("nan"))
    if any(
        column.null_count for column in (table.column(one), table.column(other), weight) if column is not None
    ):
        raise _bad_line(path, data, layout, options, _("an empty field"))
    if table.num_rows == 0:
        raise GraphError(_("{path}: no pairs in the file").format(path=path))
    first, second = (table.column(c).combine_chunks() for c in (one, other))
    if isinstance(first, pa.ChunkedArray):
        first, second = first.chunk(0), second.chunk(0)
    names = pa.concat_arrays([first.dictionary, second.dictionary])
    broken = pc.any(pc.match_substring(names, "\n")).as_py()
    names = composed(names).dictionary_encode()
    lost = rounded(names.dictionary)
    if lost is not None:
        raise GraphError(
            _(
                "{path}: there are names such as {name}, numbers that a spreadsheet has rounded: different people "
                "may now share one. Export the names as text"
            ).format(path=path, name=lost)
        )
    if broken or pc.min(pc.binary_length(names.dictionary)).as_py() == 0:
        raise _bad_line(path, data, layout, options, _('an empty name, or a " without its closing "'))
    code, split = _numbers(names.indices), len(first.dictionary)
    weights = None if weight is None else np.concatenate([_numbers(chunk) for chunk in weight.chunks])
    if weights is not None and not drops and not (np.isfinite(weights) & (weights > 0)).all():
        raise _bad_line(path, data, layout, options, _("a weight that is not above 0"))
    first, second = code[:split][_numbers(first.indices)], code[split:][_numbers(second.indices)]
    return first, second, names.dictionary, weights


def _numbers(array: Any) -> Any:
    """A pyarrow array without nulls as a NumPy array; pyarrow's ``to_numpy`` would import pandas (0.4 s)."""
    return np.from_dlpack(array)


def _bad_line(path: Path, data: bytes, layout: Layout, options: FileOptions, reason: str) -> GraphError:
    """The error for the first wrong line, found in a slow second pass."""
    for number, line in _lines(data):
        row = fields(line, layout.delimiter)
        start = (
            _("{path}: line {number}: found {line}").format(path=path, number=number, line=cut(line)) + ": "
        )
        if line.count('"') % 2:
            return GraphError(start + _('a " without its closing "'))
        if len(row) != layout.columns:
            words = plural(
                "{n} column; {columns} are needed, as in the lines before",
                "{n} columns; {columns} are needed, as in the lines before",
                len(row),
            )
            return GraphError(start + words.format(n=len(row), columns=layout.columns))
        if not all(row[i] for i in layout.ends):
            return GraphError(start + _("a name is empty"))
        if layout.weight is not None and not _is_weight(row[layout.weight], layout, options):
            words = _("weight {weight!r} is not a number above 0").format(weight=row[layout.weight])
            drops = options.bad_weights == "drop" or not is_number(row[layout.weight] or "0")
            return GraphError(start + words + ("" if drops else "; " + by_option("bad_weights", "drop")))
    return GraphError(f"{path}: {reason}")


def _is_weight(text: str, layout: Layout, options: FileOptions) -> bool:
    try:
        weight = float((text or "0").replace(layout.decimal, "."))
    except ValueError:
        return False
    return options.bad_weights == "drop" or 0 < weight < float("inf")


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
