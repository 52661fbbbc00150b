"""Paired differences between two arms, over runs with the same seeds.

The interval is Student's t over pairs. Of comparisons of an arm with itself under other seeds, 5 % find a
difference, and fewer when the differences have long tails, which are then symmetric. The BCa bootstrap finds too
many (DECISIONS.md).
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.experiments.intervals import LEVEL, mean_interval

POWER = 0.8  # probability of finding a difference with the pairs needed
MAX_PAIRS = 1_000_000
_RESAMPLES = 2000
_BOOTSTRAP_SEED = 20260301

Numbers = npt.NDArray[np.float64]


class Difference(NamedTuple):
    """B minus A in one response, over the pairs of runs in which both are known."""

    n: int
    a: float  # mean of A
    b: float
    mean: float  # of B - A
    low: float  # of its 95 % interval
    high: float
    sd: float  # of the differences
    b_higher: float  # share of pairs in which B is higher
    equal: float  # share of pairs in which both are equal
    reduction: float  # variance of B - A with independent runs over that with these pairs
    reduction_low: float
    reduction_high: float

    @property
    def is_different(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def is_nothing(self) -> bool:
        """Whether the response is unknown, or 0 in all runs of both arms."""
        return not self.n or self.a == self.b == self.sd == 0.0

    @property
    def half_width(self) -> float:
        """Half of the interval's length."""
        return (self.high - self.low) / 2.0

    @property
    def needed(self) -> int | None:
        """Number of pairs that would find a difference as large as this one; None if there is no difference."""
        return pairs_needed(self.mean, self.sd) if self.n > 1 else None


def difference(a: Numbers, b: Numbers) -> Difference:
    """Compare two arms.

    Parameters
    ----------
    a, b : f8 array (n)
        A response in each run; runs at the same index have the same seed. Pairs in which a value is
        unknown (nan) are left out.
    """
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    d = b - a
    n, mean, low, high = mean_interval(d)
    if n == 0:
        nan = math.nan
        return Difference(0, nan, nan, nan, low, high, nan, nan, nan, nan, nan, nan)
    reduction = variance_reduction(a, b)
    return Difference(
        n=n,
        a=float(a.mean()),
        b=float(b.mean()),
        mean=mean,
        low=low,
        high=high,
        sd=float(d.std(ddof=1)) if n > 1 else math.nan,
        b_higher=float(np.mean(d > 0.0)),
        equal=float(np.mean(d == 0.0)),
        reduction=reduction[0],
        reduction_low=reduction[1],
        reduction_high=reduction[2],
    )


def _variance_ratio(a: Numbers, b: Numbers, axis: int = -1) -> Numbers:
    """Variance of b - a with pairs over that with independent runs, along an axis; 1 if both are constant."""
    independent = np.var(a, axis=axis, ddof=1) + np.var(b, axis=axis, ddof=1)
    paired = np.var(b - a, axis=axis, ddof=1)
    ratio: Numbers = np.divide(paired, independent, out=np.ones_like(independent), where=independent > 0.0)
    return ratio


def variance_reduction(a: Numbers, b: Numbers) -> tuple[float, float, float]:
    """Factor by which more independent runs would be needed for the same interval, with its 95 % interval.

    (var a + var b) / var(b - a); infinite if all differences are equal. The interval is a
    percentile bootstrap over pairs (Efron & Tibshirani 1993).
    """
    from scipy import stats

    if len(a) < 3:
        return (math.nan, math.nan, math.nan)
    interval = stats.bootstrap(
        (a, b),
        _variance_ratio,  # not its inverse, which may be infinite in a resample
        paired=True,
        vectorized=True,
        n_resamples=_RESAMPLES,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(_BOOTSTRAP_SEED),
    ).confidence_interval
    once, low, high = (
        1.0 / x if x > 0.0 else math.inf for x in (float(_variance_ratio(a, b)), interval.high, interval.low)
    )
    return (once, float(low), float(high))


def power(mean: float, sd: float, pairs: int) -> float:
    """Probability of finding a mean difference (its 95 % interval excludes 0) with a number of pairs.

    Exact for normal differences: the noncentral t distribution (Cohen 1988).
    """
    from scipy import stats

    if sd == 0.0:
        return 1.0 if mean else 0.0
    freedom = pairs - 1
    limit = stats.t.ppf(0.5 + LEVEL / 2.0, freedom)
    shift = abs(mean) / sd * math.sqrt(pairs)
    if shift > limit + 8.0:  # where the noncentral t is 1 to all digits, and slow
        return 1.0
    return float(stats.nct.sf(limit, freedom, shift) + stats.nct.cdf(-limit, freedom, shift))


def pairs_needed(mean: float, sd: float) -> int | None:
    """Number of pairs that find a difference of this mean and spread with a probability of 80 %.

    None if the mean is 0 or unknown, or if more than a million pairs are needed.
    """
    if mean == 0.0 or not math.isfinite(mean) or not math.isfinite(sd):
        return None
    if sd == 0.0:
        return 2
    low, high = 1, 2
    while power(mean, sd, high) < POWER:
        low, high = high, 2 * high
        if low > MAX_PAIRS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(mean, sd, middle) >= POWER else (middle, high)
    return high


def first_parting(a: str, b: str, width: int = 8) -> int | None:
    """First day on which two runs differ, from their traces; None if they never do.

    Parameters
    ----------
    a, b : str
        Traces: ``width`` characters for each day.
    """
    for day in range(min(len(a), len(b)) // width):
        here = slice(day * width, (day + 1) * width)
        if a[here] != b[here]:
            return day
    return None
