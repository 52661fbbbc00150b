"""The posterior of the parameters: weighted draws, intervals, and what the log does not identify."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.parameters import Parameter

Numbers = npt.NDArray[np.float64]
End = Literal["low", "high"]

LEVEL = 0.9
TOO_WIDE = 0.8  # share of the range; a parameter with a wider interval is not identified
TOUCHES = 0.02  # share of the range; an interval that reaches nearer to an end touches it
PRESSED = 0.1  # … and is pressed against it if its median is nearer to the end than this
TOO_CORRELATED = 0.95  # correlation beyond which two parameters are not distinguished


@dataclass(frozen=True)
class Posterior:
    """Draws of the parameters, given the log.

    Attributes
    ----------
    parameters : tuple of Parameter
    draws : floats (n, n_parameters)
        Position of each parameter in its range, in [0, 1].
    weights : floats (n,)
        Weight of each draw; they sum to 1.
    """

    parameters: tuple[Parameter, ...]
    draws: Numbers
    weights: Numbers

    def units(self, quantile: float) -> Numbers:
        """A quantile of every parameter (n_parameters,), as a position in its range."""
        return np.array([weighted_quantile(column, self.weights, quantile) for column in self.draws.T])

    def interval(self, level: float = LEVEL) -> Numbers:
        """Equal-tailed intervals (n_parameters, 2), as positions in the range."""
        tail = (1 - level) / 2
        return np.column_stack((self.units(tail), self.units(1 - tail)))

    def point(self) -> Numbers:
        """The median of every parameter (n_parameters,), as a position in its range."""
        return self.units(0.5)

    def sample(self, n: int, seed: int) -> Numbers:
        """Resample the draws by their weights (n, n_parameters), by systematic resampling."""
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(self.weights))
        heights = np.cumsum(self.weights[order])
        at = np.searchsorted(heights / heights[-1], (np.arange(n) + rng.uniform()) / n)
        return self.draws[order[np.minimum(at, len(order) - 1)]]

    def correlations(self) -> Numbers:
        """Correlations of the positions of the parameters (n_parameters, n_parameters)."""
        if len(self.parameters) == 1:
            return np.ones((1, 1))
        covariance = np.cov(self.draws.T, aweights=self.weights)
        spread = np.sqrt(np.diag(covariance))
        spread[spread == 0] = np.inf  # a parameter known exactly correlates with none
        rho: Numbers = covariance / np.outer(spread, spread)
        np.fill_diagonal(rho, 1.0)
        return rho

    def unidentified(self, level: float = LEVEL) -> dict[str, float]:
        """The parameters that the log does not identify, with the share of the range that their interval covers."""
        widths = np.diff(self.interval(level))[:, 0]
        return {
            parameter.key: float(width)
            for parameter, width in zip(self.parameters, widths, strict=True)
            if width >= TOO_WIDE
        }

    def at_ends(self, level: float = LEVEL) -> dict[str, End]:
        """The parameters whose interval touches an end of the range, with that end: they may lie beyond it.

        Where it touches both, as with a parameter of which the log says nothing, it is the nearer one to the median.
        """
        interval, middle = self.interval(level), self.point()
        found: dict[str, End] = {}
        for parameter, (low, high), at in zip(self.parameters, interval, middle, strict=True):
            ends = [low < TOUCHES, high > 1 - TOUCHES]
            if any(ends):
                found[parameter.key] = "low" if ends[0] and (not ends[1] or at < 0.5) else "high"
        return found

    def pressed(self, level: float = LEVEL) -> dict[str, End]:
        """Those of them whose median is near that end, too: what was fitted is the end, not the parameter."""
        medians = dict(zip((parameter.key for parameter in self.parameters), self.point(), strict=True))
        return {
            key: end
            for key, end in self.at_ends(level).items()
            if (medians[key] if end == "low" else 1 - medians[key]) < PRESSED
        }

    def confounded(self) -> list[tuple[str, str, float]]:
        """The pairs of parameters that the log cannot distinguish, with their correlation."""
        rho = self.correlations()
        n = len(self.parameters)
        return [
            (self.parameters[i].key, self.parameters[j].key, float(rho[i, j]))
            for i in range(n)
            for j in range(i + 1, n)
            if abs(rho[i, j]) > TOO_CORRELATED
        ]


def weighted_quantile(values: Numbers, weights: Numbers, quantile: float) -> float:
    """A quantile of weighted values, interpolated between the midpoints of their cumulative weights."""
    order = np.argsort(values, kind="stable")
    heights = np.cumsum(weights[order]) - 0.5 * weights[order]
    return float(np.interp(quantile * weights.sum(), heights, values[order]))
