"""Benefit 利益: tangible gain, against what one has got used to (D3).

Gains (useful posts, rewards) are a stock that fades. The aspiration follows the stock, so a
constant gain is worth less and less; what can be had elsewhere too is not a gain at all. The unit
of gains is what gives a signal of one half to one who is used to none.
"""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.observation import Observation

GROUP = Group(
    "benefit",
    "Benefit 利益: gains, against what one has got used to.",
    (
        Coefficient("aspiration_half_life", 60.0, "days", "The aspiration closes half its distance to the stock of gains in this time (Solomon & Corbit 1974: people get used to it).", "assumed", 0.01),
        Coefficient("per_post", 0.075, "gains", "What a fully useful post gives its reader that cannot be had elsewhere."),
    ),
    weight=0.15,  # assumed
    moves="Tangible gains (利益).",
)  # fmt: skip


@compiled
def gain_of_reading(usefulness: float, p: Any) -> float:
    """Gains from the posts of a visit."""
    return p["benefit_per_post"] * usefulness


@compiled
def signal(seen: Observation, p: Any) -> float:
    """g / (g + aspiration + 1), in [0, 1)."""
    return seen.gains / (seen.gains + seen.aspiration + 1.0)
