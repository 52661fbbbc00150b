"""Bootstrap over replicates: what each answer would be, had other replicates been drawn."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from shequn.experiments.studies.headline.answers import FACTORS, answers, marginal
from shequn.experiments.studies.headline.cells import Cells, Means, Numbers

DRAWS = 2000
LEVEL = 0.95
MISSING = 0.025  # an answer missing in more draws has no interval


#: Makes answers, by name, from cells and their means.
Asked = Callable[[Cells, Means], dict[str, float]]


class Answered(NamedTuple):
    """Answers of a sweep: as they are, and in each draw.

    ``draws`` is a frame with a row for each draw and a column for each answer; nan: there is none.
    """

    cells: Cells
    values: dict[str, float]
    draws: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """A row for each answer: value, low, high (95 % interval), share of draws that have it."""
        there = self.draws.notna().mean()
        tail = (1.0 - LEVEL) / 2.0
        low, high = self.draws.quantile(tail), self.draws.quantile(1.0 - tail)
        enough = there >= 1.0 - MISSING
        frame = pd.DataFrame({"value": self.values, "low": low, "high": high, "there": there})
        frame.loc[~enough, ["low", "high"]] = np.nan
        return frame.rename_axis("answer").reset_index()


def counts(seed: int, replicates: int) -> Numbers:
    """How often each replicate is drawn, f8 array (draw, replicate).

    Sweeps of one seed are drawn alike, so that their differences keep what they have in common.
    """
    chance = np.random.default_rng(seed)
    return chance.multinomial(replicates, np.full(replicates, 1.0 / replicates), size=DRAWS).astype(float)


def by_level(cells: Cells, drawn: Numbers) -> pd.DataFrame:
    """Means of each factor's levels over the other two factors.

    Columns
    -------
    factor, level, response. value, low, high : mean and its 95 % interval.
    """
    tails = ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)
    named = ([f"{x:g}" for x in cells.sizes], list(cells.gates), [f"{x:g}" for x in cells.openness])
    means, draws = cells.means(), cells.drawn(drawn)
    rows = []
    for response in cells.values:
        for axis, factor in enumerate(FACTORS):
            values = marginal(means[response], axis)
            bounds = np.quantile([marginal(draw[response], axis) for draw in draws], tails, axis=0)
            rows += [
                (factor, level, response, *found)
                for level, *found in zip(named[axis], values, *bounds, strict=True)
            ]
    return pd.DataFrame(rows, columns=["factor", "level", "response", "value", "low", "high"])


def answered(cells: Cells, drawn: Numbers, asked: Asked = answers) -> Answered:
    """The answers of a sweep, and those of each draw (see `counts`)."""
    draws = pd.DataFrame([asked(cells, means) for means in cells.drawn(drawn)])
    return Answered(cells, asked(cells, cells.means()), draws)
