"""Measures of a graph: degrees and clustering."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.graphs.graph import Graph

_SCATTER = np.uint64(0x9E3779B97F4A7C15)  # odd multiplier that scatters keys, whatever their order


def describe(graph: Graph, sample: int = 2_000) -> dict[str, float]:
    """Degrees and clustering of a graph.

    Parameters
    ----------
    graph : Graph
    sample : int
        Number of people over whom clustering is averaged (everybody, if there are fewer). They are chosen by
        their keys, so they are always the same.

    Returns
    -------
    dict
        ``people``, ``ties``, ``degree_mean``, ``degree_sd``, ``degree_min``, ``degree_median``,
        ``degree_p90``, ``degree_max``, ``isolated_share``, ``strength_mean``, ``clustering``
        (mean share of a person's pairs of neighbours that are tied, 0 with fewer than two neighbours, as
        networkx's ``average_clustering``), ``clustering_sample`` (number of people measured).
    """
    degree = np.diff(graph.indptr)
    chosen = np.arange(graph.people)
    if graph.people > sample:
        with np.errstate(over="ignore"):
            chosen = np.argpartition(graph.keys * _SCATTER, sample)[:sample]
    near = np.zeros(graph.people, dtype=bool)
    return {
        "people": float(graph.people),
        "ties": float(graph.ties),
        "degree_mean": float(degree.mean()),
        "degree_sd": float(degree.std()),
        "degree_min": float(degree.min()),
        "degree_median": float(np.median(degree)),
        "degree_p90": float(np.quantile(degree, 0.9)),
        "degree_max": float(degree.max()),
        "isolated_share": float((degree == 0).mean()),
        "strength_mean": float(graph.strength.mean(dtype=np.float64)) if graph.ties else float("nan"),
        "clustering": float(np.mean([_local_clustering(graph, int(i), near) for i in chosen])),
        "clustering_sample": float(len(chosen)),
    }


def _local_clustering(graph: Graph, person: int, near: npt.NDArray[np.bool_]) -> float:
    """Share of a person's pairs of neighbours that are tied.

    ``near`` (people,) is scratch space: all False before and after.
    """
    row: npt.NDArray[Any] = graph.indices[graph.indptr[person] : graph.indptr[person + 1]]
    if len(row) < 2:
        return 0.0
    near[row] = True
    starts, lengths = graph.indptr[row], graph.indptr[row + 1] - graph.indptr[row]
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    links = np.count_nonzero(near[graph.indices[np.repeat(starts, lengths) + offsets]])
    near[row] = False
    return links / (len(row) * (len(row) - 1))
