"""Where people are drawn: the best in the middle, and those of one interest on one side.

A fixed place for everybody, the same in both communities and all through a run. So a group that
loses its best is seen to empty from the middle, and nothing else ever moves.
"""

from typing import Any

import numpy as np
import numpy.typing as npt


def places(people: npt.NDArray[Any], first: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Places on the unit disc, by rank in quality (radius) and in topic (angle).

    Parameters
    ----------
    people : person_dtype array
    first : int
        So many were there at the start: ranks are among them, whoever is brought in later.

    Returns
    -------
    x, y : float arrays (people)
        In [-1, 1].
    """
    quality, topic = people["quality"].astype(float), people["topic"].astype(float)
    better = 1.0 - np.searchsorted(np.sort(quality[:first]), quality, side="right") / (first + 1.0)
    around = np.searchsorted(np.sort(topic[:first]), topic, side="right") / (first + 1.0)
    # area by rank: as many people in each ring of one width of area
    radius, angle = np.sqrt(0.01 + 0.99 * better), 2.0 * np.pi * around
    return radius * np.cos(angle), radius * np.sin(angle)
