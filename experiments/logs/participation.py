"""How unequal activity is, and how much of the community is active."""

import numpy as np
import numpy.typing as npt

from shequn.experiments.logs.activity import Activity, Numbers

WARM_UP = 30  # days before activity is looked at
LOOKS = 200  # days looked at, about
_EPOCH_DAYS = "datetime64[D]"


def gini(counts: npt.ArrayLike) -> float:
    """Gini coefficient of counts: 0 for equal shares, towards 1 when one has everything."""
    ordered = np.sort(np.asarray(counts, dtype=float))
    n = len(ordered)
    return float(2 * (np.arange(1, n + 1) @ ordered) / (n * ordered.sum()) - (n + 1) / n)


def top_share(counts: npt.ArrayLike, share: float) -> float:
    """Share of everything that the largest ``share`` of people have (their number rounded up)."""
    ordered = np.sort(np.asarray(counts, dtype=float))[::-1]
    return float(ordered[: int(np.ceil(share * len(ordered)))].sum() / ordered.sum())


def power_tail(values: npt.ArrayLike, least: int) -> float:
    """Exponent of a power-law tail of whole numbers from ``least`` on (Clauset et al. 2009, eq. 3.7)."""
    tail = np.asarray(values, dtype=float)
    tail = tail[tail >= least]
    return float(1 + len(tail) / np.log(tail / (least - 0.5)).sum()) if len(tail) else float("nan")


def participation(activity: Activity) -> dict[str, float]:
    """Shares seen once, Gini and top shares over all and in whole months, tail of events per person."""
    events = activity.events
    month_gini, month_top = _months(activity)
    return {
        "one_day_share": float(np.mean(activity.active_days == 1)),
        "one_event_share": float(np.mean(events == 1)),
        "gini_all": gini(events),
        "top1_share": top_share(events, 0.01),
        "top10_share": top_share(events, 0.1),
        "month_gini": month_gini,
        "month_top10": month_top,
        "events_tail_alpha": power_tail(events, 10),
    }


def _months(activity: Activity) -> tuple[float, float]:
    """Median Gini and top-10 % share over calendar months, without the first and the last."""
    calendar = (np.arange(activity.days) + activity.epoch_day).astype(_EPOCH_DAYS)
    month_of_day = calendar.astype("datetime64[M]").astype(np.int64)
    month = month_of_day[activity.day] - month_of_day[0]
    n_months = int(month_of_day[-1] - month_of_day[0]) + 1
    pair, count = np.unique(month * activity.n_people + activity.person, return_counts=True)
    cuts = np.searchsorted(pair, np.arange(1, n_months) * activity.n_people)
    active = [counts for counts in np.split(count, cuts)[1:-1] if len(counts)]
    if not active:
        return float("nan"), float("nan")
    return (
        float(np.median([gini(counts) for counts in active])),
        float(np.median([top_share(counts, 0.1) for counts in active])),
    )


def active_within(activity: Activity, window: int) -> Numbers:
    """People active in the last ``window`` days, at the end of each day (days,)."""
    start = activity.active_day
    again = np.concatenate((start[1:], [0]))
    last = np.concatenate((np.diff(activity.active_person) != 0, [True]))
    stop = np.where(last, start + window, np.minimum(start + window, again))
    size = activity.days + window + 1
    change = np.bincount(start, minlength=size) - np.bincount(stop, minlength=size)
    return np.cumsum(change)[: activity.days].astype(float)


def ever_joined(activity: Activity) -> Numbers:
    """People who joined up to the end of each day (days,)."""
    return np.cumsum(np.bincount(activity.first_day, minlength=activity.days)).astype(float)


def active_shares(activity: Activity) -> dict[str, float]:
    """Daily over monthly, weekly over monthly, weekly over ever joined (first and last quarter).

    Looked at about 200 equally spaced days from day 30 on; days without anybody in the month
    before them count for weekly over ever only.
    """
    names = ("DAU_over_MAU", "WAU_over_MAU", "WAU_over_ever_Q1", "WAU_over_ever_Q4")
    looks = np.arange(WARM_UP, activity.days, max(1, (activity.days - WARM_UP) // LOOKS))
    quarter = len(looks) // 4
    if quarter == 0:
        return dict.fromkeys(names, float("nan"))
    daily = np.convolve(active_within(activity, 1), np.full(7, 1 / 7))[: activity.days][looks]
    weekly, monthly = active_within(activity, 7)[looks], active_within(activity, 30)[looks]
    alive = monthly > 0
    over_ever = weekly / ever_joined(activity)[looks]
    values = (
        (daily[alive] / monthly[alive]).mean() if alive.any() else np.nan,
        (weekly[alive] / monthly[alive]).mean() if alive.any() else np.nan,
        over_ever[:quarter].mean(),
        over_ever[3 * quarter : 4 * quarter].mean(),
    )
    return dict(zip(names, map(float, values), strict=True))
