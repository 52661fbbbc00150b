"""Tables as users have them: CSV, TSV, Excel, Parquet; columns are read when asked for."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from shequn.experiments.logs.log import LogError
from shequn.experiments.logs.odd_rows import OddRows
from shequn.sim.extras import require
from shequn.sim.graphs.files import nearest_file, text
from shequn.sim.graphs.graph import EncodingError, GraphError
from shequn.sim.language import N_, _

ALLOWED = N_(
    "allowed are CSV and TSV (also with .gz), Excel (.xlsx, .xls, .ods), Parquet (.parquet), and the exports "
    "of WeChat, QQ, Telegram, Discord, Slack, Discourse, Zulip and mailing lists (mbox)"
)
EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
PARQUET = (".parquet", ".pq")
#: Endings of names that belong to formats that are not read as text.
OTHER_FORMATS = (*EXCEL, *PARQUET, ".7z", ".rar", ".xz", ".bz2", ".zst", ".npz", ".npy", ".pdf", ".db",
                 ".sqlite", ".doc", ".docx", ".zip")  # fmt: skip
_SPACES = " "  # the delimiter that stands for any run of spaces and tabs
_DELIMITERS = (",", "\t", ";", "|", "，")
_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": _SPACES,
          "spaces": _SPACES}  # fmt: skip
_HEAD = 65_536  # bytes in which the header is looked for
_SAMPLE = 20  # lines that a delimiter is tried on
_BLOCKS = (1 << 20, 1 << 26)  # bytes read at a time: small ones in parallel, large ones where rows are large
_LISTED = 5  # rows of a note
_EXACT = 2**53  # a float cannot hold every whole number from here on


class Dress(NamedTuple):
    """How the rows of a file are to be taken apart; what is None is recognised.

    Attributes
    ----------
    sheet : str, optional
        Sheet of a workbook; the first is taken without it.
    delimiter : str, optional
        One character between columns, or ``tab``, ``comma``, ``semicolon``, ``pipe``, ``space``.
    names : tuple of str, optional
        Names of the columns of a file without a header.
    encoding : str, optional
        Encoding of a text file.
    """

    sheet: str | None = None
    delimiter: str | None = None
    names: tuple[str, ...] | None = None
    encoding: str | None = None


class Table(Protocol):
    """A table with named columns."""

    path: Path
    names: list[str]  # as the header has them
    notes: list[str]
    odd: OddRows

    def columns(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns by name, as pyarrow arrays of text, or of numbers or instants where the file has types."""
        ...

    def places(self, rows: Sequence[int]) -> list[str]:
        """Where rows (from 0, ascending) are found in the file, such as ``line 3``."""
        ...


def open_table(path: Path, dress: Dress | None = None, odd: OddRows | None = None) -> Table:
    """Read the table in a file; the file name's ending gives its format.

    Parameters
    ----------
    path : Path
    dress : Dress, optional
    odd : OddRows, optional
        Counts the rows that cannot be read; without it none may be.

    Raises
    ------
    LogError
        Missing, damaged, of another format, without a header or without rows.
    """
    dress, odd = dress or Dress(), odd or OddRows()
    ending = path.suffix.lower()
    if ending in (*EXCEL, *PARQUET):
        if not path.exists():
            raise LogError(_("{path}: no such file{path2}").format(path=path, path2=nearest_file(path)))
        if not path.is_file():
            raise LogError(_("{path}: not a file; {allowed}").format(path=path, allowed=_(ALLOWED)))
    if dress.sheet is not None and ending not in EXCEL:
        raise LogError(
            _("{path}: has no sheets; only an Excel file has (sheet {sheet!r} was asked for)").format(
                path=path, sheet=dress.sheet
            )
        )
    if ending in EXCEL:
        return ExcelTable(path, dress, odd)
    if ending in PARQUET:
        return ParquetTable(path, odd)
    data, notes = text_of(path, dress.encoding)
    return TextTable(path, data, notes, dress, odd)


def text_of(path: Path, encoding: str | None = None) -> tuple[bytes, list[str]]:
    """A file's text as UTF-8, and notes about its encoding.

    Raises
    ------
    LogError
        It is missing, damaged, or no text.
    """
    try:
        return text(path, ALLOWED, OTHER_FORMATS, encoding)
    except EncodingError as error:
        raise LogError(_("{error}; --encoding names another").format(error=error)) from None
    except GraphError as error:
        raise LogError(str(error)) from None


