"""The machine: segments equal one run, compiled equals plain, nobody is touched by strangers to them."""

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from shequn.sim.community import Community
from shequn.sim.graphs.graph import key_of
from shequn.sim.kernel.chance import Purpose, exponentials, uniforms
from shequn.sim.kernel.interventions import end_memberships
from shequn.sim.kernel.loop import MARGIN, drop_stale, run_until
from shequn.sim.kernel.state import Channel, JournalKind, Reason, State
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import PEOPLE, WORLDS, Journal, Rows, run, same_bytes, world
from tests.sim.writing_journals import journals_of_another_process


@pytest.fixture(scope="module")
def journals() -> dict[str, Rows]:
    """The journal of each small world, run at one go."""
    return {name: run(world(name))[1] for name in WORLDS}


def assert_same(a: Rows, b: Rows) -> None:
    """The same journal, bit by bit; else say where they part."""
    n = min(len(a), len(b))
    apart = np.flatnonzero(a[:n] != b[:n])
    where = int(apart[0]) if len(apart) else n
    assert same_bytes(a, b), f"row {where} of {len(a)} and {len(b)}: {a[where:][:1]} {b[where:][:1]}"


def test_the_small_worlds_use_every_mechanism(journals: dict[str, Rows]) -> None:
    rows = np.concatenate(list(journals.values()))
    assert set(rows["kind"]) == {kind.value for kind in JournalKind}
    joins = rows[rows["kind"] == JournalKind.JOIN]
    assert set(joins["detail"]) == {channel.value for channel in Channel}
    leaves = rows[rows["kind"] == JournalKind.LEAVE]
    assert {Reason.INTEREST, Reason.STANDARD, Reason.CROWDING, Reason.OPTIONS, Reason.CLOCK} <= set(
        leaves["detail"]
    )
    assert (leaves["other"] >= 0).any()
    came_again = np.unique(joins["person"][joins["time"] > 0], return_counts=True)[1]
    assert (came_again > 1).any()


@pytest.mark.parametrize("name", WORLDS)
def test_segments_equal_one_run(name: str, journals: dict[str, Rows]) -> None:
    scenario = world(name)
    stops = np.random.default_rng(3).uniform(0, scenario.days, 200).tolist()
    assert_same(run(scenario, stops)[1], journals[name])


@pytest.mark.parametrize("name", WORLDS)
def test_forgetting_what_is_void_changes_nothing(name: str, journals: dict[str, Rows]) -> None:
    scenario, journal = world(name), Journal()
    community = Community(scenario, sink=journal)
    forgot = 0
    for day in range(1, scenario.days + 1):
        community.run_until(float(day))
        before = int(community.machine.world.queue.size[0])
        drop_stale(community.machine.world)
        forgot += before - int(community.machine.world.queue.size[0])
    community.machine.empty_journal()
    assert forgot > 0
    assert_same(journal.rows, journals[name])


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    name: str, journals: dict[str, Rows]
) -> None:
    assert_same(run(world(name))[1], journals[name])
    assert not same_bytes(run(world(name, seed=8))[1], journals[name])


@pytest.mark.parametrize(
    ("condition", "environment"),
    [
        ("compilation off", {"NUMBA_DISABLE_JIT": "1"}),
        ("every index checked", {"NUMBA_BOUNDSCHECK": "1"}),
        ("another process", {"PYTHONHASHSEED": "5"}),
    ],
)
def test_the_journal_is_the_same_with(
    condition: str, environment: dict[str, str], journals: dict[str, Rows], tmp_path: Path
) -> None:
    others = journals_of_another_process(tmp_path, list(WORLDS), **environment)
    for name, rows in journals.items():
        assert_same(others[name], rows)


def test_the_loop_is_compiled_for_one_signature_with_each_set_of_features(journals: dict[str, Rows]) -> None:
    if hasattr(run_until, "dispatcher"):  # else compilation is off
        features = [world.features for world, _until in run_until.dispatcher.signatures]
        assert len(features) == len(set(features))


def test_a_change_between_segments_equals_the_same_operation() -> None:
    operation = {"do": "set_openness", "day": 9.3, "to": 0.9}
    by_operation = run(world("camp", operations=[*WORLDS["camp"]["operations"], operation]))[1]
    community, _ = run(world("camp"))
    journal = Journal()
    community = type(community)(world("camp"), sink=journal)
    community.run_until(9.3)
    community.set_openness(0.9)
    community.run_until(float(community.settings.days))
    community.machine.empty_journal()
    assert_same(journal.rows, by_operation)


