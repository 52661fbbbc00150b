"""Tables on disk: Parquet written row by row in bounded memory, the same bytes each time.

Row groups are cut by the number of rows, never by how the rows came in (a run in two
segments, or resumed, must give the same file). CSV is a copy of the Parquet file.
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
from shequn.sim.results.folder import DamagedError
from shequn.sim.results.schema import Table
from shequn.sim.results.tables import JOURNAL, journal_columns

ROWS = 131_072  # rows in a row group


class TableFile:
    """A Parquet file that grows; close it (or use ``with``) to make it readable."""

    def __init__(self, path: Path, table: Table) -> None:
        self._writer = pq.ParquetWriter(path, table.schema(), compression="zstd")
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self.rows = 0

    def append(self, table: pa.Table) -> None:
        """Add the rows of ``table``."""
        self.rows += len(table)
        start = 0
        while self._n_waiting + len(table) - start >= ROWS:
            stop = start + ROWS - self._n_waiting
            self._waiting.append(table.slice(start, stop - start))
            self._flush()
            start = stop
        if start < len(table):
            self._waiting.append(table.slice(start))
            self._n_waiting += len(table) - start

    def _flush(self) -> None:
        if self._waiting:
            whole = pa.concat_tables(self._waiting).combine_chunks()
            self._writer.write_table(whole, row_group_size=ROWS)
        self._waiting, self._n_waiting = [], 0

    def close(self) -> None:
        """Write what is waiting and the footer."""
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
            self._writer.close()  # the folder is thrown away; only the handle must go


class JournalFile:
    """The journal as it streams by: a sink for chunks of rows of any size.

    Holds at most one row group (5 MB) at a time.
    """

    def __init__(self, path: Path, run: int) -> None:
        self._file = TableFile(path, JOURNAL)
        self._run = run
        self._block = np.empty(ROWS, dtype=journal_dtype)
        self._filled = 0

    @property
    def rows(self) -> int:
        """Rows taken so far."""
        return self._file.rows + self._filled

    def __call__(self, rows: npt.NDArray[np.void]) -> None:
        """Take a chunk of the journal; it is copied, so the caller may reuse it."""
        start = 0
        while start < len(rows):
            n = min(ROWS - self._filled, len(rows) - start)
            self._block[self._filled : self._filled + n] = rows[start : start + n]
            self._filled += n
            start += n
            if self._filled == ROWS:
                self._write()

    def _write(self) -> None:
        rows = self._block[: self._filled]
        run = np.full(len(rows), self._run, dtype=np.int32)
        self._file.append(JOURNAL.arrow({"run": run, **journal_columns(rows)}))
        self._filled = 0

    def close(self) -> None:
        """Write the rest and the footer."""
        if self._filled:
            self._write()
        self._file.close()


def write_table(folder: Path, table: Table, frame: pd.DataFrame) -> None:
    """Write a frame as ``tables/<name>.parquet`` of a result folder."""
    with TableFile(folder / "tables" / f"{table.name}.parquet", table) as file:
        file.append(table.arrow(frame))


def blocks(path: Path) -> Iterator[pa.Table]:
    """The row groups of a Parquet file, one after the other."""
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number)


def write_csv(source: Path, target: Path) -> None:
    """Copy a Parquet file to CSV (UTF-8, comma, one header line), one row group at a time."""
    schema = pq.read_schema(source)
    plain = pa.schema([f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in schema])
    with pyarrow.csv.CSVWriter(target, plain) as writer:
        for block in blocks(source):
            writer.write_table(block.cast(plain))


def read_table(path: Path) -> pd.DataFrame:
    """A Parquet file as a pandas frame; words as categories.

    Raises
    ------
    DamagedError
        It is not there.
    """
    if not path.is_file():
        raise DamagedError.gone(path)
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame
