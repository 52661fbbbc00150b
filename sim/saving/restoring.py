"""A world as arrays that can be kept, and back: it goes on exactly as it would have gone on.

Of growing arrays only what is used is kept, and how much room they had: the room decides when a queue
forgets its void entries. Records from a file are copied into arrays of our own, and every number
that leads somewhere (to a person, a room, a tie) is looked at first: compiled code trusts them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.agents import inviting
from shequn.sim.building import JOURNAL_ROWS
from shequn.sim.kernel.gates.kinds import GateKind, gate_dtype
from shequn.sim.kernel.heap import LARGEST_IN_TAG, Heap
from shequn.sim.kernel.params import params_dtype
from shequn.sim.kernel.state import (
    MEMBERSHIP_KINDS,
    NOBODY,
    Channel,
    EventKind,
    State,
    day_dtype,
    happening_dtype,
    journal_dtype,
    link_dtype,
    membership_dtype,
    person_dtype,
    post_dtype,
    room_dtype,
    tie_dtype,
)
from shequn.sim.kernel.world import Records, World, arrays_of, link_positions, totals_dtype
from shequn.sim.population import cache_aligned

#: Which running total says how much of a growing array is used.
_USED = {"memberships": "n_memberships", "ties": "n_ties", "links": "n_links", "days": "n_days"}
_HEAPS = ("queue", "strangers", "anybody", "line")
_FIXED = {"params": 1, "totals": 1, "rhythm": 169}  # lengths that never differ
_DTYPES: dict[str, Any] = {
    "people": person_dtype,
    "memberships": membership_dtype,
    "ties": tie_dtype,
    "links": link_dtype,
    "rooms": room_dtype,
    "posts": post_dtype,
    "gates": gate_dtype,
    "happenings": happening_dtype,
    "params": params_dtype,
    "totals": totals_dtype,
    "days": day_dtype,
    "rhythm": np.dtype("f8"),
    "near": np.dtype("f8"),
    "ranks": np.dtype("i8"),
    "post_counts": np.dtype("i8"),
}
MEMBERSHIP = "membership"  # name of the rows of comings and goings among the arrays


class WorldSnapshot(NamedTuple):
    """A world to be kept: the used part of every array, and the room that each had."""

    arrays: dict[str, npt.NDArray[Any]]
    room: dict[str, int]


def snapshot_world(world: World) -> WorldSnapshot:
    """What must be kept of a world whose journal has been emptied."""
    total = world.totals[0]
    arrays, room = {}, {}
    for name, array in arrays_of(world).items():
        heap, dot, part = name.partition(".")
        if name == "journal" or part == "size":
            continue
        used = (
            int(getattr(world, heap).size[0]) if dot else int(total[_USED[name]]) if name in _USED else None
        )
        arrays[name] = array[:used].copy()
        if name == "links":
            arrays[name][_gaps(world, len(arrays[name]))] = 0
        if used is not None:
            room[name] = len(array)
    return WorldSnapshot(arrays, room)


def _gaps(world: World, links: int) -> npt.NDArray[np.bool_]:
    """Which links are nobody's: what blocks left behind when they moved, and what was never written."""
    nobodys = np.ones(links, dtype=bool)
    nobodys[link_positions(world.people)] = False
    return nobodys


def restore_world(arrays: Mapping[str, npt.NDArray[Any]], room: Mapping[str, int]) -> World:
    """The world that was kept.

    Raises
    ------
    ValueError
        The arrays do not fit each other: no world of ours gave them.
    """
    parts: dict[str, Any] = {name: _own(name, arrays, room, dtype) for name, dtype in _DTYPES.items()}
    parts |= {name: _heap(name, arrays, room) for name in _HEAPS}
    world = World(journal=np.zeros(JOURNAL_ROWS, dtype=journal_dtype), **parts)
    world.totals["n_journal"] = 0
    _check(world)
    return world


def restore_membership(arrays: Mapping[str, npt.NDArray[Any]]) -> Records:
    """The rows of comings and goings that were kept; raises as `restored_world`."""
    found = arrays[MEMBERSHIP]
    rows: Records = _copied(found, np.zeros(len(found), dtype=journal_dtype))
    return rows


def _own(name: str, arrays: Mapping[str, Any], room: Mapping[str, int], dtype: Any) -> Any:
    """An array of ours with the values of the one that was kept."""
    found = arrays[name]
    size = _room(name, len(found), room) if name in _USED else len(found)
    if name == "people":
        return _copied(found, cache_aligned(size))
    return _copied(found, np.zeros((size, *found.shape[1:]), dtype=dtype))


def _room(name: str, used: int, room: Mapping[str, int]) -> int:
    """Room that an array had; no file makes us take memory without end."""
    size = int(room[name])
    _require(used <= size <= 8 * used + (1 << 28), name)
    return size


def _copied(found: npt.NDArray[Any], target: Any) -> Any:
    _require(_fields(found.dtype) == _fields(target.dtype), "fields")
    names = target.dtype.names
    if names is None:
        target[: len(found)] = found
    for field in names or ():
        target[field][: len(found)] = found[field]
    return target


