"""Comparison of two sweeps: which answers differ, and whether levels have the same order."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from shequn.experiments.studies.headline.answers import BEST, FACTORS, marginal
from shequn.experiments.studies.headline.bootstrap import SweepAnswers
from shequn.experiments.studies.headline.cells import Numbers

JOINT = 0.999  # joint level of all intervals of a family
RARE = 0.01  # share of draws below which an answer is not a possible answer of the sweep


class Pair(NamedTuple):
    """Two sweeps to compare, with their names."""

    first: str
    second: str
    a: SweepAnswers
    b: SweepAnswers


def critical_t(n: int, replicates: int, joint: float = JOINT) -> float:
    """Two-sided critical value of Student's t for ``n`` differences with a joint level (Bonferroni)."""
    from scipy import stats

    return float(stats.t.ppf(1.0 - (1.0 - joint) / (2.0 * n), replicates - 1))


def differences(pairs: Sequence[Pair]) -> pd.DataFrame:
    """Differences of all answers of all pairs, as one family: the table `DIFFERENCES` without ``family``."""
    family = sum(len(pair.a.values) for pair in pairs)
    rows = []
    for pair in pairs:
        t = critical_t(family, pair.a.cells.replicates)
        single = critical_t(1, pair.a.cells.replicates, 0.95)
        for name, a in pair.a.values.items():
            b = pair.b.values[name]
            draws_a, draws_b = pair.a.draws[name].to_numpy(), pair.b.draws[name].to_numpy()
            error = _deviation(draws_b - draws_a)
            if np.isnan(a) != np.isnan(b):
                differs = beyond = not (_could_be(draws_a, b) or _could_be(draws_b, a))
            else:  # two missing answers are equal
                differs, beyond = (bool(abs(b - a) > times * error + 1e-12) for times in (t, single))
            rows.append((pair.first, pair.second, name, a, b, b - a, t * error, differs, beyond))
    columns = [
        "first", "second", "answer", "a", "b", "difference", "half_width", "differs", "beyond_95",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def orders(pairs: Sequence[Pair], draws: dict[str, Numbers]) -> pd.DataFrame:
    """The order of each pair of levels of each factor in both sweeps, for each response: the table `ORDERS`.

    Parameters
    ----------
    pairs : sequence of Pair
        Sweeps of the same design.
    draws : dict
        Resampling counts of each sweep by name: see `bootstrap.counts`.
    """
    rows = []
    for pair in pairs:
        steps_a, steps_b = _steps(pair.a, draws[pair.first]), _steps(pair.b, draws[pair.second])
        for (key, (a, error_a)), (b, error_b) in zip(steps_a.items(), steps_b.values(), strict=True):
            rows.append((pair.first, pair.second, *key, a, b, error_a, error_b))
    names = ["first", "second", "response", "factor", "low", "high", "a", "b", "error_a", "error_b"]
    table = pd.DataFrame(rows, columns=names)
    t = critical_t(len(table), pairs[0].a.cells.replicates) if pairs else 0.0
    for one in "ab":
        table[f"clear_{one}"] = table[one].abs() > t * table[f"error_{one}"]
    return table.drop(columns=["error_a", "error_b"])


def _steps(sweep: SweepAnswers, counts: Numbers) -> dict[tuple[str, str, str, str], tuple[float, float]]:
    """Differences of all pairs of levels, with standard errors, by response, factor and the two levels."""
    cells = sweep.cells
    levels = ([f"{x:g}" for x in cells.sizes], list(cells.gates), [f"{x:g}" for x in cells.openness])
    means, draws = cells.means(), cells.resampled_means(counts)
    steps = {}
    for response in BEST:
        for axis, factor in enumerate(FACTORS):
            here = marginal(means[response], axis)
            there = np.array([marginal(draw[response], axis) for draw in draws])
            for i, j in combinations(range(len(here)), 2):
                key = (response, factor, levels[axis][i], levels[axis][j])
                steps[key] = (float(here[j] - here[i]), _deviation(there[:, j] - there[:, i]))
    return steps


def _deviation(draws: Numbers) -> float:
    known = draws[np.isfinite(draws)]
    return float(known.std(ddof=1)) if len(known) > 1 else 0.0


def _could_be(draws: Numbers, answer: float) -> bool:
    """Whether, in more than a rare share of the draws, there is an answer or none, like ``answer``."""
    share = np.isnan(draws).mean() if np.isnan(answer) else np.isfinite(draws).mean()
    return bool(share >= RARE)
