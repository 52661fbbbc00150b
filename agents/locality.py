"""Locality 地域: people near by (D6). Sensitivity is highest within 1,000 m (A3)."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import saturating
from shequn.agents.observation import Observation

GROUP = Group(
    "locality",
    "Locality 地域: active members near by.",
    (
        Coefficient("half", 5.0, "members at no distance", "So many near by give a signal of one half.", "assumed", 0.001),
        Coefficient("reach", 1.0, "km", "Distance at which a member counts 1/e.", "A3: highest within 1,000 m", 0.05, 20.0),
    ),
    weight=0.15,  # assumed
    moves="Members near by (地域); needs places.",
)  # fmt: skip


@compiled
def nearness(distance: float, p: Any) -> float:
    """exp(−distance / reach), in (0, 1]."""
    return math.exp(-distance / p["locality_reach"])


@compiled
def signal(seen: Observation, p: Any) -> float:
    """Active members near by, saturating, in [0, 1)."""
    return saturating(seen.near_by, p["locality_half"])
