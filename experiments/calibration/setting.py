"""Sets what a log shows directly, without a fit: its length, its dates and the inflow of people."""

import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.experiments.logs.activity import DAY, Activity
from shequn.experiments.logs.log import LogError
from shequn.sim.language import _
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.named import free_name

Numbers = npt.NDArray[np.float64]

MIN_DAYS, MIN_EVENTS, MIN_WRITERS = 120, 300, 40
FOUNDING = 7  # days at the start of a log, whose writers count as founders
POOL = 6  # people in the world per writer: enough that discovery does not exhaust them soon
_MIN_SEGMENT, _MAX_SEGMENTS = 60, 24  # days, and number of segments, of the inflow over time
_MIN_INFLOW = 0.02  # of the mean: people may have come in a segment without first posts
MAX_WRITERS, MAX_EVENTS = 1000, 60_000  # of the part of a log that is fitted: a run of more takes seconds


def check_size(activity: Activity) -> None:
    """Check that a log is long and large enough for a fit.

    Raises
    ------
    LogError
        It has too few days, events or people.
    """
    for n, minimum, words in (
        (
            activity.days,
            MIN_DAYS,
            _("the part of the log that is fitted has {n:,} days: at least {minimum} are needed"),
        ),
        (
            len(activity.person),
            MIN_EVENTS,
            _("the part of the log that is fitted has {n:,} events: at least {minimum} are needed"),
        ),
        (
            activity.n_people,
            MIN_WRITERS,
            _("the part of the log that is fitted has {n:,} people: at least {minimum} are needed"),
        ),
    ):
        if n < minimum:
            raise LogError(words.format(n=n, minimum=minimum))


def truncate(activity: Activity, day: int) -> Activity:
    """The log before a day, which is counted from the log's first day.

    Raises
    ------
    LogError
        There is no event before it.
    """
    before = activity.day < day
    if day < 1 or not before.any():
        raise LogError(
            _("the log has {days} days: nothing is left before day {day}").format(days=activity.days, day=day)
        )
    end = float((activity.epoch_day + day) * DAY)
    return Activity.of(activity.person[before], activity.time[before], end)


def subsample(activity: Activity, seed: int) -> tuple[Activity, float]:
    """A random part of a log with at most 1,000 writers and about 60,000 events, and its share of the people.

    People are drawn with all their events, so statistics of individuals stay the same up to chance. They are drawn
    systematically in the order of their numbers of events: everybody with the same probability, and as many of the
    busy as in the log, for a few people may write most of it. Where one person has more events than that, so has a part
    with them. Whatever depends on the size of the group, such as how much there is to read, is that of the part.
    """
    n_events = len(activity.person)
    share = float(min(1.0, MAX_WRITERS / activity.n_people, MAX_EVENTS / n_events))
    if share == 1.0:
        return activity, 1.0
    n = int(max(MIN_WRITERS, round(share * activity.n_people)))
    rng = np.random.default_rng(seed)
    order = rng.permutation(activity.n_people)  # of those with equally many events
    order = order[np.argsort(activity.events[order], kind="stable")]
    every = activity.n_people / n
    selected = np.zeros(activity.n_people, dtype=bool)
    selected[order[np.floor(every * (np.arange(n) + rng.uniform())).astype(int)]] = True
    rows = selected[activity.person]
    # observed until the last day of the whole log
    end = float((activity.epoch_day + activity.days) * DAY)
    return Activity.of(activity.person[rows], activity.time[rows], end), n / activity.n_people


def parts(n_people: int, n: int, draws: int, seed: int) -> list[npt.NDArray[np.int64]]:
    """Random parts of a group, each of ``n`` people, so many that everybody is in at least one.

    A group larger than the fitted part of a log is run in parts, because whatever depends on its size, such as how
    much there is to read, was fitted in a part. The last part is filled up with people of the first.

    Parameters
    ----------
    n_people : int
        People of the group, numbered from 0.
    n : int
        People of a part, at most ``n_people``.
    draws : int
        Minimum number of parts; people may then be in several.
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
    """A scenario with the length, dates, founders and inflow of a log.

    Founders are the writers of the first week. After that, the inflow follows the first posts of the log in segments
    of 60 days or more, by seasons that multiply discovery; their mean factor is 1, so
    ``community.strangers_per_day`` keeps its meaning. The world has six people per writer. The scenario's own
    operations remain.

    Raises
    ------
    ScenarioError
        The scenario does not allow these values.
    """
    founders = int(np.count_nonzero(activity.first_day < FOUNDING))
    start = datetime.date(1970, 1, 1) + datetime.timedelta(days=activity.epoch_day)
    changes: dict[str, Any] = {
        "days": activity.days,
        "start": start.isoformat(),
        "journal": "full",
        "population.founders": founders,
    }
    if scenario.graph_path is None:
        changes["population.people"] = max(500, POOL * activity.n_people)
    names = set(scenario.resolved()["operations"])
    for season in seasons_of(activity):
        name = free_name("season", names)
        names.add(name)
        changes[f"operations.{name}"] = season
    return scenario.with_(changes)


def seasons_of(activity: Activity) -> list[dict[str, Any]]:
    """Seasons that multiply discovery in each segment in proportion to the log's first posts."""
    n = int(np.clip(activity.days // _MIN_SEGMENT, 1, _MAX_SEGMENTS))
    edges = np.round(np.linspace(0, activity.days, n + 1)).astype(int)
    later = activity.first_day[activity.first_day >= FOUNDING]
    watched = np.diff(np.maximum(edges, FOUNDING))
    joins = np.histogram(later, edges)[0] / np.maximum(watched, 1)
    if n == 1 or not joins.any():
        return []
    factors = np.maximum(joins / joins.mean(), _MIN_INFLOW)
    return [
        {
            "do": "season",
            "day": int(start),
            "days": int(stop - start),
            "discovery": 1.001 if abs(factor - 1) < 5e-4 else round(float(factor), 3),  # 1 would be no season
        }
        for start, stop, factor in zip(edges[:-1], edges[1:], factors, strict=True)
    ]
