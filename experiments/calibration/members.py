"""The members of a real group as they stand: what the log shows, and what it hides, from the fitted model.

A log shows when somebody first and last wrote, and how often. What the simulator also needs (pace,
talkativeness, need, habit, whether they are away for long or gone for good, when they come next) has a
distribution given what is seen: in the fitted model, that of people with the same facts. So each member
is given the state of somebody in a run of the fitted model whose facts are nearest (hot-deck imputation,
Andridge & Little 2010): a draw from the posterior under the fitted distributions, with the heavy tail of
absences conditioned on the silence so far, and no formula of its own that could drift from the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.calibration.setting import first_posts
from shequn.experiments.calibration.trials import Posts, activity_of, run_to_the_end
from shequn.experiments.logs.activity import Activity
from shequn.sim.kernel.state import State
from shequn.sim.language import _
from shequn.sim.results.schema import Column, Table
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.group import NUMERIC_COLUMNS, STOCKS, TRAITS

Numbers = npt.NDArray[np.float64]

LATELY, LAST = 91, 28  # days in which activity predicts most of what follows
_COMING = 182  # days in which first posts are counted
_NEAREST = 5  # donors among whom one is drawn
N_CLASSES = 7
_BUSY = 10  # active days lately from which a member's own pace is set by their own count
_MOST_APART = 3.0  # by which factor at most


@dataclass(frozen=True)
class Donors:
    """People of runs of the fitted model, at the end of the run.

    Attributes
    ----------
    facts : floats (n_writers, 5)
        As `facts`.
    lately : floats (n_writers,)
        Active days in the last 91.
    state : records (n_writers,)
        Their columns of the table of members.
    silent : records (n_silent,)
        Likewise, members who never wrote.
    n_joins : int
        First posts in the last 182 days of these runs.
    """

    facts: Numbers
    lately: Numbers
    state: pd.DataFrame
    silent: pd.DataFrame
    n_joins: int

    @property
    def is_member(self) -> npt.NDArray[np.bool_]:
        """Who of them is a member and not away for long (n_writers,)."""
        there: npt.NDArray[np.bool_] = self.state["state"].to_numpy() == "member"
        return there


def facts(activity: Activity) -> Numbers:
    """What a log shows of each member at its end (n_people, 5), in logarithms.

    Events, active days in the last 28 and 91 days, days since the first event, days since the last.
    """
    counts = np.column_stack(
        (
            activity.events,
            _active_days(activity, LAST),
            _active_days(activity, LATELY),
            activity.watched,
            activity.days - 1 - activity.last_day,
        )
    )
    found: Numbers = np.log1p(counts.astype(float))
    return found


def _active_days(activity: Activity, days: int) -> npt.NDArray[np.int64]:
    recent = activity.active_day >= activity.days - days
    return np.bincount(activity.active_person[recent], minlength=activity.n_people)


def donors(scenario: Scenario, seeds: Sequence[int]) -> Donors:
    """Run the fitted scenario a few times; everybody in it at the end.

    A run in which nobody wrote gives none.

    Raises
    ------
    ValueError
        Nobody wrote in any run.
    """
    found = []
    for seed in seeds:
        posts = Posts()
        machine = run_to_the_end(scenario, seed, posts)
        person, time = posts.log()
        if len(person):
            found.append(
                _donors(
                    activity_of(person, time, scenario),
                    np.unique(person),
                    machine.world.people,
                    scenario.days,
                )
            )
    if not found:
        raise ValueError(_("nobody wrote in any run of the fitted scenario"))
    return Donors(
        np.concatenate([one.facts for one in found]),
        np.concatenate([one.lately for one in found]),
        pd.concat([one.state for one in found], ignore_index=True),
        pd.concat([one.silent for one in found], ignore_index=True),
        sum(one.n_joins for one in found),
    )


def _donors(activity: Activity, writers: Any, people: Any, days: int) -> Donors:
    everybody = np.flatnonzero((people["state"] == State.MEMBER) | (people["state"] == State.LEFT))
    silent = everybody[(people["n_posts"][everybody] == 0) & (people["state"][everybody] == State.MEMBER)]
    return Donors(
        facts(activity),
        _active_days(activity, LATELY).astype(float),
        _columns(people[writers], days),
        _columns(people[silent], days),
        first_posts(activity, _COMING),
    )


def _columns(people: Any, days: int) -> pd.DataFrame:
    """Records as columns of the table of members, days counted from the end of the run.

    Who was removed, and who left and stands at the door again (waiting, or refused), has left as well.
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
    found = pd.DataFrame({name: np.asarray(column) for name, column in columns.items()})
    found.loc[~np.isfinite(found["next_visit"]), "next_visit"] = np.nan
    return found


def classes(activity: Activity) -> npt.NDArray[np.int64]:
    """Class of each person (n_people,), 0 … `N_CLASSES` − 1.

    By active days in the last 91 (10 or more, 5–9, 2–4, 1), else by days since the last (up to 365, up to
    730, more).
    """
    lately, silent = _active_days(activity, LATELY), activity.days - 1 - activity.last_day
    edges = [lately >= _BUSY, lately >= 5, lately >= 2, lately == 1, silent <= 365, silent <= 730]
    return np.select(edges, range(len(edges)), default=len(edges)).astype(np.int64)


_TEXTS = {
    "quality": ("0 to 1", "Quality."),
    "topic": ("0 to 1", "Topic, a point on a circle of length 1."),
    "talkativeness": ("probability", "Of a first post at a visit, before its factors."),
    "pace": ("visits per day", "Their own pace, before its factors."),
    "contentment": ("satisfaction", "Lasting addition to every offer."),
    "satisfaction": ("0 to 1", "Satisfaction at the start."),
    "need": ("0 to 1", "Need at the last visit."),
    "habit": ("0 to 1", "Habit at the last visit."),
    "commitment": ("satisfaction", "Commitment at the last visit."),
    "recognition": ("recognition", "Recognition at the start."),
    "answers": ("answers", "Answers by people they know, at the start."),
    "gains": ("gains", "Gains at the start."),
    "aspiration": ("gains", "Gains they have come to expect."),
}

