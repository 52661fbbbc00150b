"""How many people each statistic is over."""

import numpy as np

from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.departures import EARLY, LATE
from shequn.experiments.logs.retention import DAYS, EVER, MONTHS, RETURNS, WEEKS, followed, returning


def people_behind(activity: Activity, silence: int) -> dict[str, int]:
    """Number of people behind each statistic that is over people.

    Parameters
    ----------
    activity : Activity
    silence : int
        Days without an event after which somebody counts as having left.

    Returns
    -------
    dict
        Without the statistics over months, half-years and days, which are over windows.
    """
    everybody = activity.n_people
    twice = int(np.count_nonzero(activity.active_days >= 2))
    found = dict.fromkeys(
        ("one_day_share", "one_event_share", "KM_S30", "KM_S90", "KM_S365", "gini_all", "top1_share",
         "top10_share", "events_per_session30"), everybody,
    )  # fmt: skip
    found |= dict.fromkeys(
        ("KM_median_ge2days", "gap_median_d", "gap_mean_d", "gap_p90_d", "gap_share1", "gap_tail_alpha"),
        twice,
    )
    ages: dict[str, tuple[int, float]] = {f"D{n}": (n, n) for n in DAYS}
    ages |= {f"W{n}": (7 * n, 7 * n + 6) for n in WEEKS}
    ages |= {f"M{n}": (30 * n, 30 * n + 29) for n in MONTHS}
    ages |= {f"ever_after_{n}d": (n, np.inf) for n in EVER}
    found |= {name: int(followed(activity, low, high).sum()) for name, (low, high) in ages.items()}
    days = activity.active_days[returning(activity)]
    found |= {name: int(np.count_nonzero(days >= n)) for name, n in RETURNS.items()}
    found["events_tail_alpha"] = int(np.count_nonzero(activity.events >= 10))
    found["burstiness"] = int(np.count_nonzero(activity.events >= 2))
    found["sp_first30_vs_180"] = int(np.count_nonzero(activity.watched >= EARLY + LATE + silence))
    return found
