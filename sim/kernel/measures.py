"""The daily measures: each is declared here once.

From :data:`MEASURES` follow the record of a day (``day_dtype``), the counters of the day that runs
(in ``totals_dtype``), what is copied and set to 0 when it ends, the table of measures in MODEL.md and
the codebook. A new count needs a line here, and the place in the kernel where it happens:
``total["name"] += 1``.
"""

from enum import Enum
from typing import Any, NamedTuple

from shequn.agents.compiled import extends_numba


class Kind(Enum):
    """How a measure comes about."""

    COUNT = "count of the day"  # totals count up; set to 0 when the day ends
    LEVEL = "level at the end of the day"  # totals hold it
    MEAN = "mean over the day's visits"  # totals sum it up at visits; set to 0 when the day ends
    TOTAL = "total since the start"  # totals sum it up
    COMPUTED = "computed at the end of the day"  # in sim/kernel/day.py


class Measure(NamedTuple):
    """One daily measure; ``type`` is NumPy's, ``missing`` says when there is none (nan)."""

    name: str
    kind: Kind
    type: str
    unit: str
    text: str
    missing: str = ""


_NO_VISITS, _NO_POSTS = "no visits that day", "no posts so far"

#: In the order of ``day_dtype``.
MEASURES = (
    Measure("members", Kind.LEVEL, "i8", "people", "Members."),
    Measure("joins", Kind.COUNT, "i8", "joins", "Joins, returns included."),
    Measure("joins_stranger", Kind.COUNT, "i8", "joins", "Joins by strangers who found the door."),
    Measure("joins_invitation", Kind.COUNT, "i8", "joins", "Joins by invitation."),
    Measure("joins_arrival", Kind.COUNT, "i8", "joins", "Joins of people whom an operation brought."),
    Measure("departures", Kind.COUNT, "i8", "departures", "Departures of their own accord."),
    Measure("removals", Kind.COUNT, "i8", "removals", "Removals by the operator."),
    Measure("finds", Kind.COUNT, "i8", "people", "Strangers who found the door."),
    Measure("invitations", Kind.COUNT, "i8", "invitations", "Invitations made."),
    Measure("accepted", Kind.COUNT, "i8", "invitations", "Invitations accepted."),
    Measure("refused", Kind.COUNT, "i8", "people", "Candidates refused by a gate."),
    Measure("given_up", Kind.COUNT, "i8", "people", "People who gave up waiting and left the waiting list."),
    Measure("waiting", Kind.LEVEL, "i8", "people", "People on the waiting list."),
    Measure("temperature", Kind.LEVEL, "f8", "0 to 1", "Mean quality of members; the last value when nobody is left."),
    Measure("temperature_active", Kind.COMPUTED, "f8", "0 to 1", "The same over those seen in the last 30 days, if any."),
    Measure("dilution", Kind.TOTAL, "f8", "quality", "Change of the temperature by joins."),
    Measure("evaporation", Kind.TOTAL, "f8", "quality", "Change of the temperature by departures."),
    Measure("pruning", Kind.TOTAL, "f8", "quality", "Change of the temperature by removals."),
    Measure("leavers_rank", Kind.COMPUTED, "f8", "0 to 1", "Mean quality rank of those who left that day.", "nobody left, or only the last member"),
    Measure("founders_top_share", Kind.COMPUTED, "f8", "share", "Of the founders' best tenth by quality, those still in.", "no founders"),
    Measure("active_day", Kind.COMPUTED, "i8", "people", "Members seen (joining or visiting) that day."),
    Measure("active_week", Kind.COMPUTED, "i8", "people", "Members seen in the last 7 days."),
    Measure("active_month", Kind.COMPUTED, "i8", "people", "Members seen in the last 30 days."),
    Measure("visits", Kind.COUNT, "i8", "visits", "Visits."),
    Measure("posts", Kind.COUNT, "i8", "posts", "Posts, replies included."),
    Measure("replies", Kind.COUNT, "i8", "posts", "Replies."),
    Measure("reactions", Kind.COUNT, "i8", "reactions", "Reactions."),
    Measure("advertisements", Kind.COUNT, "i8", "posts", "Advertisements by members; they are no posts."),
    Measure("reports", Kind.COUNT, "i8", "posts", "Posts that readers reported."),
    Measure("taken_down", Kind.COUNT, "i8", "posts", "Posts that the staff took down."),
    Measure("mistakes", Kind.COUNT, "i8", "posts", "Of these, posts that were not against the standards."),
    Measure("lapses", Kind.COUNT, "i8", "people", "Members who went away for long without leaving."),
    Measure("unread", Kind.MEAN, "f8", "posts", "Unread posts of others met at a visit.", _NO_VISITS),
    Measure("silence", Kind.COMPUTED, "f8", "days", "Time since the last post, or the start."),
    Measure("satisfaction", Kind.MEAN, "f8", "0 to 1", "Satisfaction after a visit.", _NO_VISITS),
    Measure("top1_share", Kind.COMPUTED, "f8", "share", "Posts so far by the most talkative 1 % of all who ever joined.", _NO_POSTS),
    Measure("top10_share", Kind.COMPUTED, "f8", "share", "Posts so far by the most talkative 10 % of all who ever joined.", _NO_POSTS),
    Measure("gini", Kind.COMPUTED, "f8", "0 to 1", "Gini coefficient of posts so far over all who ever joined.", _NO_POSTS),
    Measure("income", Kind.TOTAL, "f8", "money", "Paid by people: fees at gates, and offers."),
    Measure("rewards", Kind.TOTAL, "f8", "money", "Rewards paid to members."),
    Measure("reach_cost", Kind.TOTAL, "f8", "money", "Cost of strangers reached by campaigns, and of people brought."),
    Measure("staff_cost", Kind.TOTAL, "f8", "money", "Cost of the staff."),
    Measure("balance", Kind.COMPUTED, "f8", "money", "Income less rewards, reach and staff."),
    Measure("reputation", Kind.LEVEL, "f8", "factor", "Reputation among those outside."),
)  # fmt: skip


def _names(*kinds: Kind) -> tuple[str, ...]:
    return tuple(measure.name for measure in MEASURES if measure.kind in kinds)


COPIED = _names(Kind.COUNT, Kind.LEVEL, Kind.TOTAL)  # from the totals to the row of the day
MEANS = _names(Kind.MEAN)
OF_THE_DAY = _names(Kind.COUNT, Kind.MEAN)  # fields of the totals that start at 0 each day

#: Fields of a day's row, and of what the totals count, sum and hold.
DAY_FIELDS = [("day", "i8"), *((measure.name, measure.type) for measure in MEASURES)]
COUNTER_FIELDS = [(measure.name, measure.type) for measure in MEASURES if measure.kind is not Kind.COMPUTED]


def copy_measures(row: Any, total: Any, visits: int) -> None:
    """Write all measures that the totals hold into the row of a day, means over that number of visits."""
    for name in COPIED:
        row[name] = total[name]
    for name in MEANS:
        row[name] = total[name] / visits if visits > 0 else float("nan")


def clear_counters(total: Any) -> None:
    """Set the counts and sums of the day to 0."""
    for name in OF_THE_DAY:
        total[name] = 0


extends_numba("shequn.sim.kernel.measures_code")
