"""Who carried the group: the members who wrote most, whether they are still there, and what became of the rest."""

import numpy as np
import pandas as pd

from shequn.app.report.parts import Part, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _, ngettext
from shequn.sim.presentation import formats

TOP = 10  # members of run 0 that are listed
_FEW = 5  # of them, those whose departure is looked at
_WEEKS = 28  # days before and after the first of these departures that are compared


def parts(results: ResultFolder) -> list[Part]:
    """A sentence and a table on those who wrote most in run 0; nothing if nobody wrote."""
    members, days = results.table("members"), results.table("days")
    members, days = members[members["run"] == 0], days[days["run"] == 0].set_index("day")
    total = int(members["n_posts"].sum())
    if total == 0:
        return []
    top = members.sort_values(["n_posts", "first_joined_at", "key"], ascending=[False, True, True]).head(TOP)
    few = top.head(_FEW)
    sentences = [
        ngettext(
            "In run 0 the most active {n} member wrote {share} of everything that members wrote",
            "In run 0 the most active {n} members wrote {share} of everything that members wrote",
            len(few),
        ).format(n=len(few), share=formats.percent(few["n_posts"].sum() / total))
        + _("; {still} of them are still there.").format(still=int((few["state"] == "member").sum())),
        *_after_the_first_left(few, days),
    ]
    table = pd.DataFrame(
        {
            _("person"): top["person"].to_numpy(),
            _("posts"): [formats.count(n) for n in top["n_posts"]],
            _("share"): [formats.percent(n / total) for n in top["n_posts"]],
            _("quality"): [formats.level(q) for q in top["quality"]],
            _("founder"): [_("yes") if f else _("no") for f in top["founder"]],
            _("joined on day"): [f"{t:.0f}" for t in top["first_joined_at"]],
            _("left on day"): ["–" if np.isnan(t) else f"{t:.0f}" for t in top["left_at"]],
        }
    )
    title = _("Who carried the group: those who wrote most, in run 0")
    return [Text([" ".join(sentences)], title=""), Table("carriers", title, table)]


def _after_the_first_left(few: pd.DataFrame, days: pd.DataFrame) -> list[str]:
    """What became of the others' activity around the day on which the first of the few left."""
    left = few["left_at"].dropna()
    if not len(left):
        return []
    day = int(np.ceil(left.min()))
    before = days.loc[max(1, day - _WEEKS) : day - 1, "posts"]
    after = days.loc[day + 1 : day + _WEEKS, "posts"]
    if len(before) < _WEEKS or len(after) < _WEEKS:
        return [_("The first of them left on day {day}.").format(day=day)]
    return [
        _(
            "The first of them left on day {day}: in the four weeks before, members wrote {before} posts a day, "
            "in the four weeks after it {after}."
        ).format(day=day, before=formats.rate(before.mean()), after=formats.rate(after.mean()))
    ]
