"""What a world weighs, and worlds that are too heavy."""

from collections import namedtuple
from typing import Any

import numpy as np
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest
from click.testing import CliRunner

from shequn.app.cli import cli
from shequn.sim import population
from shequn.sim.building import build_world, graph_of
from shequn.sim.community import Community
from shequn.sim.fields import MAX_PEOPLE
from shequn.sim.graphs.graph import GraphError
from shequn.sim.kernel.heap import LARGEST_IN_TAG
from shequn.sim.kernel.world import memory
from shequn.sim.memory import GIB, check_memory, needed
from shequn.sim.population import fresh_people, with_people
from shequn.sim.scenario import Scenario


def scenario(people: int, **population: Any) -> Scenario:
    return Scenario.from_mapping(
        {
            "format": 2,
            "title": "Large",
            "days": 2,
            "population": {"people": people, "founders": 20, **population},
        }
    )


def test_who_is_outside_takes_64_bytes_eight_a_tie_and_thresholds() -> None:
    people = 20_000
    world, _ = build_world(scenario(people), 1)
    links = int(world.people["n_links"].sum())
    bytes_of = memory(world)
    assert bytes_of["people"] == 64 * people
    assert world.links.itemsize == 8
    assert bytes_of["links"] - 8 * links <= 8 * links / 16 + 200_000  # and room to grow
    grows_with_people = {name: size for name, size in bytes_of.items() if size > 16 * people}
    assert set(grows_with_people) <= {"people", "links", "journal", "members", "memberships", "queue.values"}
    assert bytes_of["strangers.values"] + bytes_of["strangers.tags"] <= 16 * (people + 64)
    assert world.members.itemsize == 200
    assert len(world.members) < 20 + 10_000


def test_links_of_a_graph_become_those_of_its_world() -> None:
    one = scenario(300, graph={"degree": 6})
    graph = graph_of(one, one.seed)
    world, nodes = build_world(one, one.seed)
    assert (nodes.people, nodes.labels, nodes.notes) == (graph.people, graph.labels, graph.notes)
    n = len(graph.indices)
    assert (world.links["other"][:n] == graph.indices).all()
    assert (np.ascontiguousarray(~world.links["tie"][:n]).view(np.float32) == graph.strength[graph.tie]).all()
    assert (world.people["links_start"] == graph.indptr[:-1]).all()


def test_people_have_the_numbers_that_a_tag_has_room_for() -> None:
    assert MAX_PEOPLE == LARGEST_IN_TAG


def test_no_more_people_come_than_can_be_numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    community = Community(scenario(50))
    monkeypatch.setattr(population, "MAX_PEOPLE", 52)
    with_people(community.machine.world, fresh_people(np.array([2**40, 2**41], dtype=np.uint64)))
    with pytest.raises(GraphError, match="53 people; allowed: at most 52"):
        with_people(
            community.machine.world, fresh_people(np.array([1, 2, 3], dtype=np.uint64) << np.uint64(40))
        )


def _free(monkeypatch: pytest.MonkeyPatch, gib: float) -> None:
    free = namedtuple("free", "available")(int(gib * GIB))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)


def test_a_world_that_will_not_fit_is_refused_and_what_it_needs_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = scenario(50_000_000)
    assert 15 * GIB < needed(large) < 16 * GIB
    _free(monkeypatch, 22.0)
    check_memory(large)
    _free(monkeypatch, 8.0)
    with pytest.raises(
        GraphError, match=r"50,000,000 people needs 15\.\d GiB of memory, and 8\.0 GiB are free"
    ):
        check_memory(large)
    with pytest.raises(GraphError, match="GiB"):
        build_world(large, 1)
    check_memory(
        scenario(50_000_000, graph={"generator": "none"})
    )  # of a graph whose size is not known in advance


def test_the_command_says_so_and_writes_nothing(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _free(monkeypatch, 8.0)
    file = tmp_path / "large.yaml"
    file.write_text("format: 2\ntitle: Large\ndays: 2\npopulation: {people: 200000000}\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["run", str(file), "--runs", "1", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "200,000,000 people needs" in done.output
    assert not list((tmp_path / "out").rglob("*.parquet"))
