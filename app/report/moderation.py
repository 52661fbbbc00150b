"""Advertisements by members, reports by readers, and what the staff took down."""

import pandas as pd

from shequn.app.report.drawing import Clock, Line, by_run, lines, over_time, rows_to_draw
from shequn.app.report.parts import Chart, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats

_COLUMNS = ("advertisements", "reports", "taken_down", "mistakes")
_DAYS = 7  # of the mean


def section(results: ResultFolder, clock: Clock) -> Section | None:
    """The section on advertising; None if nobody advertised or reported anything."""
    days = results.table("days")
    if not days[list(_COLUMNS)].any().any():
        return None
    sums = days.groupby("run")[list(_COLUMNS)].sum()
    summary = _(
        "Members wrote {ads} advertisements and reported {reports} posts; {taken_down} posts were taken down, "
        "{mistakes} of them by mistake."
    ).format(
        ads=formats.spread(sums["advertisements"], formats.count),
        reports=formats.spread(sums["reports"], formats.count),
        taken_down=formats.spread(sums["taken_down"], formats.count),
        mistakes=formats.spread(sums["mistakes"], formats.count),
    )
    title = _("Advertising: how much is there, and what is taken down?")
    return Section("moderation", title, [Text([summary]), _chart(days, clock)])


def _chart(days: pd.DataFrame, clock: Clock) -> Chart:
    """Advertisements, reports and posts taken down, day by day."""
    chart = over_time(clock, _("per day, mean of 7 days"))
    chart.y_range.start = 0
    measures = [
        Line("advertisements", _("advertisements"), colours.VERMILION),
        Line("reports", _("reports"), colours.BLUE),
        Line("taken_down", _("taken down"), colours.GREEN),
    ]
    later = days[days["day"] > 0]
    means = {m.column: by_run(later, m.column).rolling(_DAYS, min_periods=1).mean() for m in measures}
    values = {name: rows_to_draw(frame) for name, frame in means.items()}
    table = lines(clock, chart, measures, values, "0,0.0")
    title = _("Advertisements and moderation")
    return Chart(title, chart, "", Table("moderation", title, table))
