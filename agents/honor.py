"""Honor 荣誉: standing in the pond one sees (field notes D1).

Recognition is a stock that fades: how often one was reacted to, answered or welcomed, each counting
one. What counts is how it compares with the stocks of the others in the same room: a big fish in a
small pond.
"""

from typing import Any

from shequn.agents.coefficients import Group
from shequn.agents.compiled import compiled
from shequn.agents.observation import Observation

GROUP = Group(
    "honor",
    "Honor 荣誉: recognition, compared with that of the others in the room.",
    weight=0.15,  # assumed
    moves="Standing among those one sees (荣誉).",
)


@compiled
def standing(recognition: float, of_others: float) -> float:
    """r / (r + mean of the others + 1), in [0, 1): one half where I have one more than the others."""
    return recognition / (recognition + of_others + 1.0)


@compiled
def signal(seen: Observation, p: Any) -> float:
    """The honor signal of a visit, in [0, 1)."""
    return standing(seen.recognition, seen.recognition_of_others)
