"""From trials to what the log says: learned summaries, the nearest trials, a regression that moves them.

Approximate Bayesian computation. The moments are many and overlap, so they are first turned into one
summary a parameter, its expectation given all moments (Fearnhead & Prangle 2012), by kernel ridge
regression. Of the trials whose summaries are nearest to the log's, a local-linear regression
then takes out what is left of the difference, in place and in spread (Beaumont et al. 2002; Blum & François
2010). Before the log is seen all places in a range are alike; the draws stay inside by being moved
on a logit scale.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.parameters import Parameter
from shequn.experiments.calibration.posterior import Posterior

Numbers = npt.NDArray[np.float64]

_FOLDS = 5
_FAR = 4.0  # standard deviations: a moment farther out than that says no more than that it is far out
_PENALTY, _REACH = 0.03, 0.3  # of the kernel ridge regression: see DECISIONS.md
_NEAREST, _FEWEST = 0.3, 150  # share and least number of trials that count
_EDGE = 1e-3  # of a range, for the logit


def learned_summaries(units: Numbers, moments: Numbers, target: Numbers) -> tuple[Numbers, Numbers]:
    """One summary a parameter: its place expected from the moments.

    Every trial's summary comes from a regression that has not seen it (five folds), the log's is the mean
    of the five: so the trials scatter about the truth as the log does.

    Parameters
    ----------
    units : floats (n, n_parameters)
        Places of the trials.
    moments : floats (n, n_moments)
        Their moments; nan where there is none.
    target : floats (n_moments,)
        Moments of the log; those it lacks are left out.

    Returns
    -------
    floats (n, n_parameters), floats (n_parameters,)
        Summaries of the trials, and of the log.
    """
    from sklearn.kernel_ridge import KernelRidge

    x, goal = _standardised(moments, target)
    fold = np.arange(len(x)) % _FOLDS
    found = np.empty_like(units)
    of_log = np.zeros(units.shape[1])
    for k in range(_FOLDS):
        rest = fold != k
        middle = units[rest].mean(axis=0)
        model = KernelRidge(alpha=_PENALTY, kernel="rbf", gamma=_REACH / x.shape[1])
        model.fit(x[rest], units[rest] - middle)
        found[~rest] = model.predict(x[~rest]) + middle
        of_log += (model.predict(goal[None])[0] + middle) / _FOLDS
    return found, of_log


def _standardised(moments: Numbers, target: Numbers) -> tuple[Numbers, Numbers]:
    """Moments that the log has, by the trials' mean and spread; one a trial lacks is at the mean."""
    known = np.isfinite(target) & np.isfinite(moments).any(axis=0)
    x, goal = moments[:, known], target[known]
    mean, spread = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    varies = spread > 1e-9
    x, goal = ((part[..., varies] - mean[varies]) / spread[varies] for part in (x, goal))
    return np.clip(np.nan_to_num(x), -_FAR, _FAR), np.clip(goal, -_FAR, _FAR)


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
        Places of the trials, evenly spread between ``low`` and ``high``.
    summaries : floats (n, n_summaries)
    target : floats (n_summaries,)
    low, high : floats (n_parameters,), optional
        The part of the ranges that the trials cover; without them all of it.
    """
    low = np.zeros(units.shape[1]) if low is None else low
    high = np.ones(units.shape[1]) if high is None else high
    near, weight = _nearest(units, summaries, target)
    place = np.clip((units[near] - low) / (high - low), _EDGE, 1 - _EDGE)
    z = np.log(place / (1 - place))
    apart = summaries[near] - target
    fitted, at_target = _local_linear(apart, z, weight)
    left = z - fitted
    log_square, log_at_target = _local_linear(apart, np.log(left**2 + 1e-8), weight)
    moved = at_target + left * np.exp(0.5 * np.clip(log_at_target - log_square, -3, 3))
    return Posterior(tuple(parameters), low + (high - low) / (1 + np.exp(-moved)), weight / weight.sum())


def _nearest(units: Numbers, summaries: Numbers, target: Numbers) -> tuple[npt.NDArray[np.int64], Numbers]:
    """The trials nearest to the log and their weights (Epanechnikov's kernel).

    Distance is measured in the variation that the summaries leave unexplained: an uninformative summary is
    soon near.
    """
    error = np.sqrt(np.mean((summaries - units) ** 2, axis=0)) if summaries.shape == units.shape else None
    scale = summaries.std(axis=0) if error is None else error
    apart = np.sqrt((((summaries - target) / np.maximum(scale, 1e-12)) ** 2).sum(axis=1))
    n = min(len(units), max(_FEWEST, round(_NEAREST * len(units))))
    near = np.argsort(apart, kind="stable")[:n]
    farthest = apart[near[-1]]
    weight = 1 - (apart[near] / farthest) ** 2 if farthest > 0 else np.ones(n)
    return near, np.maximum(weight, 1e-6)


def _local_linear(apart: Numbers, z: Numbers, weight: Numbers) -> tuple[Numbers, Numbers]:
    """Weighted linear regression of ``z`` on the distance: fitted values, and the value at the log."""
    design = np.column_stack((np.ones(len(apart)), apart))
    root = np.sqrt(weight)[:, None]
    slopes, *_ = np.linalg.lstsq(design * root, z * root, rcond=None)
    return design @ slopes, slopes[0]
