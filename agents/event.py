"""Event 事件: a campaign, a hot topic, a task: a burst that fades (D5)."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import clamp
from shequn.agents.observation import Observation

GROUP = Group(
    "event",
    "Event 事件: a burst that fades; zero between events, which who cares for events misses.",
    (
        Coefficient("renewal", 0.5, "share", "A visit during an event of intensity 1 renews this share of a faded need.", "assumed", 0.0, 1.0),
    ),
    weight=0.0,  # people care for events only where the scenario says so: between events they miss them
    moves="Campaigns and hot topics (事件).",
)  # fmt: skip


@compiled
def fading(intensity: float, age: float, duration: float) -> float:
    """intensity × exp(−age / duration); 0 before it begins."""
    if age < 0.0:
        return 0.0
    return intensity * math.exp(-age / duration)


@compiled
def signal(seen: Observation, p: Any) -> float:
    """Sum of the current events' intensities, at most 1."""
    return clamp(seen.event_intensity)
