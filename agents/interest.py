"""Interest 兴趣: content on one's own topic, from people at or above one's level (D2).

Each post read counts by how near its topic is and by whether its quality is up to the
reader's own standard, which rises with the reader's quality: one far above the room's level
gets little from it. The sum saturates, so volume is rewarded, but not without end.
"""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import circle_distance, saturating, step_or_logistic
from shequn.agents.observation import Observation

GROUP = Group(
    "interest",
    "Interest 兴趣: content on one's own topic, at or above one's own standard.",
    (
        Coefficient("half", 2.0, "enjoyable posts", "So many give a signal of one half.", "model.md", 0.001),
        Coefficient("breadth", 0.15, "circle", "Topic distance at which a match falls to 1/e.", "model.md (prototype)", 0.001),
        Coefficient("standard", 0.77, "quality per quality", "Own standard θ: how much of one's own quality one expects of others.", "model.md (prototype)", 0.0, 10.0),
        Coefficient("tolerance", 0.17, "quality", "b: how far below θ·q a post or room may lie.", "model.md (prototype)", -1.0, 1.0),
        Coefficient("discernment", 0.12, "quality", "s: width of the step between worthless and enjoyable; 0 = sharp.", "model.md (prototype)"),
        Coefficient("expectation", 0.5, "signal", "What a newcomer who has found nothing to read still expects.", "assumed", 0.0, 1.0),
        Coefficient("expectation_days", 14.0, "days", "How long they hold that expectation."),
    ),
    weight=0.3,  # assumed
    moves="Content on one's own topic (兴趣).",
)  # fmt: skip


@compiled
def own_standard(quality: float, p: Any) -> float:
    """θ q − b: the quality below which content is a disappointment to a person of this quality."""
    return p["interest_standard"] * quality - p["interest_tolerance"]


@compiled
def topic_match(mine: float, topic: float, p: Any) -> float:
    """exp(−distance / breadth) on the circle of topics, in (0, 1]."""
    return math.exp(-circle_distance(mine, topic) / p["interest_breadth"])


@compiled
def worth(quality: float, standard: float, p: Any) -> float:
    """How far a post is up to the reader's standard, in [0, 1]."""
    return step_or_logistic(quality - standard, p["interest_discernment"])


@compiled
def signal(seen: Observation, p: Any) -> float:
    """Σ / (Σ + half) over the posts read; a waiting newcomer's expectation before the first."""
    if seen.holding > 0.0:
        return p["interest_expectation"]
    return saturating(seen.enjoyment, p["interest_half"])
