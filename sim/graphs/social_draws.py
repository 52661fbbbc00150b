"""Random draws of the social generator: people's sociability, and which pairs become ties."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.sim.graphs.graph import INTEREST, KNOW, PLACE
from shequn.sim.kernel import social_ties
from shequn.sim.kernel.chance import Draws, Keys, Purpose, exponentials, normals, uniforms

SOCIABILITY_LOG_SD = 0.6  # assumed
SOCIABILITY_MOST = 4.0  # times the mean; assumed
DENSITY = 0.9  # probability of a tie within reach, which determines the clustering; assumed
QUALITY_CLASSES = 32

_CLOSE_ENOUGH = 0.005  # share of the ties wanted that may be missing; more are drawn again at random
_MOST_ATTEMPTS = 20
_SPARSE_ATTEMPTS = 5
_MOST_LISTED = 4_096  # people up to whom all pairs without a tie can be listed
_SOCIABILITY, BY_PLACE, BY_INTEREST, _RANDOM, CLOSENESS, _UNTIED = range(6)


class Ties(NamedTuple):
    """Ties in order of their lower, then their higher end."""

    start: npt.NDArray[np.int64]  # (n + 1): position at which the ties of each lower end begin
    partner: npt.NDArray[np.int32]  # (m): the higher end
    bits: npt.NDArray[np.uint8]  # (m): dimensions


class Pairs:
    """Arrays for the pairs drawn, and the number of pairs in them."""

    def __init__(self, capacity: int) -> None:
        self.first = np.empty(capacity, dtype=np.int32)
        self.second = np.empty(capacity, dtype=np.int32)
        self.origin = np.empty(capacity, dtype=np.uint8)
        self.drawn = 0

    def add(self, drawn: int, origin: int) -> None:
        """Count ``drawn`` more pairs of this origin, which are already in the arrays."""
        self.origin[self.drawn : self.drawn + drawn] = origin
        self.drawn += drawn

    def merged(self, n: int) -> Ties:
        """One tie per pair; repeated pairs are removed here too, so that more can be added."""
        listed = slice(0, self.drawn)
        start = np.zeros(n + 1, dtype=np.int64)
        partner, bits = np.empty(self.drawn, dtype=np.int32), np.empty(self.drawn, dtype=np.uint8)
        ties = social_ties.one_tie_per_pair(
            n, self.first[listed], self.second[listed], self.origin[listed], start, partner, bits
        )
        if ties < self.drawn:
            partner, bits = partner[:ties].copy(), bits[:ties].copy()
        self.first[:ties] = np.repeat(np.arange(n, dtype=np.int32), np.diff(start))
        self.second[:ties], self.origin[:ties], self.drawn = partner, bits, ties
        return Ties(start, partner, bits)


class People:
    """What the draws depend on: people's keys, sociability and quality classes."""

    def __init__(self, keys: Keys, quality: npt.ArrayLike, homophily: float, seed: int) -> None:
        self.keys = np.ascontiguousarray(keys, dtype=np.uint64)
        self.seed = seed
        self.sociability = _sociability(self.keys, seed)
        self.liking = _liking(homophily)
        self.ceiling = float(self.sociability.max()) * float(self.liking.max())
        values = np.asarray(quality, dtype=np.float64)
        cuts = np.quantile(values, np.linspace(0, 1, QUALITY_CLASSES + 1)[1:-1])
        self.classes = np.searchsorted(cuts, values, side="right").astype(np.uint8)

    def part(self, number: int) -> np.uint64:
        """The seed of one part of the work."""
        return np.uint64(int(uniforms(self.seed, Purpose.GRAPH, np.array([number], np.uint64))[0] * 2**53))

    def _candidates(self, order: npt.NDArray[np.int32]) -> social_ties.Candidates:
        return social_ties.Candidates(
            order, self.keys[order], self.sociability[order], self.classes[order], self.liking, self.ceiling
        )

    def near(self, position: Draws, wanted: float, circular: bool, part: int, pairs: Pairs) -> None:
        """Draw ``wanted`` ties between people who are close to each other along ``position``."""
        people, seed = self._candidates(np.argsort(position, kind="stable").astype(np.int32)), self.part(part)
        n, none = len(self.keys), np.empty(0, dtype=np.int32)
        reach = wanted / (n * DENSITY)
        for _ in range(_MOST_ATTEMPTS):  # large worlds need one or two attempts, small ones more
            expected, _drawn = social_ties.near_ties(people, seed, reach, DENSITY, circular, none, none)
            if abs(expected / wanted - 1.0) < 0.001 or reach > 16.0 * n:
                break
            reach *= wanted / expected if expected > 0 else 2.0
        free = slice(pairs.drawn, None)
        _expected, drawn = social_ties.near_ties(
            people, seed, reach, DENSITY, circular, pairs.first[free], pairs.second[free]
        )
        pairs.add(drawn, KNOW | (INTEREST if part == BY_INTEREST else PLACE))

    def fill(self, pairs: Pairs, target: float, at_random: bool) -> Ties:
        """Random ties up to ``target``, one tie per pair.

        In a small world some pairs are drawn twice; missing ties are then drawn again.
        """
        missing = target - pairs.drawn
        for attempt in range(_MOST_ATTEMPTS):
            if missing > (0 if at_random and attempt == 0 else _CLOSE_ENOUGH * target):
                if attempt >= _SPARSE_ATTEMPTS and len(self.keys) <= _MOST_LISTED:
                    self._add_untied(pairs, missing)
                else:
                    self._add_random(pairs, missing, attempt)
            ties = pairs.merged(len(self.keys))
            missing = target - len(ties.partner)
            if missing <= _CLOSE_ENOUGH * target:
                break
        return ties

    def _add_random(self, pairs: Pairs, missing: float, attempt: int) -> None:
        people, free = self._candidates(np.arange(len(self.keys), dtype=np.int32)), slice(pairs.drawn, None)
        drawn = social_ties.random_ties(
            people, self.part(_RANDOM), attempt, missing, pairs.first[free], pairs.second[free]
        )
        pairs.add(drawn, KNOW)

    def _add_untied(self, pairs: Pairs, missing: float) -> None:
        """Draw from a list of all pairs without a tie, with the same chances; for when most pairs are tied."""
        untied = np.triu(np.ones((len(self.keys),) * 2, dtype=bool), 1)
        untied[pairs.first[: pairs.drawn], pairs.second[: pairs.drawn]] = False
        low, high = np.nonzero(untied)
        weight = (
            self.sociability[low]
            * self.sociability[high]
            * self.liking[self.classes[low], self.classes[high]]
        )
        ends = np.sort([self.keys[low], self.keys[high]], axis=0)
        chosen = np.argsort(exponentials(int(self.part(_UNTIED)), Purpose.GRAPH, ends[0], ends[1]) / weight)
        chosen = chosen[: round(missing)]
        free = slice(pairs.drawn, pairs.drawn + len(chosen))
        pairs.first[free], pairs.second[free] = low[chosen], high[chosen]
        pairs.add(len(chosen), KNOW)


