"""A world to arrays that can be saved, and back: it continues exactly as if it had not been saved.

Of growing arrays only the used part is saved, with the size of the whole array: the size decides when
stale entries are dropped from the queue. Records from a file are copied into new arrays, and every index
(of a person, a room, a tie) is checked first, as compiled code does not check them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.agents import inviting
from shequn.sim.building import JOURNAL_ROWS, seat_trees
from shequn.sim.kernel.discovery import Source
from shequn.sim.kernel.gates.kinds import MAX_GATES, GateKind, gate_dtype
from shequn.sim.kernel.heap import LARGEST_IN_TAG, Heap
from shequn.sim.kernel.params import params_dtype
from shequn.sim.kernel.state import (
    MAX_SPACES,
    MEMBERSHIP_KINDS,
    NOBODY,
    Channel,
    EventKind,
    State,
    account_dtype,
    acts_dtype,
    application_dtype,
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
from shequn.sim.population import cache_aligned

#: The running total that holds the used length of a growing array.
_USED = {
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
    "lots": "n_lots",
    "promises": "n_promises",
    "unit_days": "n_unit_days",
    "rule_days": "n_rule_days",
    "offer_days": "n_offer_days",
}
_HEAPS = ("queue", "strangers", "event_strangers", "anybody")
_FIXED = {
    "params": 1,
    "totals": 1,
    "rhythm": 169,
    "hazards": len(Source),
    "reading": 1,
}  # arrays of fixed length
_DTYPES: dict[str, Any] = {
    "people": person_dtype,
    "memberships": membership_dtype,
    "applications": application_dtype,
    "accounts": account_dtype,
    "hazards": hazard_dtype,
    "ties": tie_dtype,
    "links": link_dtype,
    "spaces": space_dtype,
    "rooms": room_dtype,
    "room_of": np.dtype("i4"),
    "seats": np.dtype("i4"),
    "reading": reading_dtype,
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
    "purses": np.dtype("f8"),
    "holdings": holding_dtype,
    "acts": acts_dtype,
    "taken": taken_dtype,
    "firsts": first_dtype,
    "lots": lot_dtype,
    "promises": promise_dtype,
    "unit_days": unit_day_dtype,
    "rule_days": rule_day_dtype,
    "offer_days": offer_day_dtype,
    "rhythm": np.dtype("f8"),
    "near": np.dtype("f8"),
    "ranks": np.dtype("i8"),
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
        if name == "journal" or part == "size":
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


def restore_world(arrays: Mapping[str, npt.NDArray[Any]], room: Mapping[str, int]) -> World:
    """Restore a world from a snapshot.

    Raises
    ------
    ValueError
        The arrays do not fit each other, so they are not from a snapshot.
    """
    parts: dict[str, Any] = {name: _new_array(name, arrays, room, dtype) for name, dtype in _DTYPES.items()}
    parts |= {name: _heap(name, arrays, room) for name in _HEAPS}
    world = World(journal=np.zeros(JOURNAL_ROWS, dtype=journal_dtype), **parts)
    world.totals["n_journal"] = 0
    _check(world)
    return world


def restore_membership(arrays: Mapping[str, npt.NDArray[Any]]) -> Records:
    """Restore the journal's membership rows; raises like `restore_world`."""
    source = arrays[MEMBERSHIP]
    rows: Records = _copy_into(np.zeros(len(source), dtype=journal_dtype), source)
    return rows


def _new_array(name: str, arrays: Mapping[str, Any], room: Mapping[str, int], dtype: Any) -> Any:
    """A new array with the values of the saved one."""
    source = arrays[name]
    size = _full_length(name, len(source), room) if name in _USED else len(source)
    if name == "people":
        return _copy_into(cache_aligned(size), source)
    return _copy_into(np.zeros((size, *source.shape[1:]), dtype=dtype), source)


def _full_length(name: str, used: int, room: Mapping[str, int]) -> int:
    """The full length of an array; it is limited, so that no file can use up the memory."""
    size = int(room[name])
    _require(used <= size <= 8 * used + (1 << 28), name)
    return size


def _copy_into(target: Any, source: npt.NDArray[Any]) -> Any:
    _require(_fields(source.dtype) == _fields(target.dtype), "fields")
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
    size = _full_length(f"{name}.values", n, room)
    _require(values.shape == tags.shape == (n,), name)
    heap = Heap(np.zeros(size), np.zeros(size, dtype=np.int64), np.array([n], dtype=np.int64))
    _copy_into(heap.values, values)
    _copy_into(heap.tags, tags)
    _require(not np.isnan(values).any(), name)
    return heap


def _require(fits: Any, what: str) -> None:
    if not fits:
        raise ValueError(what)


def _within(values: Any, low: int, high: int, what: str) -> None:
    """Check that all numbers are at least ``low`` and below ``high``."""
    if np.size(values):
        _require(low <= int(np.min(values)) and int(np.max(values)) < high, what)


