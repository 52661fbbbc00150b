"""The loops of the social graph generator: who is tied to whom, with one draw per pair.

People are arranged in an order (along the topic circle, or along a curve through the city). Two
people may be tied if few others lie between them: the reach of a pair is proportional to the product
of their sociabilities, as in geometric inhomogeneous random graphs (Bringmann, Keusch & Lengler
2019), whose degrees and clustering resemble those of real networks.
"""

from typing import Any, NamedTuple

import numpy as np

from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, uniform, word

_GRAPH = int(Purpose.GRAPH)
_SHIFT = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)
_HILBERT_SIDE = 1 << 16


class Candidates(NamedTuple):
    """People in some order, and how much classes of quality prefer each other."""

    person: Any  # i4 (n): the person at each position
    keys: Any  # u8 (n), in the same order, like the next two
    sociability: Any  # f4 (n), mean 1
    classes: Any  # u1 (n): class of quality
    liking: Any  # f8 (classes, classes): factor on the chance of a pair
    ceiling: float  # largest value of sociability x liking


@compiled
def along_the_city(across: Any, up: Any, place: Any) -> None:
    """Fill ``place`` (i8) with each person's position on a Hilbert curve (Hilbert 1891).

    People near each other on the curve are near each other in the city. ``across`` and ``up`` are
    coordinates in [0, 65535].
    """
    for i in range(len(across)):
        x, y, d = int(across[i]), int(up[i]), 0
        side = _HILBERT_SIDE // 2
        while side > 0:
            right, top = (x & side) > 0, (y & side) > 0
            d += side * side * ((3 if right else 0) ^ (1 if top else 0))
            if not top:
                if right:
                    x, y = _HILBERT_SIDE - 1 - x, _HILBERT_SIDE - 1 - y
                x, y = y, x
            side //= 2
        place[i] = d


@compiled
def near_ties(
    people: Candidates, seed: Any, reach: float, density: float, circular: bool, first: Any, second: Any
) -> tuple[float, int]:
    """Draw ties between people near each other in an order; returns (expected, drawn).

    Two people d positions apart are within reach if d - 1 < reach x both sociabilities x liking; in
    the last step only partly. Such a pair is tied with probability ``density``, by a draw from the
    keys of both. The ends of each tie go into ``first`` and ``second``; if these are empty, only the
    expected number is computed.
    """
    n = len(people.person)
    keys, sociability, classes = people.keys, people.sociability, people.classes
    expected, drawn, room = 0.0, 0, len(first)
    for r in range(n):
        own = float(sociability[r]) * reach
        last = (n - 1) // 2 if circular else n - 1 - r
        if own * people.ceiling + 1.0 < last:
            last = int(own * people.ceiling) + 1
        for d in range(1, last + 1):
            s = r + d
            if s >= n:
                s -= n
            within = own * float(sociability[s]) * people.liking[classes[r], classes[s]] - (d - 1)
            if within <= 0.0:
                continue
            probability = density * min(1.0, within)
            expected += probability
            if drawn < room:
                low, high = min(keys[r], keys[s]), max(keys[r], keys[s])
                if uniform(seed, _GRAPH, low, high) < probability:
                    first[drawn], second[drawn] = people.person[r], people.person[s]
                    drawn += 1
    return expected, drawn


@compiled
def random_ties(people: Candidates, seed: Any, attempt: int, wanted: float, first: Any, second: Any) -> int:
    """Draw about ``wanted`` ties between any two people; returns the number drawn.

    Each person makes proposals in proportion to their sociability. The other person is chosen with
    probability proportional to sociability x liking, by rejection sampling below ``ceiling``.
    """
    n = len(people.person)
    sociability, classes = people.sociability, people.classes
    total = 0.0
    for i in range(n):
        total += float(sociability[i])
    drawn, room = 0, len(first)
    for i in range(n):
        count = attempt << 40
        proposals = int(float(sociability[i]) * wanted / total + uniform(seed, _GRAPH, people.keys[i], count))
        while proposals > 0 and drawn < room:
            count += 1
            position = uniform(seed, _GRAPH, people.keys[i], count) * n
            j = min(int(position), n - 1)
            chance = float(sociability[j]) * people.liking[classes[i], classes[j]]
            if j != i and (position - j) * people.ceiling < chance:
                first[drawn], second[drawn] = people.person[i], people.person[j]
                drawn += 1
                proposals -= 1
    return drawn


