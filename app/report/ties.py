"""Ties and rooms: who was in touch with whom, and where."""

import itertools

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource

from shequn.app.report.drawing import Clock, Line, days_to_draw, hover, lines, new_chart, over_time
from shequn.app.report.exchanges import Exchanges
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats

_MAX_ROOMS = 20  # rooms to list


def section(results: ResultFolder, clock: Clock, contacts: Exchanges) -> Section:
    """The section on ties and rooms, from the journal of run 0."""
    title = _("Ties and rooms")
    runs = results.table("runs")
    parts: list[Text | Chart | Table] = []
    if len(contacts.pair):
        parts += [_partners_over_time(results, clock, contacts), _partners_chart(results, contacts)]
    else:
        parts.append(Text([_("The journal of this run does not say who replied to whom.")]))
    if runs["joins_invitation"].any():
        parts.append(
            Text(
                [
                    _(
                        "The largest invitation tree has {n} members and is {depth} steps deep; on average {days} "
                        "days pass from a join to a join that it caused."
                    ).format(
                        n=formats.spread(runs["largest_tree"], formats.count),
                        depth=formats.spread(runs["deepest_tree"], formats.count),
                        days=formats.spread(runs["cycle_time"], formats.rate),
                    )
                ]
            )
        )
    parts.append(_rooms_table(results))
    return Section("ties", title, list(parts))


def _partners_over_time(results: ResultFolder, clock: Clock, contacts: Exchanges) -> Chart:
    days = results.table("days")
    first = days[days["run"] == 0].sort_values("day")
    pairs = contacts.n_pairs_in_touch(clock.days)
    members = first["members"].to_numpy(dtype=float)
    n = min(len(pairs), len(members))
    partners = np.divide(2 * pairs[:n], members[:n], out=np.full(n, np.nan), where=members[:n] > 0)
    at = days_to_draw(n - 1)
    frame = pd.DataFrame({0: partners[at]}, index=at)
    chart = over_time(clock, _("people per member"), "0.0", 240)
    chart.y_range.start = 0
    name = _("mean number of people a member was in touch with in the last 30 days")
    table = lines(clock, chart, [Line("partners", name, colours.PURPLE)], {"partners": frame}, "0.00")
    title = _("How close-knit the community is")
    caption = _(
        "Run 0. In touch: a reply, a reaction, or an invitation that led to a join, in either "
        "direction. Ties from before the start count only from their first contact."
    )
    return Chart(title, chart, caption, Table("in-touch", title, table))


def _partners_chart(results: ResultFolder, contacts: Exchanges) -> Chart:
    members = results.table("members")
    n = int((members["run"] == 0).sum())
    pairs = contacts.pairs
    degree = np.bincount(pd.factorize(np.concatenate((pairs["a"], pairs["b"])))[0])
    edges = np.array([1, 2, 3, 5, 10, 20, 50, 100, np.inf])
    counts = np.histogram(degree, edges)[0]
    n_bins = int(np.flatnonzero(counts)[-1]) + 1
    rows = ["0", *(_bin_label(low, high) for low, high in itertools.pairwise(edges[: n_bins + 1]))]
    people = [max(n - len(degree), 0), *counts[:n_bins].tolist()]
    table = pd.DataFrame(
        {"partners": rows, "people": people, "percent": np.round(100 * np.array(people) / max(n, 1), 2)}
    )
    chart = new_chart(
        240, x_range=rows, x_axis_label=_("number of different people a member was ever in touch with")
    )
    chart.yaxis.axis_label = _("number of people")
    chart.y_range.start = 0
    chart.xaxis.major_label_orientation = 0.6
    source = ColumnDataSource({name: table[name].to_list() for name in table.columns})
    bars = chart.vbar("partners", 0.75, "people", source=source, color=colours.PURPLE)
    hover(chart, [(_("partners"), "@partners"), (_("people"), "@people{0,0} (@percent{0.0} %)")], [bars])
    title = _("How many others a member got to know")
    return Chart(title, chart, _("Run 0, all who ever joined."), Table("partners", title, table))


def _bin_label(low: float, high: float) -> str:
    if high == np.inf:
        return f"{low:.0f}+"
    return f"{low:.0f}" if high == low + 1 else f"{low:.0f}–{high - 1:.0f}"


def _rooms_table(results: ResultFolder) -> Table | Text:
    rows = results.journal(("join", "post", "reply"), ("kind", "room", "person"))
    rows = rows[rows["room"] >= 0]
    if not len(rows):
        return Text([_("The journal was not recorded, so the rooms are unknown.")])
    if rows["room"].nunique() < 2:
        return Text([_("Everybody was in one room.")])
    joins = rows["kind"].astype(str) == "join"
    table = pd.DataFrame(
        {
            "joined": rows[joins].groupby("room")["person"].nunique(),
            "posts": rows[~joins].groupby("room").size(),
            "writers": rows[~joins].groupby("room")["person"].nunique(),
        }
    ).fillna(0)
    table = table.astype(int).sort_values("posts", ascending=False, kind="stable")
    shown = table.head(_MAX_ROOMS).reset_index()
    shown["room"] = shown["room"].astype(str)
    shown.columns = [_("room"), _("joined there"), _("posts"), _("writers")]
    note = _("Run 0; the {n} with the most posts of {all}.").format(n=len(shown), all=len(table))
    return Table("rooms", _("Rooms"), shown, note=note)
