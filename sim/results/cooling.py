"""Evaporative cooling: did the better members leave first?

This is decided here alone; summary and report turn the answer into words.
"""

import math
from enum import Enum

import numpy as np
import pandas as pd

CLEAR = 2.58  # standard errors from 0.5: a false claim in 1 % of cases when quality plays no part
NEGLIGIBLE = 0.01  # distance from 0.5 that does not matter, however certain it is
PRECISE = 0.05  # standard error below which a rank near 0.5 means that quality played no part


class LeftFirst(Enum):
    """Which members left first, the better or the worse ones."""

    BETTER = "better"  # evaporative cooling
    WORSE = "worse"
    NEITHER = "neither"  # quality did not decide
    UNCERTAIN = "uncertain"  # the runs, or the departures of the only run, differ too much to say
    TOO_FEW = "too few"  # too few departures with a matched rank


def left_first(runs: pd.DataFrame) -> LeftFirst:
    """Which members left first, from the mean matched rank over all runs, at an error level of 1 %.

    Parameters
    ----------
    runs : DataFrame
        Table :data:`shequn.sim.results.key_figures.RUNS`: its ``matched_rank`` is 0.5 when departing members are
        like others of similar tenure, and above when they are better.
    """
    rank, error = _mean_and_error(runs["matched_rank"], runs["matched_rank_error"])
    if math.isnan(rank) or math.isnan(error):
        return LeftFirst.TOO_FEW
    distance = abs(rank - 0.5)
    if distance > CLEAR * error and distance > NEGLIGIBLE:
        return LeftFirst.BETTER if rank > 0.5 else LeftFirst.WORSE
    return LeftFirst.NEITHER if error < PRECISE else LeftFirst.UNCERTAIN


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
