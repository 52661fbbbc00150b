"""Joining: what draws strangers to the door, and how the cost of the gates 门槛 acts on candidates."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import halving

GROUP = Group(
    "joining",
    "Joining: reputation, appeal, and the commitment that the gates' cost creates.",
    (
        Coefficient("reputation", 0.5, "share", "How far reputation depends on the level of the active members; 0 = it is always 1.", "assumed", 0.0, 1.0),
        Coefficient("by_topic", 0.5, "share", "How far the community's appeal to a stranger depends on the match of topics.", "assumed", 0.0, 1.0),
        Coefficient("binding", 0.0, "satisfaction per cost", "Commitment created by each unit of cost paid at the gates. Effort justification (Aronson & Mills 1959; C14) has no measured size here, so it is off.", "assumed"),
        Coefficient("commitment_half_life", 180.0, "days", "Commitment fades to one half in this time.", "assumed", 0.01),
    ),
)  # fmt: skip


@compiled
def reputation(level: float, population_level: float, p: Any) -> float:
    """Reputation: the active members' mean quality relative to the population's; 1 on average."""
    w = p["joining_reputation"]
    return 1.0 - w + w * level / population_level


@compiled
def appeal(match: float, p: Any) -> float:
    """Appeal of the community to a stranger with this match of topics, in (0, 1]."""
    w = p["joining_by_topic"]
    return 1.0 - w + w * match


@compiled
def cost_acceptance(cost: float) -> float:
    """Chance that a cost does not deter a candidate: e^(−cost)."""
    return math.exp(-cost)


@compiled
def commitment_of(cost: float, p: Any) -> float:
    """Commitment created by the cost paid at the gates, in satisfaction."""
    return p["joining_binding"] * cost


@compiled
def commitment_left(commitment: float, elapsed: float, p: Any) -> float:
    """Commitment left after ``elapsed`` days."""
    return commitment * halving(elapsed, p["joining_commitment_half_life"])
