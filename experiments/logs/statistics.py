"""The statistics of a community that are compared between logs and runs: 44 numbers by name."""

import numpy.typing as npt

from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.departures import departures, early_and_late
from shequn.experiments.logs.gaps import gaps
from shequn.experiments.logs.lifetimes import lifetimes
from shequn.experiments.logs.participation import active_shares, participation
from shequn.experiments.logs.retention import retention

SILENCE = 180  # days without an event after which somebody counts as having left


def statistics(
    person: npt.ArrayLike, time: npt.ArrayLike, silence: int = SILENCE, end: float | None = None
) -> dict[str, float]:
    """The 44 statistics of an activity log; nan where the log is too short or too small for one.

    A day is a day of UTC; people join with their first event.

    - ``one_day_share``, ``one_event_share``: of all who ever acted, seen on one day, with one event.
    - ``D1``, ``D7``: active on exactly day + 1, + 7. ``W1``, 2, 4, 6: at least once in days 7k … 7k + 6.
      ``M1``, 2, 3, 6: in days 30k … 30k + 29. ``ever_after_30d``, ``180d``: at least once at or after that
      age. In a log of a year or more all over those who joined at least 213 days before the end; in a shorter
      one each over those whose days at that age are over (two days before the end for ``D1``), see
      `retention.followed`.
    - ``KM_S30``, 90, 365, ``KM_median_ge2days``: Kaplan–Meier of last − first day; somebody left when the
      last day lies at least ``silence`` before the end, else is censored; the median in days, among those
      seen on two days or more.
    - ``gini_all``, ``top1_share``, ``top10_share``: events over all who ever acted; ``month_gini``,
      ``month_top10``: median over whole calendar months, among those active in the month. The
      number of people in a top share is rounded up.
    - ``DAU_over_MAU``, ``WAU_over_MAU``, ``WAU_over_ever_Q1``, ``Q4``: see `participation.active_shares`.
    - ``P(2nd day|1)``, ``P(3rd|2)``, ``P(6th|5)``, ``P(11th|10)``: with one more active day, of those with
      at least this many who joined at least 365 days before the end; in a log shorter than a year, who
      joined in its first half.
    - ``gap_…``: days between one person's successive active days, pooled; ``gap_tail_alpha`` from 5 days on.
    - ``events_tail_alpha``: exponent of events per person, from 10 on. ``burstiness``: (σ − μ)/(σ + μ) of
      seconds between one person's successive events. ``events_per_session30``: a session ends after
      30 minutes without one.
    - ``leave_core_halfyear``, ``leave_rest_halfyear``, ``rank_leavers``, ``rank_stayers``: windows of 182
      days with at least 100 events, followed by at least 180 days; members active in it who joined at
      least 90 days before its end (at least 30 of them); left = no event in the next ``silence``
      days; core = events ≥ the 90 % quantile (and ≥ 2); rank = percentile of events in the window.
    - ``sp_first30_vs_180``: Spearman's correlation of events in the first 30 days with being active
      at an age of 180 days or more, over those who joined 210 + ``silence`` days before the end.

    Parameters
    ----------
    person : integers (n,)
        Who did it.
    time : numbers (n,)
        When, in seconds since 1970-01-01 UTC; any order.
    silence : int
        Days without an event after which somebody counts as having left.
    end : float, optional
        Instant at which watching ended, in the same seconds; without it the last event's day is the last.

    Raises
    ------
    ValueError
        See `Activity.of`.
    """
    return of_activity(Activity.of(person, time, end), silence)


def of_activity(activity: Activity, silence: int = SILENCE) -> dict[str, float]:
    """As `statistics`, of a log already in order."""
    return {
        **participation(activity),
        **retention(activity),
        **lifetimes(activity, silence),
        **active_shares(activity),
        **gaps(activity),
        **departures(activity, silence),
        "sp_first30_vs_180": early_and_late(activity, silence),
    }
