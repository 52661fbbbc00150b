"""Trees as arrays of parents: who set off whose departure, who invited whom.

There is no loop over nodes: every node jumps to its parent, then twice as far, until it reaches its root
(Wyllie's pointer jumping), so a chain of a million needs 20 rounds.
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

    Returns
    -------
    int64 array (n), int64 array (n)
        Roots and depths; a root has itself and 0.
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


def latest(person: Rows, row: Rows, whose: Rows, before: Rows) -> Rows:
    """For each query, the position of the latest entry of a person above a row of the journal; -1 if none.

    Parameters
    ----------
    person, row : int64 arrays (n)
        Entries: their person and their row of the journal, in order of rows.
    whose, before : int64 arrays (m)
        Queries: the person, and the row before which the entry must be. A negative person has no entries.

    Returns
    -------
    int64 array (m)
        Positions among the entries.
    """
    if len(person) == 0:
        return np.full(len(whose), -1, dtype=np.int64)
    order = np.argsort(person, kind="stable")
    span = np.int64(max(int(row[-1]), int(before.max(initial=0))) + 2)
    entries = person[order] * span + row[order]
    rank = np.searchsorted(entries, whose * span + before, side="left") - 1
    position = order[np.maximum(rank, 0)]
    matches = (rank >= 0) & (whose >= 0) & (person[position] == whose)
    return np.where(matches, position, -1)
