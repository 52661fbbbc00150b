"""Daring to speak 敢开口: who has never written dares to, once people like them are seen to be answered.

Members who follow others are models for those who do not dare (field notes S36): seeing somebody like oneself speak and
be answered lowers the threshold of the first post. To see experts answer each other does not.
"""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled

GROUP = Group(
    "daring",
    "Daring 敢开口: the first post.",
    (
        Coefficient("alone", 1.0, "factor", "Chance of writing of members who have never written and see nobody like them answered, as a share of that of others; 1 = everybody dares.", "assumed", 0.0, 1.0),
        Coefficient("models", 1.0, "answers", "Answers to people like oneself, read at this visit, that close half of the gap.", "assumed", 0.01),
        Coefficient("likeness", 0.15, "quality", "Difference in quality at which somebody counts 1/e as a model.", "assumed", 0.001),
    ),
)  # fmt: skip


@compiled
def likeness(quality: float, other: float, p: Any) -> float:
    """How much somebody counts as a model, in [0, 1]: exp(−|difference in quality| / likeness)."""
    return math.exp(-abs(quality - other) / p["daring_likeness"])


@compiled
def daring(models: float, p: Any) -> float:
    """Factor on the chance of writing of who has never written: alone + (1 − alone) × models/(models + half), in [0, 1].

    Parameters
    ----------
    models : float
        Sum of the `likeness` of those who were answered in what was read at this visit.
    p : params record
    """
    alone = p["daring_alone"]
    return alone + (1.0 - alone) * models / (models + p["daring_models"])
