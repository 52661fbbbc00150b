"""Tables on disk: Parquet files, written in bounded memory and identical byte by byte for the same rows.

Row groups are cut by the number of rows, not by the chunks in which they come, because a run in two segments or
a continued one must give the same file. CSV is a copy of the Parquet file.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from shequn.sim.kernel.state import journal_dtype
from shequn.sim.results import csv_text
from shequn.sim.results.folder import DamagedError
from shequn.sim.results.schema import Table
from shequn.sim.results.tables import JOURNAL, journal_columns

ROWS_PER_GROUP = 131_072


class TableFile:
    """A Parquet file to which rows are appended; it is readable once closed."""

    def __init__(self, path: Path, table: Table) -> None:
        self._writer = pq.ParquetWriter(path, table.schema(), compression="zstd")
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self.rows = 0

    def append(self, table: pa.Table) -> None:
        """Add the rows of ``table``."""
        self.rows += len(table)
        start = 0
        while self._n_waiting + len(table) - start >= ROWS_PER_GROUP:
            stop = start + ROWS_PER_GROUP - self._n_waiting
            self._waiting.append(table.slice(start, stop - start))
            self._flush()
            start = stop
        if start < len(table):
            self._waiting.append(table.slice(start))
            self._n_waiting += len(table) - start

    def _flush(self) -> None:
        if self._waiting:
            whole = pa.concat_tables(self._waiting).combine_chunks()
            self._writer.write_table(whole, row_group_size=ROWS_PER_GROUP)
        self._waiting, self._n_waiting = [], 0

    def close(self) -> None:
        """Write the waiting rows and the footer."""
        self._flush()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._writer.close()  # the folder is discarded; only the handle must be released


class JournalFile:
    """Writes the journal: a sink for chunks of rows of any size.

    Holds at most one row group (5 MB) at a time.
    """

    def __init__(self, path: Path, run: int) -> None:
        self._file = TableFile(path, JOURNAL)
        self._run = run
        self._block = np.empty(ROWS_PER_GROUP, dtype=journal_dtype)
        self._filled = 0

    @property
    def rows(self) -> int:
        """Number of rows taken so far."""
        return self._file.rows + self._filled

    def __call__(self, rows: npt.NDArray[np.void]) -> None:
        """Take a chunk of the journal; it is copied, so the caller may reuse it."""
        start = 0
        while start < len(rows):
            n = min(ROWS_PER_GROUP - self._filled, len(rows) - start)
            self._block[self._filled : self._filled + n] = rows[start : start + n]
            self._filled += n
            start += n
            if self._filled == ROWS_PER_GROUP:
                self._write()

    def _write(self) -> None:
        rows = self._block[: self._filled]
        run = np.full(len(rows), self._run, dtype=np.int32)
        self._file.append(JOURNAL.arrow({"run": run, **journal_columns(rows)}))
        self._filled = 0

    def close(self) -> None:
        """Write the remaining rows and the footer."""
        if self._filled:
            self._write()
        self._file.close()


def write_table(folder: Path, table: Table, frame: pd.DataFrame) -> None:
    """Write a frame as ``tables/<name>.parquet`` of a result folder."""
    with TableFile(folder / "tables" / f"{table.name}.parquet", table) as file:
        file.append(table.arrow(frame))


def row_groups(path: Path) -> Iterator[pa.Table]:
    """Yield the row groups of a Parquet file, one at a time."""
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number)


def write_csv(source: Path, target: Path) -> None:
    """Copy a Parquet file to CSV for spreadsheets (see `csv_text`), one row group at a time."""
    schema = pq.read_schema(source)
    texts = pa.schema([f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in schema])
    safe = pa.schema([f.with_name(csv_text.plain(f.name)) for f in texts])
    with target.open("wb") as file:
        file.write(csv_text.MARK.encode())
        with pyarrow.csv.CSVWriter(file, safe) as writer:
            for block in row_groups(source):
                columns = [_without_formulas(column) for column in block.cast(texts).columns]
                writer.write_table(pa.Table.from_arrays(columns, schema=safe))


def _without_formulas(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column; texts that a spreadsheet would run get an apostrophe."""
    if not pa.types.is_string(column.type):
        return column
    return pa.chunked_array([[csv_text.plain(text) for text in column.to_pylist()]], type=pa.string())


def read_table(path: Path) -> pd.DataFrame:
    """A Parquet file as a pandas frame; words as categories.

    Raises
    ------
    DamagedError
        The file is missing.
    """
    if not path.is_file():
        raise DamagedError.missing(path)
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame
