"""Relationship 关系: the people one already knows (D4).

Ties to people inside count by their strength and saturate; answers from people one knows
add to them, and talk among strangers takes away.
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
        Coefficient("half", 5.0, "ties of strength 1", "So many inside give a signal of one half.", "model.md; the innermost Dunbar layer is 5 (S5)", 0.001),
        Coefficient("per_answer", 0.05, "signal", "What an answer from someone one knows adds (fading like honor)."),
        Coefficient("strangers_cost", 0.1, "signal", "What talk by strangers only takes away."),
        Coefficient("growth", 0.1, "share", "An interaction closes this share of a tie's distance to strength 1.", "assumed", 0.0, 1.0),
        Coefficient("half_life", 90.0, "days", "What grew fades to one half in this time without interaction.", "assumed", 0.01),
        Coefficient("max_ties", 150.0, "ties", "Ties made in the run stop at so many a person.", "model.md; Dunbar (S5)", 0.0, 1000.0),
    ),
    weight=0.2,  # assumed
    moves="People one knows (关系).",
)  # fmt: skip


@compiled
def tie_growth(strength: float, p: Any) -> float:
    """What one interaction adds to a tie of this strength."""
    return p["relationship_growth"] * max(0.0, 1.0 - strength)


@compiled
def signal(seen: Observation, p: Any) -> float:
    """F / (F + half), plus answers from people one knows, minus the strangers' share; in [0, 1]."""
    return clamp(
        saturating(seen.friends, p["relationship_half"])
        + p["relationship_per_answer"] * seen.answers
        - p["relationship_strangers_cost"] * seen.strangers_share
    )
