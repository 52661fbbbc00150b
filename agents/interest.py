"""Interest 兴趣: content on one's own topic, from people at or above one's own level (D2).

Each post read counts by how near its topic is, and by whether its quality meets the reader's
standard. The standard rises with the reader's quality, so a reader far above the room's level gets
little from it. The sum saturates: more posts help, but less and less.
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
        Coefficient("half", 2.0, "enjoyable posts", "Number of fully enjoyable posts that gives a signal of 0.5.", "model.md", 0.001),
        Coefficient("breadth", 0.15, "circle", "Topic distance at which the match falls to 1/e.", "model.md (prototype)", 0.001),
        Coefficient("standard", 0.77, "quality per quality", "θ: the share of their own quality that readers expect of others.", "model.md (prototype)", 0.0, 10.0),
        Coefficient("tolerance", 0.17, "quality", "b: how far below θ·q a post or room may lie and still satisfy.", "model.md (prototype)", -1.0, 1.0),
        Coefficient("discernment", 0.12, "quality", "s: width of the step from worthless to enjoyable; 0 = sharp.", "model.md (prototype)"),
        Coefficient("expectation", 0.5, "signal", "Signal of a newcomer who has found nothing to read yet.", "assumed", 0.0, 1.0),
        Coefficient("expectation_days", 14.0, "days", "How long a newcomer keeps that expectation."),
    ),
    weight=0.3,  # assumed
    moves="Content on one's own topic (兴趣).",
)  # fmt: skip


@compiled
def own_standard(quality: float, p: Any) -> float:
    """θ q − b: the quality below which content disappoints a person of quality q."""
    return p["interest_standard"] * quality - p["interest_tolerance"]


@compiled
def topic_match(mine: float, topic: float, p: Any) -> float:
    """exp(−distance / breadth) on the circle of topics, in (0, 1]."""
    return math.exp(-circle_distance(mine, topic) / p["interest_breadth"])


@compiled
def worth(quality: float, standard: float, p: Any) -> float:
    """How well a post meets the reader's standard, in [0, 1]."""
    return step_or_logistic(quality - standard, p["interest_discernment"])


@compiled
def signal(observation: Observation, p: Any) -> float:
    """Σ / (Σ + half) over the posts read; a newcomer's expectation before the first post read."""
    if observation.holding > 0.0:
        return p["interest_expectation"]
    return saturating(observation.enjoyment, p["interest_half"])
