"""Shared luck: how much the number of people active in a week scatters and drifts beyond independent members.

Members who visit independently of one another make counts that are nearly Poisson. What goes beyond it is common to
many: news, holidays, a mood of the group.
"""

import numpy as np

from shequn.experiments.logs.activity import Activity, Numbers

_WEEK = 7
_FOUNDING = 26  # weeks left out at the start: a group that grows from nothing
_BLOCK = 13  # weeks
_LEAST = 5.0  # people in a mean week: fewer say nothing
_FEWEST = 8  # weeks, or pairs of blocks: fewer give no value

#: Lowest and highest of ten real logs; of the change, of chats and forums (the project's data, README).
REAL = {"weekly_dispersion": (1.05, 3.7), "block_change": (0.09, 0.28)}
#: Medians of real logs: of the five of `studies.real_logs` (1.04 to 3.2), and of ten.
PUBLISHED = {"weekly_dispersion": 1.9, "block_change": 0.20}


def shared_luck(activity: Activity) -> dict[str, float]:
    """The dispersion of weekly actives, and the change of their level in 13 weeks; no value where weeks are too few.

    Returns
    -------
    dict
        ``weekly_dispersion``: mean over weeks of the squared distance from the centred mean over 13 weeks, over that
        mean, times 13/12; 1 if members are independent. ``block_change``: standard deviation of the logarithm of the
        ratio of successive means over 13 weeks, less what Poisson chance gives; 0 if chance alone gives as much.
    """
    weeks = activity.days // _WEEK
    week = activity.active_day // _WEEK
    pairs = np.unique(np.column_stack((activity.active_person, week))[week < weeks], axis=0)
    active = np.bincount(pairs[:, 1], minlength=weeks)[_FOUNDING:].astype(float)
    return _dispersion(active) | _block_change(active)


def _dispersion(active: Numbers) -> dict[str, float]:
    if len(active) < _BLOCK:
        return {}
    mean = np.convolve(active, np.full(_BLOCK, 1 / _BLOCK), mode="valid")
    middle = active[_BLOCK // 2 : len(active) - _BLOCK // 2]
    large = mean > _LEAST
    if np.count_nonzero(large) < _FEWEST:
        return {}
    scatter = (middle[large] - mean[large]) ** 2 / mean[large]
    return {"weekly_dispersion": float(scatter.mean() * _BLOCK / (_BLOCK - 1))}


def _block_change(active: Numbers) -> dict[str, float]:
    n = len(active) // _BLOCK
    sums = active[: n * _BLOCK].reshape(n, _BLOCK).sum(axis=1)
    before, after = sums[:-1], sums[1:]
    large = np.minimum(before, after) > _LEAST * _BLOCK
    if np.count_nonzero(large) < _FEWEST:
        return {}
    before, after = before[large], after[large]
    seen = float(np.var(np.log(after / before), ddof=1))
    chance = float(np.mean(1 / before + 1 / after))
    return {"block_change": float(np.sqrt(max(seen - chance, 0.0)))}
