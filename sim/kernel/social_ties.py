"""The loops of the social generator: who is tied to whom, each tie drawn from its own pair.

People stand in an order (along the topic circle, or along a curve through the city). Two
people may be tied when few stand between them: the reach of a pair is proportional to the
product of their sociabilities, as in geometric inhomogeneous random graphs (Bringmann,
Keusch & Lengler 2019), which have degrees and clustering like real ones.
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
    """People in some order, and how classes of quality like each other."""

    person: Any  # i4 (n): who stands there
    keys: Any  # u8 (n), in that order, likewise the next two
    sociability: Any  # f4 (n), mean 1
    classes: Any  # u1 (n): class of quality
    liking: Any  # f8 (classes, classes): factor on a pair's chance
    ceiling: float  # the largest sociability x liking there is


@compiled
def along_the_city(across: Any, up: Any, place: Any) -> None:
    """Where on Hilbert's curve each person lives (Hilbert 1891): near on it is near in the city.

    ``across`` and ``up`` are in [0, 65535]; ``place`` (i8) is filled.
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

    The d-th next in the order is within reach as far as d - 1 < reach x both sociabilities x
    liking (partly, in the last step); then the pair is tied with probability ``density``, drawn
    from the pair's own keys. With empty ``first`` and ``second`` only the expected number is found.
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
    """Draw about ``wanted`` ties to anybody; returns how many.

    Each person proposes in proportion to its sociability; the other is chosen with
    probability proportional to sociability x liking (by rejection, from ``ceiling`` down).
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
    """Order ties by (lower, higher) end, merging those of one pair; returns how many are left.

    Fills ``start`` (n + 1), ``partner`` (the higher end) and ``bits`` (origins together).
    """
    for t in range(len(first)):
        start[min(first[t], second[t]) + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    for t in range(len(first)):  # counting sort; start[i] moves to the end of its row
        low = min(first[t], second[t])
        partner[start[low]] = max(first[t], second[t])
        bits[start[low]] = origin[t]
        start[low] += 1
    for i in range(n, 0, -1):
        start[i] = start[i - 1]
    start[0] = 0
    kept, begin = 0, 0
    for i in range(n):
        end = start[i + 1]
        for t in range(begin + 1, end):  # rows are short: insertion sort
            high, bit = partner[t], bits[t]
            at = t
            while at > begin and partner[at - 1] > high:
                partner[at], bits[at] = partner[at - 1], bits[at - 1]
                at -= 1
            partner[at], bits[at] = high, bit
        row = kept
        for t in range(begin, end):
            if kept > row and partner[kept - 1] == partner[t]:
                bits[kept - 1] |= bits[t]
            else:
                partner[kept], bits[kept] = partner[t], bits[t]
                kept += 1
        begin = end
        start[i + 1] = kept
    return kept


@compiled
def rows(n: int, start: Any, partner: Any, indptr: Any, indices: Any, tie: Any) -> None:
    """Every person's neighbours, ascending, from ties in order of (lower, higher) end."""
    for i in range(n):
        indptr[i + 1] += start[i + 1] - start[i]
        for t in range(start[i], start[i + 1]):
            indptr[partner[t] + 1] += 1
    for i in range(n):
        indptr[i + 1] += indptr[i]
    for i in range(n):  # lower neighbours come in rows before one's own: all stays ascending
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
    """How close a tie is next to others: one draw, or the better of two for shared place or interest."""
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
    """The score from which on a tie belongs to a person's inner layers: ``limits`` (n, layers).

    ``sizes`` are the layers' sizes counted from the inside; who has fewer ties has them all in it.
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
    """Strength by the layer of the end that holds the tie less close."""
    layers = limits.shape[1]
    for i in range(len(start) - 1):
        for t in range(start[i], start[i + 1]):
            layer = 0
            while layer < layers and (score[t] < limits[i, layer] or score[t] < limits[partner[t], layer]):
                layer += 1
            strength[t] = levels[layer]
