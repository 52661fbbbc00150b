"""Further baselines of a forecast: stationary members, and Bass's curve of joins."""

import warnings

import numpy as np

from shequn.experiments.forecasting.levels import LAST, Levels
from shequn.experiments.forecasting.weeks import WEEK, History, Numbers, Weekly, weekly
from shequn.experiments.logs.activity import Activity

RECENT = 26  # weeks


def stationary(past: Activity, weeks: int) -> Weekly:
    """Predict that members stay as active as recently, and newcomers as active as earlier newcomers.

    A member's probability of being active in a week is the share of the last 26 weeks in which they were. As
    many people join each week as did on average in the last 26; at each age they are active as often as those
    who joined in the 52 weeks before the origin.
    """
    first = past.days - WEEK * RECENT
    week = (past.active_day - first) // WEEK
    pair = np.unique(past.active_person[week >= 0] * RECENT + week[week >= 0])
    members = len(pair) / RECENT  # sum over people of their share of active weeks
    joins = weekly(past, first, RECENT).joins.mean()
    at_age = newcomers_at_age(past, weeks)
    return Weekly(members + joins * np.cumsum(at_age), np.full(weeks, joins))


def newcomers_at_age(past: Activity, weeks: int) -> Numbers:
    """Share of the newcomers of the last 52 weeks who are active in each week of age (weeks,), if old enough."""
    new = past.watched < 2 * WEEK * RECENT
    age = (past.active_day - past.first_day[past.active_person]) // WEEK
    counted = new[past.active_person] & (age < weeks)
    pair = np.unique(past.active_person[counted] * weeks + age[counted])
    seen = np.bincount(pair % weeks, minlength=weeks)
    old_enough = np.array(
        [np.count_nonzero(new & (past.watched >= WEEK * k + WEEK - 1)) for k in range(weeks)]
    )
    shares = np.where(old_enough > 0, seen / np.maximum(old_enough, 1), 0.0)
    shares[0] = 1.0  # the week of the join
    return np.minimum(shares, 1.0)


def bass(past: Activity, weeks: int) -> Weekly:
    """Predict by Bass's curve (1969) of cumulative joins, times the share active in the last 8 weeks.

    With few innovators it is nearly a logistic curve. If no curve can be fitted, joins continue as in the last
    8 weeks.
    """
    from scipy.optimize import OptimizeWarning, curve_fit

    n = past.days // WEEK
    observed = np.cumsum(weekly(past, past.days - WEEK * n, n).joins)
    before = float(np.count_nonzero(past.first_day < past.days - WEEK * n))
    observed += before
    time = np.arange(1, n + weeks + 1) / n
    share = weekly(past, past.days - WEEK * LAST, LAST).active.mean() / observed[-LAST:].mean()
    lowest = np.array([np.log(max(observed[-1], 1.0) / 2), np.log(1e-4), np.log(1e-4)])
    highest = np.array([np.log(50 * observed[-1]), np.log(50.0), np.log(50.0)])
    guess = np.array([np.log(1.5 * observed[-1]), np.log(0.5), np.log(2.0)])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OptimizeWarning)
            best, _ = curve_fit(_bass, time[:n], observed, guess, bounds=(lowest, highest), maxfev=20_000)
        curve = _bass(time, *best)
        cumulative = observed[-1] + curve[n:] - curve[n - 1]  # added to the joins in the log
    except (RuntimeError, ValueError):  # the fit failed, or there are too few weeks
        cumulative = (
            observed[-1] + np.full(weeks, weekly(past, past.days - WEEK * LAST, LAST).joins.mean()).cumsum()
        )
    joins = np.diff(np.concatenate(([observed[-1]], cumulative)))
    return Weekly(share * cumulative, joins)


def _bass(time: Numbers, log_market: float, log_p: float, log_q: float) -> Numbers:
    p, q = np.exp(log_p), np.exp(log_q)
    decay = np.exp(-(p + q) * time)
    return np.asarray(np.exp(log_market) * (1 - decay) / (1 + q / p * decay))


def forecasts_beside(past: Activity, weeks: int) -> dict[str, Weekly]:
    """What a model's forecast is judged beside, by name: the forecast of `shequn forecast`, and the baselines."""
    history = History.of(past)
    levels = Levels(history, weeks)
    return {
        "combined": levels.combined(history.n_weeks),
        "stationary": stationary(past, weeks),
        "bass": bass(past, weeks),
        "persistence": levels.persistence(history.n_weeks),
    }
