"""Finished runs on disk: each is appended as a line when it finishes, so that a killed sweep can continue."""

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from shequn.experiments.sweeps.plan import MismatchError, Plan
from shequn.experiments.sweeps.work import RunOutcome
from shequn.sim.language import _
from shequn.sim.results.folder import DamagedError

FILE = "finished.jsonl"
SERIES = "finished.series"  # what is stored of runs besides, if the plan asks for it, one after the other
_DIGITS = 12  # of a run's key
_SYNC_SECONDS = 1.0  # between two waits for the disk
_SEAL = "sum"  # last entry of a line: the checksum of the others


class RunStore:
    """The file of finished runs, in the order in which they finished.

    A line has the run's number, its key, its responses or the reason why it failed, and a checksum of all that.
    Incomplete lines at the end, left by a kill or a power cut, are dropped. Of two lines of one run the first
    counts. The index in memory takes 20 bytes per run. Series of runs, if the plan asks for them, are in a file
    beside it; the line says where. A run whose series is not there as it was written is not finished.

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
    DamagedError
        A line was changed since it was written.
    """

    def __init__(self, folder: Path, plan: Plan, max_runs: int | None = None) -> None:
        self.plan = plan
        self._max_runs = plan.runs if max_runs is None else max_runs
        self._positions = np.full(plan.runs, -1, dtype=np.int64)
        self._keys = np.zeros(plan.runs, dtype=f"S{_DIGITS}")
        self._path = folder / FILE
        self._file = self._path.open("a+b")
        self._series = (folder / SERIES).open("a+b") if plan.with_series else None
        self.count = 0
        self._synced_at = time.monotonic()
        try:
            self._end = self._index()
            self._file.truncate(self._end)
        except BaseException:
            self._file.close()
            if self._series is not None:
                self._series.close()
            raise

    def _index(self) -> int:
        """Index every intact line; returns the position after the last."""
        self._file.seek(0)
        position = end = bad = 0
        for at, line in enumerate(self._file, 1):
            position += len(line)
            entry = _parse(line, len(self.plan.responses))
            if entry is None:
                bad = bad or at
                continue
            if bad:
                raise DamagedError(
                    _("{path}, line {line}: not as it was written; --force starts again").format(
                        path=self._path, line=bad
                    )
                )
            number = entry["run"]
            if not 0 <= number < self._max_runs:
                raise MismatchError(
                    _("{path} holds run number {number}, but there are only {runs} runs").format(
                        path=self._path, number=number, runs=self._max_runs
                    )
                )
            if number < self.plan.runs and self._positions[number] < 0 and self._is_whole(entry):
                self._positions[number] = end
                self._keys[number] = entry["key"].encode()
                self.count += 1
            end = position
        return end

    def _is_whole(self, entry: dict[str, Any]) -> bool:
        """Whether a run's series, if the plan asks for one, is stored as it was written."""
        if self._series is None or entry["values"] is None:
            return True
        return "series" in entry and self._read_series(entry["series"]) is not None

    def _read_series(self, place: list[Any]) -> bytes | None:
        """What is stored at a place, if it is as it was written."""
        assert self._series is not None
        start, length, digest = place
        self._series.seek(start)
        stored = self._series.read(length)
        return stored if _digest(stored) == digest else None

    def series(self, number: int) -> bytes | None:
        """The series of a finished run; None if it failed.

        Raises
        ------
        DamagedError
            It was changed since it was written.
        """
        if self._positions[number] < 0:
            return None
        with self._path.open("rb") as file:
            file.seek(int(self._positions[number]))
            entry = _parse(file.readline(), len(self.plan.responses))
        if entry is not None and entry["values"] is None:
            return None
        stored = None if entry is None or "series" not in entry else self._read_series(entry["series"])
        if stored is None:
            raise DamagedError.changed(self._path)
        return stored

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
        """Store a run that is not stored yet; after this, no kill of the process can lose it.

        A power cut loses the runs of the last second at most.
        """
        if self._positions[outcome.number] >= 0:
            return
        key = self.plan.key(outcome.number)
        entry: dict[str, Any] = {"run": outcome.number, "key": key, "values": outcome.values}
        if outcome.failure:
            entry["failure"] = outcome.failure
        if outcome.trace:
            entry["trace"] = outcome.trace
        try:
            if self._series is not None and outcome.values is not None:
                entry["series"] = self._add_series(outcome.series)
            line = _sealed(entry)
            self._file.write(line)
            self._file.flush()
        except OSError:
            self._drop_rest()
            raise
        if time.monotonic() - self._synced_at >= _SYNC_SECONDS:
            self._sync()
            self._synced_at = time.monotonic()
        self._positions[outcome.number] = self._end
        self._keys[outcome.number] = key.encode()
        self._end += len(line)
        self.count += 1

    def _add_series(self, series: bytes) -> list[Any]:
        """Append the series of a run to its file; returns its place: position, length and digest."""
        assert self._series is not None
        start = self._series.seek(0, os.SEEK_END)
        self._series.write(series)
        self._series.flush()
        return [start, len(series), _digest(series)]

    def _sync(self) -> None:
        """Wait until both files are on the disk; the lines last, which count on the series."""
        if self._series is not None:
            os.fsync(self._series.fileno())
        os.fsync(self._file.fileno())

    def _drop_rest(self) -> None:
        """Drop what a failed write has left, in the file and in the buffer: nothing may follow half a line."""
        with contextlib.suppress(OSError):
            self._file.close()
        self._file = self._path.open("a+b")
        self._file.truncate(self._end)
        if self._series is not None:  # what follows half a series has a place of its own
            with contextlib.suppress(OSError):
                self._series.close()
            self._series = self._path.with_name(SERIES).open("a+b")

    def __iter__(self) -> Iterator[RunOutcome]:
        """The finished runs in the order of their numbers."""
        with self._path.open("rb") as file:
            for position in self._positions:
                if position >= 0:
                    file.seek(int(position))
                    entry = _parse(file.readline(), len(self.plan.responses))
                    if entry is None:
                        raise DamagedError.changed(self._path)
                    yield RunOutcome(
                        entry["run"], entry["values"], entry.get("failure", ""), entry.get("trace", "")
                    )

    def close(self) -> None:
        """Close the file; its lines are on the disk."""
        with contextlib.suppress(OSError, ValueError):  # a full disk has been reported; or it is closed
            self._sync()
        self._file.close()
        if self._series is not None:
            self._series.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _sealed(entry: dict[str, Any]) -> bytes:
    """The line of an entry, with its checksum."""
    return (json.dumps({**entry, _SEAL: _checksum(entry)}, ensure_ascii=False) + "\n").encode()


def _checksum(entry: dict[str, Any]) -> str:
    return _digest(json.dumps(entry, ensure_ascii=False).encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _parse(line: bytes, responses: int) -> dict[str, Any] | None:
    """The content of a line; None if it is incomplete, was changed, or is no line of ours."""
    if not line.endswith(b"\n"):
        return None
    try:
        entry: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.pop(_SEAL, None) != _checksum(entry):
        return None
    values = entry.get("values")
    are_values = isinstance(values, list) and len(values) == responses
    fits = (
        type(entry.get("run")) is int
        and isinstance(entry.get("key"), str)
        and (values is None or (are_values and all(type(value) in (int, float) for value in values)))
        and all(isinstance(entry.get(key, ""), str) for key in ("failure", "trace"))
        and [type(part) for part in entry.get("series", [0, 0, ""])] == [int, int, str]
    )
    return entry if fits else None
