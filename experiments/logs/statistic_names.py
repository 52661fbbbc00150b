"""The codebook of the statistics: their groups, meanings and units."""

from typing import Literal, NamedTuple

from shequn.experiments.logs import evaporation, invitations, replies, shared_luck
from shequn.sim.language import N_

Unit = Literal["share", "days", "number", "coefficient", "error"]


class Line(NamedTuple):
    """A statistic: its name, meaning and unit."""

    name: str
    text: str
    unit: Unit = "share"
    n: int = 0  # the number in the text

    @property
    def meaning(self) -> str:
        """What it measures, in English."""
        return self.text.format(n=self.n)


#: Statistics by group, in the order in which they are printed.
GROUPS: dict[str, tuple[Line, ...]] = {
    N_("Coming back (of those who joined)"): (
        Line("one_day_share", N_("seen on one day only")),
        Line("one_event_share", N_("with one event only")),
        Line("D1", N_("active the day after")),
        Line("D7", N_("active on day 7")),
        *(Line(f"W{n}", N_("active in week {n}"), n=n) for n in (1, 2, 4, 6)),
        *(Line(f"M{n}", N_("active in month {n}"), n=n) for n in (1, 2, 3, 6)),
        Line("ever_after_30d", N_("ever active after 30 days")),
        Line("ever_after_180d", N_("ever active after 180 days")),
        Line("P(2nd day|1)", N_("came on a 2nd day")),
        Line("P(3rd|2)", N_("on a 3rd, of those with 2")),
        Line("P(6th|5)", N_("on a 6th, of those with 5")),
        Line("P(11th|10)", N_("on an 11th, of those with 10")),
    ),
    N_("Lifetimes (Kaplan–Meier)"): (
        *(Line(f"KM_S{n}", N_("still there after {n} days"), n=n) for n in (30, 90, 365)),
        Line("KM_median_ge2days", N_("median, if seen on 2 days"), "days"),
        Line("sp_first30_vs_180", N_("correlation: events in 30 days, there at 180"), "number"),
    ),
    N_("Who writes"): (
        Line("gini_all", N_("Gini of events, ever"), "number"),
        Line("top1_share", N_("events of the top 1 %, ever")),
        Line("top10_share", N_("events of the top 10 %, ever")),
        Line("month_gini", N_("Gini within a month"), "number"),
        Line("month_top10", N_("events of the month's top 10 %")),
        Line("events_tail_alpha", N_("tail exponent of events per person"), "number"),
    ),
    N_("Who is active"): (
        Line("DAU_over_MAU", N_("daily over monthly actives")),
        Line("WAU_over_MAU", N_("weekly over monthly actives")),
        Line("WAU_over_ever_Q1", N_("weekly over ever joined, first quarter")),
        Line("WAU_over_ever_Q4", N_("weekly over ever joined, last quarter")),
    ),
    N_("Shared luck"): (
        Line("weekly_dispersion", N_("scatter of weekly actives, 1 by chance alone"), "number"),
        Line("block_change", N_("change of their level in 13 weeks, beyond chance"), "number"),
    ),
    N_("Gaps and bursts"): (
        Line("gap_median_d", N_("gap between active days, median"), "days"),
        Line("gap_mean_d", N_("gap, mean"), "days"),
        Line("gap_p90_d", N_("gap, 90 % quantile"), "days"),
        Line("gap_share1", N_("gaps of one day")),
        Line("gap_tail_alpha", N_("tail exponent of gaps"), "number"),
        Line("burstiness", N_("burstiness"), "number"),
        Line("events_per_session30", N_("events per session"), "number"),
    ),
    N_("Departing and staying members (half-years)"): (
        Line("leave_core_halfyear", N_("share of the core that left")),
        Line("leave_rest_halfyear", N_("share of the rest that left")),
        Line("rank_leavers", N_("activity rank of departing members"), "number"),
        Line("rank_stayers", N_("activity rank of staying members"), "number"),
    ),
    N_("Leaving, other things equal (log odds for one sd more)"): tuple(
        line
        for name, text in (
            ("leaving_activity", N_("more active")),
            ("leaving_tenure", N_("longer there")),
            ("leaving_size", N_("in a larger group")),
            ("leaving_rating", N_("of higher quality, by ratings")),
            ("leaving_answers", N_("of higher quality, by answers received")),
            ("leaving_replies", N_("of higher quality, by share of replies")),
            ("leaving_quality_size", N_("quality × size of the group")),
            ("leaving_activity_size", N_("activity × size of the group")),
        )
        for line in (
            Line(name, text, "coefficient"),
            Line(f"{name}_se", N_("standard error of the line above"), "error"),
        )
    ),
    N_("Replies to newcomers"): (
        Line("first_answered", N_("first post answered in 30 days")),
        Line("again_unanswered", N_("came back, unanswered")),
        Line("again_answered", N_("came back, answered")),
        Line("again_ratio", N_("ratio"), "number"),
        Line("day0_answered", N_("one post, answered the same day")),
        Line("day0_unanswered_again", N_("came back, unanswered that day")),
        Line("day0_answered_again", N_("came back, answered that day")),
        Line("day0_ratio", N_("ratio"), "number"),
    ),
    N_("Invitations"): (
        Line("brought_another", N_("brought somebody else")),
        Line("top10_inviters", N_("brought by the top 10 % of inviters")),
        Line("quality_correlation", N_("correlation of their quality"), "number"),
    ),
}

#: Single published values, where no range over communities is known.
PUBLISHED = {**replies.PUBLISHED, **invitations.PUBLISHED, **evaporation.PUBLISHED, **shared_luck.PUBLISHED}
