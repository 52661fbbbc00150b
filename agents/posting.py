"""Posting: what a visitor writes, answers and reacts to."""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import clamp

GROUP = Group(
    "posting",
    "Posting: posts, replies and reactions.",
    (
        Coefficient("by_satisfaction", 1.0, "share", "How far posting hangs on satisfaction: 1 = proportional, 0 = not.", "model.md", 0.0, 1.0),
        Coefficient("by_recognition", 0.3, "share", "How far it hangs on the recognition expected (the honor signal).", "assumed", 0.0, 1.0),
        Coefficient("effort", 1.0, "factor", "Effort of a post: the chances to write, to answer back and to go on are divided by it (templates lower it).", "S19", 0.01),
        Coefficient("reply", 0.5, "probability", "What is written answers a post just read.", "assumed", 0.0, 1.0),
        Coefficient("reaction", 0.15, "probability", "Reaction to a fully enjoyable post.", "assumed", 0.0, 1.0),
        Coefficient("answer_back", 0.5, "probability", "Who reads an answer to their own post answers back.", "assumed", 0.0, 1.0),
        Coefficient("again", 0.2, "probability", "Having written, one writes again in the same session.", "assumed", 0.0, 0.99),
        Coefficient("pause", 3.0, "minutes", "Mean time between two posts of a session.", "assumed", 0.0),
    ),
)  # fmt: skip


@compiled
def posting_probability(talkativeness: float, satisfaction: float, honor: float, p: Any) -> float:
    """Chance to write something at a visit, in [0, 1].

    talkativeness × (satisfaction / ½) × (expected recognition / ½), each as far as it counts.
    """
    by_satisfaction = p["posting_by_satisfaction"]
    by_recognition = p["posting_by_recognition"]
    return clamp(
        talkativeness
        * (1.0 - by_satisfaction + by_satisfaction * 2.0 * satisfaction)
        * (1.0 - by_recognition + by_recognition * 2.0 * honor)
        / p["posting_effort"]
    )


@compiled
def reaction_probability(enjoyment: float, p: Any) -> float:
    """Chance to react to a post enjoyed so much, in [0, 1]."""
    return p["posting_reaction"] * enjoyment


@compiled
def answer_back_probability(p: Any) -> float:
    """Chance to answer who has answered me; effort lowers it, too."""
    return clamp(p["posting_answer_back"] / p["posting_effort"])


@compiled
def again_probability(p: Any) -> float:
    """Chance that a session goes on after a post, in [0, 0.99]; effort lowers it, too."""
    return min(0.99, p["posting_again"] / p["posting_effort"])