def _check(world: World) -> None:
    """Check that every index lies within its array."""
    people, total, params = world.people, world.totals[0], world.params[0]
    n, rooms, shown = len(people), len(world.rooms), int(params["shown"])
    seats, ties, links = int(total["n_memberships"]), int(total["n_ties"]), int(total["n_links"])
    for name, size in _FIXED.items():
        _require(len(getattr(world, name)) == size, name)
    for name, length in _USED.items():
        _within(total[length], 0, len(getattr(world, name)) + 1, length)
    _require(n > 0 and rooms > 0 and len(world.posts) == rooms * shown, "posts")
    _require(world.near.ndim == 2 and len(world.near) in (1, rooms), "near")
    _require(world.ranks.shape == (4097,) and len(world.post_counts) > 1, "ranks")
    _within(people["state"], 0, len(State), "state")
    _within(people["channel"], 0, len(Channel), "channel")
    applications, accounts = int(total["n_applications"]), int(total["n_accounts"])
    _within(people["application"], NOBODY, applications, "application")
    _within(people["application"][people["state"] == State.WAITING], 0, applications, "application")
    used_applications = world.applications[:applications]
    _within(used_applications["person"], 0, n, "applications")
    _within(used_applications["at_gate"], 0, MAX_GATES, "at_gate")
    for field in ("space", "target"):
        _within(used_applications[field], 0, len(world.spaces), field)
    for field in ("before", "after"):
        _within(used_applications[field], NOBODY, applications, field)
    _within(total["free_application"], NOBODY, applications, "free_application")
    _check_spaces(world, applications)
    _within(people["account"], NOBODY, accounts, "account")
    for field in ("invited_by", "seen_leaving_of"):
        _within(people[field], NOBODY, n, field)
    for field in ("n_links", "links_room", "n_visits", "n_posts"):
        _within(people[field], 0, 1 << 31, field)
    is_staff = people["state"] >= State.STAFF
    _within(people["n_posts"][~is_staff], 0, len(world.post_counts), "n_posts")
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
    _within(world.gates["kind"], 0, len(GateKind), "gates")
    _within(total["n_happenings"], 0, len(world.happenings) + 1, "n_happenings")
    _within(int(total["n_days"]), 1, len(world.days) + 1, "n_days")
    _check_staff(world, n)
    _check_accounts(world, n)
    _check_heaps(world, n)


def _check_spaces(world: World, applications: int) -> None:
    """Check the tree of spaces, their rooms and their lines."""
    spaces, rooms, n = world.spaces, world.rooms, int(world.totals["n_rooms"][0])
    places = world.room_of.shape[1]
    _require(0 < n <= len(rooms) and 0 < len(spaces) <= MAX_SPACES, "rooms")
    _require(
        world.room_of.shape[0] == len(spaces) and world.seats.shape == (len(spaces), 2 * places), "seats"
    )
    _require(len(world.gates) == len(spaces) * MAX_GATES, "gates")
    _within(spaces["n_gates"], 0, MAX_GATES + 1, "n_gates")
    _within(spaces["n_rooms"], 0, places + 1, "n_rooms")
    _require((spaces["parent"] < np.arange(len(spaces))).all(), "parent")
    _within(spaces["parent"], NOBODY, len(spaces), "parent")
    _require(((spaces["child"] == NOBODY) | (spaces["child"] > np.arange(len(spaces)))).all(), "child")
    _within(spaces["child"], NOBODY, len(spaces), "child")
    for field in ("first", "last"):
        _within(spaces[field], NOBODY, applications, field)
    _within(rooms["space"][:n], 0, len(spaces), "space")
    _within(rooms["position"][:n], 0, places, "position")
    _require((rooms["parent"][:n] < np.arange(n)).all(), "parent")
    for field in ("parent", "home"):
        _within(rooms[field][:n], NOBODY, n, field)
    _within(rooms["pond"][:n], 0, n, "pond")
    _within(world.room_of, NOBODY, n, "room_of")
    _require((world.seats == seat_trees(spaces, rooms, world.room_of)).all(), "seats")


