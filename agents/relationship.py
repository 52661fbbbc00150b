"""Relationship 关系: the people a member already knows (D4).

Ties to people inside count by their strength, and saturate. Answers from people the member knows add
to the signal; reading posts by strangers lowers it.
"""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import clamp, saturating
from shequn.agents.observation import Observation

GROUP = Group(
    "relationship",
    "Relationship 关系: ties to people inside, and how they grow and fade.",
    (
        Coefficient("half", 5.0, "ties of strength 1", "Summed strength of ties to people inside that gives a signal of 0.5.", "model.md; the innermost Dunbar layer is 5 (S5)", 0.001),
        Coefficient("per_answer", 0.05, "signal", "What an answer from someone the member knows adds (it fades like recognition)."),
        Coefficient("strangers_cost", 0.1, "signal", "What is taken off when all posts read are by strangers."),
        Coefficient("growth", 0.1, "share", "Share of a tie's distance to strength 1 that an interaction closes.", "assumed", 0.0, 1.0),
        Coefficient("half_life", 90.0, "days", "Time in which the grown part of a tie fades to one half without interaction.", "assumed", 0.01),
        Coefficient("max_ties", 150.0, "ties", "Number of ties from which a person forms no new ones during the run.", "model.md; Dunbar (S5)", 0.0, 1000.0),
    ),
    weight=0.2,  # assumed
    moves="People the member knows (关系).",
)  # fmt: skip


@compiled
def tie_growth(strength: float, p: Any) -> float:
    """What one interaction adds to a tie of this strength, >= 0."""
    return p["relationship_growth"] * max(0.0, 1.0 - strength)


@compiled
def signal(observation: Observation, p: Any) -> float:
    """F / (F + half), plus answers from people known, minus the strangers' share; in [0, 1]."""
    return clamp(
        saturating(observation.friends, p["relationship_half"])
        + p["relationship_per_answer"] * observation.answers
        - p["relationship_strangers_cost"] * observation.strangers_share
    )
