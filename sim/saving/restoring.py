"""A world to arrays that can be saved, and back: it continues exactly as if it had not been saved.

Of growing arrays only the used part is saved, with the size of the whole array: the size decides when
stale entries are dropped from the queue. What follows from other records is not saved but made again. Records
from a file are copied into new arrays and checked as a whole (:mod:`shequn.sim.saving.checks`), as compiled
code does not check them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.agents import inviting
from shequn.sim.building import JOURNAL_ROWS, moods_of, rhythm_of
from shequn.sim.kernel.discovery import Source
from shequn.sim.kernel.features import Feature, marker
from shequn.sim.kernel.gates.kinds import gate_dtype
from shequn.sim.kernel.heap import LARGEST_IN_TAG, Heap
from shequn.sim.kernel.params import params_dtype
from shequn.sim.kernel.state import (
    State,
    account_dtype,
    acts_dtype,
    application_dtype,
    batch_dtype,
    contact_dtype,
    day_dtype,
    duty_day_dtype,
    duty_dtype,
    first_dtype,
    happening_dtype,
    hazard_dtype,
    holding_dtype,
    job_dtype,
    journal_dtype,
    line_dtype,
    link_dtype,
    lot_dtype,
    mark_dtype,
    member_dtype,
    membership_dtype,
    offer_day_dtype,
    offer_dtype,
    person_dtype,
    post_dtype,
    progress_dtype,
    promise_dtype,
    reading_dtype,
    room_dtype,
    rule_day_dtype,
    rule_dtype,
    signed_dtype,
    space_day_dtype,
    space_dtype,
    staff_dtype,
    taken_dtype,
    task_day_dtype,
    task_dtype,
    tie_dtype,
    unit_day_dtype,
    unit_dtype,
    work_dtype,
)
from shequn.sim.kernel.world import Records, World, arrays_of, link_positions, totals_dtype
from shequn.sim.population import cache_aligned, distributions_of
from shequn.sim.rooms import seat_trees
from shequn.sim.saving.checks.accounts import check_accounts
from shequn.sim.saving.checks.events import check_events
from shequn.sim.saving.checks.groups import check_groups
from shequn.sim.saving.checks.ranges import MEMBERSHIP_ROWS, RANGES, check_ranges, require
from shequn.sim.saving.checks.records import check_records
from shequn.sim.saving.checks.recounts import check_recounts, quality_tree
from shequn.sim.saving.checks.staff import check_staff
from shequn.sim.scenario import Scenario

#: The running total that holds the used length of a growing array.
_USED = {
    "members": "n_records",
    "memberships": "n_memberships",
    "applications": "n_applications",
    "accounts": "n_accounts",
    "ties": "n_ties",
    "links": "n_links",
    "days": "n_days",
    "space_days": "n_space_days",
    "work": "n_work",
    "duty_days": "n_duty_days",
    "task_days": "n_task_days",
    "progress": "n_memberships",
    "holdings": "n_memberships",
    "acts": "n_memberships",
    "taken": "n_memberships",
    "levels": "n_memberships",
    "lots": "n_lots",
    "promises": "n_promises",
    "unit_days": "n_unit_days",
    "rule_days": "n_rule_days",
    "offer_days": "n_offer_days",
}
_HEAPS = ("queue", "strangers", "event_strangers", "anybody")
_FIXED = {"params": 1, "totals": 1, "hazards": len(Source)}  # arrays of fixed length
#: What is not saved: it follows from other records, or lasts no longer than one event.
_MADE_AGAIN = ("distributions", "seats", "reading", "rhythm", "moods", "ranks", "journal")
_DTYPES: dict[str, Any] = {
    "people": person_dtype,
    "members": member_dtype,
    "groups": np.dtype("i1"),
    "memberships": membership_dtype,
    "applications": application_dtype,
    "accounts": account_dtype,
    "hazards": hazard_dtype,
    "ties": tie_dtype,
    "links": link_dtype,
    "spaces": space_dtype,
    "rooms": room_dtype,
    "room_of": np.dtype("i4"),
    "posts": post_dtype,
    "gates": gate_dtype,
    "happenings": happening_dtype,
    "params": params_dtype,
    "totals": totals_dtype,
    "days": day_dtype,
    "space_days": space_day_dtype,
    "jobs": job_dtype,
    "duties": duty_dtype,
    "staff": staff_dtype,
    "lines": line_dtype,
    "work": work_dtype,
    "tasks": task_dtype,
    "progress": progress_dtype,
    "duty_days": duty_day_dtype,
    "task_days": task_day_dtype,
    "units": unit_dtype,
    "earn": rule_dtype,
    "offers": offer_dtype,
    "buyers": np.dtype("i8"),
    "marks": mark_dtype,
    "levels": np.dtype("i4"),
    "shown": np.dtype("f8"),
    "board": np.dtype("f8"),
    "strikes": np.dtype("i4"),
    "batches": batch_dtype,
    "contacts": contact_dtype,
    "purses": np.dtype("f8"),
    "holdings": holding_dtype,
    "acts": acts_dtype,
    "taken": taken_dtype,
    "signed": signed_dtype,
    "firsts": first_dtype,
    "lots": lot_dtype,
    "promises": promise_dtype,
    "unit_days": unit_day_dtype,
    "rule_days": rule_day_dtype,
    "offer_days": offer_day_dtype,
    "near": np.dtype("f8"),
    "post_counts": np.dtype("i8"),
}
MEMBERSHIP = "membership"  # name of the journal's membership rows among the arrays


class WorldSnapshot(NamedTuple):
    """A world to be saved: the used part of every array, and the full length of those that grow."""

    arrays: dict[str, npt.NDArray[Any]]
    room: dict[str, int]


def snapshot_world(world: World) -> WorldSnapshot:
    """The snapshot of a world whose journal has been emptied."""
    total = world.totals[0]
    arrays, room = {}, {}
    for name, array in arrays_of(world).items():
        heap, dot, part = name.partition(".")
        if name in _MADE_AGAIN or part == "size":
            continue
        used = (
            int(getattr(world, heap).size[0]) if dot else int(total[_USED[name]]) if name in _USED else None
        )
        arrays[name] = array[:used].copy()
        if name == "links":
            arrays[name][_unused_links(world, len(arrays[name]))] = 0
        if used is not None:
            room[name] = len(array)
    return WorldSnapshot(arrays, room)


def _unused_links(world: World, links: int) -> npt.NDArray[np.bool_]:
    """Mask of links that belong to nobody: left behind by blocks that moved, or never written."""
    unused = np.ones(links, dtype=bool)
    unused[link_positions(world.people)] = False
    return unused


def restore_world(
    arrays: Mapping[str, npt.NDArray[Any]],
    room: Mapping[str, int],
    scenario: Scenario,
    features: Feature,
    people: int,
    time: float,
    seed: int,
) -> tuple[World, Records]:
    """Restore a world and the journal's membership rows from a snapshot.

    Parameters
    ----------
    arrays, room : mapping
        The snapshot, with the membership rows among the arrays.
    scenario : Scenario
        The one run so far.
    features : Feature
        Parts of the kernel to compile.
    people : int
        Number of people of the graph: before the staff, and before those who came in the run.
    time : float
        Of the state, in days.
    seed : int
        Of the run.

    Raises
    ------
    ValueError
        The arrays cannot be those of a snapshot of this run: a number is out of its range, or records do not fit
        each other.
    """
    for name in _USED:
        require(len(arrays[name]) == int(arrays["totals"][_USED[name]][0]), name)
    parts: dict[str, Any] = {name: _new_array(name, arrays, room, dtype) for name, dtype in _DTYPES.items()}
    parts |= {name: _heap(name, arrays, room) for name in _HEAPS}
    made: dict[str, Any] = dict.fromkeys(_MADE_AGAIN[:-1], np.zeros((1, 1)))
    world = World(
        journal=np.zeros(JOURNAL_ROWS, dtype=journal_dtype), **parts, **made, features=marker(features)
    )
    membership = _membership(arrays)
    _check_ranges(world, membership, time)
    check_records(world, scenario)
    check_groups(world, scenario, people, seed)
    check_recounts(world, membership, scenario, time, seed)
    check_staff(world, scenario, people, time)
    check_accounts(world, scenario)
    check_events(world, time)
    inside = world.people["state"] == State.MEMBER
    return world._replace(
        distributions=distributions_of(scenario.population),
        seats=seat_trees(world.spaces, world.rooms, world.room_of),
        reading=np.zeros(1, dtype=reading_dtype),
        rhythm=rhythm_of(scenario),
        moods=moods_of(scenario, seed),
        ranks=quality_tree(world.people["quality"][inside]),
    ), membership


def _check_ranges(world: World, membership: Records, time: float) -> None:
    """Check the length of every array, and that every value is in the range of its field."""
    for name, size in _FIXED.items():
        require(len(getattr(world, name)) == size, name)
    require(
        0 < len(world.people) <= LARGEST_IN_TAG and len(world.spaces) > 0 and len(world.rooms) > 0, "people"
    )
    used = {name: int(world.totals[0][total]) for name, total in _USED.items()}
    n_rooms = int(world.totals["n_rooms"][0])
    require(0 < n_rooms <= len(world.rooms), "rooms")
    require(0 <= int(world.totals["n_happenings"][0]) <= len(world.happenings), "happenings")
    limits = {name: n - 1.0 for name, n in used.items()}
    limits |= {
        name: len(getattr(world, name)) - 1.0
        for name in ("people", "spaces", "jobs", "duties", "tasks", "units", "earn", "marks", "purses")
    }
    limits |= {"rooms": n_rooms - 1.0}
    limits |= {"now": time, "city": float(world.params["city"][0])}
    used |= {"rooms": n_rooms, "happenings": int(world.totals["n_happenings"][0])}
    for name, array in arrays_of(world).items():
        heap, dot, part = name.partition(".")
        if name in _MADE_AGAIN or part in ("size", "tags"):
            continue
        n = int(getattr(world, heap).size[0]) if dot else used.get(name, len(array))
        values = world.links[link_positions(world.people)] if name == "links" else array[:n]
        check_ranges(values, RANGES[name], limits, name)
    check_ranges(membership, MEMBERSHIP_ROWS, limits, MEMBERSHIP)


def _membership(arrays: Mapping[str, npt.NDArray[Any]]) -> Records:
    source = arrays[MEMBERSHIP]
    rows: Records = _copy_into(np.zeros(len(source), dtype=journal_dtype), source)
    return rows


def _new_array(name: str, arrays: Mapping[str, Any], room: Mapping[str, int], dtype: Any) -> Any:
    """A new array with the values of the saved one."""
    source = arrays[name]
    size = _full_length(name, len(source), room, arrays) if name in _USED else len(source)
    if name == "people":
        return _copy_into(cache_aligned(size), source)
    return _copy_into(np.zeros((size, *source.shape[1:]), dtype=dtype), source)


def _full_length(name: str, used: int, room: Mapping[str, int], arrays: Mapping[str, Any]) -> int:
    """The full length of an array; it is limited, so that no file can use up the memory."""
    most = 8 * used + (1 << 22)
    if arrays["params"]["inviting_mode"][0] == inviting.TIE:  # founders' clocks have room beforehand
        most += int(arrays["totals"]["most_links"][0]) * len(arrays["people"])
    size = int(room[name])
    require(used <= size <= most, name)
    return size


def _copy_into(target: Any, source: npt.NDArray[Any]) -> Any:
    require(_fields(source.dtype) == _fields(target.dtype), "fields")
    names = target.dtype.names
    if names is None:
        target[: len(source)] = source
    for field in names or ():
        target[field][: len(source)] = source[field]
    return target


def _fields(dtype: np.dtype[Any]) -> Any:
    """Names, types and shapes of fields, whatever their offsets."""
    if dtype.fields is None:
        return dtype.str
    return [(name, dtype[name].base.str, dtype[name].shape) for name in dtype.names or ()]


def _heap(name: str, arrays: Mapping[str, Any], room: Mapping[str, int]) -> Heap:
    values, tags = arrays[f"{name}.values"], arrays[f"{name}.tags"]
    n = len(values)
    size = _full_length(f"{name}.values", n, room, arrays)
    require(values.shape == tags.shape == (n,), name)
    heap = Heap(np.zeros(size), np.zeros(size, dtype=np.int64), np.array([n], dtype=np.int64))
    _copy_into(heap.values, values)
    _copy_into(heap.tags, tags)
    return heap
