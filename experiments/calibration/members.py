"""The members of a real group at the end of a log, with hidden states imputed from the fitted model.

A log shows when people first and last wrote, and how often. The simulator needs more: pace, talkativeness, need,
habit, whether they have lapsed or left, when they visit next. In the fitted model these have a distribution given
the observed facts. So each member gets the state of a donor: a person in a run of the fitted model whose facts are
among the nearest (hot-deck imputation, Andridge & Little 2010). This is a draw from the conditional distribution,
which includes the heavy tail of absences given the silence so far, and needs no formulas besides the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.calibration.fitting import NoSimilarRunError
from shequn.experiments.calibration.setting import first_posts
from shequn.experiments.calibration.trials import Map, Posts, TooManyEventsError, activity_of
from shequn.experiments.logs.activity import Activity
from shequn.sim.course import run_to_the_end
from shequn.sim.kernel.state import State
from shequn.sim.language import _
from shequn.sim.results.schema import Column, Table
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.group import NUMERIC_COLUMNS, STOCKS, TRAITS

Numbers = npt.NDArray[np.float64]

RECENT, LAST = 91, 28  # days at the end of a log whose activity predicts most of what follows
_INFLOW_DAYS = 182  # at the end of a log, in which first posts are counted
_NEAREST = 5  # donors from whom one is drawn
N_CLASSES = 7
_BUSY = 10  # recent active days from which a member's pace is adjusted to their own count
_MAX_ADJUSTMENT = 3.0  # factor by which rates are adjusted at most


@dataclass(frozen=True)
class Donors:
    """People of runs of the fitted model, at the end of the run.

    Attributes
    ----------
    facts : floats (n_writers, 5)
        See `facts`.
    recent : floats (n_writers,)
        Active days in the last 91.
    state : records (n_writers,)
        Their columns of the table of members.
    silent : records (n_silent,)
        The same for members who never wrote.
    n_joins : int
        First posts in the last 182 days of these runs.
    """

    facts: Numbers
    recent: Numbers
    state: pd.DataFrame
    silent: pd.DataFrame
    n_joins: int

    @property
    def is_member(self) -> npt.NDArray[np.bool_]:
        """Mask of the writers who are members and have not lapsed (n_writers,)."""
        mask: npt.NDArray[np.bool_] = self.state["state"].to_numpy() == "member"
        return mask


def facts(activity: Activity) -> Numbers:
    """The observed facts of each member at the end of a log (n_people, 5), as logarithms.

    Events, active days in the last 28 and in the last 91 days, days since the first event, days since the last.
    """
    counts = np.column_stack(
        (
            activity.events,
            _active_days(activity, LAST),
            _active_days(activity, RECENT),
            activity.watched,
            activity.days - 1 - activity.last_day,
        )
    )
    logarithms: Numbers = np.log1p(counts.astype(float))
    return logarithms


def _active_days(activity: Activity, days: int) -> npt.NDArray[np.int64]:
    """Active days of each person in the last ``days`` days (n_people,)."""
    is_last = activity.active_day >= activity.days - days
    return np.bincount(activity.active_person[is_last], minlength=activity.n_people)


def donors(
    scenario: Scenario, seeds: Sequence[int], each: Map = map, max_events: int | None = None
) -> Donors:
    """The donors from a run of the fitted scenario with each seed.

    A run in which nobody wrote, or that was stopped, gives no donors.

    Parameters
    ----------
    scenario : Scenario
    seeds : sequence of int
    each : callable, optional
        Runs them.
    max_events : int, optional
        Number of events after which a run is stopped.

    Raises
    ------
    NoSimilarRunError
        No run gives any.
    """
    parts = [part for part in each(partial(_donors, scenario, max_events), seeds) if part is not None]
    if not parts:
        raise NoSimilarRunError(
            _("in every run of the fitted scenario nobody wrote, or far more than in the log")
        )
    return Donors(
        np.concatenate([part.facts for part in parts]),
        np.concatenate([part.recent for part in parts]),
        pd.concat([part.state for part in parts], ignore_index=True),
        pd.concat([part.silent for part in parts], ignore_index=True),
        sum(part.n_joins for part in parts),
    )


def _donors(scenario: Scenario, max_events: int | None, seed: int) -> Donors | None:
    """The donors of one run; None if nobody wrote in it, or it was stopped."""
    posts = Posts(max_events)
    try:
        people = run_to_the_end(scenario, seed, posts).world.everybody
    except TooManyEventsError:
        return None
    person, time = posts.log()
    if not len(person):
        return None
    activity = activity_of(person, time, scenario)
    everybody = np.flatnonzero((people["state"] == State.MEMBER) | (people["state"] == State.LEFT))
    silent = everybody[(people["n_posts"][everybody] == 0) & (people["state"][everybody] == State.MEMBER)]
    return Donors(
        facts(activity),
        _active_days(activity, RECENT).astype(float),
        _columns(people[np.unique(person)], scenario.days),
        _columns(people[silent], scenario.days),
        first_posts(activity, _INFLOW_DAYS),
    )


def _columns(people: Any, days: int) -> pd.DataFrame:
    """Records as columns of the table of members, with days counted from the end of the run.

    Everybody who is not a member has left, including people who were removed and candidates who left before.
    """
    gone = people["state"] != State.MEMBER
    last = np.where(gone, people["left_at"], people["last_visit_at"]) - days
    columns = {
        "joined": people["joined_at"] - days,
        "last_seen": np.minimum(last, 0.0),
        "visits": people["n_visits"],
        "state": np.where(gone, "left", np.where(people["lapsed"] == 1, "away", "member")),
        "next_visit": np.where(gone, np.nan, np.maximum(people["visit_due"] - days, 0.0)),
        **{name: people[name] for name in (*TRAITS, *STOCKS)},
    }
    frame = pd.DataFrame({name: np.asarray(column) for name, column in columns.items()})
    frame.loc[~np.isfinite(frame["next_visit"]), "next_visit"] = np.nan
    return frame


def classes(activity: Activity) -> npt.NDArray[np.int64]:
    """Class of each person (n_people,), 0 … `N_CLASSES` − 1.

    By active days in the last 91 days (10 or more, 5–9, 2–4, 1), otherwise by days since the last event (up to
    365, up to 730, more).
    """
    recent, silent = _active_days(activity, RECENT), activity.days - 1 - activity.last_day
    edges = [recent >= _BUSY, recent >= 5, recent >= 2, recent == 1, silent <= 365, silent <= 730]
    return np.select(edges, range(len(edges)), default=len(edges)).astype(np.int64)


_TEXTS = {
    "quality": ("0 to 1", "Quality."),
    "topic": ("0 to 1", "Topic, a point on a circle of length 1."),
    "talkativeness": ("probability", "Probability of a first post at a visit, before its factors."),
    "pace": ("visits per day", "Visit rate before its factors."),
    "contentment": ("satisfaction", "Lasting addition to what a visit offers."),
    "satisfaction": ("0 to 1", "Satisfaction at the start."),
    "need": ("0 to 1", "Need at the last visit."),
    "habit": ("0 to 1", "Habit at the last visit."),
    "commitment": ("satisfaction", "Commitment at the last visit."),
    "recognition": ("recognition", "Recognition at the start."),
    "answers": ("answers", "Answers from people they know, at the start."),
    "gains": ("gains", "Gains at the start."),
    "aspiration": ("gains", "Gains they have come to expect."),
}

GROUP = Table(
    "members",
    "One row for each member of each draw of the group, for `population.from_log`.",
    (
        Column("draw", "int64", "number", "Draw of the group, from 0; each run takes one draw."),
        Column("person", "string", "", "Number in the log.", "they never wrote, so they are not in the log"),
        Column("joined", "double", "days", "Join; 0 is the start."),
        Column("last_seen", "double", "days", "Last visit; 0 is the start."),
        Column("visits", "int64", "visits", "Visits so far."),
        Column("state", "string", "", "member, away or left."),
        Column(
            "next_visit",
            "double",
            "days",
            "Next visit; 0 is the start.",
            "they left, or will not visit again",
        ),
        *(Column(name, "double", *_TEXTS[name]) for name in (*TRAITS, *STOCKS)),
        Column("events", "int64", "events", "Events in the log."),
        Column("inviter", "string", "", "Inviter.", "unknown, or not in the draw"),
    ),
)


def table_of_members(
    activity: Activity,
    donor_pool: Donors,
    parts: Sequence[npt.NDArray[np.int64]],
    factors: Numbers,
    width: float,
    seed: int,
    inviters: npt.NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """The group at the end of a log, as a scenario reads it (``population.from_log``).

    Writers come first, numbered as in the log. Then come silent members, who are not in the log: as many for each
    recent first-time writer as in the fitted model. The pace of people with at least 10 recent active days is
    adjusted by the ratio of their active days to the donor's.

    Parameters
    ----------
    activity : Activity
    given : Donors
    parts : sequence of integers
        The people of each draw, from `setting.parts`; hidden states are drawn independently for each.
    factors : floats (N_CLASSES,)
        Activity of each class relative to its donors: see `hindcast`. With a factor below 1, correspondingly fewer
        people are still members. With one above 1, more are; if all are, they visit and write more, and their
        contentment is raised so that the odds of leaving at a visit are divided by the factor.
    width : float
        ``leaving.width`` of the fitted scenario.
    seed : int
    inviters : integers (n_people,), optional
        Inviter of each person; −1 for nobody.
    """
    rng = np.random.default_rng(seed)
    nearest, nearest_member = _nearest(donor_pool, facts(activity))
    kind, recent = classes(activity), _active_days(activity, RECENT)
    draws = []
    for draw, who in enumerate(parts):
        donor = _one_of(nearest[who], rng)
        is_member = donor_pool.is_member[donor]
        for one in range(N_CLASSES):
            here = kind[who] == one
            share = is_member[here].mean() if here.any() else 1.0
            replacement = max(0.0, min(1.0, share * factors[one]) - share) / max(1.0 - share, 1e-9)
            replaced = here & ~is_member & (rng.uniform(size=len(who)) < replacement)
            donor[replaced] = _one_of(nearest_member[who[replaced]], rng)
        writers = donor_pool.state.iloc[donor].reset_index(drop=True)
        ratio = (recent[who] + 0.5) / (donor_pool.recent[donor] + 0.5)
        adjustment = np.clip(ratio, 1 / _MAX_ADJUSTMENT, _MAX_ADJUSTMENT)
        writers["pace"] *= np.where(recent[who] >= _BUSY, adjustment, 1.0)
        for one in range(N_CLASSES):
            here = kind[who] == one
            gone = here & (rng.uniform(size=len(who)) > factors[one])
            writers.loc[gone, "state"], writers.loc[gone, "next_visit"] = "left", np.nan
            faster = (
                float(np.clip(factors[one] * is_member[here].mean(), 1.0, _MAX_ADJUSTMENT))
                if here.any()
                else 1.0
            )
            writers.loc[here, ["pace", "talkativeness"]] *= faster
            writers.loc[here, "contentment"] += width * np.log(max(1.0, factors[one]))
            writers.loc[here, "next_visit"] /= faster
        writers["joined"] = activity.first_day[who] - activity.days + 0.5
        writers["last_seen"] = np.maximum(writers["last_seen"], writers["joined"])
        writers["events"] = activity.events[who]
        writers.insert(0, "person", who.astype(str))
        if inviters is not None:
            theirs = inviters[who]
            writers["inviter"] = np.where(np.isin(theirs, who), theirs.astype(str), "")
        share = len(who) / activity.n_people
        n_silent = round(
            len(donor_pool.silent) / max(1, donor_pool.n_joins) * share * first_posts(activity, _INFLOW_DAYS)
        )
        silent = donor_pool.silent.iloc[
            rng.integers(len(donor_pool.silent), size=n_silent if len(donor_pool.silent) else 0)
        ]
        both = pd.concat([writers, silent.assign(person="", events=0)], ignore_index=True)
        both.insert(1, "draw", draw)
        for rate in ("pace", "talkativeness"):  # log-normal: some may exceed the limits of the table
            both[rate] = both[rate].clip(*NUMERIC_COLUMNS[rate])
        draws.append(both)
    table: pd.DataFrame = pd.concat(draws, ignore_index=True)
    return table


def _nearest(donor_pool: Donors, wanted: Numbers) -> tuple[Any, Any]:
    """The donors nearest to each person, among all and among those who are still members (n_people, ≤ 5)."""
    from scipy.spatial import cKDTree

    scale = np.maximum(donor_pool.facts.std(axis=0), 1e-6)
    members = np.flatnonzero(donor_pool.is_member)
    everybody = np.arange(len(donor_pool.facts))
    indices = []
    for candidates in (everybody, members if len(members) else everybody):
        tree = cKDTree(donor_pool.facts[candidates] / scale)
        near = tree.query(wanted / scale, k=min(_NEAREST, len(candidates)))[1]
        indices.append(candidates[near.reshape(len(wanted), -1)])
    return indices[0], indices[1]


def _one_of(near: Any, rng: np.random.Generator) -> Any:
    """One random entry of each row (n, k)."""
    return near[np.arange(len(near)), rng.integers(near.shape[1], size=len(near))]


def write_members(table: pd.DataFrame, path: Any) -> None:
    """Write the table :data:`GROUP` with five significant digits, which are enough for random draws."""
    whole = table.reindex(columns=list(GROUP.names))
    for name in ("person", "inviter"):
        whole[name] = whole[name].where(whole[name] != "")
    GROUP.to_csv(whole, path, digits=5)
