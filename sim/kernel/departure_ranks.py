"""Quality ranks at the moment of departure: the compiled part of the table of departures."""

from typing import Any

import numpy as np

from shequn.agents.compiled import compiled

EACH_SIDE = 25  # matched members who joined just before the departing member, and as many just after
AT_LEAST = 5  # with fewer matched members there is no matched rank


@compiled
def departure_ranks(joins: Any, stay: Any, quality: Any, level: Any, n_levels: int, change: Any) -> Any:
    """Go through joins and departures in time order; compute the ranks of each departing member.

    Members who are present form a linked list in order of joining; a Fenwick tree counts them by
    level of quality. A departure takes about 50 + log(levels) steps.

    Parameters
    ----------
    joins : bool array (n)
        Whether event i is a join; else it is a departure.
    stay : int array (n)
        The stay that event i begins or ends.
    quality, level : arrays by stay
        Quality of the member, and its position among the ``n_levels`` distinct qualities.
    change : f8 array (n)
        Change of the temperature by the event.

    Returns
    -------
    f8 array (n, 3): rank, matched rank and control; nan where there is none.
    """
    n = len(joins)
    result = np.full((n, 3), np.nan)
    smaller = np.zeros(n_levels + 1, dtype=np.int64)  # Fenwick tree of counts
    at_level = np.zeros(n_levels, dtype=np.int64)
    before = np.full(len(quality), -1, dtype=np.int64)
    after = np.full(len(quality), -1, dtype=np.int64)
    last, present = -1, 0
    for i in range(n):
        s = stay[i]
        step = 1 if joins[i] else -1
        if joins[i]:
            before[s] = last
            if last >= 0:
                after[last] = s
            last = s
        else:
            q = quality[s]
            others = present - 1
            lower, k = 0, level[s]
            while k > 0:
                lower += smaller[k]
                k -= k & -k
            if others > 0:
                result[i, 0] = (lower + 0.5 * (at_level[level[s]] - 1)) / others
            n_matched, worse, total = 0, 0.0, q
            b, a = before[s], after[s]
            for _ in range(EACH_SIDE):
                for other in (b, a):
                    if other >= 0:
                        n_matched += 1
                        total += quality[other]
                        if quality[other] < q:
                            worse += 1.0
                        elif quality[other] == q:
                            worse += 0.5
                b = before[b] if b >= 0 else -1
                a = after[a] if a >= 0 else -1
            if n_matched >= AT_LEAST:
                result[i, 1] = worse / n_matched
            result[i, 2] = 0.0
            if others > 0:
                temperature = q + change[i] * others
                result[i, 2] = -(total / (n_matched + 1) - temperature) / others
            if before[s] >= 0:
                after[before[s]] = after[s]
            if after[s] >= 0:
                before[after[s]] = before[s]
            else:
                last = before[s]
        present += step
        at_level[level[s]] += step
        k = level[s] + 1
        while k <= n_levels:
            smaller[k] += step
            k += k & -k
    return result
