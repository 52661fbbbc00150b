"""Staff and tasks: what was done, what waited and what was left undone; how many members did a task."""

import pandas as pd

from shequn.app.report.drawing import COLOURS, Clock, Line, by_name, by_run, lines, over_time, rows_to_draw
from shequn.app.report.parts import Chart, Part, Section, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import formats

_LAST_DAYS = 28


def section(results: ResultFolder, clock: Clock) -> Section | None:
    """The section on duties and tasks; None if the scenario has neither."""
    parts: list[Part] = []
    duties = results.table("duties") if results.has("duties") else pd.DataFrame()
    tasks = results.table("tasks") if results.has("tasks") else pd.DataFrame()
    if len(tasks):
        parts.append(_tasks_chart(tasks, clock))
    if len(duties):
        parts += [_waiting_chart(duties, clock), _duties_table(duties)]
    if not parts:
        return None
    return Section("staff", _("Staff and tasks: what is done, and what is left undone?"), parts)


def _tasks_chart(tasks: pd.DataFrame, clock: Clock) -> Chart:
    """Share of the members who did each task, day by day."""
    chart = over_time(clock, _("share of members, %"), "0")
    chart.y_range.start = 0
    values, measures = {}, []
    for (name, rows), colour in zip(by_name(tasks, "task"), COLOURS, strict=False):
        could = rows["members"].where((rows["members"] > 0) & rows["open"])
        share = rows.assign(share=100 * rows["done"] / could)
        values[name] = rows_to_draw(by_run(share, "share"))
        measures.append(Line(name, name, colour))
    table = lines(clock, chart, measures, values, "0.0")
    title = _("Members who did a task that day")
    caption = _(
        "Of all members at the end of the day, on days on which it is open. Bands: lowest to highest run."
    )
    return Chart(title, chart, caption, Table("tasks", title, table))


def _waiting_chart(duties: pd.DataFrame, clock: Clock) -> Chart:
    """What waits for each duty, at the end of each day."""
    chart = over_time(clock, _("waiting at the end of the day"))
    chart.y_range.start = 0
    values, measures = {}, []
    for (name, rows), colour in zip(by_name(duties, "duty"), COLOURS, strict=False):
        values[name] = rows_to_draw(by_run(rows, "waiting"))
        measures.append(Line(name, name, colour))
    table = lines(clock, chart, measures, values)
    title = _("What waits for the staff")
    caption = _(
        "A line that keeps rising shows that the staff have too little time. Bands: lowest to highest run."
    )
    return Chart(title, chart, caption, Table("waiting-for-staff", title, table))


def _duties_table(duties: pd.DataFrame) -> Table:
    """Of each duty, what was done and left undone, per day of the last four weeks."""
    recent = duties[duties["day"] > duties["day"].max() - _LAST_DAYS]
    rows = []
    for name, of_duty in by_name(recent, "duty"):
        done, missed = of_duty["done"].sum(), of_duty["missed"].sum()
        waited = (of_duty["waited"] * of_duty["done"]).sum() / done if done else float("nan")
        rows.append(
            {
                _("duty"): name,
                _("job"): of_duty["job"].iloc[0],
                _("staff"): formats.rate(of_duty["staff"].mean()),
                _("minutes a day"): formats.rate(of_duty["minutes"].mean()),
                _("done a day"): formats.rate(of_duty["done"].mean()),
                _("left undone"): formats.percent(missed / (done + missed)) if done + missed else "–",
                _("hours until it was done"): formats.rate(24 * waited) if done else "–",
            }
        )
    title = _("Duties in the last {n} days, mean of all runs").format(
        n=min(_LAST_DAYS, int(duties["day"].max()))
    )
    return Table("duties", title, pd.DataFrame(rows))
