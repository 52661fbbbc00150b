"""Building the world at time 0 from a scenario and a seed."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.drivers import Driver
from shequn.agents.rules import GROUPS
from shequn.sim.contacts import has_contacts
from shequn.sim.fields import MOST_DAYS
from shequn.sim.graphs.build import build
from shequn.sim.graphs.graph import Graph, Nodes, from_networkx
from shequn.sim.incentives import incentive_records
from shequn.sim.initial_state import apply_history, members_at_start, set_traits
from shequn.sim.kernel.discovery import Source
from shequn.sim.kernel.features import EVERYTHING, Feature, marker
from shequn.sim.kernel.founding import begin, found_community
from shequn.sim.kernel.gates.gate import Gate
from shequn.sim.kernel.gates.kinds import MAX_GATES, gate_dtype, recorded_gates
from shequn.sim.kernel.heap import empty_heap
from shequn.sim.kernel.locality import cells_across
from shequn.sim.kernel.mood import moods
from shequn.sim.kernel.params import default_params
from shequn.sim.kernel.rhythm import DAILY, cumulative_rhythm
from shequn.sim.kernel.state import (
    MARGIN,
    MEMBERSHIP_KINDS,
    NOBODY,
    JournalKind,
    account_dtype,
    application_dtype,
    batch_dtype,
    contact_dtype,
    day_dtype,
    happening_dtype,
    hazard_dtype,
    journal_dtype,
    membership_dtype,
    post_dtype,
    progress_dtype,
    reading_dtype,
    space_day_dtype,
    tie_dtype,
    work_dtype,
)
from shequn.sim.kernel.world import Records, World, totals_dtype, unused_ties
from shequn.sim.memory import check_memory
from shequn.sim.population import (
    choose_founders,
    distributions_of,
    draw_traits,
    expected_quality,
    fresh_people,
    groups_of,
    new_members,
    new_people,
    places_of,
    seed_roles,
    with_records,
)
from shequn.sim.rooms import rooms_of
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.group import Group, read_group
from shequn.sim.staffing import has_moderators, staff_records, with_staff
from shequn.sim.thresholds import first_thresholds

_CHUNK = 1 << 20  # people or links made at a time, to bound the memory of what is only needed meanwhile
JOURNAL_ROWS = 1 << 16  # the buffer that Python empties
#: The last kind of row that each setting of `journal` writes. Joins, departures and removals are always
#: written: temperature, cohorts and departures are computed from them.
_LAST_KIND = {"none": JournalKind.REMOVE, "membership": MEMBERSHIP_KINDS, "full": max(JournalKind)}


def build_world(
    scenario: Scenario, seed: int, graph: Any = None, features: Feature = EVERYTHING
) -> tuple[World, Nodes]:
    """Build the people, their graph and the community with its founders, at time 0.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Seed of this run: people, graph and all draws follow from it.
    graph : networkx.Graph, optional
        Used instead of the graph of the scenario.
    features : Feature
        Parts of the kernel to compile; they must contain those of `shequn.sim.features.features_of`.

    Raises
    ------
    GraphError
        The graph cannot be loaded or made, or there is not enough memory.
    """
    population = scenario.population
    if graph is None:
        check_memory(scenario)
    social_graph = graph_of(scenario, seed, graph)
    nodes, keys, indptr = social_graph.nodes, social_graph.keys, social_graph.indptr
    links = take_links(social_graph)
    del social_graph  # before the people are made: both together would need more memory
    people = new_people(nodes.people)
    people["key"] = keys
    draw_traits(people, seed, population)
    group = _group_of(scenario, seed)
    if group is None:
        founders = choose_founders(people, seed, population, indptr, links["other"])
    else:
        founders = members_at_start(group)
    world = empty_world(scenario, seed, people, indptr, links, len(founders))
    del keys, indptr, links
    if group is None:
        world = with_records(world, founders)
    else:
        world = with_records(world, np.arange(len(group)))
        set_traits(world, group)
    seed_roles(world, founders, seed, population)
    world = world._replace(features=marker(features))
    for number, place in enumerate(scenario.places):
        set_gates(world, number, place.gates)
    found_community(world, founders, _top_decile(people["quality"][founders]))
    if group is not None:
        world = apply_history(world, group)
    strangers, anybody = first_thresholds(world, seed)
    world = world._replace(strangers=strangers, anybody=anybody)
    begin(world)
    return with_staff(world, scenario, seed), nodes


def graph_of(scenario: Scenario, seed: int, graph: Any = None) -> Graph:
    """The graph of a scenario, or this one of networkx instead."""
    if graph is not None:
        return from_networkx(graph)
    population = scenario.population

    def traits(keys: npt.NDArray[np.uint64]) -> dict[str, npt.NDArray[np.float32]]:
        values = {name: np.empty(len(keys), dtype=np.float32) for name in ("quality", "topic", "x", "y")}
        for first in range(0, len(keys), _CHUNK):
            part = slice(first, first + _CHUNK)
            people = fresh_people(keys[part])
            draw_traits(people, seed, population)
            values["quality"][part], values["topic"][part] = people["quality"], people["topic"]
            values["x"][part], values["y"][part] = places_of(keys[part], seed, population)
        return values

    spec = population.graph.model_dump()
    if scenario.graph_path is not None:
        spec["file"] = str(scenario.graph_path)
    return build(spec, population.people or 0, seed, traits)


def _group_of(scenario: Scenario, seed: int) -> Group | None:
    """The real group to start from, if the scenario names one; the seed selects one of its draws."""
    if scenario.group_path is None:
        return None
    draws = read_group(scenario.group_path)
    return draws[seed % len(draws)]


def _top_decile(quality: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Mark of each founder: 2 for the top decile of quality (at least one founder), 1 for the others."""
    marks = np.ones(len(quality), dtype=np.uint8)
    if len(quality):
        best = np.argsort(-quality, kind="stable")[: max(1, round(0.1 * len(quality)))]
        marks[best] = 2
    return marks


