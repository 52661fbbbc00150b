"""Approximate Bayesian computation: from trials to a posterior of the parameters.

The moments are many and correlated, so kernel ridge regression first reduces them to one summary per parameter:
its expectation given all moments (Fearnhead & Prangle 2012). Then the trials whose summaries are nearest to the
log's are taken, and a local-linear regression removes the remaining difference, in location and in spread
(Beaumont et al. 2002; Blum & François 2010). The prior is uniform over each range; the draws are adjusted on a
logit scale, so that they stay within it.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.parameters import Parameter
from shequn.experiments.calibration.posterior import Posterior

Numbers = npt.NDArray[np.float64]

_FOLDS = 5
_MAX_DEVIATION = 4.0  # standard deviations at which moments are clipped
_PENALTY, _GAMMA = 0.03, 0.3  # of the kernel ridge regression: see DECISIONS.md
_NEAREST, _MIN_NEAREST = 0.3, 150  # share and minimum number of the trials that are used
_EDGE = 1e-3  # distance from the ends of a range, for the logit


def learned_summaries(units: Numbers, moments: Numbers, target: Numbers) -> tuple[Numbers, Numbers]:
    """One summary per parameter: its expected position given the moments.

    The summary of each trial comes from a regression fitted without it (five folds), and that of the log is the
    mean of the five regressions, so both have errors of the same size.

    Parameters
    ----------
    units : floats (n, n_parameters)
        Positions of the trials.
    moments : floats (n, n_moments)
        Their moments; nan where there is none.
    target : floats (n_moments,)
        Moments of the log; missing ones (nan) are not used.

    Returns
    -------
    floats (n, n_parameters), floats (n_parameters,)
        Summaries of the trials, and of the log.
    """
    from sklearn.kernel_ridge import KernelRidge

    x, goal = _standardised(moments, target)
    fold = np.arange(len(x)) % _FOLDS
    summaries = np.empty_like(units)
    of_log = np.zeros(units.shape[1])
    for k in range(_FOLDS):
        rest = fold != k
        middle = units[rest].mean(axis=0)
        model = KernelRidge(alpha=_PENALTY, kernel="rbf", gamma=_GAMMA / x.shape[1])
        model.fit(x[rest], units[rest] - middle)
        summaries[~rest] = model.predict(x[~rest]) + middle
        of_log += (model.predict(goal[None])[0] + middle) / _FOLDS
    return summaries, of_log


def _standardised(moments: Numbers, target: Numbers) -> tuple[Numbers, Numbers]:
    """Moments that the log has, standardised over the trials; missing moments of a trial are set to the mean."""
    known = np.isfinite(target) & np.isfinite(moments).any(axis=0)
    x, goal = moments[:, known], target[known]
    mean, spread = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    varies = spread > 1e-9
    x, goal = ((part[..., varies] - mean[varies]) / spread[varies] for part in (x, goal))
    limits = -_MAX_DEVIATION, _MAX_DEVIATION
    return np.clip(np.nan_to_num(x), *limits), np.clip(goal, *limits)


def posterior(
    parameters: Sequence[Parameter],
    units: Numbers,
    summaries: Numbers,
    target: Numbers,
    low: Numbers | None = None,
    high: Numbers | None = None,
) -> Posterior:
    """Draws of the parameters given the log's summaries.

    Parameters
    ----------
    parameters : sequence of Parameter
    units : floats (n, n_parameters)
        Positions of the trials, evenly spread between ``low`` and ``high``.
    summaries : floats (n, n_summaries)
    target : floats (n_summaries,)
    low, high : floats (n_parameters,), optional
        The part of the ranges that the trials cover; default: the whole ranges.
    """
    low = np.zeros(units.shape[1]) if low is None else low
    high = np.ones(units.shape[1]) if high is None else high
    near, weight = _nearest(units, summaries, target)
    place = np.clip((units[near] - low) / (high - low), _EDGE, 1 - _EDGE)
    z = np.log(place / (1 - place))
    difference = summaries[near] - target
    fitted, at_target = _local_linear(difference, z, weight)
    residual = z - fitted
    log_square, log_at_target = _local_linear(difference, np.log(residual**2 + 1e-8), weight)
    adjusted = at_target + residual * np.exp(0.5 * np.clip(log_at_target - log_square, -3, 3))
    return Posterior(tuple(parameters), low + (high - low) / (1 + np.exp(-adjusted)), weight / weight.sum())


def _nearest(units: Numbers, summaries: Numbers, target: Numbers) -> tuple[npt.NDArray[np.int64], Numbers]:
    """The trials nearest to the log and their weights (Epanechnikov's kernel).

    Each summary is scaled by its error, so an uninformative summary contributes little to the distance.
    """
    error = np.sqrt(np.mean((summaries - units) ** 2, axis=0)) if summaries.shape == units.shape else None
    scale = summaries.std(axis=0) if error is None else error
    distance = np.sqrt((((summaries - target) / np.maximum(scale, 1e-12)) ** 2).sum(axis=1))
    n = min(len(units), max(_MIN_NEAREST, round(_NEAREST * len(units))))
    near = np.argsort(distance, kind="stable")[:n]
    farthest = distance[near[-1]]
    weight = 1 - (distance[near] / farthest) ** 2 if farthest > 0 else np.ones(n)
    return near, np.maximum(weight, 1e-6)


def _local_linear(difference: Numbers, z: Numbers, weight: Numbers) -> tuple[Numbers, Numbers]:
    """Weighted linear regression of ``z`` on the difference from the log: fitted values, and the value at the log."""
    design = np.column_stack((np.ones(len(difference)), difference))
    root = np.sqrt(weight)[:, None]
    slopes, *_ = np.linalg.lstsq(design * root, z * root, rcond=None)
    return design @ slopes, slopes[0]
