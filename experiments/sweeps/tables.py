"""The tables of a sweep: responses and failures, with a column for each factor."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.work import RunOutcome
from shequn.sim.results.parquet import TableFile
from shequn.sim.results.schema import Column, Table

_BATCH = 1000  # runs whose rows are in memory at the same time


#: Columns that identify a run; then come the factors.
PLACE = (
    Column("point", "int32", "number", "Parameter set, from 0."),
    Column("run", "int32", "number", "Replicate, from 0."),
    Column("seed", "int64", "", "Seed of this run."),
)


def factor(name: str, is_number: bool) -> Column:
    """The column of a factor."""
    text = "Level of this factor: a number where all its levels are numbers, else text."
    return Column(name, "double" if is_number else "string", "", text)


def responses_table(factors: Iterable[Column]) -> Table:
    """The table of responses."""
    return Table(
        "responses",
        "One row for each run and response, in order of replicate, point and response.",
        (
            *PLACE,
            *factors,
            Column("response", "string", "", "Name of the response."),
            Column("value", "double", "", "Its value in this run.", "unknown in this run"),
        ),
    )


def failures_table(factors: Iterable[Column]) -> Table:
    """The table of runs that failed."""
    return Table(
        "failures",
        "One row for each run that failed.",
        (*PLACE, *factors, Column("message", "string", "", "What went wrong.")),
    )


def write_tables(store: RunStore, folder: Path, n_responses: int | None = None) -> int:
    """Write ``responses.parquet`` and ``failures.parquet``; returns the number of failures.

    Rows are in order of replicate, point and response, independent of the order in which runs finished. With
    ``n_responses``, only the first n responses are written.
    """
    plan = store.plan
    factors = [factor(name, number) for name, number in zip(plan.columns, plan.is_number, strict=True)]
    responses, failures = responses_table(factors), failures_table(factors)
    n_failed = 0
    with (
        TableFile(folder / "responses.parquet", responses) as good,
        TableFile(folder / "failures.parquet", failures) as bad,
    ):
        for batch in _batches(iter(store)):
            good.append(
                responses.arrow_of_rows(row for run in batch for row in _rows(plan, run, n_responses))
            )
            failed_runs = [(*place_of(plan, run.number), run.failure) for run in batch if run.values is None]
            bad.append(failures.arrow_of_rows(failed_runs))
            n_failed += len(failed_runs)
    return n_failed


def means(responses: Path) -> pd.DataFrame:
    """Means over replicates: a row for each point, which is the index, and a column for each response.

    Unknown values do not count. The file is read in batches.
    """
    sums: pd.DataFrame | None = None
    for batch in pq.ParquetFile(responses).iter_batches(columns=["point", "response", "value"]):
        rows = batch.to_pandas().groupby(["point", "response"], sort=False)["value"].agg(["sum", "count"])
        sums = rows if sums is None else sums.add(rows, fill_value=0)
    if sums is None:
        return pd.DataFrame()
    table: pd.DataFrame = (sums["sum"] / sums["count"]).unstack("response", sort=False)
    return table.sort_index()


def _batches(runs: Iterator[RunOutcome]) -> Iterator[list[RunOutcome]]:
    while batch := list(islice(runs, _BATCH)):
        yield batch


def place_of(plan: Plan, number: int) -> tuple[Any, ...]:
    """The values of :data:`PLACE` and of the factors in a run: point, replicate, seed and levels."""
    point, replicate = plan.point_and_replicate(number)
    values = [
        float(value) if number_column else str(value)
        for value, number_column in zip(plan.values(point), plan.is_number, strict=True)
    ]
    return (point, replicate, plan.seed_of(number), *values)


def _rows(plan: Plan, run: RunOutcome, n_responses: int | None) -> Iterator[tuple[Any, ...]]:
    if run.values is not None:
        place = place_of(plan, run.number)
        for response, value in islice(zip(plan.responses, run.values, strict=True), n_responses):
            yield (*place, str(response), value)
