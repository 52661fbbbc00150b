"""Bootstrap of the answers over replicates."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from shequn.experiments.studies.headline.answers import FACTORS, answers, marginal
from shequn.experiments.studies.headline.cells import Cells, Means, Numbers

DRAWS = 2000
LEVEL = 0.95
MISSING = 0.025  # share of draws without an answer above which it has no interval


#: Computes answers, by name, from cells and their means.
AnswerFunction = Callable[[Cells, Means], dict[str, float]]


class SweepAnswers(NamedTuple):
    """The answers of a sweep, and those in each draw of the bootstrap.

    ``draws`` is a frame with a row for each draw and a column for each answer; nan if there is none.
    """

    cells: Cells
    values: dict[str, float]
    draws: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """A row for each answer: its value, its 95 % interval (low, high), and the share of draws that have it."""
        share = self.draws.notna().mean()
        tail = (1.0 - LEVEL) / 2.0
        low, high = self.draws.quantile(tail), self.draws.quantile(1.0 - tail)
        has_interval = share >= 1.0 - MISSING
        frame = pd.DataFrame({"value": self.values, "low": low, "high": high, "there": share})
        frame.loc[~has_interval, ["low", "high"]] = np.nan
        return frame.rename_axis("answer").reset_index()


def counts(seed: int, replicates: int) -> Numbers:
    """How often each draw of the bootstrap has each replicate, f8 array (draw, replicate).

    Sweeps with the same seed have the same draws, so that what they share cancels in their differences.
    """
    rng = np.random.default_rng(seed)
    return rng.multinomial(replicates, np.full(replicates, 1.0 / replicates), size=DRAWS).astype(float)


def by_level(cells: Cells, counts: Numbers) -> pd.DataFrame:
    """Means of each factor's levels over the other two factors.

    Columns
    -------
    factor, level, response. value, low, high : mean and its 95 % interval.
    """
    tails = ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)
    names = ([f"{x:g}" for x in cells.sizes], list(cells.gates), [f"{x:g}" for x in cells.openness])
    means, draws = cells.means(), cells.resampled_means(counts)
    rows = []
    for response in cells.values:
        for axis, factor in enumerate(FACTORS):
            values = marginal(means[response], axis)
            bounds = np.quantile([marginal(draw[response], axis) for draw in draws], tails, axis=0)
            rows += [
                (factor, level, response, *numbers)
                for level, *numbers in zip(names[axis], values, *bounds, strict=True)
            ]
    return pd.DataFrame(rows, columns=["factor", "level", "response", "value", "low", "high"])


def answer_sweep(cells: Cells, counts: Numbers, function: AnswerFunction = answers) -> SweepAnswers:
    """The answers of a sweep, and those of each draw of the bootstrap (see `counts`)."""
    draws = pd.DataFrame([function(cells, means) for means in cells.resampled_means(counts)])
    return SweepAnswers(cells, function(cells, cells.means()), draws)