def _sociability(keys: Keys, seed: int) -> npt.NDArray[np.float32]:
    """Each person's sociability, mean 1."""
    part = int(uniforms(seed, Purpose.GRAPH, np.array([_SOCIABILITY], np.uint64))[0] * 2**53)
    drawn = normals(part, Purpose.GRAPH, keys)
    drawn *= SOCIABILITY_LOG_SD
    drawn -= 0.5 * SOCIABILITY_LOG_SD**2
    np.exp(drawn, out=drawn)
    np.minimum(drawn, SOCIABILITY_MOST, out=drawn)
    drawn /= drawn.mean()
    return np.asarray(drawn, dtype=np.float32)


def _liking(homophily: float) -> Draws:
    """Factor on a pair's chance by the quality classes of both, (32, 32); the mean of each row is 1."""
    rank = (np.arange(QUALITY_CLASSES) + 0.5) / QUALITY_CLASSES
    nearer = 2.0 * (1.0 - np.abs(rank[:, None] - rank[None, :])) ** 2
    table = 1.0 - homophily + homophily * nearer
    balance = np.ones(QUALITY_CLASSES)
    for _ in range(200):  # Sinkhorn's balancing, in its symmetric form
        balance = np.sqrt(balance / (table @ balance / QUALITY_CLASSES))
    return np.asarray(balance[:, None] * table * balance[None, :], dtype=np.float64)


def along_curve(x: Draws, y: Draws) -> Draws:
    """Positions along Hilbert's curve through the smallest square that contains everybody."""
    low_x, low_y = float(x.min()), float(y.min())
    side = max(float(x.max()) - low_x, float(y.max()) - low_y)
    scale = 65_535.0 / side if side > 0 else 0.0
    place = np.empty(len(x), dtype=np.int64)
    social_ties.along_the_city(
        ((x - low_x) * scale).astype(np.int64), ((y - low_y) * scale).astype(np.int64), place
    )
    return place.astype(np.float64)
