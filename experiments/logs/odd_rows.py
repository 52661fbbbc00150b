"""Rows that cannot be read: refused with their place, or left out and listed where the user allows some."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from shequn.experiments.logs.activity import Flags
from shequn.experiments.logs.log import LogError
from shequn.sim.language import _, plural

_LISTED = 5  # rows of a note


class Places(Protocol):
    """Where rows are in a file."""

    path: Any
    notes: list[str]

    def places(self, rows: Sequence[int]) -> list[str]:
        """Where rows (from 0, ascending) are found in the file, such as ``line 3``."""
        ...


class OddRows:
    """Counts the rows that are left out because they cannot be read.

    Parameters
    ----------
    allowed : int
        How many there may be.
    """

    def __init__(self, allowed: int = 0) -> None:
        self.allowed = allowed
        self.n = 0
        self.rows: list[int] = []  # those of the table as it is read

    def leave_out(self, table: Places, said: Sequence[str], n: int, n_rows: int | None = None) -> None:
        """Leave out ``n`` rows of ``n_rows``, the first of which are described in ``said``.

        Raises
        ------
        LogError
            They are more than allowed.
        """
        if n == 0:
            return
        self.n += n
        if self.n > self.allowed:
            more = _(" (and {n:,} more)").format(n=n - 1) if n > 1 else ""
            words = plural(
                "; --skip-bad {n} leaves such a row out", "; --skip-bad {n} leaves such rows out", self.n
            )
            way_out = words.format(n=self.n) if n != n_rows else ""  # not where nothing would be left
            raise LogError(f"{table.path}: {said[0]}{more}{way_out}")
        listed = "; ".join(said) + ("; …" if n > len(said) else "")
        words = plural(
            "{n:,} row that cannot be read is left out: {listed}",
            "{n:,} rows that cannot be read are left out: {listed}",
            n,
        )
        table.notes.append(words.format(n=n, listed=listed))

    def marked(self, table: Places, column: str, values: Any, bad: Flags, why: str) -> None:
        """Leave out the rows that are marked in ``bad``, because of their value in a column (pyarrow)."""
        rows = np.flatnonzero(bad)
        if len(rows) == 0:
            return
        first = rows[:_LISTED].tolist()
        said = [
            f"{place}: {column} {str(values[row].as_py())[:60]!r} {why}"
            for place, row in zip(table.places(first), first, strict=True)
        ]
        self.leave_out(table, said, len(rows), len(bad))
        self.rows += rows.tolist()
