"""The rhythm of the week: 168 hourly weights, and exact waiting times under them."""

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.compiled import compiled

#: Weights of the hours of a day: high before work, at lunch, in the evening and at bedtime; low in
#: working hours and at night (shape: field notes S22; the numbers are assumed).
DAILY = (
    0.4, 0.2, 0.1, 0.1, 0.1, 0.3, 0.8, 1.3, 1.2, 0.7, 0.7, 0.9,
    1.6, 1.2, 0.7, 0.7, 0.7, 0.9, 1.2, 1.6, 2.0, 2.2, 2.0, 1.2,
)  # fmt: skip


def cumulative_rhythm(weights: Sequence[float], start: datetime.date) -> npt.NDArray[np.float64]:
    """Cumulative weights of a week that begins on the weekday of ``start``.

    Parameters
    ----------
    weights : 24 or 168 weights >= 0 with a positive sum; 168 begin on Monday, 00:00.

    Returns
    -------
    f8 array (169): rhythm days passed after each hour; 0 … 7, so the mean weight is 1.
    """
    week = np.asarray(weights, dtype=np.float64)
    if week.size == 24:
        week = np.tile(week, 7)
    week = np.roll(week, -24 * start.weekday())
    total = np.concatenate(([0.0], np.cumsum(week / week.sum() * 7.0)))
    total[-1] = 7.0
    return total


@compiled
def rhythm_at(cumulative: Any, time: float) -> float:
    """Rhythm days passed since the start at ``time``."""
    week = np.floor(time / 7.0)
    hours = (time - 7.0 * week) * 24.0
    hour = min(167, int(hours))
    passed = cumulative[hour] + (hours - hour) * (cumulative[hour + 1] - cumulative[hour])
    return float(7.0 * week + passed)


@compiled
def when(cumulative: Any, time: float, rhythm_days: float) -> float:
    """The instant at which ``rhythm_days`` more rhythm days have passed since ``time``."""
    target = rhythm_at(cumulative, time) + rhythm_days
    week = np.floor(target / 7.0)
    rest = target - 7.0 * week
    low = 0
    high = 168  # cumulative[low] <= rest < cumulative[high]
    while high - low > 1:
        middle = (low + high) >> 1
        if cumulative[middle] <= rest:
            low = middle
        else:
            high = middle
    width = cumulative[low + 1] - cumulative[low]
    part = (rest - cumulative[low]) / width if width > 0.0 else 0.0
    return max(time, float(7.0 * week + (low + part) / 24.0))
