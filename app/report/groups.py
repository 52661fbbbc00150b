"""Groups of the population: how many of each are members, and how good they are."""

import pandas as pd

from shequn.app.report.drawing import Clock, Line, by_run, lines, over_time, rows_to_draw
from shequn.app.report.parts import Chart, Section, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.app.report.spaces import COLOURS
from shequn.sim.language import _
from shequn.sim.presentation import formats
from shequn.sim.wording import exact_percent


def section(results: ResultFolder, clock: Clock) -> Section | None:
    """The section on the groups of the population; None if it has none."""
    if not results.has("groups"):
        return None
    rows = results.table("groups")
    names = list(dict.fromkeys(rows["group"]))
    shown = names[: len(COLOURS)]
    values = {name: rows_to_draw(by_run(rows[rows["group"] == name], "members")) for name in shown}
    chart = over_time(clock, _("members"), "0,0")
    measures = [Line(name, name, colour) for name, colour in zip(shown, COLOURS, strict=False)]
    title = _("Members of each group")
    numbers = lines(clock, chart, measures, values, "0,0")
    caption = _("Bands: lowest to highest run.")
    drawn = Chart(title, chart, caption, Table("groups-members", title, numbers))
    return Section("groups", _("Groups: who joins, and who stays?"), [drawn, _table(results, rows, names)])


def _table(results: ResultFolder, rows: pd.DataFrame, names: list[str]) -> Table:
    groups = results.scenario.population.groups
    members = rows.pivot_table("members", ["run", "day"], "group", observed=True)[names]
    shares = members.div(members.sum(axis=1), axis=0).groupby("day").median()
    flows = rows.groupby(["run", "group"], observed=True)[["joins", "departures", "removals"]].sum()
    flows = flows.groupby("group", observed=True).median().loc[names]
    level = rows.groupby(["day", "group"], observed=True)["temperature"].median().unstack("group")[names]
    people = results.table("members")
    posts = people.groupby("group", observed=True)["n_posts"].mean().reindex(names)
    table = pd.DataFrame(
        {
            _("group"): names,
            _("share of the population"): [exact_percent(groups[name].share) for name in names],
            _("share of members at the start"): [formats.percent(value) for value in shares.iloc[0]],
            _("share of members at the end"): [formats.percent(value) for value in shares.iloc[-1]],
            _("joins"): [formats.count(value) for value in flows["joins"]],
            _("departures"): [formats.count(value) for value in flows["departures"]],
            _("removals"): [formats.count(value) for value in flows["removals"]],
            _("mean quality at the start"): [formats.level(value) for value in level.iloc[0]],
            _("mean quality at the end"): [formats.level(value) for value in level.iloc[-1]],
            _("posts per person"): [formats.level(value) for value in posts],
        }
    )
    note = _(
        "Median of all runs. Mean quality is that of the members of a group. Posts: mean of all who ever joined."
    )
    return Table("groups", _("Groups of the population"), table, note=note)
