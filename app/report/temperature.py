"""Temperature: the mean quality of members, and the three processes that change it."""

import pandas as pd

from shequn.app.report.drawing import Clock, Line, by_run, days_to_draw, lines, over_time, zero_line
from shequn.app.report.parts import Chart, Section, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats


def section(results: ResultFolder, clock: Clock) -> Section:
    """Temperature, split into dilution, evaporation and pruning."""
    days = results.table("days")
    days = days[days["day"].isin(days_to_draw(clock.days))]
    return Section(
        "temperature",
        _("Temperature: what cooled it, joins or departures?"),
        [_level_chart(days, clock), _components_chart(days, clock), _components_table(results.table("runs"))],
    )


def _level_chart(days: pd.DataFrame, clock: Clock) -> Chart:
    chart = over_time(clock, _("mean quality (0 to 1)"), "0.00")
    measures = [
        Line("temperature", _("all members"), colours.BLACK),
        Line("temperature_active", _("seen in the last 30 days"), colours.BLUE),
    ]
    table = lines(clock, chart, measures, {m.column: by_run(days, m.column) for m in measures}, "0.000")
    caption = _(
        "Where the line of active members lies below the other, good members have gone quiet before leaving."
    )
    title = _("Temperature: mean quality of members")
    return Chart(title, chart, caption, Table("temperature", title, table))


def _components_chart(days: pd.DataFrame, clock: Clock) -> Chart:
    chart = over_time(clock, _("change of mean quality since the start"), "0.00")
    zero_line(chart)
    measures = [
        Line("dilution", _("dilution: joins"), colours.BLUE),
        Line("evaporation", _("evaporation: departures"), colours.VERMILION),
        Line(
            "evaporation_control",
            _("the same departures, independent of quality"),
            colours.BLACK,
            "dashed",
            band=False,
        ),
    ]
    if days["pruning"].abs().max() > 0:
        measures.append(Line("pruning", _("pruning: removals"), colours.GREEN))
    table = lines(clock, chart, measures, {m.column: by_run(days, m.column) for m in measures}, "0.000")
    caption = _(
        "The parts add up exactly to the change of temperature. Where evaporation lies below the "
        "dashed line, departures took away more quality than chance would have: that is evaporative "
        "cooling."
    )
    title = _("What changed it")
    return Chart(title, chart, caption, Table("temperature-parts", title, table))


def _components_table(runs: pd.DataFrame) -> Table:
    change = runs["temperature_end"] - runs["temperature_start"]
    rows = [
        (_("dilution (joins)"), runs["dilution"]),
        (_("evaporation (departures)"), runs["evaporation"]),
        (_("pruning (removals)"), runs["pruning"]),
        (_("total"), change),
        (_("evaporation, if departures were independent of quality"), runs["evaporation_control"]),
    ]
    table = pd.DataFrame(
        {
            _("part"): [name for name, _values in rows],
            _("median run"): [formats.change(values.median()) for _name, values in rows],
            _("lowest"): [formats.change(values.min()) for _name, values in rows],
            _("highest"): [formats.change(values.max()) for _name, values in rows],
        }
    )
    return Table("temperature-sums", _("The change of temperature and its parts"), table)
