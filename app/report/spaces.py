"""Spaces: who sits where, and how good the members of each are."""

import pandas as pd

from shequn.app.report.drawing import Clock, Line, by_run, lines, over_time, rows_to_draw
from shequn.app.report.parts import Chart, Section, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats

COLOURS = (
    colours.BLUE, colours.VERMILION, colours.GREEN, colours.PURPLE, colours.BLACK, colours.ORANGE, colours.SKY,
)  # fmt: skip


def section(results: ResultFolder, clock: Clock) -> Section | None:
    """The section on the members and the temperature of each space; None if there is one space of one room."""
    if not results.has("spaces"):
        return None
    rows = results.table("spaces")
    names = list(dict.fromkeys(rows["space"]))
    if len(names) < 2 and rows["rooms"].nunique() < 2:
        return None
    shown = names[: len(COLOURS)]
    parts: list[Chart | Table] = []
    for column, label, title, numerals in (
        ("members", _("members"), _("Members of each space"), "0,0"),
        ("temperature", _("mean quality"), _("Mean quality in each space"), "0.00"),
    ):
        values = {}
        for name in shown:
            of_space = rows[rows["space"] == name]
            if column == "temperature":
                of_space = of_space.assign(temperature=of_space["temperature"].where(of_space["members"] > 0))
            values[name] = rows_to_draw(by_run(of_space, column))
        chart = over_time(clock, label, numerals)
        measures = [Line(name, name, colour) for name, colour in zip(shown, COLOURS, strict=False)]
        numbers = lines(clock, chart, measures, values, numerals)
        caption = _("Members of a space include those who sit in spaces in it. Bands: lowest to highest run.")
        parts.append(Chart(title, chart, caption, Table(f"spaces-{column}", title, numbers)))
    parts.append(_at_the_end(rows, names))
    return Section("spaces", _("Spaces: who sits where?"), list(parts))


def _at_the_end(rows: pd.DataFrame, names: list[str]) -> Table:
    end = rows[rows["day"] == rows["day"].max()].groupby("space", observed=True).median(numeric_only=True)
    end = end.loc[names]
    table = pd.DataFrame(
        {
            _("space"): names,
            _("rooms"): [formats.count(value) for value in end["rooms"]],
            _("members"): [formats.count(value) for value in end["members"]],
            _("waiting"): [formats.count(value) for value in end["waiting"]],
            _("mean quality"): [formats.level(value) for value in end["temperature"]],
            _("posts"): [formats.count(value) for value in end["posts"]],
        }
    )
    return Table("spaces-at-the-end", _("At the end, in the median of all runs"), table)
