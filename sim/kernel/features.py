"""Features: parts of the kernel that are compiled only for scenarios that use them.

A function of such a part is decorated ``@compiled(only_with=Feature.DOORS, otherwise=False)``. In a world without
the feature every compiled call of it is replaced by the value of ``otherwise``, and neither it nor what only it
calls is compiled. It must be a function that would do nothing there, and return that value. Uncompiled, and called
from Python, it is always itself.

Which features a world has is part of its numba type (``world_type.py``), so code for several sets of features can be
in the cache. Results do not depend on it. What uses which feature is decided in ``sim/features.py``.
"""

from enum import IntFlag
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt


class Feature(IntFlag):
    """A part of the kernel; at most four, as every combination in use is compiled on its own."""

    STAFF = 1  # people with a job, tasks, units and offers, advertising, daring
    SPACES = 2  # several spaces or rooms, or rooms that are divided
    DOORS = 4  # prices, purses, rewards, and waiting lists
    MEETING = 8  # complete mixing, a clock per tie, and places


EVERYTHING = Feature(15)


def marker(features: Feature) -> npt.NDArray[Any]:
    """The array ``World.features``: it has no rows, and its fields are the names of these features.

    numba distinguishes arrays by the identity of their dtype, so each set of features has one array.
    """
    return _MARKERS[features]


@cache
def marked(names: tuple[str, ...]) -> Feature:
    """The features that the names of the fields of a marker stand for."""
    return Feature(sum(feature for feature in Feature if feature.name in names))


_MARKERS = {
    Feature(bits): np.zeros(0, dtype=[("always", "i1"), *((str(f.name), "i1") for f in Feature if bits & f)])
    for bits in range(EVERYTHING + 1)
}
