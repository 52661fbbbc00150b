"""Writing for pay 为报酬发言: posts that a member would not have written, for what they bring.

Where writing pays, a member who cares for what it brings writes more at a visit than they have to say. Such a post
is careless and off topic. What it brings counts by the member's own weights: who cares for nothing that the pay can
be turned into never writes for it. A reward that comes late counts less (field notes S40, C24, C26).
"""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled

GROUP = Group(
    "earning",
    "Earning 赚取: what a reward is worth, and writing for it.",
    (
        Coefficient("effort", 0.005, "gains", "What a post written for pay costs; who gains no more than that never writes one.", "assumed"),
        Coefficient("scale", 0.01, "gains", "Gains above the effort, by weight, at which a member writes one more with a chance of 1 − 1/e.", "assumed", 0.0001),
        Coefficient("care", 0.3, "factor", "Quality of a post written for pay, as a share of the member's own.", "assumed", 0.0, 1.0),
        Coefficient("patience", 7.0, "days", "Delay that halves what a reward is worth to those who expect it.", "assumed", 0.01),
    ),
)  # fmt: skip


@compiled
def delayed(worth: float, delay: float, p: Any) -> float:
    """What a reward is worth that comes ``delay`` days later: hyperbolic, worth / (1 + delay / patience)."""
    return worth / (1.0 + delay / p["earning_patience"])


@compiled
def paid_post_probability(worth: float, p: Any) -> float:
    """Chance of one more post for pay: 1 − exp(−(worth − effort) / scale), at most .99, and 0 up to the effort."""
    if worth <= p["earning_effort"]:
        return 0.0
    return min(0.99, 1.0 - math.exp(-(worth - p["earning_effort"]) / p["earning_scale"]))
