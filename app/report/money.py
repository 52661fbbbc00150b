"""Money: what the operator takes and pays."""

import pandas as pd

from shequn.app.report.drawing import Clock, Line, by_run, lines, over_time, rows_to_draw, zero_line
from shequn.app.report.parts import Chart, Part, Section, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats


def section(results: ResultFolder, clock: Clock) -> Section | None:
    """The section on income, costs and balance; None if nobody paid anything."""
    days, runs = results.table("days"), results.table("runs")
    names = {
        "income": _("income: fees and offers"),
        "rewards": _("rewards"),
        "reach_cost": _("bought reach"),
        "staff_cost": _("staff"),
        "balance": _("balance"),
    }
    used = {name: words for name, words in names.items() if name in runs and runs[name].any()}
    if not used:
        return None
    if list(used) == ["income", "balance"]:  # without costs they are the same line
        del used["balance"]
    colour = dict(
        zip(
            names,
            (colours.BLUE, colours.VERMILION, colours.PURPLE, colours.GREEN, colours.BLACK),
            strict=True,
        )
    )
    measures = [Line(name, words, colour[name]) for name, words in used.items()]
    chart = over_time(clock, _("money since the start"))
    zero_line(chart)
    values = {name: rows_to_draw(by_run(days, name)) for name in used}
    numbers = lines(clock, chart, measures, values)
    title = _("Income, costs and balance")
    caption = _("Sums since the start, in the scenario's money. Bands: lowest to highest run.")
    ends = pd.DataFrame(
        {
            _("at the end"): list(used.values()),
            _("median run"): [formats.count(runs[name].median()) for name in used],
            _("lowest"): [formats.count(runs[name].min()) for name in used],
            _("highest"): [formats.count(runs[name].max()) for name in used],
        }
    )
    parts: list[Part] = [
        Chart(title, chart, caption, Table("money", title, numbers)),
        Table("money-at-the-end", _("At the end, in the median of all runs"), ends),
    ]
    return Section("money", _("Money: does it pay its way?"), parts)
