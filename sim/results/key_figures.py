"""The key figures of one run: one row of the table ``runs``, from which the summary is written."""

import numpy as np
import pandas as pd

from shequn.sim.kernel.measures import MEASURES
from shequn.sim.kernel.state import Channel
from shequn.sim.results.labels import WORDS
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.stays import Stays
from shequn.sim.results.viral import viral_growth

RETENTION_WEEK = 4
MONEY = ("income", "rewards", "reach_cost", "staff_cost", "balance")
_COSTS = ("rewards", "reach_cost", "staff_cost")
_LATE = 28  # days at the end over which activity is averaged
_TOO_SHORT = "no weekly cohort of newcomers was observed for five weeks"
_NOBODY_LEFT = "nobody left of their own accord, apart from the last member"
_DAILY = {measure.name: measure for measure in MEASURES}
_SUMS = (
    "joins", "joins_stranger", "joins_invitation", "joins_arrival", "departures", "removals",
    "finds", "invitations", "accepted", "refused", "given_up",
)  # fmt: skip


def _sum(name: str) -> Column:
    measure = _DAILY[name]
    return Column(name, "int64", measure.unit, f"{measure.text} Whole run.")


def _at_end(name: str, column: str) -> Column:
    measure = _DAILY[name]
    return Column(column, "double", measure.unit, f"{measure.text} At the end.", measure.missing)


RUNS = Table(
    "runs",
    "One row for each run: its key figures.",
    (
        RUN,
        Column("seed", "int64", "", "Seed of this run."),
        Column("start", "int64", "people", "Members at the start."),
        Column("peak", "int64", "people", "Largest number of members at the end of a day."),
        Column("peak_day", "int64", "day", "First day with that number."),
        Column("end", "int64", "people", "Members at the end."),
        Column(
            "empty_day",
            "double",
            "day",
            "First day from which nobody was a member.",
            "somebody was a member at the end",
        ),
        *(_sum(name) for name in _SUMS),
        Column("returns", "int64", "joins", "Joins of people who had been members before."),
        Column(
            "joins_per_founder",
            "double",
            "joins per founder",
            "Joins of the whole run, returns included, over the number of founders.",
            "there were no founders",
        ),
        Column("temperature_start", "double", "0 to 1", "Mean quality of members at the start."),
        _at_end("temperature", "temperature_end"),
        *(_at_end(name, name) for name in ("dilution", "evaporation", "pruning")),
        Column(
            "evaporation_control",
            "double",
            "quality",
            "Change of the temperature that departures regardless of quality would have made.",
        ),
        Column("leavers_rank", "double", "0 to 1", "Mean quality rank of all who left.", _NOBODY_LEFT),
        Column("leavers_rank_error", "double", "0 to 1", "Its standard error.", "fewer than two left"),
        Column(
            "matched_rank",
            "double",
            "0 to 1",
            "Mean quality rank of all who left among members of similar tenure; 0.5 is no selection.",
            "nobody left who could be compared",
        ),
        Column(
            "matched_rank_error",
            "double",
            "0 to 1",
            "Its standard error.",
            "fewer than two could be compared",
        ),
        Column("compared_departures", "int64", "departures", "Departures with a matched rank."),
        Column("largest_cascade", "int64", "departures", "Departures in the largest cascade."),
        Column(
            "branching",
            "double",
            "share",
            "Share of departures and removals that another one set off.",
            "nobody left",
        ),
        Column(
            "k",
            "double",
            "joins per stay",
            "K: joins by invitation that a stay caused, over the weekly cohorts that are finished.",
            "no weekly cohort is finished",
        ),
        Column(
            "k_ended", "double", "joins per stay", "The same over all stays that have ended.", "no stay has"
        ),
        Column(
            "cycle_time",
            "double",
            "days",
            "Mean time from the inviter's join to the invitee's.",
            "nobody joined by invitation",
        ),
        Column("largest_tree", "int64", "stays", "Stays in the largest tree of invitations, root included."),
        Column(
            "deepest_tree",
            "int64",
            "invitations",
            "Largest number of invitations between a root and a member of its tree.",
        ),
        Column(
            "seen_week_4",
            "double",
            "share",
            "Newcomers seen in week 4 after their join (week 0 is the first).",
            f"{_TOO_SHORT}, or visits were not recorded",
            needs_journal=True,
        ),
        Column(
            "present_week_4",
            "double",
            "share",
            "Newcomers who were members at the end of that week.",
            _TOO_SHORT,
        ),
        Column(
            "active_share",
            "double",
            "share",
            f"Members seen within 30 days; mean of the last {_LATE} days.",
            "nobody was a member then",
        ),
        Column("posts_per_day", "double", "posts per day", f"Mean of the last {_LATE} days."),
        Column("visits_per_day", "double", "visits per day", f"Mean of the last {_LATE} days."),
        _at_end("top10_share", "top10_share"),
        Column(
            "longest_silence",
            "double",
            "days",
            "Longest time without a post while there were members.",
            "there were no members",
        ),
        _at_end("founders_top_share", "founders_top_share"),
        *(_at_end(name, name) for name in MONEY),
        Column("staff_minutes", "double", "minutes", "Time that duties took, paid or not. Whole run."),
        Column(
            "cost_per_join",
            "double",
            "money per join",
            "Cost of rewards, reach and staff over the joins of the whole run, paid for or not.",
            "nobody joined",
        ),
        Column(
            "cost_per_newcomer",
            "double",
            "money per newcomer",
            "The same cost over the newcomers who are members at the end.",
            "no newcomer is",
        ),
        *(
            Column(f"left_{word}", "int64", "departures", f"Departures for the reason {word}.")
            for word in WORDS["reason"][:-1]
        ),
    ),
)
#: Columns of the table ``runs`` after ``seed``, in order.
KEY_FIGURES = RUNS.names[2:]


