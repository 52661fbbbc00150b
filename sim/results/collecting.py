"""Collects what the tables need while the journal is written."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import journal_dtype
from shequn.sim.results.cohorts import CohortCounts
from shequn.sim.results.traces import Traces

Sink = Callable[[npt.NDArray[Any]], None]


class Collector:
    """A sink for the journal: counts who is seen, keeps traces, and stores the rows or passes them on.

    Parameters
    ----------
    days : int
        Length of the run.
    sink : callable, optional
        Gets every chunk of rows; without one the rows are stored in memory.
    past : mapping, optional
        The `snapshot` stored in the saved state from which this run continues.
    """

    def __init__(
        self, days: int, sink: Sink | None = None, past: Mapping[str, npt.NDArray[Any]] | None = None
    ) -> None:
        self.cohort_counts = CohortCounts(days)
        self.traces = Traces()
        self.has_traces_from_start = past is None or bool(past)
        if past:
            self.cohort_counts.restore(past)
            self.traces.restore(past)
        self._sink = sink
        self._chunks: list[npt.NDArray[Any]] = []

    def __call__(self, rows: npt.NDArray[Any]) -> None:
        """Take a chunk of the journal (in order of time; the caller may reuse its memory)."""
        self.cohort_counts(rows)
        self.traces(rows)
        if self._sink is None:
            self._chunks.append(rows.copy())
        else:
            self._sink(rows)

    def snapshot(self) -> dict[str, npt.NDArray[Any]]:
        """The counts and traces that a later run needs to continue from here; the other rows are not included."""
        return self.cohort_counts.snapshot() | self.traces.snapshot()

    @property
    def stores_rows(self) -> bool:
        """Whether the rows are stored: there is no other sink."""
        return self._sink is None

    @property
    def rows(self) -> npt.NDArray[Any]:
        """All stored rows, as one record array."""
        self._chunks = [np.concatenate(self._chunks)] if self._chunks else []
        return self._chunks[0] if self._chunks else np.zeros(0, dtype=journal_dtype)
