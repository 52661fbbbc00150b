"""Satisfaction: what the signals of a visit make of a member's contentment."""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import clamp, saturating
from shequn.agents.observation import Observation

GROUP = Group(
    "satisfaction",
    "Satisfaction: how it follows the weighted signals.",
    (
        Coefficient("update", 0.4, "share", "A visit closes this share of the distance to what it offered.", "model.md (prototype)", 0.0, 1.0),
        Coefficient("start", 0.5, "satisfaction", "Satisfaction of one who has just joined.", "assumed", 0.0, 1.0),
        Coefficient("stock_half_life", 14.0, "days", "Recognition, answers and gains fade to one half in this time.", "model.md", 0.01),
        Coefficient("crowding", 0.15, "satisfaction", "Cost of a boundless number of posts one cannot read."),
        Coefficient("crowding_half", 60.0, "posts", "So many unread beyond one's attention cost half of it.", "assumed", 0.001),
    ),
)  # fmt: skip


@compiled
def crowding(seen: Observation, p: Any) -> float:
    """What the unread posts beyond one's attention cost, >= 0."""
    return p["satisfaction_crowding"] * saturating(seen.unread - seen.n_read, p["satisfaction_crowding_half"])


@compiled
def offered(weighted: float, weight: float, trait: float, cost: float) -> float:
    """What a visit offers: Σ weight × signal ÷ Σ weight + the lasting trait − costs, in [0, 1].

    Both sums run over the signals the setting can give at all; without any it is one half.
    """
    mean = weighted / weight if weight > 0.0 else 0.5
    return clamp(mean + trait - cost)


@compiled
def satisfaction(before: float, offer: float, update: float) -> float:
    """Satisfaction after a visit: it moves a share ``update`` of the way to the offer."""
    return before + update * (offer - before)
