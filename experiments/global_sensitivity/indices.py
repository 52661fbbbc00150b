"""Indices of Morris and Sobol, with intervals and the values expected from chance alone."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.experiments.global_sensitivity.sampling import UnitSample
from shequn.experiments.intervals import LEVEL

_RESAMPLES = 1000
_BOOTSTRAP_SEED = 20260401  # not 0: SALib reads 0 as no seed

Numbers = npt.NDArray[np.float64]


class Index(NamedTuple):
    """One index of one factor."""

    factor: str
    measure: str  # mu_star, mu, sigma; or first, total
    value: float
    low: float  # of its interval; nan for mu and sigma
    high: float
    noise: float  # mu_star or total expected from chance between replicates alone; nan for the others
    clear: (
        bool  # whether the interval of mu_star or total lies above 0 and the noise, or that of first above 0
    )


#: The index by which factors are ranked and distinguished from 0.
MAIN_INDEX = {"morris": "mu_star", "sobol": "total"}


def indices(sample: UnitSample, values: Numbers) -> list[Index]:
    """The indices of all factors for one response.

    Morris: ``mu_star``, the mean size of an elementary effect (change of the response over the
    factor's whole range), ``mu``, its mean with sign, ``sigma``, its spread (interaction or
    curvature). Sobol: ``first``, the share of the response's variance that the factor explains by
    itself, and ``total``, with all its interactions. The intervals are SALib's (bootstrap over
    trajectories or base points, normal).

    Parameters
    ----------
    sample : UnitSample
    values : f8 array (points, replicates)
        The response, without nan; replicate ``k`` has the same seed at every point.

    Notes
    -----
    ``mu_star`` and ``total`` are never negative, so chance lifts them above 0. With common random numbers, a
    factor without any effect has exactly 0; a factor that only changes the random draws does not. ``noise`` is
    the mean of mu_star or total if points differed by independent chance alone: √(2/π) times the mean standard
    error of an effect, and the mean squared standard error of a point over the variance of the points.
    """
    means = values.mean(axis=1)
    if np.ptp(means) == 0.0:  # no factor has an effect: a variance of 0 has no shares
        return [
            Index(name, index, 0.0, 0.0, 0.0, 0.0, False)
            for name in sample.names
            for index in (
                (MAIN_INDEX["morris"], "mu", "sigma") if sample.method == "morris" else ("first", "total")
            )
        ]
    return _morris(sample, values, means) if sample.method == "morris" else _sobol(sample, values, means)


def _morris(sample: UnitSample, values: Numbers, means: Numbers) -> list[Index]:
    from SALib.analyze import morris

    result = morris.analyze(
        sample.problem, sample.unit, means, num_resamples=_RESAMPLES, conf_level=LEVEL,
        num_levels=sample.grid, seed=_BOOTSTRAP_SEED,
    )  # fmt: skip
    noise = effect_noise(sample, values)
    rows = []
    for i, name in enumerate(sample.names):
        star, half = float(result["mu_star"][i]), float(result["mu_star_conf"][i])
        rows.append(
            Index(
                name, "mu_star", star, star - half, star + half, noise[i], star - half > noise[i] and star > 0
            )
        )
        rows += [
            Index(name, index, float(result[index][i]), math.nan, math.nan, math.nan, False)
            for index in ("mu", "sigma")
        ]
    return rows


def effect_noise(sample: UnitSample, values: Numbers) -> list[float]:
    """√(2/π) times the mean standard error of each factor's elementary effects; 0 with one replicate."""
    k, replicates = len(sample.names), values.shape[1]
    if replicates < 2:
        return [0.0] * k
    steps = np.diff(sample.unit.reshape(sample.n, k + 1, k), axis=1)  # (trajectory, step, factor)
    moved = np.abs(steps).argmax(axis=2)
    size = np.abs(steps).max(axis=2)
    effects = np.diff(values.reshape(sample.n, k + 1, replicates), axis=1) / size[..., None]
    errors = effects.std(axis=2, ddof=1) / math.sqrt(replicates)
    return [float(math.sqrt(2.0 / math.pi) * errors[moved == i].mean()) for i in range(k)]


def _sobol(sample: UnitSample, values: Numbers, means: Numbers) -> list[Index]:
    from SALib.analyze import sobol

    result = sobol.analyze(
        sample.problem, means, calc_second_order=False, num_resamples=_RESAMPLES, conf_level=LEVEL,
        seed=_BOOTSTRAP_SEED,
    )  # fmt: skip
    replicates = values.shape[1]
    chance = values.var(axis=1, ddof=1).mean() / replicates if replicates > 1 else 0.0
    noise = float(chance / means.var())
    rows = []
    for i, name in enumerate(sample.names):
        for index, key, floor in (("first", "S1", 0.0), ("total", "ST", noise)):
            value, half = float(result[key][i]), float(result[f"{key}_conf"][i])
            shown = floor if index == "total" else math.nan
            rows.append(Index(name, index, value, value - half, value + half, shown, value - half > floor))
    return rows
