"""Positions of the nodes of a network, with connected nodes close together.

This is a force layout in numpy. Ties attract, a sample of all other nodes repels (negative sampling as in
LargeVis: Tang et al. 2016), and at the end overlapping nodes are pushed apart. Two thousand nodes take a
fraction of a second. The random draws are fixed, so the same network always gets the same positions.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

_ROUNDS = 220
_PUSHED = 8  # sampled nodes that repel a node in each round
_SEED = 20260301
_GAP = 0.012  # half of the smallest distance between two nodes; the picture has radius 1


def layout(
    nodes: int, a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], weight: Numbers, angle: Numbers
) -> Numbers:
    """Compute the positions of the nodes.

    Parameters
    ----------
    nodes : int
        Number of nodes.
    a, b : int array (edges)
        Ends of the edges.
    weight : f8 array (edges)
        How strongly an edge attracts, > 0; 1 is typical.
    angle : f8 array (nodes)
        Starting angle in turns (0 to 1); nodes with similar interests start side by side.

    Returns
    -------
    f8 array (nodes, 2), within a circle of radius 1
    """
    chance = np.random.default_rng(_SEED)
    radius = np.sqrt(chance.random(nodes))
    place = np.column_stack((np.cos(2 * np.pi * angle), np.sin(2 * np.pi * angle))) * radius[:, None]
    degree = np.bincount(np.concatenate((a, b)), minlength=nodes)
    # divided by the degree, so that hubs do not pull everything in
    pull = weight / np.sqrt(np.maximum(np.minimum(degree[a], degree[b]), 1))
    ideal = 1.0 / np.sqrt(max(nodes, 1))
    for step in range(_ROUNDS):
        heat = 0.12 * (1.0 - step / _ROUNDS)
        force = np.zeros((nodes, 2))
        along = place[b] - place[a]
        length = np.hypot(along[:, 0], along[:, 1])[:, None]
        tug = along * (pull[:, None] * np.minimum(length / ideal, 20.0) * 0.05)
        for axis in (0, 1):
            force[:, axis] += np.bincount(a, tug[:, axis], nodes) - np.bincount(b, tug[:, axis], nodes)
        others = chance.integers(0, nodes, (_PUSHED, nodes))
        away = place[None, :, :] - place[others]
        near = (away**2).sum(axis=2) + 1e-6
        force += (away * (ideal * nodes**0.5 * 0.02 / near / _PUSHED)[:, :, None]).sum(axis=0)
        force -= 0.06 * place  # towards the middle; nodes without ties would drift away
        size = np.hypot(force[:, 0], force[:, 1])[:, None]
        place += force / np.maximum(size, 1e-12) * np.minimum(size, heat)
    return _apart(_into_circle(place))


def _into_circle(place: Numbers) -> Numbers:
    """Centre the nodes and even out their density: new radii average rank and relative size."""
    if not len(place):
        return place
    place = place - np.median(place, axis=0)
    radius = np.hypot(place[:, 0], place[:, 1])
    rank = np.sqrt((np.argsort(np.argsort(radius, kind="stable"), kind="stable") + 0.5) / len(radius))
    even = 0.5 * rank + 0.5 * radius / max(float(radius.max()), 1e-12)
    return place / np.maximum(radius, 1e-12)[:, None] * even[:, None]


def _apart(place: Numbers) -> Numbers:
    """Push apart nodes that are too close to each other."""
    from scipy.spatial import cKDTree

    for _round in range(12):
        pairs = cKDTree(place).query_pairs(2 * _GAP, output_type="ndarray")
        if not len(pairs):
            break
        away = place[pairs[:, 0]] - place[pairs[:, 1]]
        length = np.hypot(away[:, 0], away[:, 1])
        away[length < 1e-9] = (1e-6, 0.0)
        length = np.maximum(length, 1e-6)
        push = away * ((2 * _GAP - length) / length * 0.4)[:, None]
        for axis in (0, 1):
            place[:, axis] += np.bincount(pairs[:, 0], push[:, axis], len(place))
            place[:, axis] -= np.bincount(pairs[:, 1], push[:, axis], len(place))
    return place / max(1.0, float(np.hypot(place[:, 0], place[:, 1]).max(initial=0.0)))
