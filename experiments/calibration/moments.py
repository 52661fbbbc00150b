"""The moments by which runs and a log are compared: the 44 statistics, and how much there is of everything."""

import numpy as np
import numpy.typing as npt

from experiments.logs.activity import Activity
from experiments.logs.participation import active_within
from experiments.logs.statistics import of_activity

Numbers = npt.NDArray[np.float64]

_LOGGED = ("gap_median_d", "gap_mean_d", "gap_p90_d", "KM_median_ge2days", "events_per_session30")
_QUARTERS = 4
_QUANTILES = (0.5, 0.75, 0.9)


def moments(activity: Activity, silence: int) -> dict[str, float]:
    """The moments of a log; nan where it is too short or too small for one.

    Beside the 44 statistics of `experiments.logs.statistics`: the logarithms of events, writers, first
    posts and mean weekly actives in each quarter of the log; mean, spread and quantiles of the
    logarithm of a person's events; events on an active day. What is positive without bound is taken
    in logarithms: it is skewed, and a regression wants it straight.

    Parameters
    ----------
    activity : Activity
    silence : int
        Days without an event after which somebody counts as having left.
    """
    found = of_activity(activity, silence)
    for name in _LOGGED:
        found[name] = float(np.log(found[name])) if found[name] > 0 else float("nan")
    events = np.log(activity.events)
    found["log_events"] = float(np.log(len(activity.person)))
    found["log_writers"] = float(np.log(activity.n_people))
    edges = np.linspace(0, activity.days, _QUARTERS + 1)
    joins = np.histogram(activity.first_day, edges)[0]
    weekly = active_within(activity, 7)
    for quarter in range(_QUARTERS):
        part = weekly[int(edges[quarter]) : int(edges[quarter + 1])]
        found[f"log_joins_{quarter + 1}"] = float(np.log1p(joins[quarter]))
        found[f"log_weekly_{quarter + 1}"] = float(np.log1p(part.mean())) if len(part) else float("nan")
    found["person_log_events"] = float(events.mean())
    found["person_log_events_sd"] = float(events.std())
    for q in _QUANTILES:
        found[f"person_log_events_{100 * q:g}"] = float(np.quantile(events, q))
    found["log_events_per_active_day"] = float(np.log(len(activity.person) / len(activity.active_day)))
    return found
