"""Graphs in random dress are read right or refused, never read wrong; nearly all are read."""

import sys
from pathlib import Path

import numpy as np
import pytest

from shequn.sim.graphs.build import read
from shequn.sim.graphs.graph import Graph, GraphError

sys.path.insert(0, str(Path(__file__).parent))
from random_graphs import RandomGraph, random_graph

N = 200
FIRST_SEED = 20_260_101
RIGHT = 0.95  # of them at least


def _ties(graph: Graph) -> dict[frozenset[str], float]:
    """Strength of each tie by the names of its ends."""
    names = graph.labels or [str(i) for i in range(graph.people)]
    row = np.repeat(np.arange(graph.people), np.diff(graph.indptr))
    return {
        frozenset((names[a], names[b])): float(graph.strength[tie])
        for a, b, tie in zip(row.tolist(), graph.indices.tolist(), graph.tie.tolist(), strict=True)
    }


def _is_right(made: RandomGraph) -> bool:
    """Whether a graph is read as the ties that it was written from; False if it is refused."""
    try:
        graph = read(made.path)
    except GraphError:
        return False
    found = _ties(graph)
    names = set(graph.labels or [str(i) for i in range(graph.people)])
    assert names == made.names, f"{made}"[:300]
    assert found.keys() == made.ties, f"{made}"[:300]
    wanted = {tie: made.weights.get(tie, 1.0) for tie in made.ties}
    assert found == pytest.approx(wanted, abs=1e-6), f"{made}"[:300]
    return True


def test_200_graphs_in_random_dress_are_read_right_or_refused(tmp_path: Path) -> None:
    right = [_is_right(random_graph(FIRST_SEED + number, tmp_path)) for number in range(N)]
    assert np.mean(right) >= RIGHT


def test_a_graph_that_is_read_wrong_is_noticed(tmp_path: Path) -> None:
    made = random_graph(FIRST_SEED, tmp_path)
    with pytest.raises(AssertionError):
        _is_right(made._replace(ties=made.ties | {frozenset(("nobody", "no one"))}))
