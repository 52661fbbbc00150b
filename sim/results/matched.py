"""Quality ranks of departing members, which show whether the better ones leave.

Each departure has two ranks: among all present members, and among those of similar tenure. The second is
needed because quality correlates with tenure: founders are better than newcomers, and newcomers leave
sooner. This alone makes the mean of the first differ from 0.5.
"""

import numpy as np
import numpy.typing as npt

from shequn.agents.compiled import Compiled
from shequn.sim.kernel.chance import mix
from shequn.sim.kernel.departure_ranks import departure_ranks
from shequn.sim.kernel.state import JournalKind
from shequn.sim.results.stays import Stays
from shequn.sim.results.trees import Rows

Numbers = npt.NDArray[np.float64]


def compile_ranks() -> None:
    """Compile the kernel's part, so that the first run does not wait for it."""
    no_numbers, no_rows = np.zeros(0), np.zeros(0, dtype=np.int64)
    departure_ranks(np.zeros(0, dtype=bool), no_rows, no_numbers, no_rows, 0, no_numbers)


def ranks(
    membership: npt.NDArray[np.void], stays: Stays, quality: Numbers, keys: npt.NDArray[np.uint64]
) -> tuple[Numbers, Numbers, Numbers]:
    """Rank, matched rank and control of every departure and removal, in order of time.

    rank
        (present members of lower quality + half those of equal quality) / (n - 1), the departing member
        not counted; nan for the last member.
    matched rank
        The same among up to 50 present members of similar tenure: the 25 who joined last before
        the departing member and the 25 who joined first after. Those who joined at the same instant
        (founders) are ordered by a hash of their keys, which is independent of quality and the same in
        every run. nan with fewer than 5 of them.
    control
        Change of the temperature by a departure regardless of quality: the mean of
        -(q - T)/(n - 1) over the matched members and the departing one.

    Parameters
    ----------
    membership : journal_dtype array
    stays : Stays
        Of that journal.
    quality, keys : arrays (people)
    """
    moves, stay = _moves_and_stays(membership, stays, keys)
    sorted_quality, level = np.unique(quality[stays.person], return_inverse=True)
    joins = membership["kind"][moves] == JournalKind.JOIN
    by_tenure = np.empty(len(stays.person), dtype=np.int64)  # stay -> its position in order of tenure
    by_tenure[stay[joins]] = np.arange(len(stays.person))
    result = departure_ranks(
        joins,
        by_tenure[stay],
        quality[stays.person][stay[joins]].astype(np.float64),
        level[stay[joins]].astype(np.int64),
        len(sorted_quality),
        membership["value"][moves].astype(np.float64),
    )[~joins]
    return result[:, 0], result[:, 1], result[:, 2]


def _moves_and_stays(
    membership: npt.NDArray[np.void], stays: Stays, keys: npt.NDArray[np.uint64]
) -> tuple[Rows, Rows]:
    """Rows of joins and departures with their stays; joins of one instant in hash order."""
    moves = np.flatnonzero(membership["kind"] <= JournalKind.REMOVE)
    stay_of_row = np.full(len(membership), -1, dtype=np.int64)
    stay_of_row[stays.join_row] = np.arange(len(stays.person))
    stay_of_row[stays.end_row[stays.ended]] = np.flatnonzero(stays.ended)
    joins = membership["kind"][moves] == JournalKind.JOIN
    time = membership["time"][moves]
    block = np.ones(len(moves), dtype=np.int64)  # a run of joins at one instant is one block
    block[1:] = ~(joins[1:] & joins[:-1] & (time[1:] == time[:-1]))
    plain = mix.py_func if isinstance(mix, Compiled) else mix
    with np.errstate(over="ignore"):
        mixed = plain(keys[membership["person"][moves]].astype(np.uint64))
    moves = moves[np.lexsort((mixed, np.cumsum(block)))]
    return moves, stay_of_row[moves]
