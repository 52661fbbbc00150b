"""A compact copy of a community's journal, for the stories and the activity of its members."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.app.classroom.limits import MAX_JOURNAL_ROWS
from shequn.sim.kernel.state import MEMBERSHIP_KINDS, JournalKind

#: A compact journal row; there are fewer than 32,768 people here.
row_dtype = np.dtype(
    [("time", "f4"), ("value", "f4"), ("person", "i2"), ("other", "i2"), ("detail", "i2"), ("kind", "u1")]
)
_DECAY_DAYS = 7.0  # days after which activity has decayed to 1/e


class Written:
    """What was written and handed in, summed up over a whole run (a `shequn.sim.machine.Sink`).

    Attributes
    ----------
    posts : int
        Posts and replies, of members and staff.
    quality : float
        Sum of their qualities.
    tasks : int
        Tasks done.
    """

    def __init__(self) -> None:
        self.posts = self.tasks = 0
        self.quality = 0.0

    def __call__(self, rows: npt.NDArray[Any]) -> None:
        """Add a chunk of the journal."""
        kind = rows["kind"]
        written = (kind == JournalKind.POST) | (kind == JournalKind.REPLY)
        self.posts += int(written.sum())
        self.quality += float(rows["value"][written].sum())
        self.tasks += int((kind == JournalKind.TASK).sum())


class JournalCopy:
    """The journal of one community so far, and the recent activity of everybody.

    Attributes
    ----------
    is_incomplete : bool
        Whether visits and reactions of the first days were dropped to save memory.
    written : Written
        Sums over all rows.
    """

    def __init__(self) -> None:
        self._chunks: list[npt.NDArray[Any]] = []
        self._rows = 0
        self._activity = np.zeros(0)
        self._updated_at = 0.0
        self.is_incomplete = False
        self.written = Written()

    def __call__(self, rows: npt.NDArray[Any]) -> None:
        """Append a chunk of the journal (a `shequn.sim.machine.Sink`)."""
        compact = np.empty(len(rows), dtype=row_dtype)
        for name in row_dtype.names or ():
            source = np.clip(rows[name], -1, 32_767) if row_dtype[name].kind == "i" else rows[name]
            compact[name] = source
        self.written(rows)
        self._chunks.append(compact)
        self._rows += len(compact)
        self._update_activity(rows)
        if self._rows > MAX_JOURNAL_ROWS:
            self._drop_visits()

    def _update_activity(self, rows: npt.NDArray[Any]) -> None:
        actions = rows[(rows["kind"] >= JournalKind.VISIT) & (rows["kind"] <= JournalKind.REPLY)]
        if len(actions) == 0:
            return
        n_people = int(actions["person"].max()) + 1
        if n_people > len(self._activity):
            self._activity = np.concatenate([self._activity, np.zeros(n_people - len(self._activity))])
        now = float(rows["time"][-1])
        self._activity *= np.exp(-(now - self._updated_at) / _DECAY_DAYS)
        self._updated_at = now
        weight = np.where(actions["kind"] == JournalKind.VISIT, 1.0, 2.0)
        np.add.at(self._activity, actions["person"], weight * np.exp((actions["time"] - now) / _DECAY_DAYS))

    def _drop_visits(self) -> None:
        """Drop visits and reactions from the older half of the rows."""
        rows = self.rows()
        half = len(rows) // 2
        kind = rows["kind"][:half]
        is_essential = (kind <= MEMBERSHIP_KINDS) | (kind == JournalKind.POST) | (kind == JournalKind.REPLY)
        self._chunks = [np.concatenate([rows[:half][is_essential], rows[half:]])]
        self._rows = len(self._chunks[0])
        self.is_incomplete = True

    def rows(self) -> npt.NDArray[Any]:
        """All rows in order of time (`row_dtype`)."""
        if len(self._chunks) > 1:
            self._chunks = [np.concatenate(self._chunks)]
        return self._chunks[0] if self._chunks else np.zeros(0, dtype=row_dtype)

    def activity(self, people: int, now: float) -> npt.NDArray[np.float64]:
        """Recent activity of the first `people` people: decaying sum of visits (1) and posts (2), >= 0."""
        activity = np.zeros(people)
        known = min(people, len(self._activity))
        activity[:known] = self._activity[:known] * np.exp(-(now - self._updated_at) / _DECAY_DAYS)
        return activity
