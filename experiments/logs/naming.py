"""What the statistics are called in print, in groups, and how their numbers are written."""

import math
from typing import Literal, NamedTuple

from experiments.logs import invitations, replies

Unit = Literal["share", "days", "number"]


class Line(NamedTuple):
    """A statistic in print."""

    name: str
    text: str
    unit: Unit = "share"


#: Groups in the order of print.
GROUPS: dict[str, tuple[Line, ...]] = {
    "Coming back (of those who joined)": (
        Line("one_day_share", "seen on one day only"),
        Line("one_event_share", "with one event only"),
        Line("D1", "active the day after"),
        Line("D7", "active on day 7"),
        *(Line(f"W{n}", f"active in week {n}") for n in (1, 2, 4, 6)),
        *(Line(f"M{n}", f"active in month {n}") for n in (1, 2, 3, 6)),
        Line("ever_after_30d", "ever active after 30 days"),
        Line("ever_after_180d", "ever active after 180 days"),
        Line("P(2nd day|1)", "come on a 2nd day"),
        Line("P(3rd|2)", "of these, on a 3rd"),
        Line("P(6th|5)", "a 6th, of those with 5"),
        Line("P(11th|10)", "an 11th, of those with 10"),
    ),
    "Lifetimes (Kaplan–Meier)": (
        *(Line(f"KM_S{n}", f"still there after {n} days") for n in (30, 90, 365)),
        Line("KM_median_ge2days", "median, if seen on 2 days", "days"),
        Line("sp_first30_vs_180", "correlation: events in 30 days, there at 180", "number"),
    ),
    "Who writes": (
        Line("gini_all", "Gini of events, ever", "number"),
        Line("top1_share", "events of the top 1 %, ever"),
        Line("top10_share", "events of the top 10 %, ever"),
        Line("month_gini", "Gini within a month", "number"),
        Line("month_top10", "events of the month's top 10 %"),
        Line("events_tail_alpha", "tail exponent of events a person", "number"),
    ),
    "Who is awake": (
        Line("DAU_over_MAU", "daily over monthly actives"),
        Line("WAU_over_MAU", "weekly over monthly actives"),
        Line("WAU_over_ever_Q1", "weekly over ever joined, first quarter"),
        Line("WAU_over_ever_Q4", "weekly over ever joined, last quarter"),
    ),
    "Gaps and bursts": (
        Line("gap_median_d", "gap between active days, median", "days"),
        Line("gap_mean_d", "gap, mean", "days"),
        Line("gap_p90_d", "gap, 90 % quantile", "days"),
        Line("gap_share1", "gaps of one day"),
        Line("gap_tail_alpha", "tail exponent of gaps", "number"),
        Line("burstiness", "burstiness", "number"),
        Line("events_per_session30", "events a session", "number"),
    ),
    "Leavers and stayers (half-years)": (
        Line("leave_core_halfyear", "of the core, leave"),
        Line("leave_rest_halfyear", "of the rest, leave"),
        Line("rank_leavers", "activity rank of leavers", "number"),
        Line("rank_stayers", "activity rank of stayers", "number"),
    ),
    "Replies to newcomers": (
        Line("first_answered", "first post answered in 30 days"),
        Line("again_unanswered", "come again, unanswered"),
        Line("again_answered", "come again, answered"),
        Line("again_ratio", "ratio", "number"),
        Line("day0_answered", "one post, answered the same day"),
        Line("day0_unanswered_again", "come again, unanswered that day"),
        Line("day0_answered_again", "come again, answered that day"),
        Line("day0_ratio", "ratio", "number"),
    ),
    "Invitations": (
        Line("brought_another", "brought somebody else"),
        Line("top10_inviters", "brought by the top 10 % of inviters"),
        Line("quality_correlation", "correlation of their quality", "number"),
    ),
}

#: Single published values, where no range over communities is known.
PUBLISHED = {**replies.PUBLISHED, **invitations.PUBLISHED}


def written(value: float | None, unit: Unit) -> str:
    """A value in print; a dash for what is not known."""
    if value is None or math.isnan(value):
        return "–"
    if unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:.0f}" if unit == "days" and value >= 100 else f"{value:.{1 if unit == 'days' else 2}f}"