GROUP = Table(
    "members",
    "One row for each member of each draw of the group; `population.from_log` reads it.",
    (
        Column("draw", "int64", "number", "Draw of the group, from 0: a run takes one."),
        Column("person", "string", "", "Number in the log.", "they never wrote, so no log shows them"),
        Column("joined", "double", "days", "Joining; 0 is the start."),
        Column("last_seen", "double", "days", "Last visit; 0 is the start."),
        Column("visits", "int64", "visits", "Visits so far."),
        Column("state", "string", "", "member, away or left."),
        Column("next_visit", "double", "days", "Next visit, from the start.", "they left, or will not come"),
        *(Column(name, "double", *_TEXTS[name]) for name in (*TRAITS, *STOCKS)),
        Column("events", "int64", "events", "Events in the log."),
        Column("inviter", "string", "", "Person who brought them.", "not known, or not in the draw"),
    ),
)


def table_of_members(
    activity: Activity,
    given: Donors,
    parts: Sequence[npt.NDArray[np.int64]],
    factors: Numbers,
    width: float,
    seed: int,
    inviters: npt.NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """The group at the end of a log, as a scenario reads it (``population.from_log``).

    Those who wrote come first, numbered as in the log; then members who never did, whom no log shows: as
    many for each who lately wrote for the first time as in the fitted model. Who was active on ten days
    lately has their pace moved by how their count differs from the donor's.

    Parameters
    ----------
    activity : Activity
    given : Donors
    parts : sequence of integers
        Who of the group stands in each draw of the table, from `setting.parts`; what is hidden is drawn
        again in each.
    factors : floats (N_CLASSES,)
        How many times as active each class is to be as its donors: see `hindcast`. Below 1, correspondingly fewer
        are still there. Above 1, more are; when all are, they come and write more; and they are so much more
        content that the odds to leave at a visit are divided by it.
    width : float
        ``leaving.width`` of the fitted scenario.
    seed : int
    inviters : integers (n_people,), optional
        Who brought each; −1 for nobody.
    """
    rng = np.random.default_rng(seed)
    nearest, nearest_member = _nearest(given, facts(activity))
    kind, lately = classes(activity), _active_days(activity, LATELY)
    drawn = []
    for draw, who in enumerate(parts):
        donor = _one_of(nearest[who], rng)
        there = given.is_member[donor]
        for one in range(N_CLASSES):
            here = kind[who] == one
            share = there[here].mean() if here.any() else 1.0
            joining = max(0.0, min(1.0, share * factors[one]) - share) / max(1.0 - share, 1e-9)
            replaced = here & ~there & (rng.uniform(size=len(who)) < joining)
            donor[replaced] = _one_of(nearest_member[who[replaced]], rng)
        writers = given.state.iloc[donor].reset_index(drop=True)
        apart = np.clip((lately[who] + 0.5) / (given.lately[donor] + 0.5), 1 / _MOST_APART, _MOST_APART)
        writers["pace"] *= np.where(lately[who] >= _BUSY, apart, 1.0)
        for one in range(N_CLASSES):
            here = kind[who] == one
            gone = here & (rng.uniform(size=len(who)) > factors[one])
            writers.loc[gone, "state"], writers.loc[gone, "next_visit"] = "left", np.nan
            faster = (
                float(np.clip(factors[one] * there[here].mean(), 1.0, _MOST_APART)) if here.any() else 1.0
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
        n_silent = round(len(given.silent) / max(1, given.n_joins) * share * first_posts(activity, _COMING))
        silent = given.silent.iloc[rng.integers(len(given.silent), size=n_silent if len(given.silent) else 0)]
        both = pd.concat([writers, silent.assign(person="", events=0)], ignore_index=True)
        both.insert(1, "draw", draw)
        for rate in ("pace", "talkativeness"):  # log-normal: a few of many exceed what a table allows
            both[rate] = both[rate].clip(*NUMERIC_COLUMNS[rate])
        drawn.append(both)
    everything: pd.DataFrame = pd.concat(drawn, ignore_index=True)
    return everything


def _nearest(given: Donors, wanted: Numbers) -> tuple[Any, Any]:
    """The donors nearest to each person, of all and of those who are still members (n_people, ≤ 5)."""
    from scipy.spatial import cKDTree

    scale = np.maximum(given.facts.std(axis=0), 1e-6)
    members = np.flatnonzero(given.is_member)
    found = []
    for donors_ in (np.arange(len(given.facts)), members if len(members) else np.arange(len(given.facts))):
        tree = cKDTree(given.facts[donors_] / scale)
        near = tree.query(wanted / scale, k=min(_NEAREST, len(donors_)))[1]
        found.append(donors_[near.reshape(len(wanted), -1)])
    return found[0], found[1]


def _one_of(near: Any, rng: np.random.Generator) -> Any:
    """One of each row (n, k), by lot."""
    return near[np.arange(len(near)), rng.integers(near.shape[1], size=len(near))]


def write_members(table: pd.DataFrame, path: Any) -> None:
    """Write the table :data:`GROUP`: five digits are plenty for what is drawn."""
    whole = table.reindex(columns=list(GROUP.names))
    for name in ("person", "inviter"):
        whole[name] = whole[name].where(whole[name] != "")
    GROUP.to_csv(whole, path, digits=5)
