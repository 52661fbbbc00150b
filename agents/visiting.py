"""Visiting: how often a member comes. Need fades, habit grows with visits, satisfaction raises the rate."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import halving

GROUP = Group(
    "visiting",
    "Visiting: the rate of visits.",
    (
        Coefficient("by_satisfaction", 1.1, "log rate per satisfaction", "How much satisfaction raises the rate: exp(1.1 (s − 0.45)).", "model.md"),
        Coefficient("satisfied", 0.45, "satisfaction", "Satisfaction at which it neither raises nor lowers the rate.", "model.md", 0.0, 1.0),
        Coefficient("habit", 0.5, "share", "A full habit raises the rate by this share."),
        Coefficient("habit_growth", 0.07, "share", "Share of the distance to a full habit that a visit closes.", "Lally et al. 2010: 66 days to a habit; assumed", 0.0, 1.0),
        Coefficient("habit_half_life", 14.0, "days", "Time of absence that halves a habit.", "assumed", 0.01),
        Coefficient("regular", 0.0, "share", "Share of what a visit adds to a habit that depends on whether it comes at the usual hour; 0 = at any hour a habit grows alike.", "C31; assumed", 0.0, 1.0),
        Coefficient("hours_update", 0.1, "share", "Weight of a visit in a member's usual hour.", "assumed", 0.0, 1.0),
        Coefficient("need_half_life", 45.0, "days", "Time in which the need that brought a member fades to one half.", "model.md; S3: about 3 months to 1/4", 0.01),
        Coefficient("need_share", 0.6, "share", "Share of the visit rate that depends on the need.", "model.md", 0.0, 1.0),
        Coefficient("recall", 0.5, "probability", "Chance that an answer to a member's post calls them back (a notification).", "assumed", 0.0, 1.0),
        Coefficient("recall_delay", 0.5, "days", "Mean time until a member who is called back comes.", "assumed", 0.001),
        Coefficient("burstiness", 2.5, "tail", "Gaps between visits are Lomax-distributed with this tail and the same mean; 0 = exponential.", "assumed"),
    ),
)  # fmt: skip


@compiled
def visit_rate(pace: float, satisfaction: float, need: float, habit: float, boost: float, p: Any) -> float:
    """Visits per day with a flat weekly rhythm, >= 0."""
    attraction = math.exp(p["visiting_by_satisfaction"] * (satisfaction - p["visiting_satisfied"]))
    share = p["visiting_need_share"]
    return (
        pace * attraction * (1.0 - share + share * need) * (1.0 + p["visiting_habit"] * habit) * (1.0 + boost)
    )


@compiled
def waiting_work(unit: float, p: Any) -> float:
    """Rate × time until the next visit, from an Exp(1) draw: Lomax with mean 1, or the draw itself.

    It is the Lomax quantile at the same probability as the draw: (a − 1) × (e^(x/a) − 1). With a
    tail of 1 or less, where a Lomax distribution has no mean, it is exponential.
    """
    a = p["visiting_burstiness"]
    if a <= 1.0:
        return unit
    return (a - 1.0) * (math.exp(unit / a) - 1.0)


@compiled
def need_left(need: float, elapsed: float, p: Any) -> float:
    """The need left after ``elapsed`` days."""
    return need * halving(elapsed, p["visiting_need_half_life"])


@compiled
def nearness_of_hour(along: float) -> float:
    """How near an hour is to the usual one, in [0, 1].

    ``along`` is the mean of the hours of former visits, as vectors on the dial of a day, along the present one: 1 if
    all were at this hour, 0 if they came at any hour (then a half is near), −1 if all were twelve hours off.
    """
    return 0.5 * (1.0 + along)


@compiled
def habit_after_visit(habit: float, absent: float, near: float, p: Any) -> float:
    """Habit after an absence of ``absent`` days and then a visit, in [0, 1]; ``near`` the usual hour it grows faster."""
    faded = habit * halving(absent, p["visiting_habit_half_life"])
    growth = p["visiting_habit_growth"] * (1.0 - p["visiting_regular"] * (1.0 - near))
    return faded + growth * (1.0 - faded)
