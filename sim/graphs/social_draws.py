"""Draws of the social generator: who is sociable, who is liked, which pairs become ties."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.sim.graphs.graph import INTEREST, KNOW, PLACE
from shequn.sim.kernel import social_ties
from shequn.sim.kernel.chance import Draws, Keys, Purpose, exponentials, normals, uniforms

SOCIABILITY_LOG_SD = 0.6  # assumed
SOCIABILITY_MOST = 4.0  # times the mean; assumed
DENSITY = 0.9  # chance of a tie within reach: it sets the clustering; assumed
QUALITY_CLASSES = 32

_CLOSE_ENOUGH = 0.005  # of the ties wanted; the rest is drawn again at random
_MOST_ATTEMPTS = 20
_SPARSE_ATTEMPTS = 5
_MOST_LISTED = 4_096  # people; of so few all pairs without a tie can be listed
_SOCIABILITY, BY_PLACE, BY_INTEREST, _RANDOM, CLOSENESS, _UNTIED = range(6)


class Ties(NamedTuple):
    """Ties in order of (lower, higher) end."""

    start: npt.NDArray[np.int64]  # (n + 1): where each lower end's ties begin
    partner: npt.NDArray[np.int32]  # (m): the higher end
    bits: npt.NDArray[np.uint8]  # (m): dimensions


class Pairs:
    """Room for pairs drawn, and how many there are."""

    def __init__(self, capacity: int) -> None:
        self.first = np.empty(capacity, dtype=np.int32)
        self.second = np.empty(capacity, dtype=np.int32)
        self.origin = np.empty(capacity, dtype=np.uint8)
        self.drawn = 0

    def add(self, drawn: int, origin: int) -> None:
        """Count ``drawn`` more pairs, written already, of this origin."""
        self.origin[self.drawn : self.drawn + drawn] = origin
        self.drawn += drawn

    def merged(self, n: int) -> Ties:
        """One tie per pair; the pairs here become those, so that more can be added."""
        listed = slice(0, self.drawn)
        start = np.zeros(n + 1, dtype=np.int64)
        partner, bits = np.empty(self.drawn, dtype=np.int32), np.empty(self.drawn, dtype=np.uint8)
        kept = social_ties.one_tie_per_pair(
            n, self.first[listed], self.second[listed], self.origin[listed], start, partner, bits
        )
        if kept < self.drawn:
            partner, bits = partner[:kept].copy(), bits[:kept].copy()
        self.first[:kept] = np.repeat(np.arange(n, dtype=np.int32), np.diff(start))
        self.second[:kept], self.origin[:kept], self.drawn = partner, bits, kept
        return Ties(start, partner, bits)


class People:
    """What the draws need to know of people: key, sociability, class of quality."""

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
        """A seed of its own for each part of the work."""
        return np.uint64(int(uniforms(self.seed, Purpose.GRAPH, np.array([number], np.uint64))[0] * 2**53))

    def _standing(self, order: npt.NDArray[np.int32]) -> social_ties.Candidates:
        return social_ties.Candidates(
            order, self.keys[order], self.sociability[order], self.classes[order], self.liking, self.ceiling
        )

    def near(self, position: Draws, wanted: float, circular: bool, part: int, pairs: Pairs) -> None:
        """Draw ``wanted`` ties between people near each other along ``position``."""
        people, seed = self._standing(np.argsort(position, kind="stable").astype(np.int32)), self.part(part)
        n, none = len(self.keys), np.empty(0, dtype=np.int32)
        reach = wanted / (n * DENSITY)
        for _ in range(_MOST_ATTEMPTS):  # large worlds need one or two; small ones have ends and limits
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

        In a small world some pairs are drawn twice; what is missing is drawn again.
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
        people, free = self._standing(np.arange(len(self.keys), dtype=np.int32)), slice(pairs.drawn, None)
        drawn = social_ties.random_ties(
            people, self.part(_RANDOM), attempt, missing, pairs.first[free], pairs.second[free]
        )
        pairs.add(drawn, KNOW)

    def _add_untied(self, pairs: Pairs, missing: float) -> None:
        """Where most pairs are tied: draw from the list of those that are not, with the same chances."""
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
    """Factor on a pair's chance by the classes of their qualities; the mean of each row is 1."""
    rank = (np.arange(QUALITY_CLASSES) + 0.5) / QUALITY_CLASSES
    nearer = 2.0 * (1.0 - np.abs(rank[:, None] - rank[None, :])) ** 2
    table = 1.0 - homophily + homophily * nearer
    balance = np.ones(QUALITY_CLASSES)
    for _ in range(200):  # Sinkhorn's balancing, symmetric form
        balance = np.sqrt(balance / (table @ balance / QUALITY_CLASSES))
    return np.asarray(balance[:, None] * table * balance[None, :], dtype=np.float64)


def along_curve(x: Draws, y: Draws) -> Draws:
    """Positions along Hilbert's curve through the smallest square that holds everybody."""
    low_x, low_y = float(x.min()), float(y.min())
    side = max(float(x.max()) - low_x, float(y.max()) - low_y)
    scale = 65_535.0 / side if side > 0 else 0.0
    place = np.empty(len(x), dtype=np.int64)
    social_ties.along_the_city(
        ((x - low_x) * scale).astype(np.int64), ((y - low_y) * scale).astype(np.int64), place
    )
    return place.astype(np.float64)
