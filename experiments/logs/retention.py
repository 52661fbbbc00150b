"""Who comes back: on a day, in a week, in a month, ever, and once more."""

import numpy as np

from shequn.experiments.logs.activity import Activity, Flags

YEAR = 365  # days from which on a log's newcomers are those of the real communities' statistics
SEEN_AFTER = 213  # days: those who joined later cannot have been seen in all of M6
RETURNING_AFTER = 365  # days to come back in, for the chance of one more day
MONTH = 30  # days in which those count who are "ever" active at an age
DAYS, WEEKS, MONTHS, EVER = (1, 7), (1, 2, 4, 6), (1, 2, 3, 6), (30, 180)
RETURNS = {"P(2nd day|1)": 1, "P(3rd|2)": 2, "P(6th|5)": 5, "P(11th|10)": 10}


def followed(activity: Activity, low: int, high: float) -> Flags:
    """Whom a statistic of an age of ``low`` to ``high`` days is over (n_people,).

    In a log of a year or more those who joined at least 213 days before the end, as in the statistics of real
    communities. In a shorter log, where these would be few or nobody, those whose days of that age are over;
    for an age without end, those who are 30 days older.
    """
    old: Flags = activity.watched >= SEEN_AFTER
    if activity.days >= YEAR and old.any():
        return old
    over: Flags = activity.watched > (high if np.isfinite(high) else low + MONTH)
    return over


def returning(activity: Activity, after: int = RETURNING_AFTER) -> Flags:
    """Who had time to come back (n_people,): joined ``after`` days before the end, or in the first half."""
    old: Flags = activity.watched >= after
    if activity.days >= YEAR and old.any():
        return old
    first_half: Flags = activity.watched >= activity.days // 2
    return first_half


def share_seen(activity: Activity, low: int, high: float) -> float:
    """Share seen at an age of ``low`` to ``high`` days, of those in `followed`."""
    old = followed(activity, low, high)
    if not old.any():
        return float("nan")
    age = activity.active_day - activity.first_day[activity.active_person]
    seen = np.zeros(activity.n_people, dtype=bool)
    seen[activity.active_person[(age >= low) & (age <= high)]] = True
    return float(seen[old].mean())


def retention(activity: Activity) -> dict[str, float]:
    """D, W, M, ever_after and P(n + 1 | n): see the definitions in `statistics`."""
    found = {f"D{n}": share_seen(activity, n, n) for n in DAYS}
    found |= {f"W{n}": share_seen(activity, 7 * n, 7 * n + 6) for n in WEEKS}
    found |= {f"M{n}": share_seen(activity, 30 * n, 30 * n + 29) for n in MONTHS}
    found |= {f"ever_after_{n}d": share_seen(activity, n, np.inf) for n in EVER}
    days = activity.active_days[returning(activity)]
    for name, n in RETURNS.items():
        reached = np.count_nonzero(days >= n)
        found[name] = np.count_nonzero(days > n) / reached if reached else float("nan")
    return found