@compiled
def one_tie_per_pair(
    n: int, first: Any, second: Any, origin: Any, start: Any, partner: Any, bits: Any
) -> int:
    """Sort ties by (lower, higher) end and merge those of the same pair; returns the number left.

    Fills ``start`` (n + 1), ``partner`` (the higher end) and ``bits`` (the origins of merged ties,
    combined).
    """
    for t in range(len(first)):
        start[min(first[t], second[t]) + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    for t in range(len(first)):  # counting sort, which moves start[i] to the end of its row
        low = min(first[t], second[t])
        partner[start[low]] = max(first[t], second[t])
        bits[start[low]] = origin[t]
        start[low] += 1
    for i in range(n, 0, -1):
        start[i] = start[i - 1]
    start[0] = 0
    n_merged, begin = 0, 0
    for i in range(n):
        end = start[i + 1]
        for t in range(begin + 1, end):  # rows are short: insertion sort
            high, bit = partner[t], bits[t]
            at = t
            while at > begin and partner[at - 1] > high:
                partner[at], bits[at] = partner[at - 1], bits[at - 1]
                at -= 1
            partner[at], bits[at] = high, bit
        row = n_merged
        for t in range(begin, end):
            if n_merged > row and partner[n_merged - 1] == partner[t]:
                bits[n_merged - 1] |= bits[t]
            else:
                partner[n_merged], bits[n_merged] = partner[t], bits[t]
                n_merged += 1
        begin = end
        start[i + 1] = n_merged
    return n_merged


@compiled
def degrees(n: int, start: Any, partner: Any, indptr: Any) -> int:
    """Fill in where each person's neighbours begin, from ties sorted by lower end; returns the largest degree."""
    for i in range(n):
        indptr[i + 1] += start[i + 1] - start[i]
        for t in range(start[i], start[i + 1]):
            indptr[partner[t] + 1] += 1
    most = 0
    for i in range(n):
        most = max(most, indptr[i + 1])
        indptr[i + 1] += indptr[i]
    return most


@compiled
def rows(n: int, start: Any, partner: Any, indptr: Any, indices: Any, tie: Any) -> None:
    """Fill in every person's neighbours, ascending, from ties sorted by (lower, higher) end (see `degrees`)."""
    for i in range(n):  # lower neighbours come from earlier rows, so the order stays ascending
        for t in range(start[i], start[i + 1]):
            high = partner[t]
            indices[indptr[i]], tie[indptr[i]] = high, t
            indices[indptr[high]], tie[indptr[high]] = i, t
            indptr[i] += 1
            indptr[high] += 1
    for i in range(n, 0, -1):
        indptr[i] = indptr[i - 1]
    indptr[0] = 0


@compiled
def closeness(seed: Any, keys: Any, start: Any, partner: Any, bits: Any, score: Any) -> None:
    """Fill in each tie's score of closeness: a draw, or the larger of two for a shared place or interest."""
    for i in range(len(keys)):
        for t in range(start[i], start[i + 1]):
            other = keys[partner[t]]
            drawn = word(seed, _GRAPH, min(keys[i], other), max(keys[i], other))
            best = drawn >> _SHIFT
            if bits[t] > 1:
                best = max(best, drawn & _LOW_HALF)
            score[t] = best


@compiled
def thresholds(indptr: Any, tie: Any, score: Any, sizes: Any, scratch: Any, limits: Any) -> None:
    """Fill ``limits`` (n, layers): the least score with which a tie belongs to a person's inner layers.

    ``sizes`` are the sizes of the layers, counted from the inside. A person with fewer ties than a
    layer's size has all of them in it.
    """
    for i in range(len(indptr) - 1):
        degree = indptr[i + 1] - indptr[i]
        for k in range(degree):  # descending insertion sort of one person's scores
            value = score[tie[indptr[i] + k]]
            at = k
            while at > 0 and scratch[at - 1] < value:
                scratch[at] = scratch[at - 1]
                at -= 1
            scratch[at] = value
        for layer in range(len(sizes)):
            limits[i, layer] = scratch[sizes[layer] - 1] if degree >= sizes[layer] else 0


@compiled
def layer_strengths(start: Any, partner: Any, score: Any, limits: Any, levels: Any, strength: Any) -> None:
    """Fill in the strength of each tie, by the outer one of the layers in which its two ends place it."""
    layers = limits.shape[1]
    for i in range(len(start) - 1):
        for t in range(start[i], start[i + 1]):
            layer = 0
            while layer < layers and (score[t] < limits[i, layer] or score[t] < limits[partner[t], layer]):
                layer += 1
            strength[t] = levels[layer]
