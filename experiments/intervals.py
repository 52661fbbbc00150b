"""Intervals of means: Student's t over independent replicates."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

LEVEL = 0.95

Numbers = npt.NDArray[np.float64]


class Interval(NamedTuple):
    """A mean with its interval; the bounds are infinite if fewer than two values are known."""

    n: int  # values that are known
    mean: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the interval's length."""
        return (self.high - self.low) / 2.0


def mean_interval(values: Numbers, level: float = LEVEL) -> Interval:
    """The mean of values with its interval; unknown values (nan) do not count.

    Parameters
    ----------
    values : f8 array (n)
    level : float
        Confidence level, in (0, 1).
    """
    from scipy import stats

    known = values[np.isfinite(values)]
    n = len(known)
    if n == 0:
        return Interval(0, float("nan"), -np.inf, np.inf)
    mean = float(known.mean())
    if n == 1:
        return Interval(1, mean, -np.inf, np.inf)
    half = float(stats.t.ppf(0.5 + level / 2.0, n - 1) * known.std(ddof=1) / np.sqrt(n))
    return Interval(n, mean, mean - half, mean + half)
