"""What the columns of an edge list are: delimiter, header, the two names, the weight; from its first lines."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

from shequn.sim.graphs.graph import GraphError
from shequn.sim.graphs.options import NO_WEIGHT, FileOptions, by_option
from shequn.sim.language import _, plural

SPACES = " "  # the delimiter that stands for any run of spaces and tabs
_CANDIDATES = ("\t", ";", "|", ",", "，", SPACES)
_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": SPACES,
          "spaces": SPACES, "whitespace": SPACES}  # fmt: skip
_ENDS = (("source", "target"), ("from", "to"), ("src", "dst"), ("src", "dest"), ("node1", "node2"),
         ("node_1", "node_2"), ("id1", "id2"), ("id_1", "id_2"), ("user1", "user2"), ("person1", "person2"),
         ("follower", "followee"), ("follower", "followed"), ("user_id", "friend_id"), ("user", "friend"),
         ("sender", "receiver"), ("sender", "recipient"), ("ego", "alter"), ("inviter", "invitee"),
         ("from_id", "to_id"), ("source_id", "target_id"), ("fromnodeid", "tonodeid"), ("来源", "目标"),
         ("起点", "终点"), ("源", "目标"), ("发起人", "接收人"), ("a", "b"), ("x", "y"), ("u", "v"), ("i", "j"),
         ("甲", "乙"))  # fmt: skip
_WEIGHTS = ("strength", "weight", "weights", "w", "强度", "权重")
#: Columns that hold no people, where more than two columns are named.
_OTHERS = frozenset(
    {"", "id", "edge_id", "edgeid", "edge", "index", "no", "nr", "row", "n", "#", "unnamed: 0", "type", "kind",
     "label", "relation", "relationship", "timestamp", "time", "ts", "date", "datetime", "created_at", "since",
     "year", "day", "count", "interval", "timeset", "序号", "编号", "类型", "关系", "时间", "日期", "次数", "标签",
     *_WEIGHTS}
)  # fmt: skip
_HEADER_WORDS = frozenset(
    {"source", "target", "from", "to", "src", "dst", "user", "users", "member", "node", "vertex", "person", "people",
     "name", "id", "friend", "follower", "followee", "sender", "receiver", "ego", "alter", "student", "player",
     "inviter", "invitee", "actor", "author"}
)  # fmt: skip
_CHINESE_HEADER_WORDS = ("用户", "成员", "节点", "姓名", "名字", "名称", "来源", "目标", "好友", "朋友", "关注", "学生",
                         "起点", "终点", "发起", "接收", "发送")  # fmt: skip
_WHOLE = re.compile(r"-?[0-9]+")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_UNIX = 1e8  # numbers from here on are no weights but times
_LEAST = 5  # rows that show something


class Layout(NamedTuple):
    """The format of the lines of an edge list."""

    delimiter: str
    columns: int
    ends: tuple[int, int]  # columns of the two names
    weight: int | None  # column of the weight
    header: int | None  # number of the header's line, from 1
    decimal: str  # decimal point of the weights


def fields(line: str, delimiter: str, strict: bool = False) -> list[str]:
    """The fields of a line; one where quotes do not fit, if that is asked for."""
    if delimiter == SPACES and '"' not in line:
        return line.split()
    if delimiter == SPACES:
        line = re.sub(r"[ \t]+", " ", line.strip())
    try:
        row = next(csv.reader([line], delimiter=delimiter, strict=strict, skipinitialspace=strict), [])
    except csv.Error:
        return [line]
    if strict and any(field.count('"') % 2 for field in row):  # a delimiter within quotes
        return [line]
    return [field.strip() for field in row]


def cut(line: str) -> str:
    """A line for a message."""
    return repr(line if len(line) <= 60 else line[:57] + "...")


def is_number(field: str) -> bool:
    """Whether a field is a number, with a point or a comma."""
    try:
        float(field.replace(",", "."))
    except ValueError:
        return False
    return True


def layout_of(
    path: Path, data: bytes, sample: Sequence[tuple[int, str]], options: FileOptions, notes: list[str]
) -> Layout:
    """Delimiter, header and columns, from the first lines; adds the assumptions made to ``notes``.

    Parameters
    ----------
    path : Path
    data : bytes
        The whole text.
    sample : sequence of (int, str)
        Number and text of each of the first lines.
    options : FileOptions
    notes : list of str

    Raises
    ------
    GraphError
        There are not two columns, or it cannot be said which two hold the names, or whether there is a header.
    """
    mark = delimiter_of(path, sample, options.delimiter)
    rows = [fields(line, mark) for _number, line in sample]
    number, line = sample[0]
    if len(rows[0]) < 2:
        raise _one_column(path, number, line)
    has_header = _is_header(rows) if options.header == "auto" else options.header
    if has_header and len(rows) < 2:
        raise GraphError(
            _("{path}: no pairs in the file, only a header: {line}").format(path=path, line=cut(line))
        )
    columns = len(rows[1] if has_header else rows[0])
    if columns < 2:
        raise _one_column(path, *sample[1])
    names = [name.lower() for name in rows[0]] if has_header and len(rows[0]) == columns else []
    body = [row for row in rows[has_header:] if len(row) == columns]
    if has_header:
        notes.append(_("first line taken as a header: {line}").format(line=cut(line)))
    elif (
        options.header == "auto"
        and _stands_alone(rows)
        and not _others_stand_alone(rows)
        and not _looks_like_others(rows)
        and not _stands_later(rows[0], line, data)
    ):
        raise GraphError(
            _(
                "{path}: line {number}: found {line}: is this a header? Its words stand in no other line. {option}"
            ).format(path=path, number=number, line=cut(line), option=by_option("header", "true"))
        )
    ends = _ends(path, names, body, columns, options, notes)
    weight = _weight(path, names, body, ends, options, notes)
    if len({*ends, weight}) < 3:
        raise GraphError(
            _(
                "{path}: names and weight need columns of their own: columns is {columns!r}, weight is {weight!r}"
            ).format(path=path, columns=options.columns, weight=options.weight)
        )
    unused = [i for i in range(columns) if i not in (*ends, weight)]
    if unused:
        shown = ", ".join(repr(names[i]) if names else str(i + 1) for i in unused)
        notes.append(
            plural("column {shown} not used", "columns {shown} not used", len(unused)).format(shown=shown)
        )
    decimal = "."
    if weight is not None and any(_DECIMAL_COMMA.fullmatch(row[weight]) for row in body):
        decimal = ","
        notes.append(_("weights have a decimal comma"))
    return Layout(mark, columns, ends, weight, number if has_header else None, decimal)


def _one_column(path: Path, number: int, line: str) -> GraphError:
    return GraphError(
        _("{path}: line {number}: found {line}: two columns are needed").format(
            path=path, number=number, line=cut(line)
        )
    )


def delimiter_of(path: Path, sample: Sequence[tuple[int, str]], delimiter: str) -> str:
    """The delimiter that is named, or that the first lines have.

    Raises
    ------
    GraphError
        None splits the lines, or two do in different ways.
    """
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
    split = {mark: [fields(line, mark, strict=True) for _number, line in sample] for mark in _CANDIDATES}
    alike = {mark: _alike(rows) for mark, rows in split.items()}
    most = max(alike.values())
    if most == 0:
        raise _one_column(path, *sample[0])
    good = [mark for mark in _CANDIDATES if alike[mark] >= 0.9 * most]
    if "," in good:
        for mark in good:
            if mark != "," and all(_has_decimals(row) for row in split[mark][1:]) and len(sample) > 1:
                return mark
        others = [mark for mark in good if mark in ("\t", ";", "|")]
        if others and not _commas_in_names(split[others[0]]):
            words = _("{path}: line {number}: found {line}: is {one!r} or {other!r} the delimiter? {option}")
            named = {"\t": "tab", ";": "semicolon", "|": "pipe"}[others[0]]
            number, line = sample[0]
            raise GraphError(
                words.format(
                    path=path,
                    number=number,
                    line=cut(line),
                    one=others[0],
                    other=",",
                    option=by_option("delimiter", named),
                )
            )
        if others:
            return others[0]
    return good[0]


def _alike(rows: Sequence[Sequence[str]]) -> int:
    """How many lines have two columns or more, and as many as most."""
    counts = [len(row) for row in rows if len(row) > 1]
    return max((counts.count(count) for count in set(counts)), default=0)


def _has_decimals(row: Sequence[str]) -> bool:
    """Whether commas are those of decimals, after two names without."""
    commas = [field for field in row if "," in field]
    return (
        not any("," in name for name in row[:2])
        and all(map(_DECIMAL_COMMA.fullmatch, commas))
        and len(row) > 2
    )


def _commas_in_names(rows: Sequence[Sequence[str]]) -> bool:
    """Whether commas look like those of names ("Li, Lei"): a space follows each."""
    return all(
        re.search(r",(?! )", field) is None or _DECIMAL_COMMA.fullmatch(field)
        for row in rows
        for field in row
    )


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns.

    It does where its words are those of columns, where all other names are numbers, where a column of
    numbers has a word above it, or where its words stand nowhere else and look different from all names.
    """
    top, rest = rows[0], [row for row in rows[1:] if len(row) >= 2]
    names = [name.lower() for name in top]
    if any(a in names and b in names for a, b in _ENDS):
        return True
    if not rest or any(_WHOLE.fullmatch(name) for name in top[:2]):
        return False
    if all(_WHOLE.fullmatch(name) for row in rest for name in row[:2]):
        return True
    thirds = [row[2] for row in rest if len(row) > 2]
    if len(top) > 2 and len(thirds) == len(rest) and not is_number(top[2]) and all(map(is_number, thirds)):
        return True
    if not _stands_alone(rows):
        return False
    others = {name for row in rest for name in row[:2]}
    if all(_is_header_word(name) for name in top[:2]):
        return True
    return len(rest) >= _LEAST and any(all(map(has, others)) and not any(map(has, top[:2])) for has in _LOOKS)


