"""A 4-ary heap of (value, tag): the event queue, the thresholds, and the waiting list.

Entries come out in order of value, and equal values in order of tag: a total order, whatever the
order in which they went in. A tag is one 64-bit word, so comparing is cheap:

- in the event queue the value is the time and the tag is (kind, person, other);
- in the other heaps the tag is (person, version).

The four children of a node lie in one or two lines of the cache; a million entries make ten levels.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.agents.compiled import compiled
from shequn.sim.kernel.prefetch import will_read

LARGEST_IN_TAG = (1 << 28) - 1  # a tag holds two numbers of 28 bits: people, or versions modulo 2^28


class Heap(NamedTuple):
    """Arrays ``values`` (f8) and ``tags`` (i8), of which the first ``size[0]`` entries are in use."""

    values: npt.NDArray[np.float64]
    tags: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]


def empty_heap(room: int) -> Heap:
    """An empty heap with room for ``room`` entries."""
    return Heap(np.empty(room), np.empty(room, dtype=np.int64), np.zeros(1, dtype=np.int64))


def grown_heap(heap: Heap, room: int) -> Heap:
    """The same heap with more room."""
    bigger = empty_heap(max(room, len(heap.values)))
    n = int(heap.size[0])
    bigger.values[:n] = heap.values[:n]
    bigger.tags[:n] = heap.tags[:n]
    bigger.size[0] = n
    return bigger


def heap_of(values: npt.NDArray[np.float64], people: npt.NDArray[np.int64], room: int) -> Heap:
    """A heap of a value of each of these people (ascending), with version 0: a sorted array is already a heap."""
    n = len(values)
    order = np.argsort(values, kind="stable")  # equal values in the order of the people
    heap = empty_heap(max(room, n))
    np.take(values, order, out=heap.values[:n], mode="clip")
    np.take(people, order, out=heap.tags[:n], mode="clip")
    heap.tags[:n] <<= 31  # see `event_tag`
    heap.size[0] = n
    return heap


@compiled
def event_tag(kind: Any, person: Any, other: Any, stint: Any = 0) -> int:
    """Tag of an event: kind (4 bits), person (28), other (28), stint (3).

    ``other`` is the inviter of an ANSWER, the invitee of an INVITATION by a tie's clock, else a
    version. ``stint`` is the stay that a tie's clock belongs to, or the number of the invitation
    that is answered (modulo 8).
    """
    return ((kind | 0) << 59) | (int(person) << 31) | ((int(other) & LARGEST_IN_TAG) << 3) | (int(stint) & 7)


@compiled
def tag_kind(tag: int) -> int:
    """Kind of an event."""
    return tag >> 59


@compiled
def tag_person(tag: int) -> int:
    """Person of an event or threshold."""
    return (tag >> 31) & LARGEST_IN_TAG


@compiled
def tag_other(tag: int) -> int:
    """Other person, or version."""
    return (tag >> 3) & LARGEST_IN_TAG


@compiled
def tag_stint(tag: int) -> int:
    """Number of the stay that a tie's clock belongs to, or of the invitation answered (modulo 8)."""
    return tag & 7


@compiled
def next_version(version: Any) -> int:
    """The version after this one, which makes earlier entries stale; versions wrap at 2**16.

    Nobody is rescheduled 65,536 times while an entry is pending.
    """
    return (int(version) + 1) & 65535


@compiled
def push(heap: Heap, value: float, tag: int) -> None:
    """Add one entry; the caller has made sure that there is room."""
    values = heap.values
    tags = heap.tags
    i = heap.size[0]
    heap.size[0] = i + 1
    while i > 0:
        parent = (i - 1) >> 2
        above = values[parent]
        if above < value or (above == value and tags[parent] <= tag):
            break
        values[i] = above
        tags[i] = tags[parent]
        i = parent
    values[i] = value
    tags[i] = tag


@compiled
def drop(heap: Heap) -> None:
    """Remove the first entry (``values[0]``, ``tags[0]``) from a heap that is not empty."""
    values = heap.values
    tags = heap.tags
    n = heap.size[0] - 1
    heap.size[0] = n
    value = values[n]
    tag = tags[n]
    i = 0
    while True:
        child = 4 * i + 1
        will_read(values, 16 * i + 5)  # the next level but one: three lines of the cache at the most
        will_read(values, 16 * i + 13)
        will_read(values, 16 * i + 20)
        if child + 4 > n:
            best = least_of_few(values, tags, child, n)
            if best < 0:
                break
        else:
            best = least_of_four(values, tags, child)
        least = values[best]
        if value < least or (value == least and tag <= tags[best]):
            break
        values[i] = least
        tags[i] = tags[best]
        i = best
    values[i] = value
    tags[i] = tag


@compiled
def least_of_four(values: Any, tags: Any, child: int) -> int:
    """Position of the first of four entries; without branches, which could not be predicted."""
    a = values[child]
    b = values[child + 1]
    c = values[child + 2]
    d = values[child + 3]
    left = b if b < a else a
    right = d if d < c else c
    least = right if right < left else left
    # int(): uncompiled these are NumPy's, and True + True is True
    if int(a == least) + int(b == least) + int(c == least) + int(d == least) > 1:
        return least_of_few(values, tags, child, child + 4)
    at_left = 1 if b < a else 0
    at_right = 3 if d < c else 2
    return child + (at_right if right < left else at_left)


@compiled
def least_of_few(values: Any, tags: Any, child: int, end: int) -> int:
    """Position of the first of the entries from ``child`` to ``end`` (exclusive, four at most); -1 without any."""
    best = -1
    for j in range(child, min(end, child + 4)):
        if best < 0 or values[j] < values[best] or (values[j] == values[best] and tags[j] < tags[best]):
            best = j
    return best
