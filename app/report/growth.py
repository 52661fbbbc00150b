"""Growth: joins by channel, K and R, and how many candidates get through each step."""

import numpy as np
import pandas as pd

from shequn.app.report.drawing import Clock, Line, by_run, lines, over_time, rows_to_draw, zero_line
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats

_NO_OPERATIONS = ("stranger", "invitation")  # channels that every run has


def section(results: ResultFolder, clock: Clock) -> Section:
    """The section on growth by channel, K and R."""
    days, runs = results.table("days"), results.table("runs")
    parts: list[Text | Chart | Table] = []
    if runs["joins"].any():
        parts.append(_channel_chart(days, clock))
    else:
        parts.append(Text([_("Nobody joined after the start.")]))
    if days["k"].notna().any() or results.table("growth")["r"].notna().any():
        parts.append(_k_and_r_chart(results, clock))
    parts.append(_funnel(runs))
    channels = results.table("channels")
    if len(channels["channel"].unique()) > len(_NO_OPERATIONS):
        parts.append(_channels(channels))
    return Section("growth", _("Growth: through which channels, and does it sustain itself?"), list(parts))


def _channel_chart(days: pd.DataFrame, clock: Clock) -> Chart:
    measures = [
        line
        for line in (
            Line("joins_stranger", _("found it by themselves"), colours.BLUE),
            Line("joins_invitation", _("invited by a member"), colours.VERMILION),
            Line("joins_arrival", _("brought by an operation"), colours.GREEN),
        )
        if days[line.column].any()
    ]
    values = {line.column: rows_to_draw(by_run(days, line.column).cumsum()) for line in measures}
    chart = over_time(clock, _("joins since the start"))
    chart.y_range.start = 0
    table = lines(clock, chart, measures, values)
    caption = _(
        "Cumulative joins since the start; a member who returns counts again. Bands: lowest to highest run."
    )
    title = _("Joins by channel")
    return Chart(title, chart, caption, Table("joins-by-channel", title, table))


def _channels(channels: pd.DataFrame) -> Table:
    """What became of the people of each channel, and what one of them who joined has cost."""
    rows = []
    words = {"stranger": _("found it by themselves"), "invitation": _("invited by a member")}
    for name, of_channel in channels.groupby("channel", sort=False):
        mean = of_channel[["came", "joined", "spoke", "week_4", "quality", "cost"]].mean()
        paid = mean["cost"] / mean["joined"] if mean["joined"] else np.nan
        rows.append(
            {
                _("channel"): words.get(str(name), str(name)),
                _("came"): formats.count(mean["came"]),
                _("joined"): formats.count(mean["joined"]),
                _("wrote"): formats.count(mean["spoke"]),
                _("stayed four weeks"): formats.count(mean["week_4"]),
                _("mean quality"): "–" if np.isnan(mean["quality"]) else formats.level(mean["quality"]),
                _("cost per join"): "–" if np.isnan(paid) else formats.rate(paid),
            }
        )
    title = _("Channels: who came by each, and what they cost; mean of all runs")
    return Table("channels", title, pd.DataFrame(rows))


def _k_and_r_chart(results: ResultFolder, clock: Clock) -> Chart:
    growth = results.table("growth")
    cohorts = growth[growth["joined"] > 0]
    r = by_run(cohorts, "r", "week")
    middle = r.index.to_numpy(dtype=float) * 7 + 3.5
    r.index = pd.Index(np.minimum(middle, clock.days))
    k = rows_to_draw(by_run(results.table("days"), "k"))
    k = k.reindex(k.index.union(r.index)).ffill()
    values = {"k": k, "r": r.reindex(k.index).interpolate(limit_area="inside")}
    chart = over_time(clock, _("joins caused per membership"), "0.00")
    chart.y_range.start = 0
    zero_line(chart, 1.0)
    measures = [
        Line("k", _("K: completed weeks"), colours.BLACK),
        Line("r", _("R: by week of joining, so far"), colours.PURPLE),
    ]
    table = lines(clock, chart, measures, values, "0.00")
    caption = _(
        "Above the line at 1, growth sustains itself (viral growth). K counts the weeks whose members"
        " have all left or that are 90 days past; R shows the members of each single week, who may "
        "still bring in more."
    )
    title = _("K and R: how many others a membership brings in")
    return Chart(title, chart, caption, Table("k-and-r", title, table))


def _funnel(runs: pd.DataFrame) -> Table:
    names = (
        ("finds", _("strangers who found the community")),
        ("invitations", _("invitations made")),
        ("accepted", _("invitations accepted")),
        ("refused", _("refused by a gate")),
        ("given_up", _("gave up on the waiting list")),
        ("joins", _("joined")),
        ("joins_stranger", _("of these: strangers")),
        ("joins_invitation", _("of these: invited")),
        ("joins_arrival", _("of these: brought by an operation")),
        ("returns", _("of these: returned")),
    )
    steps = [(name, words) for name, words in names if runs[name].any()]
    rows = pd.DataFrame(
        {
            _("step"): [words for _name, words in steps],
            _("median run"): [formats.count(runs[name].median()) for name, _words in steps],
            _("lowest"): [formats.count(runs[name].min()) for name, _words in steps],
            _("highest"): [formats.count(runs[name].max()) for name, _words in steps],
        }
    )
    return Table("way-in", _("From discovery to joining, over the whole run"), rows)
