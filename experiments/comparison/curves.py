"""Daily measures of every run of a comparison, on some of its days: the course of each arm over time."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.designs.responses import Response
from shequn.sim.results.schema import Column, Table
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

MAX_DAYS = 61  # days of a curve, the first and the last included
_COLUMNS = ("members", "temperature", "active_week")
_MONEY = "balance"
INSIDE = 0.8  # share of the runs inside a band

_NONE = "the measure is unknown in every run"

CURVES = Table(
    "curves",
    "One row for each arm, daily measure and day of its curve, over all runs in which it is known.",
    (
        Column("arm", "string", "", "The arm."),
        Column("measure", "string", "", "Column of `days`."),
        Column("day", "int64", "day", "Day that ends at this time."),
        Column("mean", "double", "", "Mean over runs.", _NONE),
        Column("low", "double", "", f"{INSIDE:.0%} of the runs lie between this and `high`.", _NONE),
        Column("high", "double", "", "The upper end.", _NONE),
    ),
)


class Curves(NamedTuple):
    """The measures and days of the curves."""

    columns: tuple[str, ...]
    days: tuple[int, ...]

    @property
    def responses(self) -> tuple[Response, ...]:
        """Every measure on every day, measure by measure."""
        return tuple(Response(column, day) for column in self.columns for day in self.days)


def curves_of(arms: Iterable[Scenario]) -> Curves:
    """The curves of a comparison of these arms, up to the end of the shortest."""
    arms = list(arms)
    last = min(scenario.days for scenario in arms)
    days = np.unique(np.linspace(0, last, min(MAX_DAYS, last + 1)).round().astype(int))
    money = (_MONEY,) if any(scenario.has_money for scenario in arms) else ()
    return Curves((*_COLUMNS, *money), tuple(map(int, days)))


def curves_table(curves: Curves, arms: Iterable[str], values: Numbers) -> pd.DataFrame:
    """The table :data:`CURVES`.

    Parameters
    ----------
    curves : Curves
    arms : iterable of str
    values : f8 array (arm, run, measure × day)
        Values of `Curves.responses`; nan where a run failed. Where nobody is a member there is no mean quality: the
        0 of the table `days` is left out.
    """
    shape = (*values.shape[:2], len(curves.columns), len(curves.days))
    rows = []
    for arm, of_arm in zip(arms, values.reshape(shape), strict=True):
        is_empty = of_arm[:, curves.columns.index("members")] == 0.0
        for place, column in enumerate(curves.columns):
            known = (
                np.where(is_empty, np.nan, of_arm[:, place]) if column == "temperature" else of_arm[:, place]
            )
            frame = pd.DataFrame(known, columns=list(curves.days))
            rows.append(
                pd.DataFrame(
                    {
                        "arm": arm,
                        "measure": column,
                        "day": curves.days,
                        "mean": frame.mean().to_numpy(),
                        "low": frame.quantile((1.0 - INSIDE) / 2.0).to_numpy(),
                        "high": frame.quantile((1.0 + INSIDE) / 2.0).to_numpy(),
                    }
                )
            )
    return CURVES.frame(pd.concat(rows, ignore_index=True))
