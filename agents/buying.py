"""Buying 购买: whether a member takes an offer, from what it is worth to them, less its price.

What an offer gives is a gain, and its price a loss, so both count by the member's weight of benefit. A tie with the
seller makes them believe more of the gain (S41: trust carries from ties to buying). A price weighs against the
member's own purse, and must fit into what is left of it. A deadline is a deadline: it adds nothing.
"""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled

GROUP = Group(
    "buying",
    "Buying 购买: offers, for units or money.",
    (
        Coefficient("scale", 0.05, "gains", "Gains above the price, by weight, at which a member takes an offer at a visit with a chance of 1 − 1/e.", "assumed", 0.0001),
        Coefficient("belief", 0.5, "share", "Share of the gain that somebody believes in who has no tie with the seller; all of it where nobody sells.", "assumed", 0.0, 1.0),
    ),
)  # fmt: skip


@compiled
def believed(gains: float, tie: float, p: Any) -> float:
    """Gains that a member believes in, by the strength s of the tie with the seller: gains × (b + (1 − b) × s/(s + 1))."""
    share = p["buying_belief"]
    return gains * (share + (1.0 - share) * tie / (tie + 1.0))


@compiled
def cost_of_price(price: float, purse: float, p: Any) -> float:
    """What a price costs a member, in gains: price / (purse_per_gain × own purse); nothing with an endless purse."""
    return price / (p["benefit_purse_per_gain"] * purse) if price > 0.0 else 0.0


@compiled
def buying_probability(weight: float, gains: float, cost: float, p: Any) -> float:
    """Chance of taking an offer at a visit: 1 − exp(−weight × (gains − cost) / scale), and 0 up to the cost."""
    if gains <= cost:
        return 0.0
    return 1.0 - math.exp(-weight * (gains - cost) / p["buying_scale"])
