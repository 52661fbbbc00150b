"""Samples of a space of factors, by the methods of Morris and of Sobol."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.experiments.designs.factors import Factor

METHODS = ("morris", "sobol")
#: Default number of trajectories, and of base points (a power of two).
DEFAULT_N = {"morris": 20, "sobol": 128}
_GRID = 4  # levels of Morris' grid; a factor with more levels needs a finer grid

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class UnitSample:
    """A sample in the unit cube.

    Attributes
    ----------
    method : str
        ``morris`` (Morris 1991; Campolongo et al. 2007) or ``sobol`` (Saltelli 2002, without second order).
    n : int
        Trajectories, or base points.
    names : tuple of str
        Names of the factors.
    grid : int
        Levels of Morris' grid.
    unit : f8 array (points, factors)
        In [0, 1].
    """

    method: str
    n: int
    names: tuple[str, ...]
    grid: int
    unit: Numbers

    @property
    def problem(self) -> dict[str, Any]:
        """The factors as a SALib problem."""
        return problem(self.names)


def problem(names: Sequence[str]) -> dict[str, Any]:
    """A SALib problem over the unit cube, which the factors map to their own ranges and scales."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def draw_sample(method: str, factors: Sequence[Factor], n: int, seed: int) -> UnitSample:
    """Sample a space of factors.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    factors : sequence of Factor
        At least two.
    n : int
        Trajectories of Morris' method: n × (factors + 1) points. Base points of Sobol's, a power of
        two: n × (factors + 2) points.
    seed : int
        Seed of the sample.
    """
    names = tuple(factor.name for factor in factors)
    if method == "morris":
        from SALib.sample import morris

        n_levels = max(len(factor.levels) for factor in factors)
        grid = max(_GRID, n_levels + n_levels % 2)  # Morris recommends an even number
        unit = morris.sample(problem(names), n, num_levels=grid, seed=seed)
    else:
        from SALib.sample import sobol

        grid = 0
        unit = sobol.sample(problem(names), n, calc_second_order=False, seed=np.random.default_rng(seed))
    return UnitSample(method, n, names, grid, np.clip(np.asarray(unit, dtype=np.float64), 0.0, 1.0))
