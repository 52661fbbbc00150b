"""The key figures of one run: one row of the table ``runs``, which the summary speaks from."""

import numpy as np
import pandas as pd

from shequn.sim.results.labels import WORDS
from shequn.sim.results.stays import Stays
from shequn.sim.results.viral import Viral, viral

RETENTION_WEEK = 4
_SUMS = (
    "joins", "joins_stranger", "joins_invitation", "joins_arrival", "departures", "removals",
    "finds", "invitations", "accepted", "refused", "given_up",
)  # fmt: skip
#: Columns of the table ``runs`` after ``seed``, in order.
KEY_FIGURES = (
    "start", "peak", "peak_day", "end", "empty_day", *_SUMS, "returns", "temperature_start",
    "temperature_end", "dilution", "evaporation", "pruning", "evaporation_control", "leavers_rank",
    "leavers_rank_error", "matched_rank", "matched_rank_error", "largest_cascade", "branching",
    *Viral._fields, "seen_week_4", "present_week_4", "active_share", "posts_per_day", "visits_per_day",
    "top10_share", "longest_silence", "founders_top_share", "balance",
    *(f"left_{word}" for word in WORDS["reason"][:-1]),
)  # fmt: skip
_LATE = 28  # days at the end over which activity is averaged


def _mean(values: pd.Series) -> float:
    values = values.dropna()
    return float(values.mean()) if len(values) else float("nan")


def _standard_error(values: pd.Series) -> float:
    values = values.dropna()
    return float(values.std() / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def _retention(cohorts: pd.DataFrame, column: str) -> float:
    """Share of newcomers (founders apart) seen, or still members, in their fourth week."""
    rows = cohorts[(cohorts["week"] == RETENTION_WEEK) & ~cohorts["founder"]]
    total = rows["size"].sum()
    return float(rows[column].sum(skipna=False) / total) if total else float("nan")


def _silence(days: pd.DataFrame) -> float:
    """Longest time without a post while there were members, in days."""
    peopled = days[days["members"] > 0]
    return float(peopled["silence"].max()) if len(peopled) else float("nan")


def key_figures(
    seed: int, days: pd.DataFrame, cohorts: pd.DataFrame, departures: pd.DataFrame, stays: Stays
) -> pd.DataFrame:
    """One row of what matters most in a run.

    Columns
    -------
    seed : of this run. start, peak, end : members at the start, the most, at the end;
    peak_day, empty_day : first day of the peak, and first day from which on nobody was left
    (nan if there is none).
    joins and by channel, returns (joinings of people who had been members before), departures,
    removals, finds, invitations, accepted, refused, given_up : whole run.
    temperature_start, temperature_end, dilution, evaporation, pruning, evaporation_control.
    leavers_rank, matched_rank and their standard errors : over all departures of the run.
    largest_cascade : departures in the largest tree. branching : see table ``days``.
    k, k_ended, cycle_time, largest_tree, deepest_tree : see :mod:`shequn.sim.results.viral`.
    seen_week_4, present_week_4 : share of newcomers seen in, and members at the end of, week 4
    after joining. active_share : members seen within 30 days, over members, mean of the
    last 28 days with members. posts_per_day, visits_per_day : means of the last 28 days.
    top10_share : of posts, at the end. longest_silence : days. founders_top_share : at the end.
    balance : income - rewards - staff cost. left_<reason> : departures for each reason.
    """
    left = departures[~departures["removed"]]
    members = days["members"].to_numpy()
    occupied = np.flatnonzero(members > 0)
    empty_day = float(occupied[-1] + 1) if len(occupied) else 0.0
    grown = viral(stays, len(days) - 1)
    sums = days.iloc[1:].sum(numeric_only=True)
    end, late = days.iloc[-1], days.iloc[1:].tail(_LATE)
    peopled = late[late["members"] > 0]
    figures: dict[str, float] = {
        "seed": seed,
        "start": int(members[0]),
        "peak": int(members.max()),
        "peak_day": int(members.argmax()),
        "end": int(members[-1]),
        "empty_day": empty_day if members[-1] == 0 else float("nan"),
        **{name: int(sums[name]) for name in _SUMS},
        "returns": len(stays.person) - len(np.unique(stays.person)),
        "temperature_start": days["temperature"].iloc[0],
        "temperature_end": end["temperature"],
        **{name: end[name] for name in ("dilution", "evaporation", "pruning", "evaporation_control")},
        "leavers_rank": _mean(left["rank"]),
        "leavers_rank_error": _standard_error(left["rank"]),
        "matched_rank": _mean(left["matched_rank"]),
        "matched_rank_error": _standard_error(left["matched_rank"]),
        "largest_cascade": int(departures["cascade"].value_counts().max()) if len(departures) else 0,
        "branching": end["branching"],
        **grown._asdict(),
        "seen_week_4": _retention(cohorts, "active"),
        "present_week_4": _retention(cohorts, "present"),
        "active_share": _mean(peopled["active_month"] / peopled["members"]),
        "posts_per_day": _mean(late["posts"]),
        "visits_per_day": _mean(late["visits"]),
        "top10_share": end["top10_share"],
        "longest_silence": _silence(days),
        "founders_top_share": end["founders_top_share"],
        "balance": end["income"] - end["rewards"] - end["staff_cost"],
        **{f"left_{word}": int((left["reason"] == word).sum()) for word in WORDS["reason"][:-1]},
    }
    return pd.DataFrame([figures])
