"""Positions of the nodes of a network, with connected nodes close together.

This is a force layout in numpy. Ties attract, a sample of all other nodes repels (negative sampling as in
LargeVis: Tang et al. 2016), and at the end overlapping nodes are pushed apart. Two thousand nodes take a
fraction of a second. The random draws are fixed, so the same network always gets the same positions.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

_ROUNDS = 220
_N_REPELLED = 8  # sampled nodes that repel a node in each round
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
    positions = np.column_stack((np.cos(2 * np.pi * angle), np.sin(2 * np.pi * angle))) * radius[:, None]
    degree = np.bincount(np.concatenate((a, b)), minlength=nodes)
    # divided by the degree, so that hubs do not pull everything in
    pull = weight / np.sqrt(np.maximum(np.minimum(degree[a], degree[b]), 1))
    ideal_length = 1.0 / np.sqrt(max(nodes, 1))
    for step in range(_ROUNDS):
        max_step = 0.12 * (1.0 - step / _ROUNDS)
        force = np.zeros((nodes, 2))
        edge_vector = positions[b] - positions[a]
        length = np.hypot(edge_vector[:, 0], edge_vector[:, 1])[:, None]
        attraction = edge_vector * (pull[:, None] * np.minimum(length / ideal_length, 20.0) * 0.05)
        for axis in (0, 1):
            force[:, axis] += np.bincount(a, attraction[:, axis], nodes) - np.bincount(
                b, attraction[:, axis], nodes
            )
        others = chance.integers(0, nodes, (_N_REPELLED, nodes))
        displacement = positions[None, :, :] - positions[others]
        squared_distance = (displacement**2).sum(axis=2) + 1e-6
        force += (
            displacement * (ideal_length * nodes**0.5 * 0.02 / squared_distance / _N_REPELLED)[:, :, None]
        ).sum(axis=0)
        force -= 0.06 * positions  # towards the middle; nodes without ties would drift away
        force_size = np.hypot(force[:, 0], force[:, 1])[:, None]
        positions += force / np.maximum(force_size, 1e-12) * np.minimum(force_size, max_step)
    return _spread_out(_into_circle(positions))


def _into_circle(positions: Numbers) -> Numbers:
    """Centre the nodes and even out their density: new radii average rank and relative size."""
    if not len(positions):
        return positions
    positions = positions - np.median(positions, axis=0)
    radius = np.hypot(positions[:, 0], positions[:, 1])
    rank = np.sqrt((np.argsort(np.argsort(radius, kind="stable"), kind="stable") + 0.5) / len(radius))
    new_radius = 0.5 * rank + 0.5 * radius / max(float(radius.max()), 1e-12)
    return positions / np.maximum(radius, 1e-12)[:, None] * new_radius[:, None]


def _spread_out(positions: Numbers) -> Numbers:
    """Push apart nodes that are too close to each other."""
    from scipy.spatial import cKDTree

    for _step in range(12):
        pairs = cKDTree(positions).query_pairs(2 * _GAP, output_type="ndarray")
        if not len(pairs):
            break
        displacement = positions[pairs[:, 0]] - positions[pairs[:, 1]]
        length = np.hypot(displacement[:, 0], displacement[:, 1])
        displacement[length < 1e-9] = (1e-6, 0.0)
        length = np.maximum(length, 1e-6)
        correction = displacement * ((2 * _GAP - length) / length * 0.4)[:, None]
        for axis in (0, 1):
            positions[:, axis] += np.bincount(pairs[:, 0], correction[:, axis], len(positions))
            positions[:, axis] -= np.bincount(pairs[:, 1], correction[:, axis], len(positions))
    return positions / max(1.0, float(np.hypot(positions[:, 0], positions[:, 1]).max(initial=0.0)))
