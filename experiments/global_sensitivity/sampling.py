"""Where a space of factors is looked at: the samples of Morris' and of Sobol's method."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.experiments.designs.factors import Factor

METHODS = ("morris", "sobol")
#: Trajectories, and base points (a power of two), when nothing is said.
DEFAULT_N = {"morris": 20, "sobol": 128}
_GRID = 4  # levels of Morris' grid; factors with more levels of their own need a finer one

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sampled:
    """A sample in the unit cube.

    Attributes
    ----------
    method : str
        ``morris`` (Morris 1991; Campolongo et al. 2007) or ``sobol`` (Saltelli 2002, without second order).
    n : int
        Trajectories, or base points.
    names : tuple of str
        Of the factors.
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
        """The same factors as SALib names them."""
        return problem(self.names)


def problem(names: Sequence[str]) -> dict[str, Any]:
    """A problem of SALib over the unit cube: ranges and scales are the factors' own affair."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def sample(method: str, factors: Sequence[Factor], n: int, seed: int) -> Sampled:
    """A sample of a space.

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
        Of the sample.
    """
    names = tuple(factor.name for factor in factors)
    if method == "morris":
        from SALib.sample import morris

        most = max(len(factor.levels) for factor in factors)
        grid = max(_GRID, most + most % 2)  # an even grid is Morris' own advice
        unit = morris.sample(problem(names), n, num_levels=grid, seed=seed)
    else:
        from SALib.sample import sobol

        grid = 0
        unit = sobol.sample(problem(names), n, calc_second_order=False, seed=np.random.default_rng(seed))
    return Sampled(method, n, names, grid, np.clip(np.asarray(unit, dtype=np.float64), 0.0, 1.0))
