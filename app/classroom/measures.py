"""The numbers of one community as it stands: what the page shows at a glance and lessons compare."""

import math
from typing import NamedTuple

import numpy as np

from shequn.agents.honor import standing
from shequn.app.classroom.side import Side
from shequn.sim.kernel.state import Channel, State
from shequn.sim.results.matched import ranks
from shequn.sim.results.stays import stays_of
from shequn.sim.results.viral import daily_k

STAYED = 60  # days; the share of newcomers who stayed so long is shown
_WEEK = 7


class Measures(NamedTuple):
    """Key numbers of one community; nan where there is nothing to measure yet."""

    members: int
    temperature: float  # mean quality of members
    temperature_start: float
    evaporation: float  # change of it by departures, since the start
    dilution: float  # likewise by joinings
    joined: int  # since the start, by any way
    invited: int  # of those, by invitation
    left: int  # departures since the start
    leavers_rank: float  # mean matched rank of leavers; 1/2 = like everybody else
    leavers_ranked: int  # departures that have such a rank
    k: float  # joinings caused by a membership
    stayed: float  # share of newcomers still in after 60 days
    newcomers: int  # of whom that is known
    posts: float  # a day, over the last week
    satisfaction: float  # mean over the visits of the last week
    seen: float  # share of members seen in the last week
    standing: float  # mean honor signal of members, as each would see it now; nan without members


def measured(side: Side) -> Measures:
    """The numbers of a community at the end of its last day."""
    days = side.days
    week = days[max(1, len(days) - _WEEK) :]
    membership = side.community.machine.membership()
    stays = stays_of(membership)
    quality, keys = side.people["quality"].astype(np.float64), side.people["key"]
    _, matched, _ = ranks(membership, stays, quality, keys)
    matched = matched[~np.isnan(matched)]
    newcomers = (stays.channel != Channel.FOUNDER) & (stays.joined_at <= side.day - STAYED)
    stayed = stays.left_at[newcomers] - stays.joined_at[newcomers] >= STAYED
    seen = week["satisfaction"][~np.isnan(week["satisfaction"])]
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
        leavers_rank=float(matched.mean()) if len(matched) else math.nan,
        leavers_ranked=len(matched),
        k=float(daily_k(stays, side.day)[-1]),
        stayed=float(stayed.mean()) if len(stayed) else math.nan,
        newcomers=len(stayed),
        posts=float(week["posts"].mean()) if len(week) else 0.0,
        satisfaction=float(seen.mean()) if len(seen) else math.nan,
        seen=float(today["active_week"] / today["members"]) if today["members"] else math.nan,
        standing=_standing(side),
    )


def _standing(side: Side) -> float:
    members = side.people[side.people["state"] == State.MEMBER]
    if len(members) == 0:
        return math.nan
    half_life = float(side.community.machine.params["satisfaction_stock_half_life"])
    faded = 0.5 ** ((side.day - members["stocks_at"]) / half_life)
    recognition = members["recognition"] * faded
    return float(np.mean(standing(recognition, recognition.mean())))
