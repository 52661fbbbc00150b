"""Visiting: how often a member comes. Need fades, habit grows, satisfaction draws."""

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
        Coefficient("satisfied", 0.45, "satisfaction", "Satisfaction at which it neither raises nor lowers it.", "model.md", 0.0, 1.0),
        Coefficient("habit", 0.5, "share", "A full habit raises the rate by this share."),
        Coefficient("habit_growth", 0.07, "share", "A visit closes this share of the distance to a full habit.", "Lally et al. 2010: 66 days to a habit; assumed", 0.0, 1.0),
        Coefficient("habit_half_life", 14.0, "days", "Absence halves a habit in this time.", "assumed", 0.01),
        Coefficient("need_half_life", 45.0, "days", "The need one came with fades to one half in this time.", "model.md; S3: about 3 months to 1/4", 0.01),
        Coefficient("need_share", 0.6, "share", "Share of the visit rate that hangs on the need.", "model.md", 0.0, 1.0),
        Coefficient("recall", 0.5, "probability", "An answer to one's post calls one back (a notification).", "assumed", 0.0, 1.0),
        Coefficient("recall_delay", 0.5, "days", "Mean time after which one comes, called back.", "assumed", 0.001),
        Coefficient("burstiness", 2.5, "tail", "Gaps are Lomax with this tail (mean kept); 0 = exponential.", "assumed"),
    ),
)  # fmt: skip


@compiled
def visit_rate(pace: float, satisfaction: float, need: float, habit: float, boost: float, p: Any) -> float:
    """Visits per day at a flat rhythm, >= 0."""
    drawn = math.exp(p["visiting_by_satisfaction"] * (satisfaction - p["visiting_satisfied"]))
    share = p["visiting_need_share"]
    return pace * drawn * (1.0 - share + share * need) * (1.0 + p["visiting_habit"] * habit) * (1.0 + boost)


@compiled
def waiting_work(unit: float, p: Any) -> float:
    """Rate × time until the next visit, for an Exp(1) draw: Lomax of mean 1, or the draw itself.

    The Lomax quantile at the same probability: (a − 1) × (e^(x/a) − 1).
    """
    a = p["visiting_burstiness"]
    if a <= 1.0:
        return unit
    return (a - 1.0) * (math.exp(unit / a) - 1.0)


@compiled
def need_left(need: float, elapsed: float, p: Any) -> float:
    """The need after ``elapsed`` days."""
    return need * halving(elapsed, p["visiting_need_half_life"])


@compiled
def habit_after_visit(habit: float, absent: float, p: Any) -> float:
    """Habit starved by ``absent`` days, then fed by a visit; in [0, 1]."""
    starved = habit * halving(absent, p["visiting_habit_half_life"])
    return starved + p["visiting_habit_growth"] * (1.0 - starved)