def _mean(values: pd.Series) -> float:
    values = values.dropna()
    return float(values.mean()) if len(values) else float("nan")


def _standard_error(values: pd.Series) -> float:
    values = values.dropna()
    return float(values.std() / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def _retention(cohorts: pd.DataFrame, column: str) -> float:
    """Share of newcomers, without founders, seen or still members in week 4, as ``column`` says."""
    rows = cohorts[(cohorts["week"] == RETENTION_WEEK) & ~cohorts["founder"]]
    total = rows["size"].sum()
    return float(rows[column].sum(skipna=False) / total) if total else float("nan")


def _per(amount: float, n: int) -> float:
    return float(amount) / n if n else float("nan")


def _silence(days: pd.DataFrame) -> float:
    """Longest time without a post while there were members, in days."""
    peopled = days[days["members"] > 0]
    return float(peopled["silence"].max()) if len(peopled) else float("nan")


def key_figures(
    seed: int,
    days: pd.DataFrame,
    cohorts: pd.DataFrame,
    departures: pd.DataFrame,
    stays: Stays,
    staff_minutes: float,
) -> pd.DataFrame:
    """The table :data:`RUNS` of one run."""
    left = departures[~departures["removed"]]
    members = days["members"].to_numpy()
    occupied = np.flatnonzero(members > 0)
    empty_day = float(occupied[-1] + 1) if len(occupied) else 0.0
    growth = viral_growth(stays, len(days) - 1)
    sums = days.iloc[1:].sum(numeric_only=True)
    end, late = days.iloc[-1], days.iloc[1:].tail(_LATE)
    peopled = late[late["members"] > 0]
    founders = stays.person[stays.channel == Channel.FOUNDER]
    newcomers = np.setdiff1d(stays.person[~stays.ended], founders)
    cost = float(end[list(_COSTS)].sum())
    values: dict[str, float] = {
        "seed": seed,
        "start": int(members[0]),
        "peak": int(members.max()),
        "peak_day": int(members.argmax()),
        "end": int(members[-1]),
        "empty_day": empty_day if members[-1] == 0 else float("nan"),
        **{name: int(sums[name]) for name in _SUMS},
        "returns": len(stays.person) - len(np.unique(stays.person)),
        "joins_per_founder": _per(sums["joins"], len(founders)),
        "temperature_start": days["temperature"].iloc[0],
        "temperature_end": end["temperature"],
        **{name: end[name] for name in ("dilution", "evaporation", "pruning", "evaporation_control")},
        "leavers_rank": _mean(left["rank"]),
        "leavers_rank_error": _standard_error(left["rank"]),
        "matched_rank": _mean(left["matched_rank"]),
        "matched_rank_error": _standard_error(left["matched_rank"]),
        "compared_departures": int(left["matched_rank"].notna().sum()),
        "largest_cascade": int(departures["cascade"].value_counts().max()) if len(departures) else 0,
        "branching": end["branching"],
        **growth._asdict(),
        "seen_week_4": _retention(cohorts, "active"),
        "present_week_4": _retention(cohorts, "present"),
        "active_share": _mean(peopled["active_month"] / peopled["members"]),
        "posts_per_day": _mean(late["posts"]),
        "visits_per_day": _mean(late["visits"]),
        "top10_share": end["top10_share"],
        "longest_silence": _silence(days),
        "founders_top_share": end["founders_top_share"],
        **{name: end[name] for name in MONEY},
        "staff_minutes": staff_minutes,
        "cost_per_join": _per(cost, int(sums["joins"])),
        "cost_per_newcomer": _per(cost, len(newcomers)),
        **{f"left_{word}": int((left["reason"] == word).sum()) for word in WORDS["reason"][:-1]},
    }
    return RUNS.frame({name: [value] for name, value in values.items()})
