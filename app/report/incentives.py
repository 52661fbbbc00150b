"""Incentives: what was earned, spent and sold, and how far people got, from finding the community to buying again."""

import math

import pandas as pd

from shequn.app.report.drawing import COLOURS, Clock, Line, by_name, by_run, lines, over_time, rows_to_draw
from shequn.app.report.parts import Chart, Part, Section, Table
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import N_, _
from shequn.sim.presentation import formats

_STEPS = {
    "found": N_("found or invited"),
    "joined": N_("joined"),
    "spoke": N_("wrote"),
    "week_4": N_("stayed four weeks"),
    "bought": N_("took an offer"),
    "again": N_("took another"),
}
_LEAST = 0.5  # units: less is rounding
_CHANNELS = {
    "founder": N_("founders"),
    "stranger": N_("found it by themselves"),
    "invitation": N_("invited by a member"),
    "arrival": N_("brought by an operation"),
}


def section(results: ResultFolder, clock: Clock) -> Section | None:
    """The section on units and offers; None if the scenario has neither."""
    units = results.table("units") if results.has("units") else pd.DataFrame()
    if not len(units):
        return None
    parts: list[Part] = []
    held = units[units["unit"] != "money"]
    if len(held):
        parts.append(_units_chart(held, clock))
    if units["earned"].sum() > 0:
        parts.append(_units_table(units))
    earned, offers = results.table("earned"), results.table("offers")
    if len(earned) or units["earned"].sum() > 0:
        parts.append(_earned_table(earned, units))
    if len(offers):
        parts.append(_offers_table(offers))
    parts.append(_funnel_table(results.table("funnel")))
    return Section("incentives", _("Incentives: what is earned, and who buys?"), parts)


def _units_chart(units: pd.DataFrame, clock: Clock) -> Chart:
    """What is on all accounts, day by day."""
    chart = over_time(clock, _("units on all accounts"))
    chart.y_range.start = 0
    values, measures = {}, []
    for (name, rows), colour in zip(by_name(units, "unit"), COLOURS, strict=False):
        values[name] = rows_to_draw(by_run(rows, "outstanding"))
        measures.append(Line(name, name, colour))
    table = lines(clock, chart, measures, values)
    title = _("Units that members hold")
    caption = _(
        "What was earned, less what was spent, has expired or was lost by leaving. Bands: lowest to highest run."
    )
    return Chart(title, chart, caption, Table("units-held", title, table))


def _units_table(units: pd.DataFrame) -> Table:
    """Of each unit, what became of it."""
    rows = []
    for name, of_unit in by_name(units, "unit"):
        sums = of_unit.groupby("run")[["earned", "spent", "expired"]].sum().mean()
        if sums["earned"] == 0:
            continue
        rows.append(
            {
                _("unit"): name,
                _("earned"): formats.count(sums["earned"]),
                _("spent"): formats.count(sums["spent"]),
                _("expired or lost"): formats.count(sums["expired"]),
            }
        )
    return Table("units", _("Units in the whole run, mean of all runs"), pd.DataFrame(rows))


def _earned_table(earned: pd.DataFrame, units: pd.DataFrame) -> Table:
    """Of each earn rule, what it paid; of each unit, what came from elsewhere: awards, and offers that give it."""
    rows = []
    for name, of_rule in by_name(earned, "rule"):
        sums = of_rule.groupby("run")[["paid", "sum"]].sum().mean()
        rows.append(
            {
                _("earn rule"): name,
                _("payments"): formats.count(sums["paid"]),
                _("paid"): formats.count(sums["sum"]),
                _("unit"): of_rule["unit"].iloc[0],
            }
        )
    in_all = units.groupby(["run", "unit"])["earned"].sum()
    by_rules = earned.groupby(["run", "unit"])["sum"].sum() if len(earned) else pd.Series(dtype=float)
    rest = in_all.sub(by_rules, fill_value=0.0).groupby("unit").mean()
    for unit, total in rest[rest > _LEAST].items():
        rows.append(
            {
                _("earn rule"): _("awards, and what offers give"),
                _("payments"): "–",
                _("paid"): formats.count(total),
                _("unit"): unit,
            }
        )
    return Table("earned", _("What is rewarded, mean of all runs"), pd.DataFrame(rows))


def _offers_table(offers: pd.DataFrame) -> Table:
    """Of each offer, how many were taken for what."""
    rows = []
    for name, of_offer in by_name(offers, "offer"):
        sums = of_offer.groupby("run")[["sold", "units", "money"]].sum().mean()
        rows.append(
            {
                _("offer"): name,
                _("taken"): formats.count(sums["sold"]),
                _("for units"): formats.count(sums["units"]),
                _("for money"): formats.count(sums["money"]),
            }
        )
    return Table("offers", _("Offers in the whole run, mean of all runs"), pd.DataFrame(rows))


def _funnel_table(funnel: pd.DataFrame) -> Table:
    """How far people got, by the channel through which they came first."""
    mean = funnel.groupby(["channel", "step"], observed=True)["people"].mean().unstack("step")
    total = mean.sum()
    came = [channel for channel in _CHANNELS if mean["joined"][channel] > 0]
    rows = []
    for step, words in _STEPS.items():
        row = {_("step"): _(words), _("all"): formats.count(total[step])}
        for channel in came:
            people = float(mean[step][channel])
            row[_(_CHANNELS[channel])] = "–" if math.isnan(people) else formats.count(people)
        rows.append(row)
    return Table(
        "funnel", _("From finding to buying: people in the whole run, mean of all runs"), pd.DataFrame(rows)
    )
