"""The rhythm of the week: when members visit and write, by weekday and hour."""

import datetime

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FactorRange, LinearColorMapper

from shequn.app.report.drawing import Clock, colour_bar, hover, new_chart
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _

_HOURS = 24


def section(results: ResultFolder, clock: Clock) -> Section:
    """The section on the rhythm of the week, from the journal of run 0."""
    title = _("The rhythm of the week")
    parts: list[Text | Chart] = []
    for kinds, name, words in (
        (("visit",), "visits", _("Visits by weekday and hour")),
        (("post", "reply"), "posts", _("Posts and replies by weekday and hour")),
    ):
        rows = results.journal(kinds, ("time",))
        if len(rows):
            parts.append(_hour_map(rows["time"].to_numpy(dtype=float), clock.start, name, words))
    if not parts:
        parts = [
            Text(
                [
                    _(
                        "The journal of this run does not record visits and posts, so their hours are "
                        "unknown. Run it with --journal full to see them."
                    )
                ]
            )
        ]
    return Section("week", title, list(parts))


def _hour_map(times: np.ndarray, start: datetime.date, name: str, title: str) -> Chart:
    days = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    weekday = (np.floor(times).astype(np.int64) + start.weekday()) % 7
    hour = np.minimum((times % 1.0 * _HOURS).astype(np.int64), _HOURS - 1)
    counts = np.bincount(weekday * _HOURS + hour, minlength=7 * _HOURS)
    hours = np.arange(7 * _HOURS)
    share = 100.0 * counts / counts.sum()
    table = pd.DataFrame(
        {
            "weekday": [days[i] for i in hours // _HOURS],
            "hour": hours % _HOURS,
            "n": counts,
            "percent": share.round(4),
        }
    )
    chart = new_chart(
        220, y_range=FactorRange(*reversed(days)), x_range=(0, _HOURS), x_axis_label=_("hour of the day")
    )
    chart.xaxis.ticker = [0, 3, 6, 9, 12, 15, 18, 21, 24]
    mapper = LinearColorMapper("Cividis256", low=0.0, high=float(share.max()))
    source = ColumnDataSource(
        {"x": (hours % _HOURS + 0.5).tolist(), "day": table["weekday"].tolist(), "n": counts.tolist(),
         "hour": [f"{h:02d}:00 – {h + 1:02d}:00" for h in hours % _HOURS], "share": share.round(3).tolist()}
    )  # fmt: skip
    cells = chart.rect(
        "x", "day", 1, 1, source=source, line_color="white", line_width=0.5,
        fill_color={"field": "share", "transform": mapper},
    )  # fmt: skip
    colour_bar(chart, mapper, "0.0")
    hover(chart, [("", "@day, @hour"), (_("events"), "@n{0,0} (@share{0.00} %)")], [cells])
    caption = _("Run 0, all {n} of them. Colour: percentage in that hour of the week.").format(
        n=f"{len(times):,}"
    )
    return Chart(title, chart, caption, Table(f"{name}-by-hour", title, table))
