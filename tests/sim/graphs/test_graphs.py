"""The one form of a graph, and graphs from networkx."""

import networkx as nx
import numpy as np
import pytest

from shequn.sim.graphs.build import build
from shequn.sim.graphs.generators import from_generator, generator_names
from shequn.sim.graphs.graph import (
    Graph,
    GraphError,
    from_networkx,
    from_pairs,
    key_of,
    keys_of,
    without_ties,
)
from shequn.sim.graphs.measures import describe


def as_networkx(graph: Graph) -> nx.Graph:
    made = nx.Graph()
    made.add_nodes_from(range(graph.people))
    for i in range(graph.people):
        made.add_edges_from((i, int(j)) for j in graph.indices[graph.indptr[i] : graph.indptr[i + 1]])
    return made


def check_form(graph: Graph) -> None:
    """The laws every graph keeps, whatever its origin."""
    n, m = graph.people, graph.ties
    assert graph.keys.dtype == np.uint64 and len(np.unique(graph.keys)) == n
    assert graph.indptr.dtype == np.int64 and graph.indptr[0] == 0 and graph.indptr[-1] == 2 * m
    assert graph.indices.dtype == np.int32 and graph.tie.dtype == np.int32
    assert graph.strength.dtype == np.float32 and graph.dimensions.dtype == np.uint8
    assert len(graph.dimensions) == m
    row = np.repeat(np.arange(n), np.diff(graph.indptr))
    assert (row != graph.indices).all()
    inside = np.diff(row) == 0
    assert (np.diff(graph.indices)[inside] > 0).all()
    low = np.full((m, 2), -1)
    low[graph.tie, (row > graph.indices).astype(int)] = np.stack([row], 1)[:, 0]
    assert (low >= 0).all() and (low[:, 0] < low[:, 1]).all()
    assert ((graph.strength > 0) & (graph.strength <= 1)).all()
    assert graph.labels is None or len(graph.labels) == n


def test_a_whole_number_is_its_own_key_and_any_other_text_is_hashed() -> None:
    assert key_of("0") == 0 and key_of("42") == 42
    assert key_of(str(2**63 - 1)) == 2**63 - 1
    for text in (str(2**63), "007", "-1", "1.0", "张三", "", "²", "٣"):
        assert 0 <= key_of(text) < 2**63
        assert text not in ("007",) or key_of(text) != 7
    assert len({key_of(str(2**63)), key_of("007"), key_of("-1"), key_of("张三")}) == 4


def test_keys_of_words_never_change() -> None:
    assert [key_of("alice"), key_of("张三")] == [2807279712608087364, 7761540636357852091]


def test_two_nodes_with_one_text_are_refused() -> None:
    with pytest.raises(GraphError, match="'1' and '1' have the same key"):
        keys_of(["1", "2", "1"])
    with pytest.raises(GraphError, match="the same key"):
        from_networkx(nx.Graph([(1, "1")]))


def test_rows_are_the_neighbours_networkx_has() -> None:
    for seed in range(5):
        source = nx.gnm_random_graph(60, 150, seed=seed)
        graph = from_networkx(source)
        check_form(graph)
        assert nx.utils.graphs_equal(as_networkx(graph), source)
        assert graph.labels is None and graph.notes == ()


def test_an_isolated_node_in_the_middle_leaves_every_other_key_as_it_was() -> None:
    names = [f"p{i}" for i in range(10)]
    source = nx.relabel_nodes(nx.cycle_graph(10), dict(enumerate(names)))
    more = nx.Graph()
    more.add_nodes_from([*names[:5], "idle", *names[5:]])
    more.add_edges_from(source.edges)
    one, two = from_networkx(source), from_networkx(more)
    assert two.people == 11 and two.ties == one.ties
    assert np.delete(two.keys, 5).tolist() == one.keys.tolist()
    assert two.labels is not None and two.labels[5] == "idle"


def test_a_directed_graph_has_a_tie_wherever_either_direction_exists() -> None:
    graph = from_networkx(nx.DiGraph([(0, 1), (1, 0), (1, 2), (2, 2)]))
    check_form(graph)
    assert graph.ties == 2
    assert graph.notes == (
        "directed: a tie wherever either direction exists",
        "1 self-loop dropped",
        "1 pair listed in both directions: one tie",
    )


def test_parallel_edges_of_a_multigraph_are_one_tie() -> None:
    graph = from_networkx(nx.MultiGraph([(0, 1), (0, 1), (0, 1), (1, 2)]))
    assert graph.ties == 2 and graph.notes == ("2 duplicate ties dropped",)


def test_weights_up_to_one_are_kept_and_larger_ones_divided_by_the_largest() -> None:
    source = nx.Graph()
    source.add_edge(0, 1, weight=0.5)
    source.add_edge(1, 2)
    assert from_networkx(source).strength.tolist() == [0.5, 1.0]
    source.add_edge(0, 2, weight=4)
    graph = from_networkx(source)
    assert graph.strength.tolist() == [0.125, 1.0, 0.25]
    assert graph.notes == ("weights divided by the largest, 4, so that strengths are at most 1",)
    source.add_edge(0, 2, strength=0.25)
    assert from_networkx(source).strength.tolist() == [1.0, 0.25, 1.0]


def test_a_tie_listed_twice_keeps_its_larger_strength() -> None:
    graph = from_pairs(3, np.array([0, 1, 1]), np.array([1, 0, 2]), np.array([0.2, 0.6, 0.3]))
    assert graph.strength.tolist() == pytest.approx([0.6, 0.3])


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), "strong"])
def test_a_weight_that_is_not_above_zero_is_refused(weight: object) -> None:
    with pytest.raises(GraphError, match="weight"):
        from_networkx(nx.Graph([(0, 1, {"weight": weight})]))


