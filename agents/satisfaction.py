"""Satisfaction: how the signals of a visit change it."""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import clamp, saturating
from shequn.agents.observation import Observation

GROUP = Group(
    "satisfaction",
    "Satisfaction: how it follows the weighted signals.",
    (
        Coefficient("update", 0.4, "share", "Share of the distance to the visit's offer that a visit closes.", "model.md (prototype)", 0.0, 1.0),
        Coefficient("start", 0.5, "satisfaction", "Satisfaction of a member who has just joined.", "assumed", 0.0, 1.0),
        Coefficient("stock_half_life", 14.0, "days", "Time in which recognition, answers and gains fade to one half.", "model.md", 0.01),
        Coefficient("crowding", 0.15, "satisfaction", "Cost of crowding in the limit of infinitely many unread posts."),
        Coefficient("crowding_half", 60.0, "posts", "Number of unread posts beyond the member's attention that costs half of that.", "assumed", 0.001),
    ),
)  # fmt: skip


@compiled
def crowding(observation: Observation, p: Any) -> float:
    """Cost of the unread posts beyond the member's attention, in satisfaction, >= 0."""
    return p["satisfaction_crowding"] * saturating(
        observation.unread - observation.n_read, p["satisfaction_crowding_half"]
    )


@compiled
def offer(weighted: float, weight: float, trait: float, cost: float) -> float:
    """What a visit offers: Σ weight × signal ÷ Σ weight + trait − cost, in [0, 1].

    ``weighted`` and ``weight`` are the two sums; they include only signals that this setting can
    give. Without any the mean is 0.5. ``trait`` is the member's lasting contentment.
    """
    mean = weighted / weight if weight > 0.0 else 0.5
    return clamp(mean + trait - cost)


@compiled
def satisfaction(before: float, offer: float, update: float) -> float:
    """Satisfaction after a visit: it moves the share ``update`` of the way to the offer."""
    return before + update * (offer - before)
