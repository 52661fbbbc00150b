"""Our own graph generator: ties by place, by interest and at random, for up to millions of people.

What it makes, and where the numbers are from (all else is assumed):

* Sociability differs: log-normal with log sd .6 (assumed), cut off at 4 times the mean; a
  person's expected degree is proportional to it.
* A tie by interest joins people near on the topic circle; one by place joins people near
  along Hilbert's curve through the city, a stand-in for distance that needs no search.
* Homophily: a tie goes to the nearer in quality of two candidates with this probability.
  This makes a pair's chance 1 - h + 2 h (1 - d)^2, d the distance of their quality ranks;
  it is balanced so that the best and the worst have as many ties as others.
* Layers of closeness: the closest 5 ties, the next 10, the next 35 and the rest (field
  notes S5, Dunbar's 5/15/50/150) have strengths 1, .5, .2 and .1 (assumed). A tie is as
  close as the less close of its two ends holds it. Which ones are close is drawn; those by
  place or interest have two draws (assumed).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim import social_ties
from sim.chance import Keys, Purpose, normals, uniforms
from sim.graphs import (
    INTEREST,
    KNOW,
    MOST_PEOPLE,
    MOST_TIES,
    PLACE,
    Graph,
    GraphError,
    from_pairs,
    without_ties,
)

#: Settings a scenario may give, besides the people's traits and the seed.
SETTINGS = ("degree", "place_share", "interest_share", "homophily", "layers")

SOCIABILITY_LOG_SD = 0.6  # assumed
SOCIABILITY_MOST = 4.0  # times the mean; assumed
DENSITY = 0.9  # chance of a tie within reach: it sets the clustering; assumed
QUALITY_CLASSES = 32
LAYER_SIZES = (5, 15, 50)  # Dunbar's layers, counted from the inside (field notes S5)
LAYER_STRENGTHS = (1.0, 0.5, 0.2, 0.1)  # assumed

_CLOSE_ENOUGH = 0.005  # of the ties wanted; the rest is drawn again at random
_MOST_ATTEMPTS = 500
_SOCIABILITY, _PLACE, _INTEREST, _RANDOM, _CLOSENESS = range(5)

Floats = npt.NDArray[np.float64]


def social(
    keys: Keys,
    quality: npt.ArrayLike,
    topic: npt.ArrayLike,
    x: npt.ArrayLike | None = None,
    y: npt.ArrayLike | None = None,
    degree: float = 20.0,
    place_share: float = 0.3,
    interest_share: float = 0.4,
    homophily: float = 0.3,
    layers: bool = True,
    seed: int = 1,
) -> Graph:
    """Ties among people by place, by interest and at random.

    Parameters
    ----------
    keys : u8 array (n,)
        Each person's own key. With the seed it fixes every draw.
    quality, topic : arrays (n,)
        Quality in [0, 1]; place on the topic circle of length 1.
    x, y : arrays (n,), optional
        Home in km. Without them the place share goes to the others in proportion.
    degree : float
        Mean number of ties per person, at least 0.
    place_share, interest_share : float
        Shares of ties by place and by interest in [0, 1], together at most 1; the rest is random.
    homophily : float
        In [0, 1]: probability that a tie goes to the nearer in quality of two.
    layers : bool
        Strengths by layers of closeness; else every tie has strength 1.
    seed : int

    Returns
    -------
    Graph
        Every tie has the dimension "know each other"; "same place" and "same interest" are
        added by how it arose.

    Raises
    ------
    GraphError
        A setting out of range, or more ties than can be numbered.
    """
    n = len(keys)
    _check(n, degree, place_share, interest_share, homophily)
    notes: list[str] = []
    if (x is None or y is None) and place_share > 0:
        others = 1.0 - place_share
        interest_share = min(1.0, interest_share / others) if others > 1e-9 else 1.0
        place_share = 0.0
        notes.append(
            f"no places: ties by place go to interest (now {interest_share:.0%} of all) and random "
            f"({1 - interest_share:.0%})"
        )
    if n == 1 or degree == 0:
        return without_ties(n)._replace(keys=np.asarray(keys, dtype=np.uint64))
    if degree >= n - 1:
        low, high = np.triu_indices(n, 1)
        names = [str(int(key)) for key in keys]
        note = f"everybody is tied to everybody: {degree:g} ties each cannot be had among {n:,} people"
        return from_pairs(names, low, high, notes=[*notes, note] if degree > n - 1 else notes)

    target = 0.5 * n * degree
    people = _People(keys, quality, homophily, seed)
    capacity = int(target + 16 * target**0.5 + 8 * n**0.5 + 256)
    pairs = _Pairs(capacity)
    if place_share > 0 and x is not None and y is not None:
        city = _curve(np.asarray(x, float), np.asarray(y, float))
        people.near(city, place_share * target, False, _PLACE, pairs)
    if interest_share > 0:
        turns = np.asarray(topic, float) % 1.0
        people.near(turns, interest_share * target, True, _INTEREST, pairs)
    start, partner, bits = people.fill(pairs, target, 1.0 - place_share - interest_share > 1e-9)
    del pairs
    return _graph(people, start, partner, bits, layers, notes)


def _check(n: int, degree: float, place_share: float, interest_share: float, homophily: float) -> None:
    if not 1 <= n <= MOST_PEOPLE:
        raise GraphError(f"social: {n:,} people, allowed are 1 to {MOST_PEOPLE:,}")
    if not 0 <= degree < float("inf"):
        raise GraphError(f"social: degree is {degree}, allowed is a number from 0 on")
    if 0.5 * n * degree > 0.99 * MOST_TIES:
        raise GraphError(f"social: {0.5 * n * degree:,.0f} ties are too many (at most {MOST_TIES:,})")
    for name, value in (("place_share", place_share), ("interest_share", interest_share),
                        ("homophily", homophily)):  # fmt: skip
        if not 0 <= value <= 1:
            raise GraphError(f"social: {name} is {value}, allowed is 0 to 1")
    if place_share + interest_share > 1 + 1e-9:
        raise GraphError(
            f"social: place_share and interest_share together are {place_share + interest_share:g}, "
            "at most 1 is allowed"
        )


class _Pairs:
    """Room for pairs drawn, and how many there are."""

    def __init__(self, capacity: int) -> None:
        self.first = np.empty(capacity, dtype=np.int32)
        self.second = np.empty(capacity, dtype=np.int32)
        self.origin = np.empty(capacity, dtype=np.uint8)
        self.drawn = 0

    def add(self, drawn: int, origin: int) -> None:
        self.origin[self.drawn : self.drawn + drawn] = origin
        self.drawn += drawn


class _People:
    """What the draws need to know of people: key, sociability, class of quality."""

    def __init__(self, keys: Keys, quality: npt.ArrayLike, homophily: float, seed: int) -> None:
        self.keys = np.ascontiguousarray(keys, dtype=np.uint64)
        self.seed = seed
        self.sociability = _sociability(self.keys, seed)
        self.liking = _liking(homophily)
        values = np.asarray(quality, dtype=np.float64)
        cuts = np.quantile(values, np.linspace(0, 1, QUALITY_CLASSES + 1)[1:-1])
        self.classes = np.searchsorted(cuts, values, side="right").astype(np.uint8)

    def part(self, number: int) -> np.uint64:
        """A seed of its own for each part of the work."""
        return np.uint64(int(uniforms(self.seed, Purpose.GRAPH, np.array([number], np.uint64))[0] * 2**53))

    def near(self, position: Floats, wanted: float, circular: bool, part: int, pairs: _Pairs) -> None:
        """Draw ``wanted`` ties between people near each other along ``position``."""
        order = np.argsort(position, kind="stable").astype(np.int32)
        keys, sociability, classes = self.keys[order], self.sociability[order], self.classes[order]
        n, seed = len(order), self.part(part)
        reach = wanted / (n * DENSITY)
        none = np.empty(0, dtype=np.int32)
        for _ in range(_MOST_ATTEMPTS):  # large worlds need one or two; small ones have ends and limits
            expected, _drawn = social_ties.near_ties(
                seed, order, keys, sociability, classes, self.liking, reach, DENSITY, circular, none, none
            )
            if abs(expected / wanted - 1.0) < 0.001 or reach > 16.0 * n:
                break
            reach *= wanted / expected if expected > 0 else 2.0
        _expected, drawn = social_ties.near_ties(
            seed, order, keys, sociability, classes, self.liking, reach, DENSITY, circular,
            pairs.first[pairs.drawn :], pairs.second[pairs.drawn :],
        )  # fmt: skip
        pairs.add(drawn, KNOW | (INTEREST if part == _INTEREST else PLACE))

    def fill(self, pairs: _Pairs, target: float, at_random: bool) -> tuple[npt.NDArray[Any], ...]:
        """Random ties up to ``target``, and one tie per pair: ``start``, ``partner``, ``bits``.

        In a small world some pairs are drawn twice; what is missing is drawn again.
        """
        n, missing, attempt = len(self.keys), target - pairs.drawn, 0
        while True:
            if missing > (0 if at_random and attempt == 0 else _CLOSE_ENOUGH * target):
                free = slice(pairs.drawn, None)
                drawn = social_ties.random_ties(
                    self.part(_RANDOM), attempt, missing, self.keys, self.sociability, self.classes,
                    self.liking, pairs.first[free], pairs.second[free],
                )  # fmt: skip
                pairs.add(drawn, KNOW)
            listed = pairs.drawn
            start = np.zeros(n + 1, dtype=np.int64)
            partner, bits = np.empty(listed, dtype=np.int32), np.empty(listed, dtype=np.uint8)
            kept = social_ties.one_tie_per_pair(
                n, pairs.first[:listed], pairs.second[:listed], pairs.origin[:listed], start, partner, bits
            )
            missing, attempt = target - kept, attempt + 1
            if missing <= _CLOSE_ENOUGH * target or attempt == _MOST_ATTEMPTS:
                return start, partner[:kept].copy(), bits[:kept].copy()
            pairs.first[:kept] = np.repeat(np.arange(n, dtype=np.int32), np.diff(start))
            pairs.second[:kept], pairs.origin[:kept], pairs.drawn = partner[:kept], bits[:kept], kept


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


def _liking(homophily: float) -> Floats:
    """Factor on a pair's chance by the classes of their qualities; the mean of each row is 1."""
    rank = (np.arange(QUALITY_CLASSES) + 0.5) / QUALITY_CLASSES
    nearer = 2.0 * (1.0 - np.abs(rank[:, None] - rank[None, :])) ** 2
    table = 1.0 - homophily + homophily * nearer
    balance = np.ones(QUALITY_CLASSES)
    for _ in range(200):  # Sinkhorn's balancing, symmetric form
        balance = np.sqrt(balance / (table @ balance / QUALITY_CLASSES))
    return np.asarray(balance[:, None] * table * balance[None, :], dtype=np.float64)


