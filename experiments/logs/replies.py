"""Does an answer to newcomers go with their coming back?"""

import numpy as np

from shequn.experiments.logs.activity import DAY, Activity, Flags, Integers, Numbers
from shequn.experiments.logs.log import NOBODY, Log
from shequn.experiments.logs.retention import SEEN_AFTER, returning

ANSWERED_WITHIN = 30  # days
#: Joyce & Kraut 2006: newcomers who posted again, without and with an answer to their first post.
PUBLISHED = {"again_unanswered": 0.44, "again_answered": 0.56}


def reply_effect(log: Log) -> dict[str, float]:
    """Shares of newcomers who were active on a later day, without and with an answer.

    Newcomers are those who joined at least 213 days before the end; in a log shorter than a year, in its first
    half. It is a difference between people, not
    an effect alone: better posts get more answers, too.

    - ``first_answered``, ``again_unanswered``, ``again_answered``, ``again_ratio``: answered are those whose
      first event somebody else answered within 30 days (as Joyce & Kraut 2006). Where the log records which
      event is answered.
    - ``day0_answered``, ``day0_unanswered_again``, ``day0_answered_again``, ``day0_ratio``: newcomers with a
      single event on their first day, answered by somebody else before that day ended. As who is answered is
      settled before anybody can come back, those who come back soon have no less time to be answered. Where
      the log records who is answered: also in a run.

    Returns
    -------
    dict
        Empty where replies are not known.
    """
    if log.answered is None:
        return {}
    n = int(log.person.max()) + 1
    day = np.floor_divide(log.time, DAY)
    order = np.argsort(log.time, kind="stable")
    first = np.full(n, NOBODY)
    first[log.person[order[::-1]]] = order[::-1]  # the earliest is written last
    first_day, last_day = day[first], np.full(n, -np.inf)
    np.maximum.at(last_day, log.person, day)
    newcomer, again = returning(Activity.of(log.person, log.time, log.end), SEEN_AFTER), last_day > first_day
    found: dict[str, float] = {}
    if log.answers is not None:
        answered = _first_answered(log, first, n)
        shares = _shares(answered[newcomer], again[newcomer])
        found |= dict(
            zip(("first_answered", "again_unanswered", "again_answered", "again_ratio"), shares, strict=True)
        )
    on_first_day = day == first_day[log.person]
    single = newcomer & (np.bincount(log.person[on_first_day], minlength=n) == 1)
    answered = _answered_on_first_day(log, day, first_day)
    shares = _shares(answered[single], again[single])
    names = ("day0_answered", "day0_unanswered_again", "day0_answered_again", "day0_ratio")
    return found | dict(zip(names, shares, strict=True))


def _first_answered(log: Log, first: Integers, n: int) -> Flags:
    """Whether somebody else answered each person's first event within 30 days."""
    assert log.answers is not None
    rows = np.flatnonzero(log.answers >= 0)
    to = log.answers[rows]
    author, wait = log.person[to], log.time[rows] - log.time[to]
    counts = (
        (first[author] == to) & (log.person[rows] != author) & (wait >= 0) & (wait <= ANSWERED_WITHIN * DAY)
    )
    answered = np.zeros(n, dtype=bool)
    answered[author[counts]] = True
    return answered


def _answered_on_first_day(log: Log, day: Numbers, first_day: Numbers) -> Flags:
    """Whether somebody else answered each person on the day of their first event."""
    assert log.answered is not None
    rows = np.flatnonzero((log.answered >= 0) & (log.answered != log.person))
    author = log.answered[rows]
    answered = np.zeros(len(first_day), dtype=bool)
    answered[author[day[rows] == first_day[author]]] = True
    return answered


def _shares(answered: Flags, again: Flags) -> tuple[float, float, float, float]:
    """Share answered, share that comes back of the others and of those, and their ratio."""
    share, without, with_answer = _mean(answered), _mean(again[~answered]), _mean(again[answered])
    return share, without, with_answer, with_answer / without if without > 0 else float("nan")


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else float("nan")
