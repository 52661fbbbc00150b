"""Buying 购买: whether a member takes an offer, from what it is worth to them, less its price.

What an offer gives is a gain, and its price a loss, so both count by the member's weight of benefit; a title that it
gives counts by their weight of honor. A tie with the seller, and others who have taken the offer, make them believe
more of the gain (S41: trust carries from ties to buying, and buying is impulse in a crowd). A price weighs against
the member's own purse, and must fit into what is left of it. A deadline is a deadline: it adds nothing.
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
        Coefficient("renewal", 0.0, "share", "Share of the distance to a full need that taking an offer closes: who has bought has a reason to come again.", "S3; assumed", 0.0, 1.0),
        Coefficient("crowd", 10.0, "takers", "Takers of the same opening who make them believe as much as a tie of strength 1 does.", "assumed", 0.0001),
    ),
)  # fmt: skip


@compiled
def believed(gains: float, tie: float, takers: float, p: Any) -> float:
    """Gains that a member believes in: gains × (b + (1 − b) × s/(s + 1)), where s is the strength of the tie with the
    seller and takers / crowd.
    """
    share = p["buying_belief"]
    trust = tie + takers / p["buying_crowd"]
    return gains * (share + (1.0 - share) * trust / (trust + 1.0))


@compiled
def cost_of_price(price: float, purse: float, p: Any) -> float:
    """What a price costs a member, in gains: price / (purse_per_gain × own purse); nothing with an endless purse."""
    return price / (p["benefit_purse_per_gain"] * purse) if price > 0.0 else 0.0


@compiled
def buying_probability(worth: float, p: Any) -> float:
    """Chance of taking an offer at a visit: 1 − exp(−worth / scale), and 0 for what is worth nothing.

    ``worth`` is the weight of benefit × (gains − cost of the price), plus the weight of honor × the title's honor.
    """
    return 1.0 - math.exp(-max(0.0, worth) / p["buying_scale"])