def idle_label(seed: int) -> str:
    """A name whose keyed draws keep its bearer from founding and from ever finding the door."""
    for n in range(10_000):
        key = np.array([key_of(f"idle-{n}")], dtype=np.uint64)
        finds = exponentials(seed, Purpose.DISCOVERY, key)[0]
        if finds > 3.0 and uniforms(seed, Purpose.FOUNDING, key)[0] > 0.9:
            return f"idle-{n}"
    raise AssertionError("no such name")


@pytest.mark.parametrize("name", ["camp", "hall", "chain", "mixture"])
def test_one_idle_person_more_changes_nothing_for_anybody_else(name: str) -> None:
    changes: dict[str, Any] = {"population__graph": {"generator": "none"}}
    changes |= {"community__reach": 0.03, "community__strangers_per_day": None}
    scenario = world(name, **changes)
    labels = [f"p{n}" for n in range(160)]
    tied = nx.relabel_nodes(nx.watts_strogatz_graph(160, 8, 0.2, seed=1), dict(enumerate(labels)))
    few: Any = nx.Graph()
    few.add_nodes_from(labels)
    few.add_edges_from(tied.edges)
    more: Any = nx.Graph()
    more.add_nodes_from([*labels[:80], idle_label(scenario.seed), *labels[80:]])
    more.add_edges_from(tied.edges)
    one, without = run(scenario, graph=few)
    two, rows = run(scenario, graph=more)
    assert two.machine.world.people["n_joins"][80] == 0
    assert len(one.machine.world.people) + 1 == len(two.machine.world.people)
    for field in ("person", "other"):
        assert not (rows[field] == 80).any()
        rows[field] -= rows[field] > 80
    assert_same(rows, without)


def test_a_room_is_not_touched_by_another_without_ties_to_it() -> None:
    size = 60
    near = nx.watts_strogatz_graph(size, 8, 0.2, seed=1)
    far = nx.relabel_nodes(nx.watts_strogatz_graph(size, 12, 0.2, seed=2), lambda n: n + size)
    scenario = world(
        "hall",
        population={**PEOPLE, "people": 2 * size, "founders": "all", "graph": {"generator": "none"}},
        community={"rooms": 2, "placing": "fill", "capacity": size, "openness": 0, "return_after": "never"},
        gates=[],
        operations=[{"do": "hot_event", "day": 3}],
    )
    alone = run(scenario, graph=near)[1]
    beside = run(scenario, graph=nx.union(near, far))[1]
    busy = beside[beside["person"] >= size]
    assert set(busy["room"]) <= {-1, 1}  # -1: outside
    assert (busy["kind"] == JournalKind.POST).sum() > 20
    here = beside[beside["person"] < size]
    assert len(here) > 200
    for rows in (here, alone):  # the temperature is that of the whole community
        rows["value"][np.isin(rows["kind"], (JournalKind.JOIN, JournalKind.LEAVE))] = 0.0
    assert_same(here, alone)


def test_a_scenario_object_is_not_changed_by_a_run() -> None:
    scenario: Scenario = world("camp")
    before = scenario.dump()
    run(scenario)
    assert scenario.dump() == before


def test_there_is_room_for_the_invitations_that_removals_bring_forward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everybody tied to somebody removed may invite sooner: one entry of the queue for each tie."""
    members = 400
    machine = Community(
        Scenario.from_mapping(
            {
                "format": 2,
                "title": "tied",
                "days": 2,
                "population": {
                    "people": 600,
                    "founders": members,
                    "graph": {"generator": "watts_strogatz_graph", "arguments": {"k": 60, "p": 0.5}},
                },
            }
        )
    ).machine
    free, pushed = 0, 0

    def removing(world: Any, people: Any, reason: int, now: float) -> None:
        nonlocal free, pushed
        before = int(world.queue.size[0])
        free = len(world.queue.values) - before
        end_memberships(world, people, reason, now)
        pushed = int(world.queue.size[0]) - before

    monkeypatch.setattr("shequn.sim.machine.end_memberships", removing)
    machine.remove(np.flatnonzero(machine.world.people["state"] == State.MEMBER))
    assert 2 * members + MARGIN < pushed <= free
