"""Locality 地域: people nearby (D6). People are most sensitive to distances below 1,000 m (A4)."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import saturating
from shequn.agents.observation import Observation

GROUP = Group(
    "locality",
    "Locality 地域: active members nearby.",
    (
        Coefficient("half", 5.0, "members at no distance", "Number of active members at no distance that gives a signal of 0.5.", "assumed", 0.001),
        Coefficient("reach", 1.0, "km", "Distance at which a member counts for 1/e.", "A4: highest within 1,000 m", 0.05, 20.0),
    ),
    weight=0.15,  # assumed
    moves="Members nearby (地域); needs places.",
)  # fmt: skip


@compiled
def nearness(distance: float, p: Any) -> float:
    """exp(−distance / reach), in (0, 1]; ``distance`` in km."""
    return math.exp(-distance / p["locality_reach"])


@compiled
def signal(observation: Observation, p: Any) -> float:
    """Active members nearby, saturating, in [0, 1)."""
    return saturating(observation.near_by, p["locality_half"])
