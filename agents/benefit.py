"""Benefit 利益: tangible gains, compared with what a member has got used to (D3).

Gains (useful posts, rewards) are a stock that fades. The aspiration follows the stock, so a constant
gain is worth less and less. What is available elsewhere too is not a gain. One unit of gains gives a
member who is used to none a signal of 0.5.
"""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.observation import Observation

GROUP = Group(
    "benefit",
    "Benefit 利益: gains, compared with what a member has got used to.",
    (
        Coefficient("aspiration_half_life", 60.0, "days", "Time in which the aspiration closes half its distance to the stock of gains (Solomon & Corbit 1974: people get used to what they have).", "assumed", 0.01),
        Coefficient("purse_per_gain", 0.1, "share of the mean purse", "Money that is worth one unit of gains, as a share of the population's mean purse.", "assumed", 0.001),
        Coefficient("per_post", 0.075, "gains", "Gains from reading a fully useful post: what the reader could not get elsewhere."),
    ),
    weight=0.15,  # assumed
    moves="Tangible gains (利益).",
)  # fmt: skip


@compiled
def gain_of_reading(usefulness: float, p: Any) -> float:
    """Gains from the posts read at a visit, >= 0."""
    return p["benefit_per_post"] * usefulness


@compiled
def gain_of_money(amount: float, mean_purse: float, p: Any) -> float:
    """Gains from money received, >= 0: amount / (purse_per_gain × mean purse)."""
    return amount / (p["benefit_purse_per_gain"] * mean_purse)


@compiled
def signal(observation: Observation, p: Any) -> float:
    """g / (g + aspiration + 1), in [0, 1)."""
    return observation.gains / (observation.gains + observation.aspiration + 1.0)
