"""Perception: which posts are read, and the level a member believes the room to have."""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled

GROUP = Group(
    "perception",
    "Perception: attention, and the perceived level of the room.",
    (
        Coefficient("attention", 20.0, "posts", "At most so many unread posts are read at a visit.", "model.md", 0.0, 1000.0),
        Coefficient("memory", 0.7, "share", "Share of the level perceived so far that a visit leaves standing.", "assumed", 0.0, 1.0),
        Coefficient("exact", 0.0, "share", "w: 0 = the level is judged by the posts read, 1 = the members' true mean quality is known.", "model.md", 0.0, 1.0),
        Coefficient("shock", 0.05, "share", "The departure of someone tied to me with strength 1 moves my perceived level this share of the way down by their quality (0 in exact perception).", "assumed, small", 0.0, 1.0),
    ),
)  # fmt: skip


@compiled
def remembered_level(level: float, mean_read: float, p: Any) -> float:
    """The level by what was read, with memory, in [0, 1]."""
    memory = p["perception_memory"]
    return memory * level + (1.0 - memory) * mean_read


@compiled
def perceived_level(remembered: float, true_level: float, p: Any) -> float:
    """L = (1 − w) × level by what was read + w × true level, in [0, 1]."""
    w = p["perception_exact"]
    return (1.0 - w) * remembered + w * true_level


@compiled
def shocked_level(level: float, leaver_quality: float, strength: float, p: Any) -> float:
    """The level one believes in after a tied member of this quality has left; never higher.

    A leaver above the perceived level lowers it by shock × strength × what they stood above it.
    """
    drop = p["perception_shock"] * (1.0 - p["perception_exact"]) * min(1.0, strength)
    return level - drop * max(0.0, leaver_quality - level)
