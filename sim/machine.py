"""The machine: a world that runs in segments, and whose arrays grow when they are full.

Between two segments Python may read any record, carry out operations and change parameters. Dividing a
run into segments changes nothing in its results.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Self

import numpy as np

from shequn.sim.building import JOURNAL_ROWS, build_world, set_gates
from shequn.sim.features import features_in, features_of
from shequn.sim.graphs.graph import Nodes, new_links
from shequn.sim.incentives import BY_MEMBERSHIP
from shequn.sim.kernel.accounts import award
from shequn.sim.kernel.chance import Purpose, uniforms
from shequn.sim.kernel.contacts import send_messages
from shequn.sim.kernel.duties.duty import Round
from shequn.sim.kernel.entry import move_waiting_list
from shequn.sim.kernel.features import EVERYTHING, marker
from shequn.sim.kernel.gates.gate import Gate
from shequn.sim.kernel.gates.kinds import MAX_GATES, GateKind
from shequn.sim.kernel.heap import grown_heap
from shequn.sim.kernel.interventions import (
    end_memberships,
    enrol,
    fill_strengths,
    move_members,
    open_room,
    refresh_rates,
    schedule_arrivals,
)
from shequn.sim.kernel.lines import cancel_admission
from shequn.sim.kernel.loop import (
    apply_members,
    dissolve_waiting_list,
    drop_stale,
    journal_rows_of_an_event,
    run_until,
)
from shequn.sim.kernel.marks import give_title
from shequn.sim.kernel.rewards import most_rewards
from shequn.sim.kernel.staff import dismiss, enter_round, fill_desks, hire, wake
from shequn.sim.kernel.state import (
    ENTRANCE,
    LEVELS,
    MARGIN,
    MEMBERSHIP_KINDS,
    NOBODY,
    Reason,
    State,
    batch_dtype,
    journal_dtype,
)
from shequn.sim.kernel.ties import pack_links, packed_length
from shequn.sim.kernel.world import Records, World, given_strengths, link_positions
from shequn.sim.population import with_people, with_records
from shequn.sim.rooms import room_capacity, seat_trees
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.spaces import Splits
from shequn.sim.thresholds import with_event_thresholds

#: Receives each chunk of the journal, in time order; the chunk's memory may be reused after the call.
Sink = Callable[[Records], None]


class Machine:
    """One community: its world, and the journal that it writes.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Seed of this run.
    graph : networkx.Graph, optional
        Used instead of the scenario's graph.
    sink : callable, optional
        Receives the journal as it is written.

    Attributes
    ----------
    world : World
        All records. Arrays are replaced when they grow, so keep the machine, not an array.
    nodes : Nodes
        Who was in the graph at the start; its ties are in the world.
    time : float
        Everything before this instant has been handled, in days.
    """

    _compiled_for: tuple[bytes, ...] | None = None  # the records for which the present features are enough

    def __init__(self, scenario: Scenario, seed: int, graph: Any = None, sink: Sink | None = None) -> None:
        self._sink = sink
        self._membership: list[Records] = []
        self.splits = splits_of(scenario)
        self.world, self.nodes = build_world(scenario, seed, graph, features_of(scenario))
        self.empty_journal()  # of the founders' rows: from now on a small buffer is enough
        self.world = self.world._replace(journal=np.zeros(JOURNAL_ROWS, dtype=journal_dtype))
        self.time = 0.0

    @classmethod
    def restored(
        cls, world: World, nodes: Nodes, membership: Records, time: float, sink: Sink | None
    ) -> Self:
        """The machine of a saved world (see :mod:`shequn.sim.saving.restoring`), which continues at ``time``.

        Its ``splits`` are those of the scenario with which it continues: set them.
        """
        machine = cls.__new__(cls)
        machine.splits = ()
        machine._sink = sink
        machine._membership = [membership]
        machine.world, machine.nodes = world, nodes
        machine.time = time
        return machine

    @property
    def totals(self) -> Any:
        """The record of running totals."""
        return self.world.totals[0]

    @property
    def params(self) -> Any:
        """The record of coefficients and settings; after changing it call :meth:`parameters_changed`."""
        return self.world.params[0]

    @property
    def days(self) -> Records:
        """The daily measures so far, one row per day."""
        return self.world.days[: int(self.totals["n_days"])]

    @property
    def space_days(self) -> Records:
        """The daily rows of spaces so far, one per day and space."""
        return self.world.space_days[: int(self.totals["n_space_days"])]

    @property
    def duty_days(self) -> Records:
        """The daily rows of duties so far, one per day and duty."""
        return self.world.duty_days[: int(self.totals["n_duty_days"])]

    @property
    def unit_days(self) -> Records:
        """The daily rows of units so far, one per day and unit."""
        return self.world.unit_days[: int(self.totals["n_unit_days"])]

    @property
    def rule_days(self) -> Records:
        """The daily rows of earn rules so far, one per day and rule."""
        return self.world.rule_days[: int(self.totals["n_rule_days"])]

    @property
    def offer_days(self) -> Records:
        """The daily rows of offers so far, one per day and offer."""
        return self.world.offer_days[: int(self.totals["n_offer_days"])]

    @property
    def task_days(self) -> Records:
        """The daily rows of tasks so far, one per day and task."""
        return self.world.task_days[: int(self.totals["n_task_days"])]

    def run_until(self, until: float) -> None:
        """Handle all events before ``until``, and the end of the day at ``until`` itself."""
        self.compile_what_is_used()
        while not run_until(self.world, float(until)):
            self.make_room()
        self.time = float(until)

    def compile_what_is_used(self) -> None:
        """Use compiled code that also has the features of the kernel that the world's records need now."""
        world, has = self.world, self.world.has
        if has == EVERYTHING:
            return
        records = world.params.tobytes(), world.spaces.tobytes(), world.gates.tobytes()
        if records == self._compiled_for:
            return
        self._compiled_for = records
        features = has | features_in(world.params, world.spaces, world.gates)
        if features != has:
            self.world = world._replace(features=marker(features))

    def make_room(self, more: int = 0, clocks: int = 0) -> None:
        """Empty the journal, divide full rooms, and enlarge every array that is nearly full.

        An array is nearly full if it has no room for ``more`` entries; the queue, if it has none for the same and as
        many ``clocks`` of invitations.
        """
        self.compile_what_is_used()
        if self.totals["rooms_full"]:
            self._divide_full_rooms()
        self.empty_journal()
        world, total = self.world, self.totals
        links, rewards = 2 * int(total["most_links"]), most_rewards(world)
        if int(total["n_links"]) + links + MARGIN > len(world.links):
            self._pack_links()
            world = self.world
        need = {
            "ties": int(total["n_ties"]),
            "links": int(total["n_links"]) + links,
            "members": int(total["n_records"]) + more,
            "memberships": int(total["n_memberships"]) + more,
            "applications": int(total["n_applications"]) + more,
            "accounts": int(total["n_accounts"]) + more,
            "work": int(total["n_work"]) + more,
            "lots": int(total["n_lots"]) + rewards,
            "promises": int(total["n_promises"]) + rewards,
            "unit_days": int(total["n_unit_days"]),
            "rule_days": int(total["n_rule_days"]),
            "offer_days": int(total["n_offer_days"]),
            "days": int(total["n_days"]),
            "duty_days": int(total["n_duty_days"]),
            "task_days": int(total["n_task_days"]),
            "space_days": int(total["n_space_days"]),
            "happenings": int(total["n_happenings"]) - MARGIN + 8,
        }
        grown: dict[str, Any] = {
            name: grown_array(getattr(world, name), used + MARGIN) for name, used in need.items()
        }
        for name in ("queue", "strangers", "event_strangers", "anybody"):
            heap = getattr(world, name)
            if name == "event_strangers" and not len(heap.values):
                continue  # there has been no hot event
            spare = (
                MARGIN
                + 2 * more
                + (links + clocks + 2 * len(world.staff) + rewards if name == "queue" else 0)
            )
            room = int(heap.size[0]) + spare
            if name == "queue" and room > len(heap.values):
                drop_stale(world)
                # an eighth more, else it would soon be full again
                room = (int(heap.size[0]) + spare) * 9 // 8
            if room > len(heap.values):
                grown[name] = grown_heap(heap, 2 * room)
        if world.post_counts[-2] != 0:
            grown["post_counts"] = grown_array(world.post_counts, 2 * len(world.post_counts))
        if "memberships" in grown:
            for name in BY_MEMBERSHIP:
                old = getattr(world, name)
                if 0 < len(old) < len(grown["memberships"]):  # those that no scenario part uses have no rows
                    grown[name] = np.zeros((len(grown["memberships"]), *old.shape[1:]), old.dtype)
                    grown[name][: len(old)] = old
        # who is removed loses what is on their accounts: a row for each unit
        rows = more * (1 + len(world.units)) + journal_rows_of_an_event(world)
        if rows + MARGIN > len(world.journal):
            grown["journal"] = np.zeros(rows + 2 * MARGIN, dtype=journal_dtype)
        self.world = world._replace(**grown)

    def _divide_full_rooms(self) -> None:
        """Divide every full room of a space that divides them, in order of their numbers, until none is full.

        A room with a single member cannot be divided.
        """
        while self.totals["rooms_full"]:
            self.totals["rooms_full"] = 0
            world, n = self.world, int(self.totals["n_rooms"])
            rooms = world.rooms[:n]
            full = (rooms["members"] >= rooms["capacity"]) & (rooms["members"] > 1)
            for room in np.flatnonzero(full & (world.spaces["splits"][rooms["space"]] != 0)):
                self._divide(int(room))
                halves = self.world.rooms[[int(room), int(self.totals["n_rooms"]) - 1]]
                if (halves["members"] >= halves["capacity"]).any():
                    self.totals["rooms_full"] = 1  # once more: the seats have become fewer

    def _divide(self, room: int) -> None:
        """Divide a full room in two: add one beside it, and move half of the members there.

        By topic, those above the median go; else a keyed draw decides. The core, the members of the most recognition,
        is shared out one by one.
        """
        world, total = self.world, self.totals
        space = int(world.rooms["space"][room])
        splits = self.splits[space]
        assert splits is not None, "a full room of a space that is not divided"
        now = float(total["full_at"])
        people = world.people
        seats = np.flatnonzero(world.memberships["room"][: int(total["n_memberships"])] == room)
        members = world.memberships["person"][seats].astype(np.int64)  # in a free seat: the next free one
        members = members[members != NOBODY]
        taken = (people["state"][members] == State.MEMBER) & np.isin(people["membership"][members], seats)
        members = np.unique(members[taken])
        seed, keys = int(total["seed"]), np.ascontiguousarray(people["key"][members])
        draws = uniforms(seed, Purpose.SPLIT, keys, int(world.rooms["n_posts"][room]))
        by = people["topic"][members].astype(float) if splits.by == "topic" else draws
        order = np.lexsort((draws, by))
        first = np.lexsort((draws, -self.recognition_of(members, now)))[: splits.core]
        core = np.isin(np.arange(len(members)), first)
        others = order[~core[order]]
        going = np.concatenate((first[1::2], others[len(others) // 2 :]))
        new = self._add_room(room)
        moving = np.ascontiguousarray(members[np.sort(going)].astype(np.int64))
        for first_row in range(0, len(moving), JOURNAL_ROWS):
            self.empty_journal()
            move_members(self.world, moving[first_row : first_row + JOURNAL_ROWS], new, now)

    def _add_room(self, beside: int) -> int:
        """Add a room like another one, in the same room; returns its number."""
        world, total = self.world, self.totals
        number, space = int(total["n_rooms"]), int(world.rooms["space"][beside])
        shown = int(world.params["shown"][0])
        if number == len(world.rooms):
            rooms = grown_array(world.rooms, number + 1)
            posts = np.zeros(len(rooms) * shown, dtype=world.posts.dtype)
            posts[: len(world.posts)] = world.posts
            near = world.near
            if len(near) == len(world.rooms) and self.params["city"] > 0.0:
                near = np.zeros((len(rooms), near.shape[1]))
                near[: len(world.near)] = world.near
            firsts = np.zeros((len(world.firsts), len(rooms)), dtype=world.firsts.dtype)
            firsts[:, : world.firsts.shape[1]] = world.firsts
            world = self.world = world._replace(rooms=rooms, posts=posts, near=near, firsts=firsts)
        position = int(world.spaces["n_rooms"][space])
        if position == world.room_of.shape[1]:
            room_of = np.full((len(world.spaces), 2 * position), NOBODY, dtype=np.int32)
            room_of[:, :position] = world.room_of
            world = self.world = world._replace(
                room_of=room_of, seats=seat_trees(world.spaces, world.rooms, room_of)
            )
        old, room = world.rooms[beside], world.rooms[number]
        for name in ("space", "parent", "talk", "capacity", "desk"):
            room[name] = old[name]
        room["position"] = position
        room["home"] = number if old["home"] == beside else old["home"]
        room["pond"] = number if old["pond"] == beside else old["pond"]
        room["recognition_at"] = old["recognition_at"]
        world.room_of[space, position] = number
        world.spaces["n_rooms"][space] += 1
        total["n_rooms"] += 1
        open_room(world, number)
        return number

    def _pack_links(self) -> None:
        """Close the gaps that moved blocks of links have left; each block gets a little room to grow."""
        packed = new_links(packed_length(self.world), int(self.totals["most_links"]))
        pack_links(self.world, packed)
        self.world = self.world._replace(links=packed)

    def empty_journal(self) -> None:
        """Pass the journal so far to the sink, and keep the membership rows."""
        n = int(self.totals["n_journal"])
        if n == 0:
            return
        rows = self.world.journal[:n]
        self._membership.append(rows[rows["kind"] <= MEMBERSHIP_KINDS].copy())
        if self._sink is not None:
            self._sink(rows)
        self.totals["n_journal"] = 0

    def membership(self) -> Records:
        """The membership rows of the journal so far, in time order."""
        self.empty_journal()
        if len(self._membership) > 1:
            self._membership = [np.concatenate(self._membership)]
        return self._membership[0] if self._membership else np.zeros(0, dtype=journal_dtype)

    def parameters_changed(self) -> None:
        """Recompute pending visits, invitations and discovery after a change of parameters."""
        if self.params["event_reach"] > 0.0 and not len(self.world.event_strangers.values):
            self.world = with_event_thresholds(self.world)
        self.make_room(2 * int(self.totals["members"]))
        refresh_rates(self.world, self.time)

    def set_capacity(self, capacity: int | None, space: int = ENTRANCE) -> None:
        """Set the seats of each room of a space from now on; None = no limit. Nobody is removed."""
        world = self.world
        there = world.room_of[space] != NOBODY
        world.rooms["capacity"][world.room_of[space][there]] = room_capacity(capacity)
        world.seats[:] = seat_trees(world.spaces, world.rooms, world.room_of)
        self.look_for_full_rooms()

    def look_for_full_rooms(self) -> None:
        """After a change of seats or of how rooms are divided: have those divided that are full now."""
        self.totals["rooms_full"] = 1
        self.totals["full_at"] = self.time
        self.make_room()

    def replace_gates(self, gates: tuple[Gate, ...], space: int = ENTRANCE) -> None:
        """Replace a space's gates from now on; people on its waiting list keep what they have passed and paid.

        They wait at the new quota gate. If there is none, they go on, in order, behind the last gate of a
        kind that came before the old quota gate: they need not pass a kind of gate again.
        """
        own = slice(space * MAX_GATES, space * MAX_GATES + int(self.world.spaces["n_gates"][space]))
        before = self.world.gates[own].copy()
        old = np.flatnonzero(before["kind"] == GateKind.QUOTA)
        set_gates(self.world, space, gates)
        self.compile_what_is_used()
        kinds = self.world.gates["kind"][own.start : own.start + len(gates)]
        new = np.flatnonzero(kinds == GateKind.QUOTA)
        if len(new):
            interval = 1.0 / float(before["quota_per_day"][old[0]]) if len(old) else -1.0
            move_waiting_list(self.world, space, self.time, int(new[0]), interval)
            return
        passed = np.isin(kinds, before["kind"][: old[0] if len(old) else 0])
        position = int(np.flatnonzero(passed)[-1]) + 1 if passed.any() else 0
        cancel_admission(self.world, space)
        while not dissolve_waiting_list(self.world, space, self.time, position):
            self.make_room()

    def add_people(
        self,
        people: Records,
        times: Any,
        groups: Any = NOBODY,
        operation: int = 0,
        cost: float = 0.0,
        distributions: Records | None = None,
    ) -> None:
        """Add people without ties, who come to the door at ``times`` (ascending, not before now).

        ``operation`` is the key of what brings them, ``cost`` the money for each who comes.
        Where the population has groups, ``groups`` are the numbers of theirs; NOBODY = of none. ``distributions``
        are those of the traits in their records, by group, where they differ from the population's.
        """
        if not len(people):
            return
        old = len(self.world.people)
        self.world = with_people(self.world, people, groups)
        self.world = with_records(self.world, old + np.arange(len(people)), distributions=distributions)
        self.make_room(len(people))
        batch = np.array([(operation, old, len(people), 0, cost)], dtype=batch_dtype)
        self.world = self.world._replace(batches=np.append(self.world.batches, batch))
        times = np.ascontiguousarray(times, dtype=np.float64)
        schedule_arrivals(self.world, len(self.world.batches) - 1, times)

    def remove(self, people: Any) -> None:
        """Remove members (positions), in this order; positions of non-members are ignored."""
        people = np.ascontiguousarray(people, dtype=np.int64)
        # everybody tied to somebody who goes may invite sooner
        self.make_room(len(people), clocks=int(self.world.people["n_links"][people].sum()))
        end_memberships(self.world, people, Reason.REMOVAL.value, self.time)

    def close(self, people: Any) -> None:
        """End the membership of members (positions), who may come again; positions of non-members are ignored."""
        people = np.ascontiguousarray(people, dtype=np.int64)
        self.make_room(len(people), clocks=int(self.world.people["n_links"][people].sum()))
        end_memberships(self.world, people, Reason.TERM.value, self.time)

    def enrol(self, people: Any) -> None:
        """Ask these graduates (positions) to come again."""
        people = np.ascontiguousarray(people, dtype=np.int64)
        while len(people):
            done = enrol(self.world, people, self.time)
            people = people[done:]
            self.make_room()

    def send_messages(self, people: Any, key: int, occurrence: int, offer: int | None) -> None:
        """Send members (positions) a message, about an offer or none; positions of non-members are ignored."""
        people = np.ascontiguousarray(people, dtype=np.int64)
        self.make_room(len(people))
        about = NOBODY if offer is None else offer
        send_messages(self.world, people, np.uint64(key), occurrence, about, self.time)

    def recognition_of(self, people: Any, now: float) -> Any:
        """The recognition of these people at ``now``; their records have it at their last visit."""
        world = self.world
        records = world.members[world.people["member"][people]]
        age = (now - records["stocks_at"]) / float(self.params["satisfaction_stock_half_life"])
        return records["recognition"] * np.exp2(-age)

    def belongs_to(self, people: Any, group: int) -> Any:
        """Mask of those of these people who belong to a group of the population."""
        return self.world.groups[people] == group

    def sits_in(self, people: Any, space: int) -> Any:
        """Mask of those of these members who sit in a space, or in one in it."""
        world = self.world
        inside = np.zeros(len(world.spaces), dtype=bool)
        for number, outer in enumerate(world.spaces["parent"]):
            inside[number] = number == space or (outer != NOBODY and inside[outer])
        rooms = world.memberships["room"][world.people["membership"][people]]
        return inside[world.rooms["space"][rooms]]

    def rooms_around(self, rooms: Any, space: int) -> Any:
        """For each of these rooms the room of a space that it is, or is in; NOBODY."""
        world = self.world
        around = np.array(rooms, dtype=np.int64)
        for _level in range(LEVELS):
            outside = (around != NOBODY) & (world.rooms["space"][around] != space)
            around[outside] = world.rooms["parent"][around[outside]]
        return np.where(around == NOBODY, NOBODY, around)

    def rooms_of(self, people: Any, space: int) -> Any:
        """For each of these members the room of a space that they sit in or below; NOBODY."""
        return self.rooms_around(
            self.world.memberships["room"][self.world.people["membership"][people]], space
        )

    def award(self, people: Any, unit: int, amount: float) -> None:
        """Give each of these members (positions) an amount of a unit."""
        rows = 2 + len(self.world.marks)  # of each: what they get, money, levels
        for first in range(0, len(people), JOURNAL_ROWS // rows):
            some = np.ascontiguousarray(people[first : first + JOURNAL_ROWS // rows], dtype=np.int64)
            self.make_room(rows * len(some))
            award(self.world, some, unit, amount, self.time)

    def give_title(self, mark: int, winners: Any, people: Any) -> None:
        """Give a title to the winners, and take it from the others of these people."""
        self.make_room(len(people) + len(winners))
        as_array = partial(np.ascontiguousarray, dtype=np.int64)
        give_title(self.world, mark, as_array(winners), as_array(people), self.time)

    def move(self, people: Any, space: int) -> None:
        """Send members (positions) to the door of another space, in this order; they move if they are let in."""
        people = np.ascontiguousarray(people, dtype=np.int64)
        done = 0
        while done < len(people):
            self.make_room(len(people))
            done += apply_members(self.world, people[done:], space, self.time)
        self.make_room()

    def desks_of_rooms(self, job: int) -> Any:
        """The desk of a job that looks after each room; NOBODY where there is none."""
        desks = np.empty(int(self.totals["n_rooms"]), dtype=np.int64)
        fill_desks(self.world, job, desks)
        return desks

    def begin_round(self, duty: int, work: Round) -> None:
        """Give a duty the work of a round that begins now."""
        self.make_room(len(work.people))
        enter_round(self.world, duty, *work, self.time)

    def hire(self, staff: int, person: int) -> None:
        """A person takes a place of the staff."""
        self.make_room()
        hire(self.world, staff, person, self.time)

    def dismiss(self, staff: int) -> None:
        """Somebody leaves a place of the staff."""
        self.make_room()
        dismiss(self.world, staff, self.time)

    def hours_changed(self, job: int) -> None:
        """After a change of the hours or minutes of a job: have everybody who has it look for work."""
        self.make_room()
        wake(self.world, job, self.time)

    def edges(self) -> tuple[Any, Any, Any]:
        """All ties now, as three arrays: one end, the other end, and the strength."""
        return self.edges_with_given()[:3]

    def edges_with_given(self) -> tuple[Any, Any, Any, Any]:
        """All ties now, as four arrays: one end, the other end, the strength, and how much of it was given."""
        world = self.world
        people, links = world.people, world.links
        owner = np.repeat(np.arange(len(people)), people["n_links"])
        at = link_positions(people)
        other = links["other"][at]
        once = owner < other
        strength = np.empty(int(once.sum()))
        fill_strengths(world, np.ascontiguousarray(at[once]), self.time, strength)
        return owner[once], other[once], strength, given_strengths(world, links["tie"][at][once])


def splits_of(scenario: Scenario) -> tuple[Splits | None, ...]:
    """How full rooms of each space are divided."""
    return tuple(place.space.splits for place in scenario.places)


def grown_array(array: Records, room: int) -> Records:
    """The same array if it has ``room`` rows, else a copy with twice as many.

    What is not used yet takes no memory, while each copy has to be fetched page by page.
    """
    if room <= len(array):
        return array
    longer = np.zeros(2 * room, dtype=array.dtype)
    longer[: len(array)] = array
    return longer