def take_links(graph: Graph) -> Records:
    """The links of a graph made those of a world, in place: the graph cannot be used any more."""
    for first in range(0, len(graph.tie), _CHUNK):
        ties = graph.tie[first : first + _CHUNK]
        ties[:] = unused_ties(graph.strength[ties])
    return graph.links


def empty_world(
    scenario: Scenario,
    seed: int,
    people: Records,
    indptr: npt.NDArray[np.int64],
    links: Records,
    founders: int,
) -> World:
    """A world before anything has happened: nobody is a member and no event is scheduled.

    ``indptr`` says where the links of each person begin, as in a `Graph`.
    """
    community = scenario.community
    people["links_start"] = indptr[:-1]
    people["n_links"] = np.diff(indptr)
    people["links_room"] = people["n_links"]
    most_links = int(people["n_links"].max(initial=0))
    spaces, rooms, room_of, seats = rooms_of(scenario.places)
    city = 0.0 if scenario.population.places is None else scenario.population.places.city_km
    cells = cells_across(city) ** 2 if city > 0.0 else 0
    totals = np.zeros(1, dtype=totals_dtype)
    totals["seed"] = seed
    totals["reputation"] = 1.0
    totals["n_records"] = 1
    totals["n_links"] = indptr[-1]
    totals["free_membership"] = totals["free_application"] = totals["free_work"] = NOBODY
    totals["free_lot"] = totals["free_promise"] = NOBODY
    totals["n_rooms"] = len(rooms)
    totals["most_links"] = most_links
    return World(
        people=people,
        groups=groups_of(np.ascontiguousarray(people["key"]), seed, scenario.population),
        members=new_members(founders + 2 * MARGIN),
        distributions=distributions_of(scenario.population),
        memberships=np.zeros(founders + 2 * MARGIN, dtype=membership_dtype),
        applications=np.zeros(64, dtype=application_dtype),
        accounts=np.zeros(64, dtype=account_dtype),
        ties=np.zeros(2 * MARGIN, dtype=tie_dtype),
        links=links,
        spaces=spaces,
        rooms=rooms,
        room_of=room_of,
        seats=seats,
        posts=np.zeros(len(rooms) * community.shown, dtype=post_dtype),
        gates=np.zeros(len(spaces) * MAX_GATES, dtype=gate_dtype),
        happenings=np.zeros(16, dtype=happening_dtype),
        work=np.zeros(512, dtype=work_dtype),
        progress=np.zeros((founders + 2 * MARGIN, len(scenario.tasks)), dtype=progress_dtype),
        **staff_records(scenario),
        batches=np.zeros(0, dtype=batch_dtype),
        contacts=np.zeros(founders + 2 * MARGIN if has_contacts(scenario) else 0, dtype=contact_dtype),
        strikes=np.zeros(founders + 2 * MARGIN if has_moderators(scenario) else 0, dtype=np.int32),
        **incentive_records(scenario, founders + 2 * MARGIN, len(rooms)),
        params=params_of(scenario, len(people)),
        totals=totals,
        days=np.zeros(scenario.days + 3, dtype=day_dtype),
        space_days=np.zeros((scenario.days + 3) * len(spaces), dtype=space_day_dtype),
        journal=np.zeros(max(JOURNAL_ROWS, founders + 2 * MARGIN), dtype=journal_dtype),
        queue=empty_heap(_queue_room(scenario, people, founders, most_links)),
        hazards=np.zeros(len(Source), dtype=hazard_dtype),
        strangers=empty_heap(1),
        event_strangers=empty_heap(0),
        anybody=empty_heap(1),
        reading=np.zeros(1, dtype=reading_dtype),
        rhythm=rhythm_of(scenario),
        moods=moods_of(scenario, seed),
        near=np.zeros((len(rooms), cells) if cells else (1, 1)),
        ranks=np.zeros(4097, dtype=np.int64),
        post_counts=np.zeros(256, dtype=np.int64),
    )