def _check_staff(world: World, n: int) -> None:
    """Check jobs, their duties and desks, and the lines of work."""
    jobs, duties, staff, used = world.jobs, world.duties, world.staff, int(world.totals["n_work"][0])
    spaces, rooms = len(world.spaces), int(world.totals["n_rooms"][0])
    tasks, work = len(world.tasks), world.work[:used]
    _require(world.progress.shape == (len(world.memberships), tasks), "progress")
    _within(jobs["space"], 0, spaces, "jobs")
    for field in ("people", "n_desks", "present", "first_duty", "n_duties", "first_line", "first_staff"):
        _within(jobs[field], 0, 1 << 30, field)
    _within(jobs["first_duty"] + jobs["n_duties"], 0, len(duties) + 1, "first_duty")
    _within(jobs["first_line"] + jobs["n_desks"] * jobs["n_duties"], 0, len(world.lines) + 1, "first_line")
    _within(jobs["first_staff"] + jobs["n_desks"] * jobs["people"], 0, len(staff) + 1, "first_staff")
    _within(duties["job"], 0, len(jobs), "duties")
    _within(duties["task"], NOBODY, tasks, "task")
    for number in range(len(duties)):
        job = jobs[duties["job"][number]]
        _within(number - job["first_duty"], 0, int(job["n_duties"]), "duties")
    _within(staff["job"], 0, len(jobs), "staff")
    for field in ("person", "paid"):
        _within(staff[field], NOBODY, n, field)
    _require((staff["desk"] >= 0).all() and (staff["desk"] < jobs["n_desks"][staff["job"]]).all(), "desk")
    _within(staff["work"], NOBODY, used, "work")
    for field in ("first", "last"):
        _within(world.lines[field], NOBODY, used, field)
    _within(work["person"], NOBODY, n, "work")
    _within(work["room"], NOBODY, rooms, "work")
    _within(work["duty"], 0, max(1, len(duties)), "work")
    _within(work["after"], NOBODY, used, "after")
    _within(world.totals["free_work"], NOBODY, used, "free_work")
    _within(world.rooms["desk"][:rooms], 0, world.room_of.shape[1], "desk")


def _check_accounts(world: World, n: int) -> None:
    """Check units, earn rules and offers, and the accounts of members."""
    units, rules, offers, total = world.units, world.earn, world.offers, world.totals
    seats, spaces, jobs = len(world.memberships), len(world.spaces), len(world.jobs)
    lots, promises = int(total["n_lots"][0]), int(total["n_promises"][0])
    for name, columns in (("holdings", len(units)), ("acts", len(rules)), ("taken", len(offers))):
        _require(getattr(world, name).shape == (seats, columns), name)
    _require(world.firsts.shape == (len(rules), len(world.rooms)), "firsts")
    _within(rules["unit"], 0, len(units), "earn")
    _within(rules["task"], NOBODY, len(world.tasks), "earn")
    for records, name in ((rules, "earn"), (offers, "offers")):
        _within(records["job"], NOBODY, jobs, name)
        _within(records["space"], NOBODY, spaces, name)
    _require((rules["window"] > 0).all(), "window")
    _require((offers["every"] > 0).all(), "every")
    _require((offers["takes"][offers["unit"] != NOBODY] > 0).all(), "takes")
    for field in ("unit", "gives_unit"):
        _within(offers[field], NOBODY, len(units), field)
    paying = world.jobs[rules["job"][rules["job"] != NOBODY]]
    _within(paying["first_purse"], 0, len(world.purses) + 1, "first_purse")
    _within(paying["first_purse"] + paying["n_desks"], 0, len(world.purses) + 1, "first_purse")
    for records, field in (
        (units, "first"),
        (units, "last"),
        (world.holdings, "first"),
        (world.holdings, "last"),
    ):
        _within(records[field], NOBODY, lots, field)
    _within(world.lots["seat"][:lots], 0, max(1, seats), "lots")
    for field in ("next", "after"):
        _within(world.lots[field][:lots], NOBODY, lots, field)
    _within(world.promises["person"][:promises], 0, n, "promises")
    _within(world.promises["rule"][:promises], 0, max(1, len(rules)), "promises")
    _within(world.promises["after"][:promises], NOBODY, promises, "promises")
    _within(total["free_lot"], NOBODY, lots, "free_lot")
    _within(total["free_promise"], NOBODY, promises, "free_promise")


def _check_heaps(world: World, n: int) -> None:
    """Check that every entry names a person, that the queue holds events, and that heaps are ordered."""
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
    has_other = (kinds == EventKind.ANSWER) | (
        (kinds == EventKind.INVITATION) & (world.params["inviting_mode"][0] != inviting.MEMBER)
    )
    _within((tags[has_other] >> 3) & LARGEST_IN_TAG, 0, n, "queue")
    for kind, n_others in (
        (EventKind.WORK, len(world.staff)),
        (EventKind.EXPIRY, len(world.units)),
        (EventKind.PAYOUT, int(world.totals["n_promises"][0])),
    ):
        _within((tags[kinds == kind] >> 3) & LARGEST_IN_TAG, 0, n_others, "queue")


def check_membership(rows: Records, people: int) -> None:
    """Check that membership rows are about these people; raises like `restore_world`."""
    _within(rows["person"], 0, people, "person")
    _within(rows["other"], NOBODY, people, "other")
    _require(np.all(np.diff(rows["time"]) >= 0), "time")
    _within(rows["kind"], 0, MEMBERSHIP_KINDS + 1, "kind")
