"""Finished runs on disk: each is appended as a line when it finishes, so that a killed sweep can continue."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from shequn.experiments.sweeps.plan import MismatchError, Plan
from shequn.experiments.sweeps.work import RunOutcome
from shequn.sim.language import _

FILE = "finished.jsonl"
_DIGITS = 12  # of a run's key


class RunStore:
    """The file of finished runs, in the order in which they finished.

    A line has the run's number, its key, and its responses or the reason why it failed. An incomplete last
    line, left by a kill, is dropped. The index in memory takes 20 bytes per run.

    Parameters
    ----------
    folder : Path
        Folder of the file, which may not exist yet.
    plan : Plan
    max_runs : int, optional
        Number of runs of a plan that may still grow: runs beyond ``plan`` stay in the file but do not count yet.

    Raises
    ------
    MismatchError
        A run in the file does not belong to the plan.
    """

    def __init__(self, folder: Path, plan: Plan, max_runs: int | None = None) -> None:
        self.plan = plan
        self._max_runs = plan.runs if max_runs is None else max_runs
        self._positions = np.full(plan.runs, -1, dtype=np.int64)
        self._keys = np.zeros(plan.runs, dtype=f"S{_DIGITS}")
        self._path = folder / FILE
        self._file = self._path.open("a+b")
        self.count = 0
        self._end = self._index()
        self._file.truncate(self._end)

    def _index(self) -> int:
        """Index every complete line; returns the position after the last."""
        self._file.seek(0)
        position = 0
        for line in self._file:
            entry = _parse(line)
            if entry is None:
                break
            number = entry["run"]
            if not 0 <= number < self._max_runs:
                raise MismatchError(
                    _("{path} holds run number {number}, but there are only {runs} runs").format(
                        path=self._path, number=number, runs=self._max_runs
                    )
                )
            if number < self.plan.runs:
                self._positions[number] = position
                self._keys[number] = entry["key"].encode()
                self.count += 1
            position += len(line)
        return position

    def __contains__(self, number: int) -> bool:
        if self._positions[number] < 0:
            return False
        if self._keys[number].decode() != self.plan.key(number):
            raise MismatchError(
                _("{path} holds run number {number} with other parameters or another seed").format(
                    path=self._path, number=number
                )
            )
        return True

    def add(self, outcome: RunOutcome) -> None:
        """Store a run; after this, no kill of the process can lose it."""
        key = self.plan.key(outcome.number)
        entry: dict[str, Any] = {"run": outcome.number, "key": key, "values": outcome.values}
        if outcome.failure:
            entry["failure"] = outcome.failure
        if outcome.trace:
            entry["trace"] = outcome.trace
        line = (json.dumps(entry, ensure_ascii=False) + "\n").encode()
        self._file.write(line)
        self._file.flush()
        self._positions[outcome.number] = self._end
        self._keys[outcome.number] = key.encode()
        self._end += len(line)
        self.count += 1

    def __iter__(self) -> Iterator[RunOutcome]:
        """The finished runs in the order of their numbers."""
        with self._path.open("rb") as file:
            for position in self._positions:
                if position >= 0:
                    file.seek(int(position))
                    entry = json.loads(file.readline())
                    yield RunOutcome(
                        entry["run"], entry["values"], entry.get("failure", ""), entry.get("trace", "")
                    )

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _parse(line: bytes) -> dict[str, Any] | None:
    """The content of a line; None if the line is incomplete."""
    if not line.endswith(b"\n"):
        return None
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return entry
