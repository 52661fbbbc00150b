"""Graphs in random dress are read right or refused, never read wrong; nearly all are read."""

import sys
from pathlib import Path

import numpy as np
import pytest

from shequn.sim.graphs.build import read
from shequn.sim.graphs.graph import Graph, GraphError
from shequn.sim.graphs.options import FileOptions

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


def _damaged(rng: np.random.Generator, data: bytes) -> bytes:
    """A file with a few bytes changed, doubled, taken out or put in."""
    odd = [
        b",",
        b'"',
        b"\n",
        b"-1",
        b"1e308",
        b"nan",
        b"\x00",
        b"\xff",
        b"9" * 30,
        b"<",
        b"\t",
        b"->",
        b"[",
        b"{",
    ]
    for _ in range(int(rng.integers(1, 5))):
        at, to = sorted(int(i) for i in rng.integers(0, len(data) + 1, 2))
        match int(rng.integers(4)):
            case 0:
                data = data[:at] + odd[rng.integers(len(odd))] + data[at:]
            case 1:
                data = data[:at] + data[min(to, at + 20) :]
            case 2:
                data = data[:at] + data[at : at + 40] + data[at:]
            case _:
                data = data[:at] + bytes([int(rng.integers(256))]) + data[at + 1 :]
    return data


@pytest.mark.parametrize("seed", range(100))
def test_a_damaged_graph_is_read_or_gives_one_message(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    path = random_graph(seed, tmp_path).path
    path.write_bytes(_damaged(rng, path.read_bytes()))
    options = FileOptions(
        header=[True, False, "auto"][rng.integers(3)],
        columns=["auto", "1,2", "2,3", "matrix"][rng.integers(4)],
        weight=["auto", "none", "3", "weight"][rng.integers(4)],
        bad_weights=["refuse", "drop"][rng.integers(2)],
    )
    try:
        read(path, options)
    except GraphError as error:
        assert "\n" not in str(error)