def _fields(dtype: np.dtype[Any]) -> Any:
    """Names, types and shapes of fields, wherever they lie."""
    if dtype.fields is None:
        return dtype.str
    return [(name, dtype[name].base.str, dtype[name].shape) for name in dtype.names or ()]


def _heap(name: str, arrays: Mapping[str, Any], room: Mapping[str, int]) -> Heap:
    values, tags = arrays[f"{name}.values"], arrays[f"{name}.tags"]
    n = len(values)
    size = _room(f"{name}.values", n, room)
    _require(values.shape == tags.shape == (n,), name)
    heap = Heap(np.zeros(size), np.zeros(size, dtype=np.int64), np.array([n], dtype=np.int64))
    _copied(values, heap.values)
    _copied(tags, heap.tags)
    _require(not np.isnan(values).any(), name)
    return heap


def _require(fits: Any, what: str) -> None:
    if not fits:
        raise ValueError(what)


def _within(values: Any, low: int, high: int, what: str) -> None:
    """See that all numbers are at least ``low`` and below ``high``."""
    if np.size(values):
        _require(low <= int(np.min(values)) and int(np.max(values)) < high, what)


def _check(world: World) -> None:
    """See that nothing leads out of its array."""
    people, total, params = world.people, world.totals[0], world.params[0]
    n, rooms, shown = len(people), len(world.rooms), int(params["shown"])
    seats, ties, links = int(total["n_memberships"]), int(total["n_ties"]), int(total["n_links"])
    for name, size in _FIXED.items():
        _require(len(getattr(world, name)) == size, name)
    for name, counted in _USED.items():
        _within(total[counted], 0, len(getattr(world, name)) + 1, counted)
    _require(n > 0 and rooms > 0 and len(world.posts) == rooms * shown, "posts")
    _require(world.near.ndim == 2 and len(world.near) in (1, rooms), "near")
    _require(world.ranks.shape == (4097,) and len(world.post_counts) > 1, "ranks")
    _within(people["state"], 0, len(State), "state")
    _within(people["channel"], 0, len(Channel), "channel")
    _within(people["at_gate"], 0, len(world.gates) + 1, "at_gate")
    for field in ("invited_by", "seen_leaving_of"):
        _within(people[field], NOBODY, n, field)
    for field in ("n_links", "links_room", "n_visits", "n_posts"):
        _within(people[field], 0, 1 << 31, field)
    _within(people["n_posts"], 0, len(world.post_counts), "n_posts")
    _require((people["n_links"] <= people["links_room"]).all(), "n_links")
    _within(people["n_links"], 0, int(total["most_links"]) + 1, "most_links")
    _within(people["links_start"], 0, links + 1, "links_start")
    ends = people["links_start"].astype(np.int64) + people["n_links"]
    _within(ends, 0, links + 1, "links")
    used = world.links[link_positions(people)]
    _within(used["other"], 0, n, "other")
    _within(used["tie"], 0, ties, "tie")
    inside = people["state"] == State.MEMBER
    _within(people["membership"][inside], 0, seats, "membership")
    _within(world.memberships["person"][:seats], NOBODY, max(n, seats), "person")
    mine = world.memberships[people["membership"][inside]]
    _require((mine["person"] == np.flatnonzero(inside)).all(), "membership")
    _within(mine["room"], 0, rooms, "room")
    _within(total["free_membership"], NOBODY, seats, "free_membership")
    _within(world.posts["author"], NOBODY, n, "author")
    _within(world.posts["to"], NOBODY, n, "to")
    _within(world.rooms["n_posts"], 0, 1 << 62, "n_posts")
    _within(total["n_gates"], 0, len(world.gates) + 1, "n_gates")
    _within(world.gates["kind"], 0, len(GateKind), "gates")
    _within(total["n_happenings"], 0, len(world.happenings) + 1, "n_happenings")
    _within(int(total["n_days"]), 1, len(world.days) + 1, "n_days")
    _check_heaps(world, n)


def _check_heaps(world: World, n: int) -> None:
    """See that every entry is of somebody, that the queue holds events, and that each heap is one."""
    for name in _HEAPS:
        heap = getattr(world, name)
        size = int(heap.size[0])
        values, tags = heap.values[:size], heap.tags[:size]
        _within((tags >> 31) & LARGEST_IN_TAG, 0, n, name)
        above = (np.arange(1, size) - 1) >> 2
        ordered = (values[above] < values[1:]) | ((values[above] == values[1:]) & (tags[above] <= tags[1:]))
        _require(ordered.all(), name)
    tags = world.queue.tags[: int(world.queue.size[0])]
    kinds = tags >> 59
    _within(kinds, 0, len(EventKind), "queue")
    by_somebody = (kinds == EventKind.ANSWER) | (
        (kinds == EventKind.INVITATION) & (world.params["inviting_mode"][0] != inviting.MEMBER)
    )
    _within((tags[by_somebody] >> 3) & LARGEST_IN_TAG, 0, n, "queue")


def check_membership(rows: Records, people: int) -> None:
    """See that rows of comings and goings are of these people; raises as `restored_world`."""
    _within(rows["person"], 0, people, "person")
    _within(rows["other"], NOBODY, people, "other")
    _require(np.all(np.diff(rows["time"]) >= 0), "time")
    _within(rows["kind"], 0, MEMBERSHIP_KINDS + 1, "kind")
