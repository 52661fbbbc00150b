"""Worlds of a dozen people for the laws of single functions: nobody is inside, nothing happens by itself."""

from typing import Any

import networkx as nx
import numpy as np

from shequn.sim.kernel.heap import drop, tag_kind, tag_other, tag_person
from shequn.sim.kernel.membership import join
from shequn.sim.kernel.reading import clear
from shequn.sim.kernel.state import NOBODY, Channel, EventKind, JournalKind
from shequn.sim.kernel.ties import find_link, used_tie
from shequn.sim.kernel.world import World, unused_ties
from shequn.sim.machine import Machine
from shequn.sim.population import with_records
from shequn.sim.scenario import Scenario

PEOPLE = 12
QUALITY = 0.5  # of everybody, until a test says otherwise


def outside(
    rules: dict[str, Any] | None = None,
    edges: tuple[tuple[int, int], ...] = (),
    gates: tuple[dict[str, Any], ...] = (),
    places: bool = False,
    spaces: dict[str, Any] | None = None,
    records: bool = True,
    **community: Any,
) -> World:
    """A world whose dozen people are all outside, with these rules, ties and gates.

    All have records as members, in order, whoever comes in first; without ``records`` nobody has one.
    """
    population: dict[str, Any] = {
        "people": PEOPLE, "founders": 0, "contentment_sd": 0, "drivers": {"spread": 0},
        "pace": {"mean": 1, "log_sd": 0}, "talkativeness": {"mean": 0.5, "log_sd": 0},
        "graph": {"generator": "none"},
    }  # fmt: skip
    if places:
        population["places"] = {"city_km": 4}
    if edges:
        del population["graph"]
        del population["people"]
    graph = nx.Graph()
    graph.add_nodes_from(range(PEOPLE))
    graph.add_edges_from(edges)
    scenario = Scenario.from_mapping(
        {
            "format": 1, "title": "law", "seed": 7, "days": 50, "journal": "full", "population": population,
            "community": {"rhythm": "flat", "openness": 0, "shown": 8, **community},
            "gates": list(gates), "spaces": spaces or {}, "rules": rules or {},
        }
    )  # fmt: skip
    machine = Machine(scenario, 7, graph if edges else None)
    machine.world.people["quality"] = QUALITY
    give(machine.world, 0.5)
    empty(machine.world.queue)
    return with_records(machine.world, np.arange(PEOPLE)) if records else machine.world


def give(world: World, strength: float, *tied: int) -> None:
    """Ties that have not been used are of this strength: all, or that of these two people."""
    for a in tied or range(PEOPLE):
        for b in tied or range(PEOPLE):
            if (link := find_link(world, a, b)) >= 0:
                world.links["tie"][link] = unused_ties(np.array([strength], dtype=np.float32))[0]


def tie_between(world: World, a: int, b: int) -> Any:
    """The record of the tie between two people; it is made if the tie has not been used."""
    return world.ties[used_tie(world, a, find_link(world, a, b))]


def inside(
    world: World, *persons: int, now: float = 0.0, room: int = 0, channel: int = Channel.ARRIVAL
) -> None:
    """These people join; what they would do next is taken out of the queue."""
    for person in persons:
        join(world, person, room, now, channel, NOBODY, 0.0)
    empty(world.queue)


def empty(heap: Any) -> None:
    """Take everything out."""
    while heap.size[0] > 0:
        drop(heap)


def due(world: World, kind: EventKind) -> list[tuple[float, int, int]]:
    """Time, person and other of the entries of one kind, in order; the queue stays as it is."""
    n = int(world.queue.size[0])
    entries = sorted(zip(world.queue.values[:n].tolist(), world.queue.tags[:n].tolist(), strict=True))
    return [(at, tag_person(tag), tag_other(tag)) for at, tag in entries if tag_kind(tag) == kind]


def rows(world: World, kind: JournalKind) -> list[tuple[float, int, int, int, int, float]]:
    """Time, person, other, room, detail and value of the journal's rows of one kind."""
    written = world.journal[: int(world.totals[0]["n_journal"])]
    return [
        (
            float(row["time"]), int(row["person"]), int(row["other"]), int(row["room"]), int(row["detail"]),
            float(row["value"]),
        )
        for row in written[written["kind"] == kind]
    ]  # fmt: skip


def snapshot(record: Any) -> dict[str, Any]:
    """All fields of a record as they are now."""
    return {name: np.copy(record[name]) for name in record.dtype.names}


def note_reading(world: World, **values: float) -> Any:
    """This is what was read at the visit that is being handled; nothing but what is given. Returns the record."""
    reading = world.reading[0]
    clear(reading)
    for name, value in values.items():
        reading[name] = value
    return reading
