"""Intervals of means, Student's t over independent replicates; and of ratios of means (Fieller)."""

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


def corrected_level(intervals: int) -> float:
    """Level of each interval such that all of them hold together with 95 % (Bonferroni)."""
    return 1.0 - (1.0 - LEVEL) / max(intervals, 1)


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


class Ratio(NamedTuple):
    """A ratio of two means with its interval."""

    ratio: float
    low: float
    high: float


def ratio_interval(above: Numbers, below: Numbers, level: float = LEVEL) -> Ratio | None:
    """The ratio of the means of two paired values, with Fieller's interval.

    It holds all ratios r for which the mean of ``above - r * below`` is not different from 0 by Student's t. It is
    exact for paired normal values, needs no bootstrap, and is bounded exactly where the interval of the mean of
    ``below`` excludes 0 (Fieller 1954).

    Parameters
    ----------
    above, below : f8 array (n)
        Pairs in which a value is unknown (nan) are left out.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    Ratio or None
        None unless the interval of the mean of ``below`` lies above 0.
    """
    from scipy import stats

    known = np.isfinite(above) & np.isfinite(below)
    a, b = above[known], below[known]
    n = len(a)
    if n < 2 or mean_interval(b, level).low <= 0.0:
        return None
    t2 = float(stats.t.ppf(0.5 + level / 2.0, n - 1)) ** 2 / n
    (v_aa, v_ab), (_v_ba, v_bb) = np.cov(a, b, ddof=1)
    mean_a, mean_b = float(a.mean()), float(b.mean())
    # the roots r of mean(a - r b)^2 = t2 var(a - r b)
    square, half, rest = mean_b**2 - t2 * v_bb, mean_a * mean_b - t2 * v_ab, mean_a**2 - t2 * v_aa
    root = np.sqrt(max(half**2 - square * rest, 0.0))
    return Ratio(mean_a / mean_b, float((half - root) / square), float((half + root) / square))


def ratio_by_pair(above: Numbers, below: Numbers) -> Numbers:
    """Values whose mean is the ratio of two means and whose spread is, to first order, the ratio's (delta method).

    Two ratios over the same pairs are compared by the differences of these.
    """
    known = np.isfinite(above) & np.isfinite(below)
    mean = float(below[known].mean())
    ratio = float(above[known].mean()) / mean
    values: Numbers = ratio + (above - ratio * below) / mean
    return values
