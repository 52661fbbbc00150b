"""Posting: the chances that a visitor writes, answers or reacts."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import clamp

GROUP = Group(
    "posting",
    "Posting: posts, replies and reactions.",
    (
        Coefficient("by_satisfaction", 1.0, "share", "How far posting depends on satisfaction: 1 = proportional, 0 = not at all.", "model.md", 0.0, 1.0),
        Coefficient("by_recognition", 0.3, "share", "How far posting depends on the recognition expected (the honor signal).", "assumed", 0.0, 1.0),
        Coefficient("effort", 1.0, "factor", "Effort of a post: the chances of writing, answering back and writing again are divided by it (templates lower it).", "S19", 0.01),
        Coefficient("reply", 0.5, "probability", "Chance that a post written at a visit is a reply to one just read.", "assumed", 0.0, 1.0),
        Coefficient("experience", 0.0, "visits", "Visits after which 1 − 1/e of that chance has come about: newcomers ask, and those who know the place answer; 0 = at once.", "assumed; where it is set, that helpers stay longer is partly built in"),
        Coefficient("reaction", 0.15, "probability", "Chance of a reaction to a fully enjoyable post.", "assumed", 0.0, 1.0),
        Coefficient("answer_back", 0.5, "probability", "Chance that a member who reads a reply to their own post answers back.", "assumed", 0.0, 1.0),
        Coefficient("again", 0.2, "probability", "Chance that a member who has written writes again in the same session.", "assumed", 0.0, 0.99),
        Coefficient("question", 0.0, "probability", "Chance that a new post (not a reply) is a question.", "assumed", 0.0, 1.0),
        Coefficient("pause", 3.0, "minutes", "Mean time between two posts of a session.", "assumed", 0.0),
    ),
)  # fmt: skip


@compiled
def posting_probability(talkativeness: float, satisfaction: float, honor: float, p: Any) -> float:
    """Chance of writing something at a visit, in [0, 1].

    talkativeness × (1 − a + a × satisfaction / ½) × (1 − b + b × honor / ½) ÷ effort, with
    a = ``by_satisfaction`` and b = ``by_recognition``.
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
def reply_probability(n_visits: float, p: Any) -> float:
    """Chance that a post written at a visit is a reply, after ``n_visits`` earlier visits, in [0, 1].

    reply × (1 − exp(−n_visits / experience)), or reply without ``experience``.
    """
    if p["posting_experience"] <= 0.0:
        return p["posting_reply"]
    return p["posting_reply"] * (1.0 - math.exp(-n_visits / p["posting_experience"]))


@compiled
def reaction_probability(enjoyment: float, p: Any) -> float:
    """Chance of reacting to a post with this enjoyment, in [0, 1]."""
    return p["posting_reaction"] * enjoyment


@compiled
def answer_back_probability(p: Any) -> float:
    """Chance of answering someone who has answered me, in [0, 1]; effort lowers it too."""
    return clamp(p["posting_answer_back"] / p["posting_effort"])


@compiled
def again_probability(p: Any) -> float:
    """Chance of writing again in the same session, in [0, 0.99]; effort lowers it too."""
    return min(0.99, p["posting_again"] / p["posting_effort"])
