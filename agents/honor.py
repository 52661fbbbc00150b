"""Honor 荣誉: a member's standing among those they see, the big fish in a small pond (field notes D1).

Recognition is a stock that fades: each reaction, answer or welcome received adds one; marks that members show count
like recognition that does not fade. What matters is how it compares with that of the others in the same room, so marks
work on those who lack them (S38). A space that ranks its members publishes a board at the end of each day; there it is
the share of the others below oneself that counts.
"""

from typing import Any

from shequn.agents.coefficients import Group
from shequn.agents.compiled import compiled
from shequn.agents.observation import Observation

GROUP = Group(
    "honor",
    "Honor 荣誉: recognition, compared with that of others in the room.",
    weight=0.15,  # assumed
    moves="Standing among the members one sees (荣誉).",
)


@compiled
def standing(recognition: float, of_others: float) -> float:
    """r / (r + mean of the others + 1), in [0, 1): 0.5 for one more than the others' mean."""
    return recognition / (recognition + of_others + 1.0)


@compiled
def signal(observation: Observation, p: Any) -> float:
    """The honor signal of a visit, in [0, 1]."""
    if observation.rank >= 0.0:
        return observation.rank
    return standing(
        observation.recognition + observation.marks,
        observation.recognition_of_others + observation.marks_of_others,
    )
