"""Finished runs on disk: a line each, appended at once, so that a killed sweep can be continued."""

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

    A line has a run's number, its key, and its responses or why it failed. A line that a kill cut
    short is dropped. In memory there are twenty bytes a run.

    Parameters
    ----------
    folder : Path
        Where the file is, or will be.
    plan : Plan
        What is run.
    most : int, optional
        Runs of the plan once it has grown: those beyond ``plan`` stay in the file and do not count yet.

    Raises
    ------
    MixedError
        A run in the file is none of the plan's.
    """

    def __init__(self, folder: Path, plan: Plan, most: int | None = None) -> None:
        self.plan = plan
        self._most = plan.runs if most is None else most
        self._at = np.full(plan.runs, -1, dtype=np.int64)
        self._keys = np.zeros(plan.runs, dtype=f"S{_DIGITS}")
        self._path = folder / FILE
        self._file = self._path.open("a+b")
        self.count = 0
        self._end = self._index()
        self._file.truncate(self._end)

    def _index(self) -> int:
        """Find every whole line; the position after the last."""
        self._file.seek(0)
        position = 0
        for line in self._file:
            found = _parsed(line)
            if found is None:
                break
            number = found["run"]
            if not 0 <= number < self._most:
                raise MismatchError(
                    _("{path} holds a run number {number}; there are {runs}").format(
                        path=self._path, number=number, runs=self._most
                    )
                )
            if number < self.plan.runs:
                self._at[number] = position
                self._keys[number] = found["key"].encode()
                self.count += 1
            position += len(line)
        return position

    def __contains__(self, number: int) -> bool:
        if self._at[number] < 0:
            return False
        if self._keys[number].decode() != self.plan.key(number):
            raise MismatchError(
                _("{path} holds a run {number} with other parameters or another seed").format(
                    path=self._path, number=number
                )
            )
        return True

    def add(self, finished: RunOutcome) -> None:
        """Write a run down; after this no kill can lose it."""
        key = self.plan.key(finished.number)
        line: dict[str, Any] = {"run": finished.number, "key": key, "values": finished.values}
        if finished.failure:
            line["failure"] = finished.failure
        if finished.trace:
            line["trace"] = finished.trace
        text = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        self._file.write(text)
        self._file.flush()
        self._at[finished.number] = self._end
        self._keys[finished.number] = key.encode()
        self._end += len(text)
        self.count += 1

    def __iter__(self) -> Iterator[RunOutcome]:
        """The finished runs in the order of their numbers."""
        with self._path.open("rb") as file:
            for position in self._at:
                if position >= 0:
                    file.seek(int(position))
                    found = json.loads(file.readline())
                    yield RunOutcome(
                        found["run"], found["values"], found.get("failure", ""), found.get("trace", "")
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


def _parsed(line: bytes) -> dict[str, Any] | None:
    """A line's content; none for one that was cut short."""
    if not line.endswith(b"\n"):
        return None
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return found
