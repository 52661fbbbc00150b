"""Boxes: ranges of a few factors in which an outcome is found more often than elsewhere, by CART.

A classification tree (CART, scikit-learn) divides the parameter sets; each of its nodes is a box. Bryant & Lempert
2010 (Technological Forecasting and Social Change 77, 34-49) describe such a search and the numbers of a box. What is
shown must be better than chance: the whole search is repeated with the outcomes reshuffled among the parameter sets.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binom

Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

LEVEL = 0.01  # share of noise that may count as a box: assumed
RESHUFFLES = 999  # so that a p value is a multiple of 1/1000
LEAST_CASES = 20  # parameter sets, below which no box can be shown: assumed
MAX_BOXES = 4  # assumed
_DEPTH = 3  # most restrictions of a box, so that it can be said in a sentence: assumed
_LEAST_SHARE = 0.05  # of the parameter sets in a box: assumed
_LEAST_IN_BOX = 5
_SEED = 0


@dataclass(frozen=True)
class Restriction:
    """The values of one factor in a box.

    Attributes
    ----------
    low, high : float or None
        Lowest and highest value that was tried in it; None = the box is not bounded on this side.
    levels : tuple of str or None
        Its levels, of a factor whose levels are words.
    quasi_p : float
        Chance of as many cases with the outcome in the box if this restriction meant nothing: binomial, with the
        share of the box without it. A large value says that the restriction may be dropped.
    """

    factor: str
    low: float | None
    high: float | None
    levels: tuple[str, ...] | None
    quasi_p: float = math.nan


@dataclass(frozen=True)
class Box:
    """A box and its cases.

    Attributes
    ----------
    restrictions : tuple of Restriction
    cases, found : int
        Number of parameter sets in it, and of those among them that have the outcome.
    coverage : float
        Share of all parameter sets with the outcome that lie in it.
    p : float
        Share of reshuffled outcomes, the real ones included, of which the best box is at least as good.
    """

    restrictions: tuple[Restriction, ...]
    cases: int
    found: int
    coverage: float
    p: float

    @property
    def density(self) -> float:
        """Share of its parameter sets that have the outcome."""
        return self.found / self.cases

    @property
    def clear(self) -> bool:
        """Whether it is better than what chance alone gives, at `LEVEL`."""
        return self.p <= LEVEL


@dataclass(frozen=True)
class Discovery:
    """What was found: disjoint boxes, the best first; the first may be no better than chance (`Box.clear`).

    ``boxes`` is empty if no factor divides the parameter sets.
    """

    cases: int
    found: int
    boxes: tuple[Box, ...]


class NothingToFindError(ValueError):
    """There are too few parameter sets, or all of them have the outcome, or none."""


def discover(factors: pd.DataFrame, outcome: Bools, reshuffles: int = RESHUFFLES) -> Discovery:
    """Find the boxes of an outcome.

    A box is better the more its number of cases with the outcome lies above that of a random choice of as many
    cases, in standard deviations (hypergeometric). The best box is taken, then the best that does not overlap
    with it, as long as reshuffled outcomes rarely give a box as good anywhere.

    Parameters
    ----------
    factors : DataFrame
        A row for each parameter set, a column for each factor: numbers, or words without order.
    outcome : bool array
        Whether each parameter set has the outcome.
    reshuffles : int
        Number of reshuffled outcomes.

    Returns
    -------
    Discovery
        The same for the same input.
    """
    n, found = len(outcome), int(outcome.sum())
    columns = _columns(factors)
    if not columns:
        return Discovery(n, found, ())
    matrix = np.ascontiguousarray(np.column_stack([values for _name, _level, values in columns]), np.float32)
    tree = _fitted(matrix, outcome)
    scores = _scores(tree, n, found)
    if len(scores) < 2:
        return Discovery(n, found, ())
    generator = np.random.default_rng(_SEED)
    best = np.array(
        [
            _scores(_fitted(matrix, generator.permutation(outcome)), n, found).max()
            for _turn in range(reshuffles)
        ]
    )
    ways = _ways(tree)
    order = sorted(range(1, len(scores)), key=lambda node: (-scores[node], len(ways[node]), node))
    inside = tree.decision_path(matrix).toarray().astype(bool)
    boxes: list[Box] = []
    taken = np.zeros(n, dtype=bool)
    for node in order:
        p = (1 + int((best >= scores[node] - 1e-9).sum())) / (reshuffles + 1)
        if boxes and (p > LEVEL or len(boxes) == MAX_BOXES):
            break
        cases = inside[:, node]
        if not (taken & cases).any():
            taken |= cases
            restrictions = tuple(_restrictions(factors, columns, ways[node]))
            boxes.append(_box(factors, outcome, restrictions, p))
    return Discovery(n, found, tuple(boxes))


_Column = tuple[str, str | None, Numbers]  # factor, level of a factor of words, values


def _columns(factors: pd.DataFrame) -> list[_Column]:
    """The columns of the tree: a number for each factor, or one for each level of a factor of words."""
    columns: list[_Column] = []
    for name in map(str, factors.columns):
        values = factors[name]
        if values.nunique() < 2:
            continue
        if pd.api.types.is_numeric_dtype(values):
            # by rank: trees see no more, and in 32 bits neighbouring values stay apart
            columns.append((name, None, np.unique(values, return_inverse=True)[1].astype(float)))
        else:
            columns += [
                (name, str(level), (values == level).to_numpy(float)) for level in sorted(set(values))
            ]
    return columns


def _fitted(matrix: npt.NDArray[np.float32], outcome: Bools) -> Any:
    """The tree of these outcomes."""
    from sklearn.tree import DecisionTreeClassifier

    least = max(_LEAST_IN_BOX, math.ceil(_LEAST_SHARE * len(outcome)))
    tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=least, random_state=_SEED)
    return tree.fit(matrix, outcome)


def _scores(tree: Any, n: int, found: int) -> Numbers:
    """Of each node, by how many standard deviations its cases with the outcome exceed a random choice; root: 0."""
    size = tree.tree_.n_node_samples.astype(float)
    with_outcome = np.rint(tree.tree_.value[:, 0, -1] * size)
    variance = size * found * (n - found) * (n - size) / (n * n * (n - 1.0))
    scores: Numbers = np.zeros(len(size))
    np.divide(with_outcome - size * found / n, np.sqrt(variance), out=scores, where=variance > 0.0)
    return scores


def _ways(tree: Any) -> dict[int, list[tuple[int, float, bool]]]:
    """The way from the root to each node: column, threshold, and whether it goes above the threshold."""
    left, right = tree.tree_.children_left, tree.tree_.children_right
    ways: dict[int, list[tuple[int, float, bool]]] = {0: []}
    for node in range(len(left)):  # parents come before their children
        if left[node] >= 0:
            step = (int(tree.tree_.feature[node]), float(tree.tree_.threshold[node]))
            ways[int(left[node])] = [*ways[node], (*step, False)]
            ways[int(right[node])] = [*ways[node], (*step, True)]
    return ways


def _restrictions(
    factors: pd.DataFrame, columns: list[_Column], way: list[tuple[int, float, bool]]
) -> Iterator[Restriction]:
    """The restrictions on the way to a node, one for each factor, in the order of the factors."""
    for name in factors.columns:
        steps = [(columns[c], threshold, above) for c, threshold, above in way if columns[c][0] == name]
        if not steps:
            continue
        mask = np.ones(len(factors), dtype=bool)
        for (_name, _level, values), threshold, above in steps:
            mask &= (values > threshold) == above
        here, everywhere = factors[name][mask], factors[name]
        if steps[0][0][1] is not None:
            yield Restriction(name, None, None, tuple(sorted(set(map(str, here)))))
        else:
            low, high = float(here.min()), float(here.max())
            yield Restriction(
                name,
                low if low > everywhere.min() else None,
                high if high < everywhere.max() else None,
                None,
            )


def cases_in(factors: pd.DataFrame, restrictions: tuple[Restriction, ...]) -> Bools:
    """Which parameter sets lie in a box."""
    inside = np.ones(len(factors), dtype=bool)
    for one in restrictions:
        values = factors[one.factor]
        if one.levels is not None:
            inside &= values.astype(str).isin(one.levels).to_numpy()
        if one.low is not None:
            inside &= (values >= one.low).to_numpy()
        if one.high is not None:
            inside &= (values <= one.high).to_numpy()
    return inside


def _box(factors: pd.DataFrame, outcome: Bools, restrictions: tuple[Restriction, ...], p: float) -> Box:
    inside = cases_in(factors, restrictions)
    n, found = int(inside.sum()), int(outcome[inside].sum())
    with_p = []
    for one in restrictions:
        wider = cases_in(factors, tuple(other for other in restrictions if other is not one))
        quasi_p = float(binom.sf(found - 1, n, outcome[wider].mean()))
        with_p.append(Restriction(one.factor, one.low, one.high, one.levels, quasi_p))
    return Box(tuple(with_p), n, found, found / max(1, int(outcome.sum())), p)
