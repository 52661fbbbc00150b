"""Quality ranks among current members: a Fenwick tree over 4,096 classes of quality.

Qualities in one class count as equal, so a rank is unbiased and exact to half the share of members in
the departing member's class. (The ranks in the tables of departures are exact; these are for `days`.)
"""

from typing import Any

from shequn.agents.compiled import compiled

CLASSES = 4096


@compiled
def quality_class(quality: float) -> int:
    """Class of a quality, 1 … 4096."""
    return 1 + min(CLASSES - 1, max(0, int(quality * CLASSES)))


@compiled
def count(tree: Any, quality: float, n: int) -> None:
    """Add ``n`` (may be negative) people of this quality."""
    i = quality_class(quality)
    while i <= CLASSES:
        tree[i] += n
        i += i & -i


@compiled
def below(tree: Any, classes: int) -> int:
    """Number of people in the first ``classes`` classes."""
    total = 0
    i = classes
    while i > 0:
        total += tree[i]
        i -= i & -i
    return total


@compiled
def rank(tree: Any, quality: float, present: int) -> float:
    """Rank of one current member among the others: 0 the lowest … 1 the best; nan when alone."""
    if present < 2:
        return float("nan")
    own = quality_class(quality)
    lower = below(tree, own - 1)
    equal = below(tree, own) - lower - 1
    return (lower + 0.5 * equal) / (present - 1)
