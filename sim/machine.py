"""The machine: a world that runs in segments, and whose arrays grow when they are full.

Between two segments Python may read any record, carry out operations and change parameters. Dividing a
run into segments changes nothing in its results.
"""

from collections.abc import Callable
from typing import Any, Self

import numpy as np

from shequn.sim.building import JOURNAL_ROWS, build_world, room_capacity, set_gates
from shequn.sim.graphs.graph import Graph
from shequn.sim.kernel.entry import cancel_admission, move_waiting_list
from shequn.sim.kernel.gates.gate import Gate
from shequn.sim.kernel.gates.kinds import GateKind
from shequn.sim.kernel.heap import grown_heap
from shequn.sim.kernel.interventions import fill_strengths, refresh_rates, remove_members, schedule_arrivals
from shequn.sim.kernel.loop import MARGIN, dissolve_waiting_list, drop_stale, run_until
from shequn.sim.kernel.state import MEMBERSHIP_KINDS, journal_dtype
from shequn.sim.kernel.world import Records, World, link_positions
from shequn.sim.population import cache_aligned, new_people
from shequn.sim.scenario import Scenario

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
    graph : Graph
        The graph at the start (for a restored machine: only its people).
    time : float
        Everything before this instant has been handled, in days.
    """

    def __init__(self, scenario: Scenario, seed: int, graph: Any = None, sink: Sink | None = None) -> None:
        self._sink = sink
        self._membership: list[Records] = []
        self.world, self.graph = build_world(scenario, seed, graph)
        self.empty_journal()  # of the founders' rows: from now on a small buffer is enough
        self.world = self.world._replace(journal=np.zeros(JOURNAL_ROWS, dtype=journal_dtype))
        self.time = 0.0

    @classmethod
    def restored(
        cls, world: World, graph: Graph, membership: Records, time: float, sink: Sink | None
    ) -> Self:
        """The machine of a saved world (see :mod:`shequn.sim.saving.restoring`), which continues at ``time``."""
        machine = cls.__new__(cls)
        machine._sink = sink
        machine._membership = [membership]
        machine.world, machine.graph = world, graph
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

    def run_until(self, until: float) -> None:
        """Handle all events before ``until``, and the end of the day at ``until`` itself."""
        while not run_until(self.world, float(until)):
            self.make_room()
        self.time = float(until)

    def make_room(self, more: int = 0) -> None:
        """Empty the journal, and enlarge every array that is nearly full (or has no room for ``more`` entries)."""
        self.empty_journal()
        world, total = self.world, self.totals
        links = 2 * int(total["most_links"])
        if int(total["n_links"]) + links + MARGIN > len(world.links):
            self._pack_links()
            world = self.world
        need = {
            "ties": int(total["n_ties"]),
            "links": int(total["n_links"]) + links,
            "memberships": int(total["n_memberships"]) + more,
            "applications": int(total["n_applications"]) + more,
            "accounts": int(total["n_accounts"]) + more,
            "days": int(total["n_days"]),
            "happenings": int(total["n_happenings"]) - MARGIN + 8,
        }
        grown: dict[str, Any] = {
            name: grown_array(getattr(world, name), used + MARGIN) for name, used in need.items()
        }
        for name in ("queue", "strangers", "event_strangers", "anybody", "line"):
            heap = getattr(world, name)
            spare = MARGIN + 2 * more + (links if name == "queue" else 0)
            room = int(heap.size[0]) + spare
            if name == "queue" and room > len(heap.values):
                drop_stale(world)
                # an eighth more, else it would soon be full again
                room = (int(heap.size[0]) + spare) * 9 // 8
            if room > len(heap.values):
                grown[name] = grown_heap(heap, room + room // 8)
        if world.post_counts[-2] != 0:
            grown["post_counts"] = grown_array(world.post_counts, 2 * len(world.post_counts))
        if more + MARGIN > len(world.journal):
            grown["journal"] = np.zeros(more + 2 * MARGIN, dtype=journal_dtype)
        self.world = world._replace(**grown)

    def _pack_links(self) -> None:
        """Close the gaps that moved blocks of links have left; each block gets a little room to grow."""
        people, links = self.world.people, self.world.links
        at, room = link_positions(people), people["n_links"] + people["n_links"] // 8 + 1
        start = np.cumsum(room) - room
        # a sixteenth to spare: packing costs O(people), and a fixed spare would be used up faster and faster
        spare = int(room.sum()) // 16 + 2 * int(self.totals["most_links"]) + 2 * MARGIN
        packed = np.zeros(int(room.sum()) + spare, dtype=links.dtype)
        packed[at - np.repeat(people["links_start"] - start, people["n_links"])] = links[at]
        people["links_start"], people["links_room"] = start, room
        self.totals["n_links"] = int(room.sum())
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
        self.make_room(2 * int(self.totals["members"]))
        refresh_rates(self.world, self.time)

    def set_capacity(self, capacity: int | None) -> None:
        """Set the capacity of each room from now on; None = no limit. Nobody is removed."""
        self.world.rooms["capacity"] = room_capacity(capacity)

    def replace_gates(self, gates: tuple[Gate, ...]) -> None:
        """Replace the gates from now on; people on the waiting list keep what they have passed and paid.

        They wait at the new quota gate. If there is none, they go on, in order, behind the last gate of a
        kind that came before the old quota gate: they need not pass a kind of gate again.
        """
        before = self.world.gates[: int(self.totals["n_gates"])].copy()
        old = np.flatnonzero(before["kind"] == GateKind.QUOTA)
        set_gates(self.world, gates)
        kinds = self.world.gates["kind"][: len(gates)]
        new = np.flatnonzero(kinds == GateKind.QUOTA)
        if len(new):
            interval = 1.0 / float(before["quota_per_day"][old[0]]) if len(old) else -1.0
            move_waiting_list(self.world, self.time, int(new[0]), interval)
            return
        passed = np.isin(kinds, before["kind"][: old[0] if len(old) else 0])
        position = int(np.flatnonzero(passed)[-1]) + 1 if passed.any() else 0
        cancel_admission(self.world)
        while not dissolve_waiting_list(self.world, self.time, position):
            self.make_room()

    def add_people(self, people: Records, times: Any) -> None:
        """Add people without ties, who come to the door at ``times`` (ascending, not before now)."""
        old = len(self.world.people)
        everybody = cache_aligned(old + len(people))
        everybody[:old] = self.world.people
        everybody[old:] = people
        self.world = self.world._replace(people=everybody)
        self.make_room(len(people))
        schedule_arrivals(self.world, old, np.ascontiguousarray(times, dtype=np.float64))

    def remove(self, people: Any) -> None:
        """Remove members (positions), in this order; positions of non-members are ignored."""
        self.make_room(len(people))
        remove_members(self.world, np.ascontiguousarray(people, dtype=np.int64), self.time)

    def edges(self) -> tuple[Any, Any, Any]:
        """All ties now, as three arrays: one end, the other end, and the strength."""
        world = self.world
        people, links = world.people, world.links
        owner = np.repeat(np.arange(len(people)), people["n_links"])
        at = link_positions(people)
        other = links["other"][at]
        once = owner < other
        strength = np.empty(int(once.sum()))
        fill_strengths(world, np.ascontiguousarray(links["tie"][at][once]), self.time, strength)
        return owner[once], other[once], strength


def grown_array(array: Records, room: int) -> Records:
    """The same array if it has ``room`` rows, else a copy with a quarter more than that."""
    if room <= len(array):
        return array
    longer = np.zeros(room + room // 4, dtype=array.dtype)
    longer[: len(array)] = array
    return longer


def fresh_people(keys: Any) -> Records:
    """Records of people outside, with these keys."""
    people = new_people(len(keys))
    people["key"] = keys
    return people
