"""Declared tables: for each column its type, its unit, its meaning and the meaning of a missing value.

A table is declared once, beside the function that makes it. Its Parquet schema, its frames in memory and the
codebook (``docs/en/reference/tables.md``) follow from the declaration; nothing is inferred from the rows. A missing
value is a null: an empty cell in CSV, NaN (None for text) in pandas.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from shequn.sim.results.csv_text import ENCODING, plain_frame
from shequn.sim.results.labels import WORDS
from shequn.sim.version import __version__

_TYPES: dict[str, Any] = {
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "uint64": pa.uint64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "string": pa.string(),
    "words": pa.dictionary(pa.int8(), pa.string()),
}


#: Columns by name.
Values = Mapping[str, Any] | pd.DataFrame


class Column(NamedTuple):
    """One column of a table.

    Attributes
    ----------
    type : str
        An Arrow type, or ``words``: one of the words of :data:`shequn.sim.results.labels.WORDS` for this column.
    unit : str
        Empty for names, words and booleans.
    missing : str
        What a null means; if empty, the column has no nulls, and writing one fails.
    adds_up : bool
        Whether it counts what happened on the day of its row, so that days add up. Otherwise the last day has it all:
        a level, or a total since the start.
    weight : str
        Column that weights the mean over several days; empty if it is no mean of the day.
    needs_journal : bool
        Whether it is known only with ``journal: full``.
    """

    name: str
    type: str
    unit: str
    text: str
    missing: str = ""
    adds_up: bool = False
    weight: str = ""
    needs_journal: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it counts or measures: neither a name, a word nor a condition."""
        return self.type not in ("bool", "string", "words")

    def field(self) -> Any:
        """The column as a field of an Arrow schema, with its entry in the codebook as metadata."""
        entries = {"description": self.text, "unit": self.unit, "missing": self.missing}
        metadata = {key: value for key, value in entries.items() if value}
        return pa.field(self.name, _TYPES[self.type], nullable=bool(self.missing), metadata=metadata)

    def array(self, values: Any) -> Any:
        """Values as an Arrow array of this type; NaN and None become null."""
        if self.type == "words":
            codes = pd.Categorical(values, categories=list(WORDS[self.name])).codes
            indices = pa.array(codes.astype(np.int8), mask=codes < 0)
            return pa.DictionaryArray.from_arrays(indices, pa.array(WORDS[self.name]))
        if self.type == "string":
            values = list(values)  # a column of NaN alone would count as numbers
        return pa.array(values, type=_TYPES[self.type], from_pandas=True)


#: The replicate: first column of each table of runs; a frame of a single run lacks it.
RUN = Column("run", "int32", "number", "Replicate, from 0.")


class Table(NamedTuple):
    """A declared table: its name, what a row is, and its columns in order."""

    name: str
    text: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    def schema(self) -> Any:
        """The Arrow schema, with the codebook's text as metadata."""
        metadata = {"table": self.name, "description": self.text, "shequn": __version__}
        return pa.schema([column.field() for column in self.columns], metadata=metadata)

    def arrow(self, values: Values) -> Any:
        """The columns as an Arrow table of this schema.

        Raises
        ------
        ValueError
            A column is missing or not declared.
        """
        if set(values) != set(self.names):
            odd = ", ".join(sorted(set(map(str, values)) ^ set(self.names)))
            raise ValueError(f"the table {self.name} is declared with other columns: {odd}")
        arrays = [column.array(values[column.name]) for column in self.columns]
        return pa.Table.from_arrays(arrays, schema=self.schema())

    def arrow_of_rows(self, rows: Iterable[tuple[Any, ...]]) -> Any:
        """Rows, each with its values in the order of the columns, as an Arrow table."""
        columns = list(zip(*rows, strict=True)) or [()] * len(self.columns)
        return self.arrow(dict(zip(self.names, columns, strict=True)))

    def frame(self, values: Values) -> pd.DataFrame:
        """The frame that pandas would read from the file, without the column ``run`` of a table of runs."""
        table = self._replace(columns=tuple(column for column in self.columns if column is not RUN))
        frame: pd.DataFrame = table.arrow(values).to_pandas(
            use_threads=False
        )  # small: threads would be slower
        return frame

    def to_csv(self, values: Values, path: Path, digits: int | None = None) -> None:
        """Write the columns as CSV for spreadsheets (see `csv_text`): comma, one header line, an empty cell for a
        missing value.

        Parameters
        ----------
        values : frame or mapping
        path : Path
        digits : int, optional
            Significant digits of non-integers; default: as many as distinguish them.
        """
        form = None if digits is None else f"%.{digits}g"
        rows = plain_frame(self.frame(values))
        rows.to_csv(path, index=False, float_format=form, encoding=ENCODING, lineterminator="\n")

    def arrow_of_run(self, frame: pd.DataFrame, run: int) -> Any:
        """The frame of a single run as an Arrow table, with the column ``run`` in front."""
        return self.arrow(frame.assign(**{RUN.name: np.int32(run)}))
