"""The band of a forecast: its width is learned from what the same forecaster missed in this log before.

An error is the logarithm of what came over what was expected, each plus 1. Before a log has shown any, its size is that
of real communities in general: counts scatter by a dispersion, and the level of the group drifts. Each horizon
multiplies that size by a factor, drawn from the past errors of the log; where they are few and overlap, as they do far
ahead, the factor stays near that of the horizon before. The quantiles are those of Student's t, whose degrees of
freedom are the number of independent errors.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shequn.experiments.forecasting.levels import LAST, MIN_WEEKS
from shequn.experiments.forecasting.weeks import Numbers

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)  # quantiles of a forecast
EVERY, BACK = 4, 156  # weeks between the past origins, and how far back they lie (assumed)
_DISPERSION = 1.6  # variance of weekly actives over their mean: whatwg, between 1.05 and 3.7 of ten real logs
_BLOCK_CHANGE, _BLOCK = (
    0.20,
    13,
)  # sd of the logarithm of the ratio of successive means over 13 weeks, median of real logs
_DRIFT = (
    _BLOCK_CHANGE**2 * 3 * _BLOCK / (2 * _BLOCK**2 + 1)
)  # variance a week of a random walk with that change
_LAG = (
    (LAST - 1) * (2 * LAST - 1) / (6 * LAST)
)  # weeks by which the mean of the last 8 is older than the last, in variance
_PRIOR = 4.0  # errors that the size of real communities counts for (assumed)


def quantiles_of(runs: Numbers) -> Numbers:
    """Quantiles at `LEVELS` of what one more run will have (len(LEVELS), …), of runs along the first axis.

    By expected ranks (type 6 of Hyndman & Fan 1996): one more run lies between the outer two with a chance of 90 %. By
    the usual type 7 it does with (n - 1) / (n + 1) of that: with 40 runs, 86 %.
    """
    return np.asarray(np.quantile(runs, LEVELS, axis=0, method="weibull"))


@dataclass(frozen=True)
class Errors:
    """What a forecaster missed at past origins of a log.

    Attributes
    ----------
    expected, observed : floats (n_origins, n_ahead)
        Forecasts, and what came; the latter is nan where it lies ahead.
    span : int
        Weeks from the first of these origins to the end of what was observed.
    """

    expected: Numbers
    observed: Numbers
    span: int

    @property
    def logarithms(self) -> Numbers:
        """Logarithm of what came over what was expected, each plus 1 (n_origins, n_ahead)."""
        return np.asarray(np.log1p(self.observed) - np.log1p(self.expected))


def past_errors(
    predict: Callable[[int], Numbers], series: Numbers, origin: int, ahead: int, every: int = EVERY
) -> Errors:
    """What a forecaster missed at the origins before one, using nothing from that origin on.

    Parameters
    ----------
    predict : callable
        Called with an origin: the forecast of the weeks from it on (ahead,).
    series : floats (n_weeks,)
    origin, ahead : int
    every : int
        Weeks between the past origins.
    """
    origins = list(range(origin - 1, max(MIN_WEEKS, origin - BACK) - 1, -every))[::-1]
    known = np.concatenate((series[:origin], np.full(ahead, np.nan)))
    observed = [known[at : at + ahead] for at in origins]
    return Errors(
        np.array([predict(at) for at in origins]).reshape(len(origins), ahead),
        np.array(observed).reshape(len(origins), ahead),
        origin - origins[0] if origins else 0,
    )


def usual_size(expected: Numbers) -> Numbers:
    """Standard deviation of the logarithmic error in real communities, 1, 2, … weeks ahead (…, n_ahead)."""
    weeks = np.arange(1, expected.shape[-1] + 1)
    scatter = _DISPERSION * (1 + 1 / LAST) / (expected + 1.0)
    return np.asarray(np.sqrt(scatter + _DRIFT * (weeks + _LAG)))


def band(expected: Numbers, errors: Errors, widening: float = 1.0) -> Numbers:
    """Quantiles of what will come (len(LEVELS), n_ahead).

    Parameters
    ----------
    expected : floats (n_ahead,)
        The forecast, which is the median.
    errors : Errors
    widening : float
        Factor of all widths.
    """
    from scipy.stats import t as student

    squares = (errors.logarithms / usual_size(errors.expected)) ** 2
    square, quantiles = 1.0, []
    for k in range(len(expected)):
        seen = squares[:, k][np.isfinite(squares[:, k])]
        independent = max(errors.span - k, 0) / (k + 1 + LAST) if len(seen) else 0.0
        mean = float(seen.mean()) if len(seen) else 0.0
        square = (_PRIOR * square + independent * mean) / (_PRIOR + independent)
        quantiles.append(np.sqrt(square) * student.ppf(LEVELS, _PRIOR + independent))
    size = widening * usual_size(expected)
    found: npt.NDArray[np.float64] = np.expm1(np.log1p(expected) + size * np.array(quantiles).T)
    return np.maximum(found, 0.0)
