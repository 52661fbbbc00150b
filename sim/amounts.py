"""Amounts of units, as scenarios write them: ``{points: 5}``, ``{money: 9.9}``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shequn.sim.fields import Fault, Positive
from shequn.sim.hints import did_you_mean
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

MONEY = "money"  # the unit that everybody has


Amounts = dict[str, Positive]  # by the name of the unit


def faults_of_amounts(amounts: dict[str, float], key: str, content: "Content") -> Iterator[Fault]:
    """Unknown units, and points that are not whole numbers."""
    for unit, amount in amounts.items():
        if unit != MONEY and unit not in content.units:
            near = did_you_mean(unit, [MONEY, *content.units]) or _("; units: {known}").format(
                known=", ".join([MONEY, *content.units])
            )
            yield (key, unit), _("there is no unit {unit}{near}").format(unit=unit, near=near)
        elif unit != MONEY and amount != int(amount):
            yield (key, unit), not_whole(unit, amount)


def not_whole(unit: str, amount: float) -> str:
    """The message that an amount is no whole number."""
    return _("{unit} are whole numbers, not {amount:g}").format(unit=unit, amount=amount)
