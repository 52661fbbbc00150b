"""Perception: how many posts are read, and the level that a member believes the room to have."""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled

GROUP = Group(
    "perception",
    "Perception: attention, and the perceived level of the room.",
    (
        Coefficient("attention", 20.0, "posts", "Largest number of unread posts read at a visit.", "model.md", 0.0, 1000.0),
        Coefficient("memory", 0.7, "share", "Share of the level perceived so far that a visit leaves unchanged.", "assumed", 0.0, 1.0),
        Coefficient("exact", 0.0, "share", "w: 0 = members judge the level by the posts they read, 1 = they know the true mean quality.", "model.md", 0.0, 1.0),
        Coefficient("shock", 0.05, "share", "When someone with a tie of strength 1 and a quality above the perceived level leaves, that level falls by this share of the difference (0 in exact perception).", "assumed, small", 0.0, 1.0),
    ),
)  # fmt: skip


@compiled
def remembered_level(level: float, mean_read: float, p: Any) -> float:
    """The level remembered after reading posts of this mean quality, in [0, 1]."""
    memory = p["perception_memory"]
    return memory * level + (1.0 - memory) * mean_read


@compiled
def perceived_level(remembered: float, true_level: float, p: Any) -> float:
    """L = (1 − w) × remembered level + w × true level, in [0, 1]."""
    w = p["perception_exact"]
    return (1.0 - w) * remembered + w * true_level


@compiled
def shocked_level(level: float, quality: float, strength: float, p: Any) -> float:
    """The perceived level after someone with this quality and tie strength has left; never higher.

    A departing member above the perceived level lowers it by shock × strength × the difference.
    """
    drop = p["perception_shock"] * (1.0 - p["perception_exact"]) * min(1.0, strength)
    return level - drop * max(0.0, quality - level)
