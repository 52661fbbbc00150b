"""What a log shows is taken from it, not fitted: its length, its dates, when people came."""

import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.experiments.logs.activity import DAY, Activity
from shequn.experiments.logs.log import LogError
from shequn.sim.language import _
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

FEWEST_DAYS, FEWEST_EVENTS, FEWEST_WRITERS = 120, 300, 40
FOUNDING = 7  # days: who wrote in the log's first week was there at the start
POOL = 6  # people for each who ever wrote: enough that discovery does not soon exhaust them
_SEGMENT, _SEGMENTS = 60, 24  # days at least, and segments at most, of how joining went
_LEAST = 0.02  # of the mean: nobody wrote first in a segment, yet people may have come
MOST_WRITERS, MOST_EVENTS = 1000, 100_000  # of the part of a log that is fitted


def check_size(activity: Activity) -> None:
    """See that a log says enough to be fitted.

    Raises
    ------
    LogError
        It is too short, too small or too quiet.
    """
    for found, least, words in (
        (
            activity.days,
            FEWEST_DAYS,
            _("the part of the log that is fitted has {found:,} days: at least {least} are needed"),
        ),
        (
            len(activity.person),
            FEWEST_EVENTS,
            _("the part of the log that is fitted has {found:,} events: at least {least} are needed"),
        ),
        (
            activity.n_people,
            FEWEST_WRITERS,
            _("the part of the log that is fitted has {found:,} people: at least {least} are needed"),
        ),
    ):
        if found < least:
            raise LogError(words.format(found=found, least=least))


def until(activity: Activity, day: int) -> Activity:
    """What a log shows before a day (counted from its first).

    Raises
    ------
    LogError
        There is nothing before it.
    """
    before = activity.day < day
    if day < 1 or not before.any():
        raise LogError(
            _("the log has {days} days: nothing is left before day {day}").format(days=activity.days, day=day)
        )
    end = float((activity.epoch_day + day) * DAY)
    return Activity.of(activity.person[before], activity.time[before], end)


def thinned(activity: Activity, seed: int) -> tuple[Activity, float]:
    """A log of at most 1,000 writers and about 100,000 events, and the share of people kept.

    People are taken at random, each with all they did: what statistics say of a person stays what it was,
    up to chance. What depends on the size of the whole (how much there is to read) is that of the part.
    """
    n_events = len(activity.person)
    share = float(min(1.0, MOST_WRITERS / activity.n_people, MOST_EVENTS / n_events))
    if share == 1.0:
        return activity, 1.0
    n = int(max(FEWEST_WRITERS, round(share * activity.n_people)))
    kept = np.zeros(activity.n_people, dtype=bool)
    kept[np.random.default_rng(seed).permutation(activity.n_people)[:n]] = True
    rows = kept[activity.person]
    # watched to the whole log's last day
    end = float((activity.epoch_day + activity.days) * DAY)
    return Activity.of(activity.person[rows], activity.time[rows], end), n / activity.n_people


def parts(n_people: int, n: int, draws: int, seed: int) -> list[npt.NDArray[np.int64]]:
    """Parts of a group, each of ``n`` people: as many as it takes for everybody to be in one.

    A group larger than what was fitted is run part by part, as what depends on its size (how much there is to
    read) was fitted in a part. People are dealt out at random; the last part is filled up from the first.

    Parameters
    ----------
    n_people : int
        People of the group, numbered from 0.
    n : int
        People of a part, at most ``n_people``.
    draws : int
        Parts at least; then people are in several.
    seed : int
    """
    order = np.random.default_rng(seed).permutation(n_people)
    count = max(draws, -(-n_people // n))
    return [np.sort(order[np.arange(k * n, (k + 1) * n) % n_people]) for k in range(count)]


def joins_a_day(activity: Activity) -> float:
    """First posts a day, without those of the first week."""
    after = int(np.count_nonzero(activity.first_day >= FOUNDING))
    return max(after, 1) / max(1, activity.days - FOUNDING)


def first_posts(activity: Activity, days: int) -> int:
    """People who wrote for the first time in the last days of a log."""
    return int(np.count_nonzero(activity.first_day >= activity.days - days))


def setting(scenario: Scenario, activity: Activity) -> Scenario:
    """A scenario as long as a log, at its time, into which people come as they did there.

    Founders are those who wrote in the first week. How many find it from then on follows the first posts of
    the log in segments of 60 days or more, by campaigns that multiply discovery; their mean is 1, so
    ``community.strangers_per_day`` keeps its meaning. The people who could come are six for each who ever
    wrote. The scenario's own operations stay.

    Raises
    ------
    ScenarioError
        The scenario does not take it.
    """
    founders = int(np.count_nonzero(activity.first_day < FOUNDING))
    started = datetime.date(1970, 1, 1) + datetime.timedelta(days=activity.epoch_day)
    changed: dict[str, Any] = {
        "days": activity.days,
        "start": started.isoformat(),
        "journal": "full",
        "population.founders": founders,
        "operations": [*scenario.resolved()["operations"], *joining_as_seen(activity)],
    }
    if scenario.graph_path is None:
        changed["population.people"] = max(500, POOL * activity.n_people)
    return scenario.with_(changed)


def joining_as_seen(activity: Activity) -> list[dict[str, Any]]:
    """Campaigns that multiply discovery segment by segment, as first posts of the log rose and fell."""
    n = int(np.clip(activity.days // _SEGMENT, 1, _SEGMENTS))
    edges = np.round(np.linspace(0, activity.days, n + 1)).astype(int)
    later = activity.first_day[activity.first_day >= FOUNDING]
    watched = np.diff(np.maximum(edges, FOUNDING))
    joins = np.histogram(later, edges)[0] / np.maximum(watched, 1)
    if n == 1 or not joins.any():
        return []
    factors = np.maximum(joins / joins.mean(), _LEAST)
    return [
        {
            "do": "campaign",
            "day": int(start),
            "days": int(stop - start),
            "discovery": 1.001
            if abs(factor - 1) < 5e-4
            else round(float(factor), 3),  # 1 would be no campaign
        }
        for start, stop, factor in zip(edges[:-1], edges[1:], factors, strict=True)
    ]
