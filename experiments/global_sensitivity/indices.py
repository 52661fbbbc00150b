"""Indices of Morris and Sobol, with intervals and with the values that chance alone would give."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.experiments.global_sensitivity.sampling import Sampled
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
    noise: float  # mu_star and total that chance between replicates alone would give; nan for the others
    clear: bool  # mu_star, total: its interval lies above 0 and above the noise; first: above 0


#: The index by which factors are ranked and distinguished from 0.
MAIN = {"morris": "mu_star", "sobol": "total"}


def indices(sampled: Sampled, values: Numbers) -> list[Index]:
    """The indices of all factors for one response.

    Morris: ``mu_star``, the mean size of an elementary effect (change of the response over the
    factor's whole range), ``mu``, its mean with sign, ``sigma``, its spread (interaction or
    curvature). Sobol: ``first``, the share of the response's variance that the factor explains by
    itself, and ``total``, with all its interactions. The intervals are SALib's (bootstrap over
    trajectories or base points, normal).

    Parameters
    ----------
    sampled : Sampled
    values : f8 array (points, replicates)
        The response; replicate ``k`` has the same seed at every point. All known.

    Notes
    -----
    ``mu_star`` and ``total`` are never negative, so chance lifts them above 0. With common random numbers, a
    factor without any effect has exactly 0; a factor that only changes the random draws does not. ``noise`` is
    the mean of mu_star or total if points differed by independent chance alone: √(2/π) times the mean standard
    error of an effect, and the mean squared standard error of a point over the variance of the points.
    """
    means = values.mean(axis=1)
    if np.ptp(means) == 0.0:  # nothing moves it: a variance of 0 has no shares
        return [
            Index(name, index, 0.0, 0.0, 0.0, 0.0, False)
            for name in sampled.names
            for index in (
                (MAIN["morris"], "mu", "sigma") if sampled.method == "morris" else ("first", "total")
            )
        ]
    return _morris(sampled, values, means) if sampled.method == "morris" else _sobol(sampled, values, means)


def _morris(sampled: Sampled, values: Numbers, means: Numbers) -> list[Index]:
    from SALib.analyze import morris

    found = morris.analyze(
        sampled.problem, sampled.unit, means, num_resamples=_RESAMPLES, conf_level=LEVEL,
        num_levels=sampled.grid, seed=_BOOTSTRAP_SEED,
    )  # fmt: skip
    noise = effect_noise(sampled, values)
    rows = []
    for i, name in enumerate(sampled.names):
        star, half = float(found["mu_star"][i]), float(found["mu_star_conf"][i])
        rows.append(
            Index(
                name, "mu_star", star, star - half, star + half, noise[i], star - half > noise[i] and star > 0
            )
        )
        rows += [
            Index(name, index, float(found[index][i]), math.nan, math.nan, math.nan, False)
            for index in ("mu", "sigma")
        ]
    return rows


def effect_noise(sampled: Sampled, values: Numbers) -> list[float]:
    """√(2/π) times the mean standard error of each factor's elementary effects; 0 with one replicate."""
    k, replicates = len(sampled.names), values.shape[1]
    if replicates < 2:
        return [0.0] * k
    steps = np.diff(sampled.unit.reshape(sampled.n, k + 1, k), axis=1)  # (trajectory, step, factor)
    moved = np.abs(steps).argmax(axis=2)
    size = np.abs(steps).max(axis=2)
    effects = np.diff(values.reshape(sampled.n, k + 1, replicates), axis=1) / size[..., None]
    errors = effects.std(axis=2, ddof=1) / math.sqrt(replicates)
    return [float(math.sqrt(2.0 / math.pi) * errors[moved == i].mean()) for i in range(k)]


def _sobol(sampled: Sampled, values: Numbers, means: Numbers) -> list[Index]:
    from SALib.analyze import sobol

    found = sobol.analyze(
        sampled.problem, means, calc_second_order=False, num_resamples=_RESAMPLES, conf_level=LEVEL,
        seed=_BOOTSTRAP_SEED,
    )  # fmt: skip
    replicates = values.shape[1]
    chance = values.var(axis=1, ddof=1).mean() / replicates if replicates > 1 else 0.0
    noise = float(chance / means.var())
    rows = []
    for i, name in enumerate(sampled.names):
        for index, key, floor in (("first", "S1", 0.0), ("total", "ST", noise)):
            value, half = float(found[key][i]), float(found[f"{key}_conf"][i])
            shown = floor if index == "total" else math.nan
            rows.append(Index(name, index, value, value - half, value + half, shown, value - half > floor))
    return rows
