"""Joining: finding the door, and what a gate 门槛 makes of a candidate."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import halving

GROUP = Group(
    "joining",
    "Joining: reputation, appeal and what the gates' cost binds.",
    (
        Coefficient("reputation", 0.5, "share", "How far reputation hangs on the level of the active members: 0 = it is always 1.", "assumed", 0.0, 1.0),
        Coefficient("by_topic", 0.5, "share", "How far the community's appeal to a stranger hangs on its topic being theirs.", "assumed", 0.0, 1.0),
        Coefficient("binding", 0.15, "satisfaction per cost", "Commitment that each unit of cost paid at the gates leaves (effort justification: Aronson & Mills 1959; C14)."),
        Coefficient("commitment_half_life", 180.0, "days", "Commitment fades to one half in this time.", "assumed", 0.01),
    ),
)  # fmt: skip


@compiled
def reputation(level: float, population_level: float, p: Any) -> float:
    """Reputation, 1 on average: how the active members' quality compares with the population's."""
    w = p["joining_reputation"]
    return 1.0 - w + w * level / population_level


@compiled
def appeal(match: float, p: Any) -> float:
    """Appeal of the community to a stranger whose topic matches so far, in (0, 1]."""
    w = p["joining_by_topic"]
    return 1.0 - w + w * match


@compiled
def not_deterred(cost: float) -> float:
    """Chance that a cost does not deter a candidate: e^(−cost)."""
    return math.exp(-cost)


@compiled
def commitment_of(cost: float, p: Any) -> float:
    """Commitment that costs paid at the gates leave."""
    return p["joining_binding"] * cost


@compiled
def commitment_left(commitment: float, elapsed: float, p: Any) -> float:
    """Commitment after ``elapsed`` days."""
    return commitment * halving(elapsed, p["joining_commitment_half_life"])
