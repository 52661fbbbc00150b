"""Leaving: when and how likely a member leaves, and lapsing instead.

There are three modes, of which a scenario names one (``mode``): at a visit, with a chance that
depends on how far satisfaction lies below the reservation level; by a clock of the member, at a
constant hazard; or after a stay of fixed length.
"""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import saturating, step_or_logistic

VISIT, CLOCK, STAY = 0, 1, 2  # modes, in the order of `choices` below

GROUP = Group(
    "leaving",
    "Leaving: the reservation level of satisfaction, and the ways to leave.",
    (
        Coefficient("mode", "visit", "", "Leave at a visit, by a clock of the member, or after a fixed stay.", "model.md", choices=("visit", "clock", "stay")),
        Coefficient("base", 0.23, "satisfaction", "Reservation level: the satisfaction available without any community.", "model.md (prototype: 0.16 + 0.15 q; here its mean, as quality does not raise it)", -10.0, 10.0),
        Coefficient("outside", 0.0, "satisfaction per quality", "What each unit of quality adds to the reservation: better members have better alternatives.", "assumed; in 17 real logs departing members are not the better ones (−0.18 ± 0.02 per sd of quality)", -10.0, 10.0),
        Coefficient("disappointment", 0.3, "satisfaction per quality", "What each unit by which the room falls short of the member's own standard adds to the reservation."),
        Coefficient("ties_loss", 0.10, "satisfaction", "What ties inside take off the reservation at most.", "model.md (prototype)"),
        Coefficient("ties_half", 5.0, "ties of strength 1", "Summed strength of ties inside that takes off half of that.", "innermost Dunbar layer (S5)", 0.001),
        Coefficient("history_loss", 0.22, "satisfaction", "What a long history of visits takes off the reservation at most.", "model.md (prototype)"),
        Coefficient("history_visits", 13.0, "visits", "Visits after which 1 − 1/e of that is taken off.", "model.md", 0.001),
        Coefficient("width", 0.16, "satisfaction", "τ: how gradually the chance of leaving rises; 0 = a sharp step.", "model.md (prototype)"),
        Coefficient("cap", 0.43, "probability", "Largest chance of leaving at a visit.", "model.md (prototype)", 0.0, 1.0),
        Coefficient("exposure_days", 0.0, "days", "Days since the last visit after which 1 − 1/e of the chance of leaving counts; 0 = all of it at every visit.", "dropping out goes by time rather than by visits (Pareto/NBD: Schmittlein, Morrison & Colombo 1987); assumed"),
        Coefficient("lapse", 0.5, "probability", "Chance that a member about to leave lapses (stays away for long) instead.", "model.md", 0.0, 1.0),
        Coefficient("lapse_days", 15.0, "days", "Shortest absence of a lapsed member.", "model.md", 0.001),
        Coefficient("lapse_tail", 0.73, "exponent", "Tail of the absence: lapse_days × U^(−1/tail).", "model.md", 0.05),
        Coefficient("hazard", 0.01, "per day", "Hazard of leaving by the clock.", "assumed"),
        Coefficient("hazard_quality", 0.0, "per day and quality", "What each unit of quality adds to that hazard (in 17 real logs the worse leave sooner: below 0).", "limit case 9", -10.0, 10.0),
        Coefficient("stay_days", 90.0, "days", "Length of a fixed stay.", "S3: need fades in about 3 months", 0.001),
    ),
)  # fmt: skip


@compiled
def shortfall(standard: float, level: float) -> float:
    """How far the room lies below the member's own standard, >= 0."""
    return max(0.0, standard - level)


@compiled
def lost_by_leaving(friends: float, n_visits: float, p: Any) -> float:
    """What leaving would cost, in satisfaction: ties inside and the history of visits."""
    ties = p["leaving_ties_loss"] * saturating(friends, p["leaving_ties_half"])
    history = p["leaving_history_loss"] * (1.0 - math.exp(-n_visits / p["leaving_history_visits"]))
    return ties + history


@compiled
def reservation(quality: float, below_standard: float, commitment: float, lost: float, p: Any) -> float:
    """The reservation level: the satisfaction below which leaving is tempting.

    base + outside × q + disappointment × shortfall − commitment − what leaving would cost.
    """
    return (
        p["leaving_base"]
        + p["leaving_outside"] * quality
        + p["leaving_disappointment"] * below_standard
        - commitment
        - lost
    )


@compiled
def leaving_probability(satisfaction: float, reserve: float, p: Any) -> float:
    """Chance of leaving at a visit: cap × σ((reservation − satisfaction) / τ), in [0, cap].

    With τ = 0 it is the cap if satisfaction lies strictly below the reservation, else 0.
    """
    return p["leaving_cap"] * step_or_logistic(reserve - satisfaction, p["leaving_width"])


@compiled
def exposure(absent: float, n_visits: float, p: Any) -> float:
    """The share of the chance of leaving that counts at a visit: 1 − exp(−absence / exposure_days), in [0, 1].

    All of it counts without ``exposure_days``, and at the first visit, which decides about all days so far.

    Parameters
    ----------
    absent : float
        Days since the last visit.
    n_visits : float
        Visits so far, this one included.
    """
    if p["leaving_exposure_days"] <= 0.0 or n_visits <= 1.0:
        return 1.0
    return 1.0 - math.exp(-absent / p["leaving_exposure_days"])


@compiled
def coming_again_probability(satisfaction: float, reserve: float, p: Any) -> float:
    """Chance that a graduate of this satisfaction comes to the next term: σ((satisfaction − reservation) / τ)."""
    return 1.0 - step_or_logistic(reserve - satisfaction, p["leaving_width"])


@compiled
def leaving_hazard(quality: float, p: Any) -> float:
    """Hazard of leaving by the clock, per day."""
    return max(0.0, p["leaving_hazard"] + p["leaving_hazard_quality"] * quality)


@compiled
def absence(u: float, p: Any) -> float:
    """Days that a lapsed member stays away, from a uniform draw: lapse_days × u^(−1/tail)."""
    return p["leaving_lapse_days"] * math.exp(-math.log(u) / p["leaving_lapse_tail"])
