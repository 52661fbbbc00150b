"""Who stays: the share of some people who are members four weeks after something, such as their join.

Only those are counted whom the run shows for four weeks after it. Whoever left within them and came back in time is a
member again, so it is one question for a channel, a space and a mark: are they in or not, 28 days later?
"""

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import Channel
from shequn.sim.results.funnel import WEEK_4
from shequn.sim.results.stays import Stays
from shequn.sim.results.traces import Traces
from shequn.sim.results.trees import Rows, latest

Numbers = npt.NDArray[np.float64]


def stay_at(stays: Stays, person: Rows, time: Numbers) -> Rows:
    """The latest stay of each of these people that had begun by its time, in days; -1 if there was none."""
    begun = np.searchsorted(stays.joined_at, time, side="right")
    return latest(stays.person, np.arange(len(stays.person)), person, begun)


def is_member(stays: Stays, person: Rows, time: Numbers) -> npt.NDArray[np.bool_]:
    """Whether each of these people is a member at its time, in days; no longer at the instant at which they leave."""
    left_at = np.append(stays.left_at, -np.inf)  # the last is of no stay, -1
    is_in: npt.NDArray[np.bool_] = left_at[stay_at(stays, person, time)] > time
    return is_in


def retention(stays: Stays, person: Rows, since: Numbers, last: int) -> Numbers:
    """Retention by the end of each day.

    Parameters
    ----------
    stays : Stays
    person : int64 array (n)
        People, each once.
    since : float64 array (n)
        From when on each is followed, in days.
    last : int
        Last day of the run.

    Returns
    -------
    float64 array (last + 1)
        Of those followed for 28 days by the end of day 0, 1, … the share who were members after them; nan while there
        is nobody.
    """
    after = since + WEEK_4
    seen = after <= last
    day = np.ceil(after[seen]).astype(np.int64)
    stayed = is_member(stays, person[seen], after[seen]).astype(np.float64)
    followed = np.cumsum(np.bincount(day, minlength=last + 1))
    members = np.cumsum(np.bincount(day, stayed, minlength=last + 1))
    shares: Numbers = np.divide(members, followed, out=np.full(last + 1, np.nan), where=followed > 0)
    return shares


def first_of_each(person: Rows, time: Numbers) -> tuple[Rows, Numbers]:
    """The people in these entries, which are in order of time, and the time of each one's first entry."""
    people, at = np.unique(person, return_index=True)
    return people, time[at]


def wrote_within(stays: Stays, traces: Traces, days: float, last: int) -> float:
    """Share of the newcomers who wrote within some days of their first join, of those the run shows for as long.

    Founders are no newcomers. nan if there is nobody.
    """
    person, at = np.unique(stays.person, return_index=True)
    since = stays.joined_at[at]
    followed = (stays.channel[at] != Channel.FOUNDER) & (since + days <= last)
    wrote = traces.first_posts(person[followed]) <= since[followed] + days
    return float(wrote.mean()) if len(wrote) else float("nan")
