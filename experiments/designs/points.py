"""Parameter sets from factors: grids, one-at-a-time designs and samples, all as sequences.

A parameter set is a level of every factor, in the order of the factors. The sequences compute their elements on
access, so a long one takes no memory.
"""

import math
from collections.abc import Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from shequn.experiments.designs.factors import Factor, Level

ParameterSet = tuple[Level, ...]

_INNER_PROBES = 32  # points within a space at which it is checked, besides the ends of its factors


class _Points(Sequence[ParameterSet]):
    """A sequence that computes the parameter set of each index."""

    def __init__(self, factors: Sequence[Factor], length: int) -> None:
        self._factors = tuple(factors)
        self._length = length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, number: int) -> ParameterSet: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[ParameterSet]: ...
    def __getitem__(self, number: int | slice) -> ParameterSet | Sequence[ParameterSet]:
        if isinstance(number, slice):
            return [self._at(i) for i in range(*number.indices(len(self)))]
        if not 0 <= number < self._length:
            raise IndexError(number)
        return self._at(number)

    def _at(self, number: int) -> ParameterSet:
        raise NotImplementedError


class Grid(_Points):
    """Every combination of all levels; the levels of the last factor vary fastest."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        super().__init__(factors, math.prod(len(factor.levels) for factor in factors))

    def _at(self, number: int) -> ParameterSet:
        levels = []
        for factor in reversed(self._factors):
            number, index = divmod(number, len(factor.levels))
            levels.append(factor.levels[index])
        return tuple(reversed(levels))


def one_at_a_time(factors: Sequence[Factor], base: ParameterSet) -> list[ParameterSet]:
    """The base, then every level of each factor with all others at the base.

    Levels equal to the base's are left out.
    """
    points = [base]
    for index, factor in enumerate(factors):
        others = [level for level in factor.levels if level.value != base[index].value]
        points += [(*base[:index], level, *base[index + 1 :]) for level in others]
    return points


class Sample(_Points):
    """A sample of the space of all factors.

    Parameters
    ----------
    factors : sequence of Factor
        Ranges, or levels, each of which gets an equal part of [0, 1].
    unit : f8 array (points, factors)
        Positions in [0, 1].
    """

    def __init__(self, factors: Sequence[Factor], unit: npt.NDArray[np.float64]) -> None:
        super().__init__(factors, len(unit))
        self._unit = unit

    def _at(self, number: int) -> ParameterSet:
        return tuple(f.at(float(u)) for f, u in zip(self._factors, self._unit[number], strict=True))


def latin_hypercube(factors: Sequence[Factor], n: int, seed: int) -> Sample:
    """A Latin hypercube of ``n`` parameter sets (McKay, Beckman & Conover 1979)."""
    from scipy.stats import qmc

    return Sample(factors, qmc.LatinHypercube(len(factors), rng=np.random.default_rng(seed)).random(n))


def sobol(factors: Sequence[Factor], n: int, seed: int) -> Sample:
    """The first ``n`` points, a power of two, of a scrambled Sobol sequence (Owen 1998)."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(len(factors), rng=np.random.default_rng(seed))
    return Sample(factors, sequence.random_base2(n.bit_length() - 1))


def probes(factors: Sequence[Factor], seed: int) -> Sample:
    """Points at which a space is checked before anything runs: each factor's ends, and some points within."""
    from scipy.stats import qmc

    n = len(factors)
    ends = np.full((2 * n, n), 0.5)
    ends[np.arange(n), np.arange(n)] = 0.0
    ends[n + np.arange(n), np.arange(n)] = 1.0
    within = qmc.LatinHypercube(n, rng=np.random.default_rng(seed)).random(_INNER_PROBES)
    return Sample(factors, np.vstack([ends, within]))
