"""What a community's journal is kept as, for the stories of its members."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.app.classroom.limits import ROWS_KEPT
from shequn.sim.kernel.state import MEMBERSHIP_KINDS, JournalKind

#: A journal row in 16 bytes: numbers of people stay below 32,768 here.
kept_dtype = np.dtype(
    [("time", "f4"), ("value", "f4"), ("person", "i2"), ("other", "i2"), ("detail", "i2"), ("kind", "u1")]
)
_FADING = 7.0  # days in which activity fades to 1/e


class Record:
    """The journal of one community so far, and how active everybody has lately been.

    Attributes
    ----------
    dropped : bool
        Whether visits and reactions of the first days had to be forgotten, for want of room.
    """

    def __init__(self) -> None:
        self._chunks: list[npt.NDArray[Any]] = []
        self._rows = 0
        self._activity = np.zeros(0)
        self._as_of = 0.0
        self.dropped = False

    def __call__(self, rows: npt.NDArray[Any]) -> None:
        """Keep a chunk of the journal (a `shequn.sim.machine.Sink`)."""
        kept = np.empty(len(rows), dtype=kept_dtype)
        for name in kept_dtype.names or ():
            source = np.clip(rows[name], -1, 32_767) if kept_dtype[name].kind == "i" else rows[name]
            kept[name] = source
        self._chunks.append(kept)
        self._rows += len(kept)
        self._count(rows)
        if self._rows > ROWS_KEPT:
            self._forget()

    def _count(self, rows: npt.NDArray[Any]) -> None:
        deeds = rows[(rows["kind"] >= JournalKind.VISIT) & (rows["kind"] <= JournalKind.REPLY)]
        if len(deeds) == 0:
            return
        most = int(deeds["person"].max()) + 1
        if most > len(self._activity):
            self._activity = np.concatenate([self._activity, np.zeros(most - len(self._activity))])
        now = float(rows["time"][-1])
        self._activity *= np.exp(-(now - self._as_of) / _FADING)
        self._as_of = now
        weight = np.where(deeds["kind"] == JournalKind.VISIT, 1.0, 2.0)
        np.add.at(self._activity, deeds["person"], weight * np.exp((deeds["time"] - now) / _FADING))

    def _forget(self) -> None:
        """Keep of the older half only who came, went and wrote."""
        rows = self.rows()
        half = len(rows) // 2
        kind = rows["kind"][:half]
        stay = (kind <= MEMBERSHIP_KINDS) | (kind == JournalKind.POST) | (kind == JournalKind.REPLY)
        self._chunks = [np.concatenate([rows[:half][stay], rows[half:]])]
        self._rows = len(self._chunks[0])
        self.dropped = True

    def rows(self) -> npt.NDArray[Any]:
        """All rows kept, in order of time (`kept_dtype`)."""
        if len(self._chunks) > 1:
            self._chunks = [np.concatenate(self._chunks)]
        return self._chunks[0] if self._chunks else np.zeros(0, dtype=kept_dtype)

    def activity(self, people: int, now: float) -> npt.NDArray[np.float64]:
        """Lately fading sum of visits (1) and posts (2) of so many people, >= 0."""
        found = np.zeros(people)
        known = min(people, len(self._activity))
        found[:known] = self._activity[:known] * np.exp(-(now - self._as_of) / _FADING)
        return found
