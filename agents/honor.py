"""Honor 荣誉: standing in the pond one sees (field notes D1).

Recognition is a stock that reactions and answers feed and that fades; what counts is how it
compares with the stocks of the others in the same room: a big fish in a small pond.
"""

from typing import Any

from agents.coefficients import Coefficient, Group
from agents.compiled import compiled
from agents.seen import Seen

GROUP = Group(
    "honor",
    "Honor 荣誉: recognition, compared with that of the others in the room.",
    (
        Coefficient(
            "half_life", 14.0, "days", "Recognition fades to one half in this time.", "model.md", 0.01
        ),
        Coefficient("per_reaction", 1.0, "recognition", "What a reaction to one's post gives."),
        Coefficient("per_reply", 2.0, "recognition", "What a reply to one's post gives."),
        Coefficient("per_welcome", 2.0, "recognition", "What a welcome gives a newcomer."),
        Coefficient(
            "unit",
            1.0,
            "recognition",
            "So much gives a signal of one half among others who have none.",
            "assumed",
            0.001,
        ),
    ),
    weight=0.15,  # assumed
    moves="Standing among those one sees (荣誉).",
)


@compiled
def standing(recognition: float, of_others: float, p: Any) -> float:
    """r / (r + mean of the others + unit), in [0, 1): one half where I have one unit more than the others."""
    return recognition / (recognition + of_others + p["honor_unit"])


@compiled
def signal(seen: Seen, p: Any) -> float:
    """The honor signal of a visit, in [0, 1)."""
    return standing(seen.recognition, seen.recognition_of_others, p)
