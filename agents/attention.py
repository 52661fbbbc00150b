"""Attention 注意力: messages from many groups reach one phone.

A message reminds a member of the community, and takes a part of the attention of their next visit. The more messages
they have had lately, from here and from other groups, the fewer they follow (field notes S37).
"""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled

GROUP = Group(
    "attention",
    "Attention 注意力: messages to members.",
    (
        Coefficient("others", 0.0, "messages", "Messages a day that a member gets from other groups.", "S37: dozens to hundreds of groups; assumed", 0.0),
        Coefficient("tolerance", 5.0, "messages", "Messages within the last week that halve the chance that a member follows the next one.", "assumed", 0.01),
    ),
)  # fmt: skip


@compiled
def follow_probability(chance: float, lately: float, p: Any) -> float:
    """Chance that a member follows a message: chance × t/(t + lately + 7 × others), t = tolerance.

    Parameters
    ----------
    chance : float
        Of the first one, without others, in [0, 1].
    lately : float
        Messages from here, each halved after a week.
    p : params record
    """
    tolerance = p["attention_tolerance"]
    return chance * tolerance / (tolerance + lately + 7.0 * p["attention_others"])