_LOOKS: tuple[Callable[[str], bool], ...] = (
    lambda name: any(letter.isdigit() for letter in name),
    lambda name: "@" in name,
    lambda name: any(letter > "\u2e80" for letter in name),
    lambda name: " " in name,
    lambda name: name[:1].isupper(),
)


def _stands_alone(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row's names are found in no other row."""
    others = {name for row in rows[1:] for name in row}
    return len(rows) > _LEAST and not others.intersection(rows[0][:2])


def _others_stand_alone(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the names of some later row, too, are found in no other row."""
    times = Counter(name for row in rows for name in set(row[:2]))
    return any(all(times[name] == 1 for name in row[:2]) for row in rows[1:])


def _looks_like_others(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a name of the first row differs from that of another row in its digits only."""
    looks = {re.sub(r"[0-9]+", "0", name) for row in rows[1:] for name in row[:2]}
    return any(re.sub(r"[0-9]+", "0", name) in looks for name in rows[0][:2])


def _stands_later(names: Sequence[str], line: str, data: bytes) -> bool:
    """Whether a name of the first line is found anywhere behind it."""
    at = data.find(line.encode()) + len(line.encode())
    return any(data.find(name.encode(), at) >= 0 for name in names[:2])


def _is_header_word(name: str) -> bool:
    parts = {part.rstrip("0123456789") for part in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name)}
    return bool({part.lower() for part in parts} & _HEADER_WORDS) or any(
        word in name for word in _CHINESE_HEADER_WORDS
    )


def _ends(
    path: Path,
    names: Sequence[str],
    body: Sequence[Sequence[str]],
    columns: int,
    options: FileOptions,
    notes: list[str],
) -> tuple[int, int]:
    """The two columns of names."""
    if options.columns != "auto":
        listed = [column.strip() for column in options.columns.split(",")]
        if len(listed) != 2:
            raise GraphError(
                _("columns is {columns!r}; give two, by name or number, such as source,target or 2,3").format(
                    columns=options.columns
                )
            )
        one, other = (column_number(path, name, names, columns) for name in listed)
        return one, other
    for a, b in _ENDS:
        if a in names and b in names:
            return names.index(a), names.index(b)
    if columns == 2:
        return 0, 1
    if names:
        people = [i for i, name in enumerate(names) if name not in _OTHERS]
        pairs = [(i, j) for i in people for j in people if i < j and _is_pair(names[i], names[j])]
        shared = [pair for pair in combinations(people, 2) if _share_names(body, *pair)]
        if _is_table_of_numbers(body):
            raise GraphError(
                _(
                    "{path}: a name and {n} numbers in every line: neither an edge list nor a matrix with a line "
                    "and a column for each person. {option}"
                ).format(path=path, n=columns - 1, option=by_option("columns", "1,2"))
            )
        if len(people) == 2:
            return people[0], people[1]
        if len(pairs) == 1:
            return pairs[0]
        if len(shared) == 1:
            return shared[0]
        if people[:2] == [0, 1] and all(is_number(row[2]) for row in body):
            return 0, 1
        raise GraphError(
            _("{path}: which two columns are the names? There are {names}. {option}").format(
                path=path, names=", ".join(map(repr, names)), option=by_option("columns", "1,2")
            )
        )
    if len(body) >= _LEAST and _counts_rows([row[0] for row in body]):
        raise GraphError(
            _("{path}: the first column counts the lines; which two columns are the names? {option}").format(
                path=path, option=by_option("columns", "2,3")
            )
        )
    shared = [pair for pair in combinations(range(columns), 2) if _share_names(body, *pair)]
    if len(body) >= _LEAST and shared and not any(pair[0] == 0 for pair in shared):
        at = ",".join(str(i + 1) for i in shared[0])
        raise GraphError(
            _(
                "{path}: no name of the first column stands in another, but those of columns {columns} do; which "
                "two columns are the names? {option}"
            ).format(path=path, columns=at, option=by_option("columns", at))
        )
    if _is_list_of_neighbours(body):
        raise GraphError(
            _(
                "{path}: every line seems to name a person and their neighbours: one pair per line is needed. {option}"
            ).format(path=path, option=by_option("columns", "1,2"))
        )
    if columns == 3 and len(body) >= 3 and _is_between(body):
        notes.append(_("{word!r} stands between the two names in every line").format(word=body[0][1]))
        return 0, 2
    return 0, 1


def _is_pair(one: str, other: str) -> bool:
    """Whether two names differ in their last sign only: user1 and user2, 成员甲 and 成员乙."""
    return one[:-1] == other[:-1] and one[-1:] + other[-1:] in ("12", "01", "ab", "xy", "uv", "甲乙")


def _is_table_of_numbers(body: Sequence[Sequence[str]]) -> bool:
    """Whether every line has a name of its own and numbers, as in a table of people by groups."""
    firsts = [row[0] for row in body]
    return (
        len(body) > 1
        and len(body[0]) > 2
        and len(set(firsts)) == len(firsts)
        and not any(map(is_number, firsts))
        and all(is_number(field or "0") for row in body for field in row[1:])
    )


def _is_list_of_neighbours(body: Sequence[Sequence[str]]) -> bool:
    """Whether a third column of names stands beside those of the first two."""
    if len(body) < _LEAST or len(body[0]) < 3:
        return False
    names, thirds = {name for row in body for name in row[:2]}, {row[2] for row in body}
    if len({row[0] for row in body}) < len(body) or not thirds <= names:
        return False
    return len(thirds) > len(names) / 2 or not any(map(is_number, thirds))


def _share_names(body: Sequence[Sequence[str]], one: int, other: int) -> bool:
    """Whether names of one column stand in another."""
    return bool({row[one] for row in body} & {row[other] for row in body})


def _counts_rows(column: Sequence[str]) -> bool:
    if not all(map(_WHOLE.fullmatch, column)):
        return False
    numbers = [int(number) for number in column]
    return numbers[0] in (0, 1) and all(b - a == 1 for a, b in pairwise(numbers))


def _is_between(body: Sequence[Sequence[str]]) -> bool:
    """Whether a word stands between two names: always the same, and names of one side come on the other."""
    words = {row[1] for row in body}
    firsts, thirds = {row[0] for row in body}, {row[2] for row in body}
    word = body[0][1]
    if len(words) != 1 or is_number(word) or word in firsts | thirds:
        return False
    return bool(firsts & thirds) or not any(letter.isalnum() for letter in word)


def _weight(
    path: Path,
    names: Sequence[str],
    body: Sequence[Sequence[str]],
    ends: tuple[int, int],
    options: FileOptions,
    notes: list[str],
) -> int | None:
    """The column of weights, if there is one."""
    if options.weight == NO_WEIGHT:
        return None
    columns = len(body[0]) if body else 0
    if options.weight != "auto":
        return column_number(path, options.weight, names, columns)
    if names:
        return next((names.index(name) for name in _WEIGHTS if name in names), None)
    if columns <= 2 or ends != (0, 1) or not all(is_number(row[2]) for row in body):
        return None
    if _are_times([float(row[2].replace(",", ".")) for row in body]):
        notes.append(
            _("third column looks like times, not weights: not used. {option}").format(
                option=by_option("weight", "3")
            )
        )
        return None
    notes.append(_("third column taken as the ties' weight"))
    return 2


def _are_times(values: Sequence[float]) -> bool:
    """Whether numbers look like times: Unix times, or a clock that runs from line to line."""
    if min(values) >= _UNIX:
        return True
    runs = all(a <= b for a, b in pairwise(values))
    whole = all(value.is_integer() for value in values)
    return whole and runs and len(set(values)) > max(_LEAST, len(values) // 2) and max(values) > 1_000


def column_number(path: Path, name: str, names: Sequence[str], columns: int) -> int:
    """The number (from 0) of a column that is given by its name or its number from 1.

    Raises
    ------
    GraphError
        There is no such column.
    """
    if name.lower() in names:
        return names.index(name.lower())
    if name.isascii() and name.isdigit() and 1 <= int(name) <= columns:
        return int(name) - 1
    there = ", ".join(map(repr, names)) if names else _("{columns} without names").format(columns=columns)
    raise GraphError(
        _("{path}: no column {name!r}; there are {there}").format(path=path, name=name, there=there)
    )
