"""Who leaves: the less active or the core? And does early activity go with a long stay?"""

import numpy as np
from scipy.stats import rankdata

from shequn.experiments.logs.activity import Activity, Integers, Numbers

WINDOW = 182  # days
FEWEST_EVENTS, FEWEST_MEMBERS = 100, 30  # in a window that counts
TENURE = 90  # days before a window's end by which a member must have joined
FOLLOWED = 180  # days that must follow a window, also when silence is shorter
EARLY, LATE = 30, 180  # days
_NAMES = ("leave_core_halfyear", "leave_rest_halfyear", "rank_leavers", "rank_stayers")


def departures(activity: Activity, silence: int) -> dict[str, float]:
    """Departure rates of core and rest, and activity ranks of departing and staying members, by half-year.

    Shares are over all members of all windows, ranks are means over windows weighted by members.
    """
    order = np.argsort(activity.day, kind="stable")
    day, person = activity.day[order], activity.person[order]
    starts = np.arange(0, activity.days - WINDOW - max(silence, FOLLOWED), WINDOW)
    edges = np.searchsorted(day, np.column_stack((starts, starts + WINDOW, starts + WINDOW + silence)))
    windows = [
        found
        for start, (low, middle, high) in zip(starts, edges, strict=True)
        if (found := _window(activity, int(start), person[low:middle], person[middle:high])) is not None
    ]
    if not windows:
        return dict.fromkeys(_NAMES, float("nan"))
    core, core_left, rest, rest_left, of_departing, of_staying, members = np.array(windows).T
    return {
        "leave_core_halfyear": float(core_left.sum() / core.sum()) if core.any() else float("nan"),
        "leave_rest_halfyear": float(rest_left.sum() / rest.sum()) if rest.any() else float("nan"),
        "rank_leavers": _weighted(of_departing, members),
        "rank_stayers": _weighted(of_staying, members),
    }


def _window(activity: Activity, start: int, events: Integers, later: Integers) -> Numbers | None:
    """Counts and ranks of one window: core, core who left, rest, rest who left, mean ranks of both, members.

    ``events`` and ``later`` are the people of the events in the window and in the silence after it.
    """
    if len(events) < FEWEST_EVENTS:
        return None
    count = np.bincount(events, minlength=activity.n_people)
    who = np.flatnonzero((count > 0) & (activity.first_day <= start + WINDOW - TENURE))
    if len(who) < FEWEST_MEMBERS:
        return None
    count = count[who]
    stays = np.zeros(activity.n_people, dtype=bool)
    stays[later] = True
    left = ~stays[who]
    core = (count >= np.quantile(count, 0.9)) & (count >= 2)
    rank = rankdata(count) / len(count)
    return np.array(
        [
            np.count_nonzero(core),
            np.count_nonzero(core & left),
            np.count_nonzero(~core),
            np.count_nonzero(~core & left),
            rank[left].mean() if left.any() else np.nan,
            rank[~left].mean() if not left.all() else np.nan,
            len(who),
        ],
        dtype=float,
    )


def _weighted(values: Numbers, weights: Numbers) -> float:
    """Weighted mean of what is known; nan when nothing is."""
    known = ~np.isnan(values)
    return float(np.average(values[known], weights=weights[known])) if known.any() else float("nan")


def early_and_late(activity: Activity, silence: int) -> float:
    """Spearman's correlation of events in the first 30 days with being active at age 180 days or more.

    Over those who joined 210 days + ``silence`` before the end; nan when either does not vary.
    """
    old = activity.watched >= 210 + silence
    early = activity.person[activity.day - activity.first_day[activity.person] < EARLY]
    events = rankdata(np.bincount(early, minlength=activity.n_people)[old])
    late = (activity.last_day - activity.first_day >= LATE)[old]
    if not old.any() or np.ptp(events) == 0 or late.all() or not late.any():
        return float("nan")
    return float(np.corrcoef(events, late)[0, 1])  # two values: ranks are an affine map of them
