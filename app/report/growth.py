"""Growth: joins by channel, K and R, and how many candidates get through each step."""

import numpy as np
import pandas as pd

from shequn.app.report.drawing import Clock, Line, lines, over_time, shown, wide, zero_line
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats


def section(results: ResultFolder, clock: Clock) -> Section:
    """The section on growth by channel, K and R."""
    days, runs = results.table("days"), results.table("runs")
    parts: list[Text | Chart | Table] = []
    if runs["joins"].any():
        parts.append(_channels(days, clock))
    else:
        parts.append(Text([_("Nobody joined after the start.")]))
    if days["k"].notna().any() or results.table("growth")["r"].notna().any():
        parts.append(_word_of_mouth(results, clock))
    parts.append(_way_in(runs))
    return Section("growth", _("Growth: through which channels, and does it sustain itself?"), list(parts))


def _channels(days: pd.DataFrame, clock: Clock) -> Chart:
    measures = [
        line
        for line in (
            Line("joins_stranger", _("found the door"), colours.BLUE),
            Line("joins_invitation", _("invited by a member"), colours.VERMILION),
            Line("joins_arrival", _("brought by an operation"), colours.GREEN),
        )
        if days[line.column].any()
    ]
    values = {line.column: shown(wide(days, line.column).cumsum()) for line in measures}
    drawing = over_time(clock, _("joins since the start"))
    drawing.y_range.start = 0
    table = lines(clock, drawing, measures, values)
    caption = _(
        "Cumulative joins since the start; a member who returns counts again. Bands: lowest to highest run."
    )
    title = _("Joins by channel")
    return Chart(title, drawing, caption, Table("joins-by-channel", title, table))


def _word_of_mouth(results: ResultFolder, clock: Clock) -> Chart:
    growth = results.table("growth")
    weekly = growth[growth["joined"] > 0]
    r = wide(weekly, "r", "week")
    middle = r.index.to_numpy(dtype=float) * 7 + 3.5
    r.index = pd.Index(np.minimum(middle, clock.days))
    k = shown(wide(results.table("days"), "k"))
    k = k.reindex(k.index.union(r.index)).ffill()
    values = {"k": k, "r": r.reindex(k.index).interpolate(limit_area="inside")}
    drawing = over_time(clock, _("joins caused per membership"), "0.00")
    drawing.y_range.start = 0
    zero_line(drawing, 1.0)
    measures = [
        Line("k", _("K: completed weeks"), colours.BLACK),
        Line("r", _("R: by week of joining, so far"), colours.PURPLE),
    ]
    table = lines(clock, drawing, measures, values, "0.00")
    caption = _(
        "Above the line at 1, growth sustains itself (viral growth). K counts the weeks whose members"
        " have all left or that are 90 days past; R shows the members of each single week, who may "
        "still bring in more."
    )
    title = _("K and R: how many others a membership brings in")
    return Chart(title, drawing, caption, Table("k-and-r", title, table))


def _way_in(runs: pd.DataFrame) -> Table:
    names = (
        ("finds", _("strangers who found the door")),
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
    known = [(name, words) for name, words in names if runs[name].any()]
    rows = pd.DataFrame(
        {
            _("step"): [words for _name, words in known],
            _("median run"): [formats.count(runs[name].median()) for name, _words in known],
            _("lowest"): [formats.count(runs[name].min()) for name, _words in known],
            _("highest"): [formats.count(runs[name].max()) for name, _words in known],
        }
    )
    return Table("way-in", _("From discovery to joining, over the whole run"), rows)
