"""The network on days that were asked for: what it holds, and that recording it changes nothing."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from shequn import Scenario, simulate
from shequn.sim.result import Result

SCENARIO = Scenario.load("small-circle", overrides={"days": 20, "population.people": 150})


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(SCENARIO, network=(0, 7, 20))


def test_recording_it_changes_nothing_else(result: Result) -> None:
    without = simulate(SCENARIO).tables()
    assert set(result.tables()) - set(without) == {"nodes", "edges"}
    for name, table in without.items():
        pd.testing.assert_frame_equal(table, result.tables()[name])


def test_on_the_last_day_it_is_the_graph_of_the_result(result: Result) -> None:
    graph = result.graph()
    edges = result.edges[result.edges["day"] == 20]
    read = nx.from_pandas_edgelist(edges, "person", "other", ["strength", "given"])
    one, two = ({frozenset((a, b)): s for a, b, s in g.edges.data("strength")} for g in (read, graph))
    assert one == two
    nodes = result.nodes[result.nodes["day"] == 20]
    assert nodes["state"].astype(str).tolist() == [graph.nodes[n]["state"] for n in graph]
    assert nodes["quality"].tolist() == [graph.nodes[n]["quality"] for n in graph]


def test_at_the_start_all_strength_is_given_and_ties_only_come_and_grow(result: Result) -> None:
    edges = result.edges
    first = edges[edges["day"] == 0]
    np.testing.assert_allclose(first["strength"], first["given"])
    assert (edges["person"] < edges["other"]).all()
    pairs = [set(zip(rows["person"], rows["other"], strict=True)) for _, rows in edges.groupby("day")]
    assert pairs[0] <= pairs[1] <= pairs[2]
    new = edges[edges["given"] == 0.0]
    assert len(new) == len(pairs[1] - pairs[0]) + len(pairs[2] - pairs[0])


def test_members_are_those_of_the_day_and_sit_in_a_room(result: Result) -> None:
    is_member = result.nodes["state"] == "member"
    members = result.nodes[is_member].groupby("day").size()
    assert members.tolist() == [int(result.days["members"][day]) for day in (0, 7, 20)]
    assert (result.nodes["room"].notna() == is_member).all()
    assert (result.nodes["satisfaction"].notna() == is_member).all()
    posts = result.nodes.groupby("day")["posts"].sum()
    assert posts.tolist() == result.days["posts"].cumsum()[[0, 7, 20]].tolist()


def test_without_days_both_tables_are_empty_and_have_their_columns() -> None:
    result = simulate(SCENARIO.with_({"days": 1}))
    assert len(result.nodes) == len(result.edges) == 0
    assert "state" in result.nodes.columns
    assert "given" in result.edges.columns
