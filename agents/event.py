"""Event 事件: a campaign, a hot topic or a task is a burst that fades (D5)."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import clamp
from shequn.agents.observation import Observation

GROUP = Group(
    "event",
    "Event 事件: a burst that fades; zero between events, so event-driven members miss them.",
    (
        Coefficient("renewal", 0.5, "share", "Share of the faded need that a visit during an event of intensity 1 renews, times the weight of the event driver.", "assumed", 0.0, 1.0),
    ),
    weight=0.0,  # event-driven members are unhappy between events, so a scenario must ask for them
    moves="Campaigns and hot topics (事件).",
)  # fmt: skip


@compiled
def fading(intensity: float, age: float, duration: float) -> float:
    """intensity × exp(−age / duration), age and duration in days; 0 before the event begins."""
    if age < 0.0:
        return 0.0
    return intensity * math.exp(-age / duration)


@compiled
def signal(observation: Observation, p: Any) -> float:
    """Sum of the current events' intensities, at most 1."""
    return clamp(observation.event_intensity)
