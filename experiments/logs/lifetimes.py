"""How long people stay: the Kaplan–Meier curve of days from the first to the last event."""

import warnings

import numpy as np
import numpy.typing as npt

from shequn.experiments.logs.activity import Activity, Flags, Integers, Numbers


def product_limit(duration: npt.ArrayLike, left: npt.ArrayLike) -> tuple[Integers, Numbers]:
    """Kaplan–Meier's product-limit estimate: distinct durations, and the share surviving beyond each.

    Calibration calls it thousands of times, so it is ten lines of our own; a test compares it with
    ``scipy.stats.ecdf``.

    Parameters
    ----------
    duration : integers (n,)
        Days.
    left : booleans (n,)
        Whether the duration ended by leaving, not by the end of watching (censored).
    """
    at, row, n = np.unique(np.asarray(duration), return_inverse=True, return_counts=True)
    departures = np.bincount(row, weights=np.asarray(left, dtype=float))
    at_risk = n[::-1].cumsum()[::-1]
    return at, np.cumprod(1.0 - departures / at_risk)


def survival_band(duration: npt.ArrayLike, left: npt.ArrayLike) -> tuple[Integers, Numbers, Numbers, Numbers]:
    """Kaplan–Meier's curve with its 95 % band (Greenwood's formula for log(−log S)).

    Parameters
    ----------
    duration, left
        As of :func:`product_limit`.

    Returns
    -------
    tuple of arrays
        Distinct durations, from 0 on; share surviving beyond each; lower and upper end of the band,
        which has no width where the share is 0 or 1.
    """
    from scipy import stats

    sample = stats.CensoredData.right_censored(duration, ~np.asarray(left, dtype=bool))
    curve = stats.ecdf(sample).sf
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the formula has no value at 0 and 1
        band = curve.confidence_interval(0.95, method="log-log")
    at, surviving = curve.quantiles, curve.probabilities
    low, high = (
        np.where(np.isnan(end.probabilities), surviving, end.probabilities) for end in (band.low, band.high)
    )
    if at[0] > 0:
        at, surviving, low, high = (
            np.insert(all_, 0, first)
            for all_, first in zip((at, surviving, low, high), (0, 1, 1, 1), strict=True)
        )
    return at, surviving, low, high


def lifetimes(activity: Activity, silence: int) -> dict[str, float]:
    """KM_S30, 90, 365 and the median among those seen on two days or more; nan where not reached.

    In a log that is no longer than the silence nobody can be seen to leave: nothing is known then.
    """
    if activity.days <= silence:
        return dict.fromkeys(("KM_S30", "KM_S90", "KM_S365", "KM_median_ge2days"), float("nan"))
    life, left = activity.last_day - activity.first_day, activity.has_left(silence)
    at, surviving = product_limit(life, left)
    found = {f"KM_S{days}": survival_at(days, at, surviving) for days in (30, 90, 365)}
    found["KM_median_ge2days"] = median_lifetime(life, left, activity.active_days >= 2)
    return found


def survival_at(days: float, at: Integers, surviving: Numbers) -> float:
    """Share surviving beyond ``days``; nan after the last duration, unless nobody survived that."""
    if days > at[-1] and surviving[-1] > 0:
        return float("nan")
    row = np.searchsorted(at, days, side="right") - 1
    return float(surviving[row]) if row >= 0 else 1.0


def median_lifetime(life: Integers, left: Flags, who: Flags) -> float:
    """Days until half have left, of those marked; nan when more than half remain."""
    if not who.any():
        return float("nan")
    at, surviving = product_limit(life[who], left[who])
    below = np.flatnonzero(surviving <= 0.5)
    return float(at[below[0]]) if len(below) else float("nan")
