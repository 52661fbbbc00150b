"""Where people are drawn: the best in the middle, and people with similar topics in the same direction.

Everybody has a fixed position, the same in both communities and throughout a run. A group that loses its best
members therefore visibly empties from the middle, and nothing else moves.
"""

from typing import Any

import numpy as np
import numpy.typing as npt


def positions(
    people: npt.NDArray[Any], n_initial: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Positions on the unit disc, by rank in quality (radius) and in topic (angle).

    Parameters
    ----------
    people : person_dtype array
    n_initial : int
        Number of people at the start; ranks are among these, also for people who are added later.

    Returns
    -------
    x, y : float arrays (people)
        In [-1, 1].
    """
    quality, topic = people["quality"].astype(float), people["topic"].astype(float)
    distance = 1.0 - np.searchsorted(np.sort(quality[:n_initial]), quality, side="right") / (n_initial + 1.0)
    turn = np.searchsorted(np.sort(topic[:n_initial]), topic, side="right") / (n_initial + 1.0)
    # the area inside grows linearly with rank, so the density of people is uniform
    radius, angle = np.sqrt(0.01 + 0.99 * distance), 2.0 * np.pi * turn
    return radius * np.cos(angle), radius * np.sin(angle)
