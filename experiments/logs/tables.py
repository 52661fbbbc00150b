"""Tables as users have them: CSV, TSV, Excel, Parquet; columns are read when asked for."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from shequn.experiments.logs.log import LogError
from shequn.sim.extras import require
from shequn.sim.graphs.files import text
from shequn.sim.graphs.graph import GraphError
from shequn.sim.language import _

ALLOWED = "allowed are CSV and TSV (also with .gz), Excel (.xlsx, .xls, .ods) and Parquet (.parquet)"
_EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_PARQUET = (".parquet", ".pq")
_DELIMITERS = (",", "\t", ";", "|")
_HEAD = 65_536  # bytes in which the header is looked for


class Table(Protocol):
    """A table with named columns."""

    path: Path
    names: list[str]  # as the header has them
    notes: list[str]

    def columns(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns by name, as pyarrow arrays of text, or of numbers or instants where the file has types."""
        ...

    def place(self, row: int) -> str:
        """Where a row (from 0) is found in the file, such as ``line 3``."""
        ...


def open_table(path: Path, sheet: str | None = None) -> Table:
    """Read the table in a file; the file name's ending gives its format.

    Parameters
    ----------
    path : Path
    sheet : str, optional
        Sheet of a workbook; the first is taken without it.

    Raises
    ------
    LogError
        Missing, damaged, of another format, without a header or without rows.
    """
    ending = path.suffix.lower()
    if ending in (*_EXCEL, *_PARQUET):
        if not path.exists():
            raise LogError(_("{path}: no such file").format(path=path))
        if not path.is_file():
            raise LogError(_("{path}: not a file; {allowed}").format(path=path, allowed=ALLOWED))
    if sheet is not None and ending not in _EXCEL:
        raise LogError(
            _("{path}: has no sheets; only an Excel file has (sheet {sheet!r} was asked for)").format(
                path=path, sheet=sheet
            )
        )
    if ending in _EXCEL:
        return ExcelTable(path, sheet)
    return ParquetTable(path) if ending in _PARQUET else TextTable(path)


class TextTable:
    """A CSV or TSV file, UTF-8 or GB18030, gzipped or not; the first line names the columns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._data, self.notes = text(path, ALLOWED)
        except GraphError as error:
            raise LogError(str(error)) from None
        head = self._data[:_HEAD].decode("utf-8", errors="ignore")
        if head.lstrip()[:1] in "{[<":
            raise LogError(
                _("{path}: found JSON, XML or a web page, not a table; {allowed}").format(
                    path=path, allowed=ALLOWED
                )
            )
        lines = head.split("\n")
        self._header = next(number for number, line in enumerate(lines) if line.strip())
        line = lines[self._header]
        self._delimiter = max(_DELIMITERS, key=line.count)
        if self._delimiter not in line:
            raise LogError(
                _("{path}: line {header}: one column only ({line}); person and time are needed").format(
                    path=path, header=self._header + 1, line=_cut(line)
                )
            )
        self.names = [name.strip() for name in next(csv.reader([line], delimiter=self._delimiter))]
        if not self._data[: _HEAD * 4].split(b"\n", self._header + 1)[-1].strip():
            raise LogError(_("{path}: no rows, only a header ({line})").format(path=path, line=_cut(line)))

    def columns(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns as text; what is empty is missing."""
        at = {name: f"{self.names.index(name)}" for name in names}
        try:
            found = pyarrow.csv.read_csv(
                pa.BufferReader(self._data),
                read_options=pyarrow.csv.ReadOptions(
                    column_names=[f"{i}" for i in range(len(self.names))], skip_rows=self._header + 1
                ),
                parse_options=pyarrow.csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(at.values(), pa.string()),
                    include_columns=list(dict.fromkeys(at.values())),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid as error:
            raise LogError(f"{self.path}: {self._odd_line() or error}") from None
        return {name: found[column].combine_chunks() for name, column in at.items()}

    def _records(self) -> Any:
        return csv.reader(io.StringIO(self._data.decode("utf-8"), newline=""), delimiter=self._delimiter)

    def _odd_line(self) -> str:
        """What is wrong with the first line that has another number of columns than the header."""
        records = self._records()
        try:
            for record in records:
                if record and len(record) != len(self.names):
                    return _("line {line_num}: {n} columns, the header has {n2} ({record})").format(
                        line_num=records.line_num,
                        n=len(record),
                        n2=len(self.names),
                        record=_cut(self._delimiter.join(record)),
                    )
        except csv.Error as error:
            return _("line {line_num}: {error}").format(line_num=records.line_num, error=error)
        return ""

    def place(self, row: int) -> str:
        """The line of a row; a row with line breaks in quotes is at its last line."""
        records = self._records()
        number = -1
        for record in records:
            number += bool(record)
            if number == row + 1:
                break
        return _("line {line_num}").format(line_num=records.line_num)


class ExcelTable:
    """A sheet of a workbook; its first row that is not empty names the columns."""

    def __init__(self, path: Path, sheet: str | None) -> None:
        require("excel")
        from python_calamine import CalamineError, CalamineWorkbook

        self.path = path
        self.notes: list[str] = []
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
        if len(filled) < 2:
            raise LogError(
                _("{path}: the sheet {sheet!r} has no rows under a header").format(
                    path=path, sheet=sheet or sheets[0]
                )
            )
        self.names = [str(name).strip() for name in rows[filled[0]]]
        self._rows, self._numbers = [rows[number] for number in filled[1:]], filled[1:]

    def columns(self, names: Sequence[str]) -> dict[str, Any]:
        """Columns as text, dates in ISO form; what is empty is missing."""
        at = {name: self.names.index(name) for name in names}
        return {
            name: pa.array([_cell(row[column]) for row in self._rows], type=pa.string())
            for name, column in at.items()
        }

    def place(self, row: int) -> str:
        """The sheet's row."""
        return _("row {row}").format(row=self._numbers[row] + 1)


def _cell(value: Any) -> str | None:
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class ParquetTable:
    """A Parquet file; instants and numbers keep their type."""

    def __init__(self, path: Path) -> None:
        self.path = path
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

    def place(self, row: int) -> str:
        """The row, from 1."""
        return _("row {row}").format(row=row + 1)


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0][:200]


def _cut(line: str) -> str:
    return repr(line if len(line) <= 60 else line[:57] + "...")
