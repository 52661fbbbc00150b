"""The moments by which runs are compared with a log: the 44 statistics, and further moments of volume and rhythm."""

import numpy as np
import numpy.typing as npt

from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.participation import active_within
from shequn.experiments.logs.statistics import of_activity

Numbers = npt.NDArray[np.float64]

#: Of the 44 statistics those that a fit compares as logarithms.
LOGARITHMS = ("gap_median_d", "gap_mean_d", "gap_p90_d", "KM_median_ge2days", "events_per_session30")
_QUARTERS = 4
_REGULAR = 4  # active days from which a person's pace can be measured
_NAN = float("nan")


def moments(activity: Activity, silence: int) -> dict[str, float]:
    """The moments of a log; nan where it is too short or too small for one.

    Besides the 44 statistics of `shequn.experiments.logs.statistics`: volume (events, writers, first posts and mean
    weekly actives in each quarter of the log), differences between people (events, active days, and the pace of
    people with four active days or more), absences, and returns from week to week. Unbounded positive moments are
    logarithms, because they are skewed and the regression is linear.

    Parameters
    ----------
    activity : Activity
    silence : int
        Days without an event after which somebody counts as having left.
    """
    values = of_activity(activity, silence)
    for name in LOGARITHMS:
        values[name] = float(np.log(values[name])) if values[name] > 0 else _NAN
    return {**values, **_volume(activity), **_people(activity), **_absence(activity), **_returns(activity)}


def in_own_unit(name: str, value: npt.ArrayLike) -> Numbers:
    """Moments of one of the 44 statistics as `shequn describe` has it: days and counts instead of logarithms."""
    values = np.asarray(value, dtype=float)
    return np.exp(values) if name in LOGARITHMS else values


def _volume(activity: Activity) -> dict[str, float]:
    """Volume, in total and in each quarter."""
    found = {
        "log_events": float(np.log(len(activity.person))),
        "log_writers": float(np.log(activity.n_people)),
    }
    edges = np.linspace(0, activity.days, _QUARTERS + 1)
    joins = np.histogram(activity.first_day, edges)[0]
    weekly = active_within(activity, 7)
    for quarter in range(_QUARTERS):
        part = weekly[int(edges[quarter]) : int(edges[quarter + 1])]
        found[f"log_joins_{quarter + 1}"] = float(np.log1p(joins[quarter]))
        found[f"log_weekly_{quarter + 1}"] = float(np.log1p(part.mean())) if len(part) else _NAN
    return found


def _people(activity: Activity) -> dict[str, float]:
    """Differences between people: events, events per active day, and the pace of regular writers."""
    events = np.log(activity.events)
    busy = np.log(activity.events / activity.active_days)
    often = activity.active_days >= _REGULAR
    span = (activity.last_day - activity.first_day)[often]
    pace = np.log((activity.active_days[often] - 1) / span)
    found = {
        "person_log_events": float(events.mean()),
        "person_log_events_sd": float(events.std()),
        "log_events_per_active_day": float(np.log(len(activity.person) / len(activity.active_day))),
        "person_log_busy_sd": float(busy.std()),
        "regular_share": float(often.mean()),
        "regular_log_busy": float(busy[often].mean()) if often.any() else _NAN,
        "regular_log_busy_sd": float(busy[often].std()) if often.any() else _NAN,
    }
    found |= _quantiles("person_log_events", events, (0.5, 0.75, 0.9, 0.97))
    return found | _quantiles("regular_log_pace", pace, (0.1, 0.3, 0.5, 0.7, 0.9, 0.97))


def _absence(activity: Activity) -> dict[str, float]:
    """Absences: times between active days and between events."""
    gaps = np.log(activity.gaps)
    found = _quantiles("log_gap", gaps, (0.25, 0.75, 0.95, 0.99))
    found |= _quantiles("log_wait", np.log(activity.waits + 1.0), (0.1, 0.25, 0.5, 0.75, 0.9))
    for days in (15, 30, 60, 120):
        long = (activity.gaps >= days).mean() if len(gaps) else _NAN
        found[f"log_gaps_from_{days}"] = float(np.log(long + 1e-4))
    nth = _nth_day(activity)
    before = nth[nth > 0]
    for low, high in ((1, 3), (4, 9), (10, 10**9)):  # number of active days before
        some = (before >= low) & (before <= high)
        found[f"gap_from_30_after_{low}"] = float((activity.gaps[some] >= 30).mean()) if some.any() else _NAN
        found[f"log_gap_after_{low}"] = float(gaps[some].mean()) if some.any() else _NAN
    return found


def _returns(activity: Activity) -> dict[str, float]:
    """Returns within 1, 7 and 30 days of an active day, and silence at the end of the log."""
    last = activity.active_day == activity.last_day[activity.active_person]
    gap = np.full(len(activity.active_day), np.inf)
    gap[~last] = activity.gaps
    nth = _nth_day(activity)
    is_followed = activity.active_day < activity.days - 30
    found = {}
    for low, high in ((0, 0), (1, 2), (3, 7), (8, 19), (20, 10**9)):
        some = is_followed & (nth >= low) & (nth <= high)
        for days in (1, 7, 30):
            found[f"back_in_{days}_after_{low}"] = float((gap[some] <= days).mean()) if some.any() else _NAN
    silent = activity.days - 1 - activity.last_day
    for low, high in ((1, 1), (2, 7), (8, 10**9)):
        some = (activity.active_days >= low) & (activity.active_days <= high) & (activity.watched >= 180)
        for days in (30, 90, 180):
            name = f"silent_{days}_of_{low}"
            found[name] = float((silent[some] >= days).mean()) if some.any() else _NAN
    return found


def _nth_day(activity: Activity) -> npt.NDArray[np.int64]:
    """Number of active days that the same person had before each active day."""
    first = np.cumsum(activity.active_days) - activity.active_days
    return np.arange(len(activity.active_day)) - first[activity.active_person]


def _quantiles(name: str, values: Numbers, levels: tuple[float, ...]) -> dict[str, float]:
    quantiles = np.quantile(values, levels) if len(values) else np.full(len(levels), np.nan)
    return {f"{name}_{100 * q:g}": float(x) for q, x in zip(levels, quantiles, strict=True)}


def distance(values: dict[str, float], target: dict[str, float]) -> float:
    """Root mean square of the differences, in units of 0.05 for shares and 0.25 for logarithms.

    Over the moments that both have; infinite if there is none.
    """
    differences = [
        (values[name] - value) / (0.25 if "log" in name or name in LOGARITHMS else 0.05)
        for name, value in target.items()
        if np.isfinite(value) and np.isfinite(values[name])
    ]
    return float(np.sqrt(np.mean(np.square(differences)))) if differences else float("inf")
