"""What the tables need of the full journal besides visits: moves, marks, and each person's first post.

It is collected as the journal is written, as visits are (see ``cohorts.py``): moves and marks are few, and of posts
one number per person is enough.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import NEVER, JournalKind, journal_dtype

KINDS = (JournalKind.MOVE, JournalKind.MARK)
_POSTS = (JournalKind.POST, JournalKind.REPLY)


class Traces:
    """Keeps the rows of moves and marks, and when each person first wrote."""

    def __init__(self) -> None:
        self._first_post = np.empty(0)  # by person, in days; NEVER if they have not written
        self._chunks: list[npt.NDArray[Any]] = []

    def __call__(self, rows: npt.NDArray[np.void]) -> None:
        """Take a chunk of the journal, of any size; chunks come in order of time."""
        kept = rows[np.isin(rows["kind"], KINDS)]
        if len(kept):
            self._chunks.append(kept.copy())
        posts = rows[np.isin(rows["kind"], _POSTS)]
        if len(posts):
            self._make_room(int(posts["person"].max()) + 1)
            np.minimum.at(self._first_post, posts["person"], posts["time"])

    def rows(self, kind: JournalKind) -> npt.NDArray[Any]:
        """The rows of moves, or of marks, in order of time."""
        rows = self._all()
        chosen: npt.NDArray[Any] = rows[rows["kind"] == kind]
        return chosen

    def first_posts(self, people: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """When each of these people first wrote, in days; NEVER if they have not."""
        self._make_room(int(people.max(initial=-1)) + 1)
        chosen: npt.NDArray[np.float64] = self._first_post[people]
        return chosen

    def snapshot(self) -> dict[str, npt.NDArray[Any]]:
        """What was kept so far, as arrays that `restore` takes."""
        return {"traces": self._all(), "first_post": self._first_post}

    def restore(self, past: Mapping[str, npt.NDArray[Any]]) -> None:
        """Continue from what an earlier run kept."""
        rows = np.zeros(len(past["traces"]), dtype=journal_dtype)
        for name in journal_dtype.names or ():
            rows[name] = past["traces"][name]
        self._chunks = [rows]
        self._first_post = past["first_post"].astype(np.float64)

    def _all(self) -> npt.NDArray[Any]:
        self._chunks = [np.concatenate(self._chunks)] if self._chunks else []
        return self._chunks[0] if self._chunks else np.zeros(0, dtype=journal_dtype)

    def _make_room(self, people: int) -> None:
        if people > len(self._first_post):
            more = max(people, len(self._first_post) * 3 // 2) - len(self._first_post)
            self._first_post = np.append(self._first_post, np.full(more, NEVER))
