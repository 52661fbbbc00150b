"""The series of a sweep: the measures of every day of every run."""

from collections.abc import Iterable
from pathlib import Path

from shequn.experiments.designs.design import Design
from shequn.experiments.sweeps.packed_days import unpacked
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.tables import PLACE, factor, place_of
from shequn.sim.language import _
from shequn.sim.results.parquet import TableFile
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.results.tables import DAYS

#: The columns of a day.
_DAILY = {column.name: column for column in DAYS.columns if column is not RUN}


class NameTakenError(ValueError):
    """A factor has the name of a column of the series."""


def series_table(factors: Iterable[Column]) -> Table:
    """The table of series."""
    return Table(
        "series",
        "One row for each run that did not fail and each of its days, day 0 (the start) included, in order of "
        "replicate, point and day. With --series.",
        (*PLACE, *factors, *_DAILY.values()),
    )


def check_names(design: Design) -> None:
    """Check that the names of a design's factors are free in the table of series.

    Raises
    ------
    NameTakenError
        One of them is the name of a daily measure.
    """
    for one in design.factors:
        if one.name in _DAILY:
            text = _("the factor {name} has the name of a daily measure; with --series give it another name")
            raise NameTakenError(text.format(name=one.name))


def write_series(store: RunStore, folder: Path) -> None:
    """Write ``series.parquet``, run by run in order of their numbers.

    Raises
    ------
    DamagedError
        What was stored of a run was changed since.
    """
    plan = store.plan
    declared = series_table(
        factor(name, number) for name, number in zip(plan.columns, plan.is_number, strict=True)
    )
    with TableFile(folder / "series.parquet", declared) as file:
        for number in range(plan.runs):
            stored = store.series(number)
            if stored is not None:
                days = unpacked(stored)
                place = dict(zip(declared.names, place_of(plan, number), strict=False))
                columns = {name: [value] * len(days) for name, value in place.items()}
                file.append(declared.arrow({**columns, **{name: days[name] for name in _DAILY}}))
