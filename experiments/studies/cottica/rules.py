"""The decisions of members and manager as pure rules: numbers in, number out, as in ``agents/``."""

import math
from enum import IntEnum
from typing import Any

from shequn.agents.compiled import compiled
from shequn.experiments.studies.cottica.parameters import CHATTINESS
from shequn.sim.kernel.chance import normal, uniform

_HALVES, _LOGIT_NORMAL = CHATTINESS.index("halves"), CHATTINESS.index("logit-normal")


class Draw(IntEnum):
    """The purpose of a draw. Custom models use numbers from 1000: see `shequn.sim.kernel.chance.Purpose`."""

    CHATTINESS = 1001
    TURN = 1002  # time of a member's turn within a tick
    POST = 1003
    COMMENT = 1004  # key = (writer, reader), count = tick
    ENGAGE = 1005  # order among members of equal precedence


@compiled
def own_chattiness(seed: int, person: int, p: Any) -> float:
    """Probability of posting in a tick without the bonus; a value above 1 means certainty."""
    base = p["chattiness"]
    if p["randomised"] == _HALVES:
        return base * (1.5 if uniform(seed, Draw.CHATTINESS, person, 0) < 0.5 else 0.5)
    if p["randomised"] == _LOGIT_NORMAL:
        return 1.0 / (1.0 + (1.0 - base) / base * math.exp(-normal(seed, Draw.CHATTINESS, person, 0)))
    return base


@compiled
def posting_probability(chattiness: float, got_comment: bool, p: Any) -> float:
    """Probability of posting in this tick; a value above 1 means certainty."""
    if p["bonus_always"] or got_comment:
        return chattiness + p["bonus"]
    return chattiness


@compiled
def closeness(to: float, back: float, p: Any) -> float:
    """Weight that mutual strength adds to the 1 of a stranger; 0 unless both directions have strength."""
    return p["intimacy"] * to * back


@compiled
def leaves(strength: float, tenure: int, p: Any) -> bool:
    """Whether a member leaves for good, ``tenure`` ticks after joining."""
    return strength < p["threshold"] and tenure > p["grace"]


@compiled
def precedence(joined: int, n_comments: int, p: Any) -> int:
    """Rank of a member for the manager, who engages those with the highest first."""
    return joined if p["newer"] else n_comments
