"""Who writes: how unequal the number of posts is, and how it depends on quality."""

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FactorRange, NumeralTickFormatter
from bokeh.transform import dodge

from shequn.app.report import carriers
from shequn.app.report.drawing import (
    Clock,
    Key,
    Line,
    add_legend,
    by_run,
    hover,
    lines,
    new_chart,
    over_time,
    rows_to_draw,
)
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats

_STEPS = 200  # points of the Lorenz curve


def section(results: ResultFolder, clock: Clock) -> Section:
    """The section on who writes."""
    days, members, runs = results.table("days"), results.table("members"), results.table("runs")
    title = _("Who talks?")
    if not days["posts"].any():
        return Section("talking", title, [Text([_("Nobody wrote anything.")])])
    never_wrote_share = float((members["n_posts"] == 0).mean())
    summary = _(
        "{silent} of all who ever joined never wrote; the most talkative tenth wrote {top} of everything. "
        "In the last four weeks there were {posts} posts a day."
    ).format(
        silent=formats.percent(never_wrote_share),
        top=formats.spread(runs["top10_share"], formats.percent),
        posts=formats.spread(runs["posts_per_day"], formats.rate),
    )
    return Section(
        "talking",
        title,
        [
            Text([summary]),
            _activity_chart(days, clock),
            *carriers.parts(results),
            _lorenz_chart(members),
            _quality_chart(members),
        ],
    )


def _activity_chart(days: pd.DataFrame, clock: Clock) -> Chart:
    chart = over_time(clock, _("per day, mean of 7 days"))
    chart.y_range.start = 0
    measures = [
        Line("visits", _("visits"), colours.GREEN),
        Line("posts", _("posts and replies"), colours.VERMILION),
    ]
    later = days[days["day"] > 0]
    values = {m.column: by_run(later, m.column).rolling(7, min_periods=1).mean() for m in measures}
    values = {name: rows_to_draw(frame) for name, frame in values.items()}
    table = lines(clock, chart, measures, values, "0,0.0")
    title = _("Visits and posts")
    return Chart(title, chart, "", Table("activity", title, table))


def _lorenz_chart(members: pd.DataFrame) -> Chart:
    posts = np.sort(members["n_posts"].to_numpy(dtype=float))[::-1]
    share = np.linspace(0, 1, _STEPS + 1)
    cumulative = np.concatenate(([0.0], np.cumsum(posts) / max(posts.sum(), 1.0)))
    cumulative_posts = np.interp(share * len(posts), np.arange(len(cumulative)), cumulative)
    table = pd.DataFrame({"people_percent": 100 * share, "posts_percent": (100 * cumulative_posts).round(2)})
    source = ColumnDataSource({name: table[name].to_numpy(dtype=np.float32) for name in table.columns})
    chart = new_chart(
        300,
        x_axis_label=_("most talkative members, % of all who ever joined"),
        x_range=(0, 100),
        y_range=(0, 101),
    )
    chart.yaxis.axis_label = _("share of everything written, %")
    chart.line([0, 100], [0, 100], line_color=colours.GREY, line_dash="dashed")
    chart.varea("people_percent", 0, "posts_percent", source=source, fill_color=colours.BLUE, fill_alpha=0.12)
    line = chart.line(
        "people_percent", "posts_percent", source=source, line_color=colours.BLUE, line_width=2.2
    )
    hover(
        chart,
        [(_("the most talkative"), "@people_percent{0.0} %"), (_("wrote"), "@posts_percent{0.0} %")],
        [line],
        "vline",
    )
    title = _("How unequal talking is")
    caption = _(
        "Dashed: everybody writes equally much. The closer the curve is to the upper left corner, the"
        " fewer members do the talking."
    )
    return Chart(title, chart, caption, Table("inequality", title, table))


def _quality_chart(members: pd.DataFrame) -> Chart:
    edges = np.quantile(members["quality"], [0.2, 0.4, 0.6, 0.8])
    fifth = np.searchsorted(edges, members["quality"].to_numpy(), side="right")
    activity = pd.DataFrame({"fifth": fifth, "posts": members["n_posts"], "visits": members["n_visits"]})
    cumulative = activity.groupby("fifth").sum().reindex(range(5), fill_value=0)
    rows = [_("lowest fifth"), _("2nd"), _("3rd"), _("4th"), _("best fifth")]
    table = pd.DataFrame(
        {
            "quality": rows,
            "posts_percent": (100 * cumulative["posts"] / max(cumulative["posts"].sum(), 1))
            .round(2)
            .to_numpy(),
            "visits_percent": (100 * cumulative["visits"] / max(cumulative["visits"].sum(), 1))
            .round(2)
            .to_numpy(),
        }
    )
    source = ColumnDataSource({name: table[name].to_list() for name in table.columns})
    chart = new_chart(260, x_range=FactorRange(*rows), x_axis_label=_("quality of the member"))
    chart.yaxis.axis_label = _("share, %")
    chart.yaxis.formatter = NumeralTickFormatter(format="0")
    posts = chart.vbar(
        dodge("quality", -0.18, range=chart.x_range),
        0.34,
        "posts_percent",
        source=source,
        color=colours.VERMILION,
    )
    visits = chart.vbar(
        dodge("quality", 0.18, range=chart.x_range),
        0.34,
        "visits_percent",
        source=source,
        color=colours.GREEN,
    )
    add_legend(
        chart,
        [Key(_("posts and replies"), colours.VERMILION, "area"), Key(_("visits"), colours.GREEN, "area")],
    )
    chart.y_range.start = 0
    tips = [
        ("", "@quality"),
        (_("posts and replies"), "@posts_percent{0.0} %"),
        (_("visits"), "@visits_percent{0.0} %"),
    ]
    hover(chart, tips, [posts, visits])
    title = _("Who does the talking, by quality")
    caption = _(
        "Everybody who ever joined, in five groups of equal size by quality; at 20 % a group "
        "contributes its share."
    )
    return Chart(title, chart, caption, Table("talking-by-quality", title, table))