def _curve(x: Floats, y: Floats) -> Floats:
    """Positions along Hilbert's curve through the smallest square that holds everybody."""
    low_x, low_y = float(x.min()), float(y.min())
    side = max(float(x.max()) - low_x, float(y.max()) - low_y)
    scale = 65_535.0 / side if side > 0 else 0.0
    place = np.empty(len(x), dtype=np.int64)
    social_ties.along_the_city(
        ((x - low_x) * scale).astype(np.int64), ((y - low_y) * scale).astype(np.int64), place
    )
    return place.astype(np.float64)


def _graph(
    people: _People,
    start: npt.NDArray[np.int64],
    partner: npt.NDArray[np.int32],
    bits: npt.NDArray[np.uint8],
    layers: bool,
    notes: list[str],
) -> Graph:
    """The graph of ties in order of (lower, higher) end."""
    keys, n, m = people.keys, len(people.keys), len(partner)
    indptr = np.zeros(n + 1, dtype=np.int64)
    indices, tie = np.empty(2 * m, dtype=np.int32), np.empty(2 * m, dtype=np.int32)
    social_ties.rows(n, start, partner, indptr, indices, tie)
    strength = np.ones(m, dtype=np.float32)
    if layers:
        score = np.empty(m, dtype=np.uint32)
        social_ties.closeness(people.part(_CLOSENESS), keys, start, partner, bits, score)
        limits = np.empty((n, len(LAYER_SIZES)), dtype=np.uint32)
        scratch = np.empty(int(np.diff(indptr).max()) + 1, dtype=np.uint32)
        social_ties.thresholds(indptr, tie, score, np.array(LAYER_SIZES), scratch, limits)
        levels = np.array(LAYER_STRENGTHS, dtype=np.float32)
        social_ties.layer_strengths(start, partner, score, limits, levels, strength)
    names = None if np.array_equal(keys, np.arange(n, dtype=np.uint64)) else [str(int(key)) for key in keys]
    return Graph(keys, names, indptr, indices, tie, strength, bits, tuple(notes))
