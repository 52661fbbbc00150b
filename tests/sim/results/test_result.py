"""The result object in Python."""

import networkx as nx

from shequn.sim.result import Result
from tests.sim.results.conftest import made_up


def test_tables_are_made_once_and_kept(result: Result) -> None:
    assert result.days is result.days
    assert result.journal is result.journal


def test_the_graph_has_everybody_and_every_tie(result: Result) -> None:
    graph = result.graph()
    assert isinstance(graph, nx.Graph)
    assert (len(graph), graph.number_of_edges()) == (200, 200)
    assert {data["state"] for _, data in graph.nodes(data=True)} >= {"member", "left"}
    assert graph.edges[0, 1]["strength"] == 0.5


def test_members_are_those_who_ever_joined(result: Result) -> None:
    members = result.members
    assert members["person"].is_monotonic_increasing
    assert len(members) == len(set(result.stays.person))
    assert (members["n_joins"].sum()) == len(result.stays.person)
    inside = members["state"] == "member"
    assert members["left_at"][inside].isna().all()
    assert (members["left_at"][~inside] <= 60).all()


def test_the_plot_has_all_four_figures(result: Result) -> None:
    assert len(result.plot().axes) == 7


def test_titles_are_escaped_in_html() -> None:
    text = made_up(days=3, title="<script>")._repr_html_()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_journal_of_membership_keeps_membership() -> None:
    result = made_up(days=10, journal="membership")
    assert len(result.journal) == len(result.outcome.membership)
    assert not (result.journal["kind"] == "visit").any()
