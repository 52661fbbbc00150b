"""Which assumed number an effect depends on, and where it would turn on a straight line."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.experiments.claims.design import Range

CLEAR = 0.05  # chance that any of the numbers seems to matter, if none does
_FEWEST = 8  # draws with which a correlation says anything

Numbers = npt.NDArray[np.float64]


class Influence(NamedTuple):
    """An assumed number and an effect, over the draws."""

    number: str
    correlation: float  # rank correlation of the number's factor with the effect
    clear: bool
    crossing: (
        float | None
    )  # factor at which a straight line crosses an end of what is claimed; None if nowhere


def influences(
    factors: dict[str, Numbers], moved: Numbers, claimed: Range, contrasts: int = 1
) -> list[Influence]:
    """The assumed numbers by the size of their influence, the largest first.

    Parameters
    ----------
    factors : dict
        Of each number: its factor in each draw.
    moved : f8 array (draws)
        The effect in each draw; nan where unknown.
    claimed : Range
        A crossing is where a straight line through the draws meets an end of it: the one nearest to 1, also beyond
        the draws.
    contrasts : int
        Number of contrasts of the claim in all settings, among which one is looked for.
    """
    from scipy import stats

    known = np.isfinite(moved)
    effects = moved[known]
    if len(effects) < _FEWEST or np.ptp(effects) == 0.0:
        return []
    found = []
    for number, all_factors in factors.items():
        x = all_factors[known]
        test = stats.spearmanr(x, effects)
        found.append(
            Influence(
                number,
                float(test.statistic),
                bool(test.pvalue < CLEAR / (len(factors) * contrasts)),
                _crossing(x, effects, claimed),
            )
        )
    return sorted(found, key=lambda one: (-abs(one.correlation), one.number))


def _crossing(x: Numbers, effects: Numbers, claimed: Range) -> float | None:
    slope, start = np.polyfit(x, effects, 1)
    if slope == 0.0:
        return None
    crossings = [float((end - start) / slope) for end in claimed if np.isfinite(end)]
    positive = [at for at in crossings if at > 0.0]
    return min(positive, key=lambda at: abs(math.log(at))) if positive else None
