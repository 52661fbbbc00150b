"""Who leaves, other things equal: a regression of leaving on activity, tenure, size and quality.

Evaporative cooling says that those of high quality leave first. Quality goes with activity and tenure, which keep
people, so it is to be judged beside them: one row for each member and window, logistic regression, errors clustered by
member. Activity and quality may act otherwise in a large group, so both meet size.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from shequn.experiments.logs.activity import DAY, Flags, Integers, Numbers
from shequn.experiments.logs.log import Log

WEEK = 7  # days
LEAST_EVENTS = 3  # of a member in a window that counts; of stories two are enough
_FEWEST = 20  # rows of those who left, and of those who stayed (assumed)
#: Mean over real logs (4 chats, 7 forums, 6 lists), by standard deviation of each; see DECISIONS.md.
PUBLISHED = {
    "leaving_activity": -1.04,
    "leaving_tenure": -0.52,
    "leaving_size": 0.12,
    "leaving_rating": -0.18,
    "leaving_answers": -0.18,
    "leaving_replies": -0.18,
    "leaving_quality_size": 0.01,
    "leaving_activity_size": 0.07,
}
#: Measures of quality by what they are known from: ratings of events, answers to a member, a member's own answers.
MEASURES = ("rating", "answers", "replies")


class Coefficient(NamedTuple):
    """Change of the logarithm of the odds of leaving with one standard deviation more, and its standard error."""

    value: float
    se: float


@dataclass(frozen=True)
class Rows:
    """One row for each member and window.

    Attributes
    ----------
    member : integers (n,)
    window : integers (n,)
    left : flags (n,)
        Whether they had no event in as many days after the window.
    activity, tenure, size : floats (n,)
        Logarithms of events in the window, of days since the first event, of people active in the window.
    quality : dict of floats (n,)
        By measure, the percentile rank within the window; nan where it is not known.
    """

    member: Integers
    window: Integers
    left: Flags
    activity: Numbers
    tenure: Numbers
    size: Numbers
    quality: dict[str, Numbers]


def evaporation(log: Log, silence: int, least_events: int = LEAST_EVENTS) -> dict[str, float]:
    """The coefficients by name, each with its standard error (``…_se``); nan where the log is too short or small.

    The first measure of quality that is known stands in the regression with the other terms; each other replaces it in
    one of its own.

    Parameters
    ----------
    log : Log
    silence : int
        Days without an event after which somebody counts as having left; windows are as long, in whole weeks.
    least_events : int
        Events of a member in a window that counts.
    """
    return coefficients(rows_of(log, silence, least_events))


def coefficients(rows: Rows) -> dict[str, float]:
    """The coefficients of these rows, as `evaporation` has them."""
    known = [measure for measure in MEASURES if measure in rows.quality]
    found = dict(_regression(rows, known[0] if known else None))
    for measure in known[1:]:
        found[f"leaving_{measure}"] = _regression(rows, measure)[f"leaving_{measure}"]
    return {
        key: value
        for name, coefficient in found.items()
        for key, value in ((name, coefficient.value), (f"{name}_se", coefficient.se))
    }


def window_days(silence: int) -> int:
    """Length of a window in days: the silence in whole weeks."""
    return WEEK * -(-silence // WEEK)


def rows_of(log: Log, silence: int, least_events: int = LEAST_EVENTS) -> Rows:
    """The rows of the regression, in order of windows, then members."""
    length = window_days(silence)
    day = np.floor_divide(log.time, DAY).astype(np.int64)
    first = int(day.min())
    last = int(day.max()) if log.end is None else max(int(day.max()), int(np.ceil(log.end / DAY)) - 1)
    number = (day - first) // length
    n_people = int(log.person.max()) + 1
    joined = np.full(n_people, np.iinfo(np.int64).max)
    np.minimum.at(joined, log.person, day - first)
    parts = [
        part
        for k in range((last - first + 1) // length - 1)
        if (part := _window(log, number, k, joined, length, silence // 2, least_events)) is not None
    ]
    return _joined(parts) if parts else _NO_ROWS


_NO_ROWS = Rows(
    np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), *(np.zeros(0),) * 3, {}
)


def _joined(parts: Sequence[Rows]) -> Rows:
    """The rows of several parts."""
    return Rows(
        np.concatenate([part.member for part in parts]),
        np.concatenate([part.window for part in parts]),
        np.concatenate([part.left for part in parts]),
        np.concatenate([part.activity for part in parts]),
        np.concatenate([part.tenure for part in parts]),
        np.concatenate([part.size for part in parts]),
        {measure: np.concatenate([part.quality[measure] for part in parts]) for measure in parts[0].quality},
    )


def pooled(runs: Sequence[Rows]) -> Rows:
    """The rows of several runs; a member of one is another in the next."""
    offsets = np.cumsum([0, *(int(rows.member.max(initial=-1)) + 1 for rows in runs)])
    return _joined(
        [replace(rows, member=rows.member + offset) for rows, offset in zip(runs, offsets, strict=False)]
    )


def _window(
    log: Log, number: Integers, window: int, joined: Integers, length: int, tenure: int, least_events: int
) -> Rows | None:
    """The rows of one window; None without any."""
    n_people = len(joined)
    here = number == window
    events = np.bincount(log.person[here], minlength=n_people)
    later = np.bincount(log.person[number == window + 1], minlength=n_people) > 0
    age = length * (window + 1) - joined
    who = np.flatnonzero((events >= least_events) & (age >= tenure))
    if len(who) == 0:
        return None
    received: dict[str, npt.NDArray[np.float64]] = {}
    if log.rating is not None:
        rated = here & np.isfinite(log.rating)
        n = np.bincount(log.person[rated], minlength=n_people)
        total = np.bincount(log.person[rated], weights=log.rating[rated], minlength=n_people)
        received["rating"] = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    if log.answered is not None:
        answers = here & (log.answered >= 0) & (log.answered != log.person)
        received["answers"] = np.bincount(log.answered[answers], minlength=n_people) / np.maximum(events, 1)
        received["replies"] = np.bincount(log.person[answers], minlength=n_people) / np.maximum(events, 1)
    return Rows(
        who,
        np.full(len(who), window),
        ~later[who],
        np.log(events[who]),
        np.log(age[who]),
        np.full(len(who), np.log(np.count_nonzero(events))),
        {measure: _percentile_rank(values[who]) for measure, values in received.items()},
    )


def _percentile_rank(values: Numbers) -> Numbers:
    """Rank over the number of known values; ties share theirs."""
    known = np.isfinite(values)
    ranks = np.full(len(values), np.nan)
    ranks[known] = rankdata(values[known]) / max(np.count_nonzero(known), 1)
    return ranks


def _regression(rows: Rows, measure: str | None) -> dict[str, Coefficient]:
    """Coefficients of the regression with a measure of quality, or without any."""
    known = np.isfinite(rows.quality[measure]) if measure is not None else np.ones(len(rows.left), dtype=bool)
    activity, tenure, size = (x[known] for x in (rows.activity, rows.tenure, rows.size))
    quality = rows.quality[measure][known] if measure is not None else None
    names = ["leaving_activity", "leaving_tenure", "leaving_size", "leaving_activity_size"]
    if measure is not None:
        names += [f"leaving_{measure}", "leaving_quality_size"]
    left, member = rows.left[known], rows.member[known]
    columns = [activity, tenure, size] + ([quality] if quality is not None else [])
    n_left = int(np.count_nonzero(left))
    if min(n_left, len(left) - n_left) < _FEWEST or any(np.ptp(column) == 0 for column in columns):
        return dict.fromkeys(names, Coefficient(float("nan"), float("nan")))
    activity, tenure, size, *rest = ((x - x.mean()) / x.std() for x in columns)
    terms = [activity, tenure, size, activity * size]
    for standardised in rest:
        terms += [standardised, standardised * size]
    values, errors = _logit(left, np.column_stack(terms), member)
    return {name: Coefficient(float(v), float(e)) for name, v, e in zip(names, values, errors, strict=True)}


def _logit(left: Flags, terms: Numbers, member: Integers) -> tuple[Numbers, Numbers]:
    """Coefficients of a logistic regression with a constant, and errors clustered by member; nan if it has none."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    design = np.column_stack((np.ones(len(left)), terms))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a separation is seen from the errors
        fitted = GLM(left.astype(float), design, family=Binomial()).fit(
            cov_type="cluster", cov_kwds={"groups": member}
        )
    values, errors = np.asarray(fitted.params)[1:], np.asarray(fitted.bse)[1:]
    if not fitted.converged or not np.isfinite(errors).all():
        return np.full(len(values), np.nan), np.full(len(values), np.nan)
    return values, errors