class TextTable:
    """A CSV or TSV file, UTF-8 or GB18030, gzipped or not; the first line names the columns."""

    def __init__(self, path: Path, data: bytes, notes: list[str], dress: Dress, odd: OddRows) -> None:
        self.path, self.notes, self.odd, self._data = path, notes, odd, data
        self._block = _BLOCKS[0]
        self._ragged: set[int] = set()  # numbers of records that are left out, from 0
        head = data[:_HEAD].decode("utf-8", errors="ignore")
        if head.lstrip()[:1] in "{[<" and dress.names is None:
            raise LogError(
                _("{path}: found JSON, XML or a web page, not a table; {allowed}").format(
                    path=path, allowed=_(ALLOWED)
                )
            )
        lines = head.split("\n")
        self._before = next(number for number, line in enumerate(lines) if line.strip())
        asked = dress.delimiter
        if match := re.fullmatch(r'"?sep=(.)"?', lines[self._before].strip("\r ")):  # written for Excel
            self._before += 1
            asked = asked or match[1]
        sample = [line for line in lines[self._before :][:_SAMPLE] if line.strip()]
        if not sample:
            raise LogError(_("{path}: the file is empty").format(path=path))
        self._delimiter = _asked_delimiter(path, asked) if asked else _guessed_delimiter(sample)
        if self._delimiter == _SPACES:
            self._data = re.sub(rb"(?m)^ +| +$", b"", re.sub(rb"[ \t]+", b" ", data))
            sample = [re.sub(r"[ \t]+", " ", line).strip() for line in sample]
        elif self._delimiter == "，":
            self._data, self._delimiter = data.replace("，".encode(), b","), ","
            sample = [line.replace("，", ",") for line in sample]
        first = _fields(sample[0], self._delimiter)
        if len(first) < 2:
            raise LogError(
                _(
                    "{path}: line {header}: one column only ({line}); person and time are needed. "
                    "--delimiter says what stands between columns"
                ).format(path=path, header=self._before + 1, line=_cut(sample[0]))
            )
        if dress.names is not None:
            self.names, self._skipped = list(dress.names), self._before
            if len(self.names) != len(first):
                raise LogError(
                    _("{path}: line {line}: {n} columns, but --columns names {names}").format(
                        path=path, line=self._before + 1, n=len(first), names=len(self.names)
                    )
                )
        else:
            self.names, self._skipped = [name.strip() for name in first], self._before + 1
        if not self._data[: _HEAD * 4].split(b"\n", self._skipped)[-1].strip():
            raise LogError(
                _("{path}: no rows, only a header ({line})").format(path=path, line=_cut(sample[0]))
            )

    def columns(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns as text; what is empty is missing."""
        at = {name: f"{self.names.index(name)}" for name in names}
        self._refuse_open_quote()
        try:
            found = self._read(at, (lambda _row: "skip") if self._ragged else None)
        except pa.ArrowInvalid as error:
            if "straddling" in str(error) and self._block != _BLOCKS[-1]:
                self._block = _BLOCKS[-1]
                return self.columns(names)
            odd = self._odd_records()
            if not odd:
                reason = str(error).split("\n")[0][:200]
                raise LogError(f"{self.path}: {reason}") from None
            self.odd.leave_out(self, [said for _number, said in odd[:_LISTED]], len(odd))
            self._ragged = {number for number, _said in odd}
            found = self._read(at, lambda _row: "skip")
        return {name: found[column].combine_chunks() for name, column in at.items()}

    def _read(self, at: dict[str, str], odd_row: Any) -> Any:
        return pyarrow.csv.read_csv(
            pa.BufferReader(self._data),
            read_options=pyarrow.csv.ReadOptions(
                column_names=[f"{i}" for i in range(len(self.names))],
                skip_rows=self._skipped,
                block_size=self._block,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=odd_row
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(at.values(), pa.string()),
                include_columns=list(dict.fromkeys(at.values())),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    @contextmanager
    def _records(self) -> Iterator[Any]:
        """The records of the file as Python's reader has them, without a limit on a field's size.

        The reader's ``line_num`` is that of the whole file.
        """
        limit = csv.field_size_limit(len(self._data) + 1)
        try:
            text = io.StringIO(self._data.decode("utf-8"), newline="")
            for _number in range(self._skipped):
                text.readline()
            yield csv.reader(text, delimiter=self._delimiter)
        finally:
            csv.field_size_limit(limit)

    def _refuse_open_quote(self) -> None:
        """Refuse a quote that is never closed: it would hide all rows that follow."""
        if self._data.count(b'"') % 2 == 0:
            return
        before, last, breaks = self._skipped, self._skipped, False
        with self._records() as records:
            for record in records:
                before, last = last, records.line_num + self._skipped
                breaks = any("\n" in field for field in record)
        if last - before > 1 and breaks:
            raise LogError(
                _('{path}: line {line}: a " without its closing "').format(path=self.path, line=before + 1)
            )

    def _odd_records(self) -> list[tuple[int, str]]:
        """Number (from 0) and fault of each record with another number of columns than the header."""
        found = []
        number = 0
        with self._records() as records:
            for record in records:
                if record and len(record) != len(self.names):
                    words = _("line {line_num}: {n} columns, the header has {n2} ({record})").format(
                        line_num=records.line_num + self._skipped,
                        n=len(record),
                        n2=len(self.names),
                        record=_cut(self._delimiter.join(record)),
                    )
                    found.append((number, words))
                number += bool(record)
        return found

    def places(self, rows: Sequence[int]) -> list[str]:
        """The lines of rows; a row with line breaks in quotes is at its last line."""
        wanted, found = iter([*rows, None]), []
        row, number, next_row = -1, -1, None
        next_row = next(wanted)
        with self._records() as records:
            for record in records:
                if next_row is None:
                    break
                number += bool(record)
                if not record or number in self._ragged:
                    continue
                row += 1
                if row == next_row:
                    found.append(_("line {line_num}").format(line_num=records.line_num + self._skipped))
                    next_row = next(wanted)
        return found


def _asked_delimiter(path: Path, asked: str) -> str:
    mark = _WORDS.get(asked.lower(), asked)
    if len(mark) != 1 or mark in '\n\r"' or (ord(mark) > 127 and mark != "，"):
        raise LogError(
            _("{path}: delimiter is {delimiter!r}; allowed: one character, {words}").format(
                path=path, delimiter=asked, words=", ".join(_WORDS)
            )
        )
    return mark


def _guessed_delimiter(sample: Sequence[str]) -> str:
    """The delimiter that splits most lines of a sample as it splits the first; then the one that splits most."""

    def score(mark: str) -> tuple[int, int]:
        first = len(_fields(sample[0], mark))
        alike = sum(len(_fields(line, mark)) == first for line in sample) if first > 1 else 0
        return (alike, first)

    return max(_DELIMITERS, key=score)


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a field beyond the reader's limit
        return line.split(delimiter)


class ExcelTable:
    """A sheet of a workbook; its first row that is not empty names the columns."""

    def __init__(self, path: Path, dress: Dress, odd: OddRows) -> None:
        require("excel")
        from python_calamine import CalamineError, CalamineWorkbook

        self.path, self.odd = path, odd
        self.notes: list[str] = []
        sheet = dress.sheet
        try:
            with CalamineWorkbook.from_path(str(path)) as book:
                sheets = book.sheet_names
                if sheet is not None and sheet not in sheets:
                    raise LogError(
                        _("{path}: no sheet {sheet!r}; there are {repr}").format(
                            path=path, sheet=sheet, repr=", ".join(map(repr, sheets))
                        )
                    )
                rows = book.get_sheet_by_name(sheet or sheets[0]).to_python(skip_empty_area=False)
        except (CalamineError, OSError) as error:
            raise LogError(
                _("{path}: not a readable Excel file ({error})").format(path=path, error=error)
            ) from None
        if sheet is None and len(sheets) > 1:
            self.notes.append(
                _("sheet {sheets!r} read; the others: {repr}").format(
                    sheets=sheets[0], repr=", ".join(map(repr, sheets[1:]))
                )
            )
        filled = [number for number, row in enumerate(rows) if any(cell != "" for cell in row)]
        if len(filled) < (2 if dress.names is None else 1):
            raise LogError(
                _("{path}: the sheet {sheet!r} has no rows under a header").format(
                    path=path, sheet=sheet or sheets[0]
                )
            )
        if dress.names is None:
            self.names, filled = [str(name).strip() for name in rows[filled[0]]], filled[1:]
        else:
            self.names = list(dress.names)
        if len(self.names) > len(rows[filled[0]]):
            raise LogError(
                _("{path}: {row}: {n} columns, but --columns names {names}").format(
                    path=path,
                    row=_("row {row}").format(row=filled[0] + 1),
                    n=len(rows[filled[0]]),
                    names=len(self.names),
                )
            )
        self._rows, self._numbers = [rows[number] for number in filled], filled

    def columns(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns as text, dates in ISO form; what is empty is missing."""
        at = {name: self.names.index(name) for name in names}
        return {
            name: pa.array([_cell(row[column]) for row in self._rows], type=pa.string())
            for name, column in at.items()
        }

    def places(self, rows: Sequence[int]) -> list[str]:
        """The sheet's rows."""
        return [_("row {row}").format(row=self._numbers[row] + 1) for row in rows]


def _cell(value: Any) -> str | None:
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < _EXACT else f"{value:.5E}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class ParquetTable:
    """A Parquet file; instants and numbers keep their type."""

    def __init__(self, path: Path, odd: OddRows) -> None:
        self.path, self.odd = path, odd
        self.notes: list[str] = []
        try:
            self._schema = pq.read_schema(path)
            rows = pq.read_metadata(path).num_rows
        except (pa.ArrowException, OSError) as error:
            raise LogError(
                _("{path}: not a readable Parquet file ({error})").format(path=path, error=_first_line(error))
            ) from None
        self.names = list(self._schema.names)
        if rows == 0:
            raise LogError(_("{path}: the table has no rows").format(path=path))

    def columns(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns: instants, numbers, else text."""
        try:
            found = pq.read_table(self.path, columns=list(dict.fromkeys(names)))
        except (pa.ArrowException, OSError) as error:
            raise LogError(
                _("{path}: not a readable Parquet file ({error})").format(
                    path=self.path, error=_first_line(error)
                )
            ) from None
        return {name: self._plain(name, found[name].combine_chunks()) for name in names}

    def _plain(self, name: str, column: Any) -> Any:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        kind = column.type
        if pa.types.is_timestamp(kind) or pa.types.is_integer(kind):
            return column
        if pa.types.is_floating(kind):
            return pc.if_else(pc.is_nan(column), None, column)
        try:
            return column.cast(pa.string())
        except pa.ArrowException:
            raise LogError(
                _("{path}: column {name!r} holds {kind}, not text, numbers or times").format(
                    path=self.path, name=name, kind=kind
                )
            ) from None

    def places(self, rows: Sequence[int]) -> list[str]:
        """The rows, from 1."""
        return [_("row {row}").format(row=row + 1) for row in rows]


class RecordTable:
    """Rows that a reader of an export has taken out of its file.

    Parameters
    ----------
    path : Path
    names : sequence of str
    rows : sequence of sequences
        A text, or None, for each name.
    places : sequence of str or int
        Where each row is: its line, or words.
    """

    def __init__(
        self,
        path: Path,
        names: Sequence[str],
        rows: Sequence[Sequence[str | None]],
        places: Sequence[str | int],
        notes: list[str],
        odd: OddRows,
    ) -> None:
        self.path, self.names, self.notes, self.odd = path, list(names), notes, odd
        self._columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
        self._places = places
        if not rows:
            raise LogError(_("{path}: there are no messages in it").format(path=path))

    def columns(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns as text."""
        return {name: pa.array(self._columns[name], type=pa.string()) for name in names}

    def places(self, rows: Sequence[int]) -> list[str]:
        """Where rows are."""
        where = [self._places[row] for row in rows]
        return [_("line {line_num}").format(line_num=one) if isinstance(one, int) else one for one in where]


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0][:200]


def _cut(line: str) -> str:
    return repr(line if len(line) <= 60 else line[:57] + "...")