def rhythm_of(scenario: Scenario) -> npt.NDArray[np.float64]:
    """The cumulative rhythm of the week, from the scenario's first day on."""
    rhythm = scenario.community.rhythm
    weights = {"flat": (1.0,) * 24, "daily": DAILY}[rhythm] if isinstance(rhythm, str) else rhythm
    return cumulative_rhythm(weights, scenario.start)


def moods_of(scenario: Scenario, seed: int) -> Records:
    """The mood of each day, as far as the longest run goes, so that a run can be continued."""
    mood = scenario.community.mood
    return moods(seed, MOST_DAYS, mood.log_sd, mood.half_life, mood.now, rhythm_of(scenario))


def last_kind(scenario: Scenario) -> int:
    """The last kind of journal row (``JournalKind``) that a scenario keeps."""
    return int(_LAST_KIND[scenario.journal])


def _queue_room(scenario: Scenario, people: Records, founders: int, most_links: int) -> int:
    """Number of queue entries the founders need: a visit and an invitation each, and a departure by a clock.

    For members of a real group, visits and invitations are entered twice, the second time with their past.
    """
    each = 2 if scenario.rules["leaving"]["mode"] == "visit" else 3
    each += 2 if scenario.group_path is not None else 0
    room = each * founders + 2 * most_links + 2 * MARGIN
    if scenario.rules["inviting"]["mode"] == "tie":
        room += founders * most_links if founders < len(people) else int(people["n_links"].sum())
    return room


def params_of(scenario: Scenario, people: int) -> Records:
    """The record of coefficients and settings, with ``people`` people at the start."""
    params = default_params()
    population, community = scenario.population, scenario.community
    for group in GROUPS:
        for c in group.coefficients:
            params[f"{group.name}_{c.name}"] = c.number(scenario.rules[group.name][c.name])
    params["visibility"] = _given_or(community.visibility, community.openness)
    params["bypass"] = _given_or(community.bypass, community.openness)
    if community.reach is not None:
        params["reach"] = community.reach
    else:
        params["reach"] = (community.strangers_per_day or 0.0) / people
    params["return_after"] = community.return_after
    params["purse_mean"] = population.purse.mean
    params["purse_log_sd"] = population.purse.log_sd
    params["purse_days"] = population.purse.days
    params["population_level"] = max(1e-9, expected_quality(population))
    params["centre"] = population.topic.centre
    params["city"] = 0.0 if population.places is None else population.places.city_km
    params["mixing"] = ("graph", "complete").index(community.mixing)
    params["shown"] = community.shown
    params["journal"] = last_kind(scenario)
    # the event driver always counts: else two arms would differ before the first event of one of them
    params["possible"][0, Driver.LOCALITY] = population.places is not None
    return params


def _given_or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def set_gates(world: World, space: int, gates: tuple[Gate, ...]) -> None:
    """Replace the gates of a space."""
    world.gates[space * MAX_GATES : (space + 1) * MAX_GATES] = recorded_gates(gates, space)
    world.spaces["n_gates"][space] = len(gates)
