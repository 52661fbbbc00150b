"""The current key numbers of a community, which the page shows and the lessons compare."""

import math
from typing import NamedTuple

import numpy as np

from shequn.agents.honor import standing
from shequn.app.classroom.record import Written
from shequn.sim.course import Course
from shequn.sim.kernel.state import Channel, State
from shequn.sim.results.matched import ranks
from shequn.sim.results.stays import stays_of
from shequn.sim.results.viral import daily_k

STAY_DAYS = 60  # days; the page shows the share of newcomers who stayed this long
_WEEK = 7


class Measures(NamedTuple):
    """Key numbers of one community; NaN where there is nothing to measure yet."""

    members: int
    temperature: float  # mean quality of members
    temperature_start: float
    evaporation: float  # change of temperature by departures since the start
    dilution: float  # change of temperature by joins since the start
    joined: int  # joins since the start, by any channel
    invited: int  # of these, by invitation
    left: int  # departures since the start
    matched_rank: float  # mean over departures; 1/2 = like everybody else
    ranked_departures: int  # departures that have a matched rank
    k: float  # joins caused per membership
    stayed_share: float  # share of newcomers who stayed at least 60 days
    newcomers: int  # newcomers who joined at least 60 days ago
    posts: float  # per day, mean of the last week
    satisfaction: float  # mean over the visits of a day, averaged over the last week
    seen_share: float  # share of members seen in the last week
    standing: float  # mean honor signal of members if computed now; NaN without members
    visits: float  # a week and member, mean over the run
    written: float  # posts a week and member, mean over the run
    written_quality: float  # mean quality of all posts so far; NaN without posts
    advertisements: int  # by members, so far
    handed_in: int  # tasks done so far
    paid: float  # to members so far, in money


def measure(course: Course, written: Written) -> Measures:
    """Measure a community at the end of its last day.

    Parameters
    ----------
    course : Course
    written : Written
        Sums over its journal up to now.
    """
    machine = course.machine
    days, people, now = machine.days, machine.world.everybody, int(course.time)
    week = days[max(1, len(days) - _WEEK) :]
    membership = machine.membership()
    stays = stays_of(membership)
    quality, keys = people["quality"].astype(np.float64), people["key"]
    _, matched_ranks, _ = ranks(membership, stays, quality, keys)
    matched_ranks = matched_ranks[~np.isnan(matched_ranks)]
    newcomers = (stays.channel != Channel.FOUNDER) & (stays.joined_at <= now - STAY_DAYS)
    is_long_stay = stays.left_at[newcomers] - stays.joined_at[newcomers] >= STAY_DAYS
    satisfaction = week["satisfaction"][~np.isnan(week["satisfaction"])]
    member_weeks = max(1.0, float(days["members"].sum())) / _WEEK
    today = days[-1]
    return Measures(
        members=int(today["members"]),
        temperature=float(today["temperature"]),
        temperature_start=float(days[0]["temperature"]),
        evaporation=float(today["evaporation"]),
        dilution=float(today["dilution"]),
        joined=int(days["joins"][1:].sum()),
        invited=int(days["joins_invitation"][1:].sum()),
        left=int(days["departures"].sum()),
        matched_rank=float(matched_ranks.mean()) if len(matched_ranks) else math.nan,
        ranked_departures=len(matched_ranks),
        k=float(daily_k(stays, now)[-1]),
        stayed_share=float(is_long_stay.mean()) if len(is_long_stay) else math.nan,
        newcomers=len(is_long_stay),
        posts=float(week["posts"].mean()) if len(week) else 0.0,
        satisfaction=float(satisfaction.mean()) if len(satisfaction) else math.nan,
        seen_share=float(today["active_week"] / today["members"]) if today["members"] else math.nan,
        standing=_standing(course),
        visits=float(days["visits"].sum()) / member_weeks,
        written=float(days["posts"].sum()) / member_weeks,
        written_quality=written.quality / written.posts if written.posts else math.nan,
        advertisements=int(days["advertisements"].sum()),
        handed_in=written.tasks,
        paid=float(today["rewards"]),
    )


def _standing(course: Course) -> float:
    people = course.machine.world.everybody
    members = people[people["state"] == State.MEMBER]
    if len(members) == 0:
        return math.nan
    half_life = float(course.machine.params["satisfaction_stock_half_life"])
    decay = 0.5 ** ((course.time - members["stocks_at"]) / half_life)
    recognition = members["recognition"] * decay
    return float(np.mean(standing(recognition, recognition.mean())))
