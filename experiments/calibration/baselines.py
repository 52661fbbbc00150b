"""Baselines that a forecast has to beat: persistence, stationary members, and Bass's curve of joins."""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shequn.experiments.logs.activity import Activity

Numbers = npt.NDArray[np.float64]

WEEK = 7
LATELY, LAST = 26, 8  # weeks


@dataclass(frozen=True)
class Weekly:
    """Active people and first posts, week by week.

    Attributes
    ----------
    active, joins : floats (n_weeks,)
    """

    active: Numbers
    joins: Numbers


def weekly(activity: Activity, first_day: int, weeks: int) -> Weekly:
    """Active people and first posts in each of ``weeks`` weeks, the first of which begins on ``first_day``."""
    week = (activity.active_day - first_day) // WEEK
    inside = (week >= 0) & (week < weeks)
    pair = np.unique(activity.active_person[inside] * weeks + week[inside])
    joined = (activity.first_day - first_day) // WEEK
    joined = joined[(joined >= 0) & (joined < weeks)]
    return Weekly(
        np.bincount(pair % weeks, minlength=weeks).astype(float),
        np.bincount(joined, minlength=weeks).astype(float),
    )


def persistence(past: Activity, weeks: int) -> Weekly:
    """Predict the mean of the last 8 weeks."""
    lately = weekly(past, past.days - WEEK * LAST, LAST)
    return Weekly(np.full(weeks, lately.active.mean()), np.full(weeks, lately.joins.mean()))


def stationary(past: Activity, weeks: int) -> Weekly:
    """Predict that members stay as active as lately, and newcomers as active as earlier newcomers.

    A member is active in a week with the share of the last 26 weeks in which they were. As many join each
    week as did on average in the last 26; in the weeks after, they are active as often as those who joined in
    the 52 weeks before the origin were at that age.
    """
    first = past.days - WEEK * LATELY
    week = (past.active_day - first) // WEEK
    pair = np.unique(past.active_person[week >= 0] * LATELY + week[week >= 0])
    members = len(pair) / LATELY  # sum over people of their share of active weeks
    joins = weekly(past, first, LATELY).joins.mean()
    at_age = newcomers_at_age(past, weeks)
    return Weekly(members + joins * np.cumsum(at_age), np.full(weeks, joins))


def newcomers_at_age(past: Activity, weeks: int) -> Numbers:
    """Share of newcomers of the last 52 weeks active in each week of age (weeks,), of those old enough."""
    new = past.watched < 2 * WEEK * LATELY
    age = (past.active_day - past.first_day[past.active_person]) // WEEK
    counted = new[past.active_person] & (age < weeks)
    pair = np.unique(past.active_person[counted] * weeks + age[counted])
    seen = np.bincount(pair % weeks, minlength=weeks)
    old_enough = np.array(
        [np.count_nonzero(new & (past.watched >= WEEK * k + WEEK - 1)) for k in range(weeks)]
    )
    shares = np.where(old_enough > 0, seen / np.maximum(old_enough, 1), 0.0)
    shares[0] = 1.0  # the week of joining
    return np.minimum(shares, 1.0)


def bass(past: Activity, weeks: int) -> Weekly:
    """Bass's (1969) curve through the cumulative joins, times the share active in the last 8 weeks.

    With hardly any innovators it is the logistic curve. Where no curve can be fitted, joins go on as in the
    last 8 weeks.
    """
    from scipy.optimize import OptimizeWarning, curve_fit

    n = past.days // WEEK
    seen = np.cumsum(weekly(past, past.days - WEEK * n, n).joins)
    before = float(np.count_nonzero(past.first_day < past.days - WEEK * n))
    seen += before
    time = np.arange(1, n + weeks + 1) / n
    share = weekly(past, past.days - WEEK * LAST, LAST).active.mean() / seen[-LAST:].mean()
    lowest = np.array([np.log(max(seen[-1], 1.0) / 2), np.log(1e-4), np.log(1e-4)])
    highest = np.array([np.log(50 * seen[-1]), np.log(50.0), np.log(50.0)])
    guess = np.array([np.log(1.5 * seen[-1]), np.log(0.5), np.log(2.0)])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OptimizeWarning)
            best, _ = curve_fit(_bass, time[:n], seen, guess, bounds=(lowest, highest), maxfev=20_000)
        curve = _bass(time, *best)
        cumulative = seen[-1] + curve[n:] - curve[n - 1]  # added to the joins in the log
    except (RuntimeError, ValueError):  # no fit, or no curve to begin with
        cumulative = seen[-1] + persistence(past, weeks).joins.cumsum()
    joins = np.diff(np.concatenate(([seen[-1]], cumulative)))
    return Weekly(share * cumulative, joins)


def _bass(time: Numbers, log_market: float, log_p: float, log_q: float) -> Numbers:
    p, q = np.exp(log_p), np.exp(log_q)
    fallen = np.exp(-(p + q) * time)
    return np.asarray(np.exp(log_market) * (1 - fallen) / (1 + q / p * fallen))


def wape(forecast: Numbers, seen: Numbers) -> float:
    """Weighted absolute percentage error: summed absolute errors over the sum observed; nan if that is 0."""
    total = seen.sum()
    return float(np.abs(forecast - seen).sum() / total) if total > 0 else float("nan")


BASELINES = {"stationary": stationary, "bass": bass, "persistence": persistence}
