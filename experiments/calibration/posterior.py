"""What a log says about the parameters: weighted draws, intervals, and what it leaves open."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.parameters import Parameter
from shequn.sim.language import _

Numbers = npt.NDArray[np.float64]

LEVEL = 0.9
TOO_WIDE = 0.8  # of the range searched: such an interval says nothing
TOO_LIKE = 0.95  # correlation beyond which two parameters are not told apart


@dataclass(frozen=True)
class Posterior:
    """Draws of the parameters given the log.

    Attributes
    ----------
    parameters : tuple of Parameter
    draws : floats (n, n_parameters)
        Places in [0, 1] of each parameter's range.
    weights : floats (n,)
        Weight of each draw; they sum to 1.
    """

    parameters: tuple[Parameter, ...]
    draws: Numbers
    weights: Numbers

    def units(self, quantile: float) -> Numbers:
        """A quantile of every parameter (n_parameters,), as places in its range."""
        return np.array([weighted_quantile(column, self.weights, quantile) for column in self.draws.T])

    def interval(self, level: float = LEVEL) -> Numbers:
        """Equal-tailed intervals (n_parameters, 2) as places in the range."""
        tail = (1 - level) / 2
        return np.column_stack((self.units(tail), self.units(1 - tail)))

    def point(self) -> Numbers:
        """The median of every parameter (n_parameters,), as a place in its range."""
        return self.units(0.5)

    def sample(self, n: int, seed: int) -> Numbers:
        """Draws taken again by their weights (n, n_parameters), each as even as can be (systematic)."""
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(self.weights))
        heights = np.cumsum(self.weights[order])
        at = np.searchsorted(heights / heights[-1], (np.arange(n) + rng.uniform()) / n)
        return self.draws[order[np.minimum(at, len(order) - 1)]]

    def correlations(self) -> Numbers:
        """Correlations of the parameters' places (n_parameters, n_parameters)."""
        if len(self.parameters) == 1:
            return np.ones((1, 1))
        covariance = np.cov(self.draws.T, aweights=self.weights)
        spread = np.sqrt(np.diag(covariance))
        spread[spread == 0] = np.inf  # a parameter known exactly goes with none
        found: Numbers = covariance / np.outer(spread, spread)
        np.fill_diagonal(found, 1.0)
        return found

    def not_identified(self, level: float = LEVEL) -> list[str]:
        """In words, what the log does not tell: parameters left open, and pairs not told apart."""
        found = []
        widths = np.diff(self.interval(level))[:, 0]
        for parameter, width in zip(self.parameters, widths, strict=True):
            if width >= TOO_WIDE:
                found.append(
                    _(
                        "{key} is not identified: its {level:.0%} interval covers {width:.0%} of the range "
                        "searched"
                    ).format(key=parameter.key, level=level, width=width)
                )
        rho = self.correlations()
        for i, one in enumerate(self.parameters):
            for j in range(i + 1, len(self.parameters)):
                if abs(rho[i, j]) > TOO_LIKE:
                    how = (
                        _("as well by more of both")
                        if rho[i, j] > 0
                        else _("as well by more of one and less of the other")
                    )
                    found.append(
                        _(
                            "{key} and {other} are not told apart: the log is met {how} "
                            "(correlation {rho:+.2f})"
                        ).format(key=one.key, other=self.parameters[j].key, how=how, rho=rho[i, j])
                    )
        return found


def weighted_quantile(values: Numbers, weights: Numbers, quantile: float) -> float:
    """A quantile of weighted values, linear between the middles of their weights."""
    order = np.argsort(values, kind="stable")
    heights = np.cumsum(weights[order]) - 0.5 * weights[order]
    return float(np.interp(quantile * weights.sum(), heights, values[order]))


def spread_words(parameters: Sequence[Parameter], interval: Numbers) -> list[str]:
    """Each interval in the parameter's own unit, to three digits."""
    return [
        f"{float(p.values(low)):.3g} … {float(p.values(high)):.3g}"
        for p, (low, high) in zip(parameters, interval, strict=True)
    ]
