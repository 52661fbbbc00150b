"""Evaporative cooling: did the better members leave first?

The one place where this is decided. Summary, report and class page turn the answer into words.
"""

import math
from enum import Enum

import numpy as np
import pandas as pd

CLEAR = 2.58  # standard errors on each side of a rank: an interval of 99 %
SMALL = 0.03  # a rank this close to 0.5 does not matter (assumed)
AT_LEAST = 20  # departures that could be compared; with fewer nothing is said (assumed)
RANK_SD = 1 / math.sqrt(12)  # standard deviation of one rank when quality plays no part: ranks are uniform


class LeftFirst(Enum):
    """Which members left first: shown, shown not to matter, or not known."""

    BETTER = "better"  # shown: the interval lies above 0.5 (evaporative cooling)
    WORSE = "worse"  # shown: it lies below
    ALIKE = "alike"  # shown not to matter: it lies within 0.5 ± SMALL
    UNKNOWN = "unknown"


def left_first(runs: pd.DataFrame) -> LeftFirst:
    """Which members left first, from the mean matched rank over all runs.

    Parameters
    ----------
    runs : DataFrame
        Table :data:`shequn.sim.results.key_figures.RUNS`: its ``matched_rank`` is 0.5 when departing members are
        like others of similar tenure, and above when they are better.
    """
    rank, error = _mean_and_error(runs["matched_rank"], runs["matched_rank_error"])
    return decide(rank, error, int(runs["compared_departures"].sum()))


def decide(rank: float, error: float, departures: int) -> LeftFirst:
    """Which members left first, from the mean matched rank of ``departures`` departures.

    Parameters
    ----------
    rank, error : float
        Mean and standard error; the error is taken to be at least that of uniform ranks, 1/√(12 n).
        nan where there is none.
    departures : int
        Number of departures that could be compared with members of similar tenure.
    """
    if departures < AT_LEAST or math.isnan(rank):
        return LeftFirst.UNKNOWN
    least = RANK_SD / math.sqrt(departures)
    reach = CLEAR * (least if math.isnan(error) else max(error, least))
    low, high = rank - reach, rank + reach
    if low >= 0.5 - SMALL and high <= 0.5 + SMALL:
        return LeftFirst.ALIKE
    if low > 0.5:
        return LeftFirst.BETTER
    return LeftFirst.WORSE if high < 0.5 else LeftFirst.UNKNOWN


def _mean_and_error(means: pd.Series, errors: pd.Series) -> tuple[float, float]:
    """Mean over runs and its standard error.

    With three or more runs the error comes from their spread, with fewer from the errors within each run. Both
    are nan if no run has a matched rank.
    """
    known = means.dropna()
    if len(known) > 2:
        return float(known.mean()), float(known.std() / np.sqrt(len(known)))
    if len(known) == 0:
        return math.nan, math.nan
    squares = (errors[known.index] ** 2).sum(skipna=False)  # a run with one departure has no error
    return float(known.mean()), float(np.sqrt(squares) / len(known))
