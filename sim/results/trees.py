"""Trees given by parents: who set off whose departure, who brought whom.

All arrays, no loop over nodes: every node jumps to its parent, then twice as far, until it
stands at its root (Wyllie's pointer jumping), so a chain of a million needs 20 rounds.
"""

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


def roots_and_depths(parent: Rows) -> tuple[Rows, Rows]:
    """The root of each node's tree and the number of steps to it.

    Parameters
    ----------
    parent : int64 array (n)
        Each node's parent, or -1 for a root. Must not contain a cycle.
    """
    itself = np.arange(len(parent), dtype=np.int64)
    ancestor = np.where(parent < 0, itself, parent)
    depth = (parent >= 0).astype(np.int64)
    while True:
        further = ancestor[ancestor]
        if np.array_equal(further, ancestor):
            return ancestor, depth
        depth += depth[ancestor]
        ancestor = further


def latest(person: Rows, row: Rows, of: Rows, before: Rows) -> Rows:
    """For each query the latest entry of person ``of`` at a row under ``before``; -1 if none.

    Parameters
    ----------
    person, row : int64 arrays (n)
        Entries: whose they are and at which row of the journal they stand; rows rise.
    of, before : int64 arrays (m)
        Queries. A negative person has no entries.

    Returns
    -------
    int64 array (m)
        Positions among the entries.
    """
    if len(person) == 0:
        return np.full(len(of), -1, dtype=np.int64)
    order = np.argsort(person, kind="stable")
    span = np.int64(max(int(row[-1]), int(before.max(initial=0))) + 2)
    entries = person[order] * span + row[order]
    found = np.searchsorted(entries, of * span + before, side="left") - 1
    position = order[np.maximum(found, 0)]
    fits = (found >= 0) & (of >= 0) & (person[position] == of)
    return np.where(fits, position, -1)
