"""The tables of units, earn rules and offers: what members earned, spent, lost and bought, day by day."""

from typing import Any

import numpy as np
import pandas as pd

from shequn.sim.incentives import unit_names
from shequn.sim.results.schema import RUN, Column, Table

_DAY = Column("day", "int64", "day", "Day that ends at this time, in days since the start.")
UNITS = Table(
    "units",
    "One row for each day and unit, day 0 (the start) included: the day that ends. What was earned has been spent, "
    "has expired or is outstanding.",
    (
        RUN,
        _DAY,
        Column("unit", "string", "", "Name of the unit; money is paid out at once."),
        Column("earned", "double", "units", "Units that members got that day.", adds_up=True),
        Column("spent", "double", "units", "Units that offers took that day.", adds_up=True),
        Column(
            "expired",
            "double",
            "units",
            "Units that expired that day, or were lost by leaving.",
            adds_up=True,
        ),
        Column("outstanding", "double", "units", "Units on all accounts, at the end of the day."),
    ),
)
EARNED = Table(
    "earned",
    "One row for each day and earn rule, day 0 (the start) included: the day that ends.",
    (
        RUN,
        _DAY,
        Column("rule", "string", "", "Name of the earn rule."),
        Column("unit", "string", "", "Unit in which it pays."),
        Column("paid", "int64", "payments", "Payments that day.", adds_up=True),
        Column("sum", "double", "units", "Units, or money, that it paid that day.", adds_up=True),
    ),
)
OFFERS = Table(
    "offers",
    "One row for each day and offer, day 0 (the start) included: the day that ends.",
    (
        RUN,
        _DAY,
        Column("offer", "string", "", "Name of the offer."),
        Column("sold", "int64", "pieces", "How many were taken that day.", adds_up=True),
        Column("units", "double", "units", "Units that they took.", adds_up=True),
        Column("money", "double", "money", "Money that members paid for them.", adds_up=True),
    ),
)


def units_table(outcome: Any) -> pd.DataFrame:
    """The table :data:`UNITS` of one run."""
    rows = outcome.unit_days
    return _frame(UNITS, rows, {"unit": _of(unit_names(outcome.scenario), rows["unit"])})


def earned_table(outcome: Any) -> pd.DataFrame:
    """The table :data:`EARNED` of one run."""
    rows, rules = outcome.rule_days, outcome.scenario.earn
    units = [rule.unit for rule in rules.values()]
    return _frame(EARNED, rows, {"rule": _of(list(rules), rows["rule"]), "unit": _of(units, rows["rule"])})


def offers_table(outcome: Any) -> pd.DataFrame:
    """The table :data:`OFFERS` of one run."""
    rows = outcome.offer_days
    return _frame(OFFERS, rows, {"offer": _of(list(outcome.scenario.offers), rows["offer"])})


def _frame(table: Table, rows: Any, words: dict[str, Any]) -> pd.DataFrame:
    return table.frame({name: rows[name] for name in rows.dtype.names} | words)


def _of(names: list[str], numbers: Any) -> Any:
    return np.array(names, dtype=object)[numbers] if names else np.zeros(0, dtype=object)
