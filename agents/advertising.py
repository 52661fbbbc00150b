"""Advertising 发广告: members who get nothing in a quiet group use it for themselves.

Spam comes from within (field notes S35): who has gained nothing here and finds hardly anything to read gets something
back for their time by an advertisement. Readers gain nothing by it; some of them report it.
"""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled

GROUP = Group(
    "advertising",
    "Advertising 发广告: advertisements by members, and reports of them.",
    (
        Coefficient("rate", 0.0, "probability", "Chance of an advertisement at a visit of a member who cares for benefit alone, gains nothing here and finds nothing to read; 0 = nobody advertises.", "assumed", 0.0, 1.0),
        Coefficient("silence", 2.0, "posts", "Posts read at a visit that halve the chance.", "assumed", 0.01),
        Coefficient("quality", 0.05, "quality", "Quality of an advertisement, as a post.", "assumed", 0.0, 1.0),
        Coefficient("gain", 0.02, "gains", "What an advertisement brings its author for each reader.", "assumed", 0.0),
        Coefficient("report", 0.1, "probability", "Chance that a reader reports an advertisement that is worth nothing to them.", "assumed", 0.0, 1.0),
        Coefficient("mistake", 0.001, "probability", "The same for any other post by a member.", "assumed", 0.0, 1.0),
    ),
)  # fmt: skip


@compiled
def advertising_probability(weight: float, benefit: float, n_read: float, p: Any) -> float:
    """Chance of an advertisement at a visit: rate × weight × (1 − benefit) × silence/(silence + n_read).

    Parameters
    ----------
    weight, benefit : float
        Weight and signal of benefit, in [0, 1].
    n_read : float
        Posts read at this visit.
    p : params record
    """
    quiet = p["advertising_silence"] / (p["advertising_silence"] + n_read)
    return p["advertising_rate"] * weight * (1.0 - benefit) * quiet


@compiled
def report_probability(worth: float, is_advertisement: bool, p: Any) -> float:
    """Chance that a reader reports a post, by what it is worth to them, in [0, 1]."""
    most = p["advertising_report"] if is_advertisement else p["advertising_mistake"]
    return most * (1.0 - worth)