@pytest.mark.parametrize("source", [nx.Graph(), nx.empty_graph(1), nx.Graph([(5, 5)])])
def test_fewer_than_two_people_are_refused(source: nx.Graph) -> None:
    with pytest.raises(GraphError, match="at least 2"):
        from_networkx(source)


def test_something_that_is_no_graph_is_refused() -> None:
    with pytest.raises(GraphError, match=r"found list; expected a networkx\.Graph"):
        from_networkx([(0, 1)])  # type: ignore[arg-type]


def test_people_without_ties_are_people() -> None:
    check_form(without_ties(4))
    graph = from_networkx(nx.empty_graph(4))
    check_form(graph)
    assert graph.people == 4 and graph.ties == 0


def test_a_generator_is_given_the_number_of_people_and_the_seed() -> None:
    graph = from_generator("watts_strogatz_graph", {"k": 6, "p": 0.1}, 100, 7)
    assert nx.utils.graphs_equal(as_networkx(graph), nx.watts_strogatz_graph(100, 6, 0.1, seed=7))
    own = from_generator("gnm_random_graph", {"n": 50, "m": 80, "seed": 3}, 100, 7)
    assert nx.utils.graphs_equal(as_networkx(own), nx.gnm_random_graph(50, 80, seed=3))
    assert own.notes == ("gnm_random_graph makes 50 people with these arguments, not the 100 asked for",)
    big = from_generator("random_geometric_graph", {"radius": 0.3}, 30, 2**63 - 1)
    assert big.people == 30


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("barabasi_albert_graph", {"m": 3}),
        ("powerlaw_cluster_graph", {"m": 3, "p": 0.4}),
        ("random_regular_graph", {"d": 4}),
        ("connected_caveman_graph", {"l": 8, "k": 5}),
        ("stochastic_block_model", {"sizes": [20, 20], "p": [[0.3, 0.05], [0.05, 0.3]]}),
        ("planted_partition_graph", {"l": 4, "k": 10, "p_in": 0.5, "p_out": 0.05}),
        ("grid_2d_graph", {"m": 4, "n": 10}),
        ("scale_free_graph", {}),
        ("star_graph", {"n": 39}),
        ("karate_club_graph", {}),
        ("random_internet_as_graph", {}),
        ("configuration_model", {"deg_sequence": [3] * 40}),
    ],
)
def test_every_kind_of_networkx_generator_gives_a_graph(name: str, arguments: dict[str, object]) -> None:
    assert name in generator_names()
    check_form(from_generator(name, arguments, 40, 1))


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("watts_strogatz", {}, "did you mean .*watts_strogatz_graph"),
        ("soical", {}, "did you mean social"),
        ("read_edgelist", {"path": "/etc/passwd"}, "unknown generator"),
        ("Graph", {}, "unknown generator"),
        ("__class__", {}, "unknown generator"),
        ("watts_strogatz_graph", {"k": 4}, r"needs p \(it is watts_strogatz_graph\(n, k, p, seed=None\)\)"),
        ("watts_strogatz_graph", {"k": 4, "q": 1, "p": 0.1}, "takes no argument 'q'"),
        ("watts_strogatz_graph", {"k": "four", "p": 0.1}, r"watts_strogatz_graph: .*\(it is"),
        ("random_regular_graph", {"d": 400}, "random_regular_graph: "),
        ("barabasi_albert_graph", {"m": 2, "initial_graph": 3}, "barabasi_albert_graph: "),
        ("gnm_random_graph", {"m": 2, "create_using": "DiGraph"}, "takes no argument 'create_using'"),
        ("hypercube_graph", {}, "not the number of people"),
        ("hypercube_graph", {"n": 60}, "too many"),
        ("complete_graph", {"n": 1_000_000}, "mixing: complete"),
        ("empty_graph", {"n": 0}, "no people"),
        ("trivial_graph", {}, "one person"),
        ("graph_atlas_g", {}, "returns list, which is not a graph"),
    ],
)
def test_a_wrong_generator_or_argument_is_told_with_what_is_right(
    name: str, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(GraphError, match=message) as caught:
        from_generator(name, arguments, 40, 1)
    assert "\n" not in str(caught.value)


def test_build_makes_what_the_scenario_asks_for() -> None:
    def traits(keys: np.ndarray) -> dict[str, np.ndarray]:
        rank = (keys.astype(float) + 0.5) / len(keys)
        return {
            "quality": rank,
            "topic": rank,
            "x": np.full(len(keys), np.nan),
            "y": np.full(len(keys), np.nan),
        }

    def nobody(keys: np.ndarray) -> None:
        raise AssertionError("traits are for the social generator alone")

    assert build({"generator": "none"}, 7, 1, nobody).people == 7
    assert build({"generator": "cycle_graph", "arguments": {}}, 7, 1, nobody).ties == 7
    made = build({"degree": 6, "homophily": 0.0}, 200, 1, traits)
    assert made.people == 200 and any("no places" in note for note in made.notes)
    check_form(made)


def test_clustering_and_degrees_are_those_of_networkx() -> None:
    for source in (nx.karate_club_graph(), nx.powerlaw_cluster_graph(300, 4, 0.6, seed=1), nx.star_graph(9)):
        found = describe(from_networkx(source))
        degree = [d for _, d in source.degree()]
        assert found["clustering"] == pytest.approx(nx.average_clustering(source))
        assert (found["degree_mean"], found["degree_max"]) == (pytest.approx(np.mean(degree)), max(degree))
    sampled = describe(from_networkx(nx.powerlaw_cluster_graph(3000, 4, 0.6, seed=1)), sample=1000)
    assert sampled["clustering_sample"] == 1000
