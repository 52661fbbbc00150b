"""From finished runs to tables: one row for each run and response, factors as columns."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from shequn.experiments.sweeps.finished import FinishedRuns
from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.working import Finished
from shequn.sim.results.parquet import TableFile

_AT_ONCE = 1000  # runs whose rows are in memory


def write_tables(finished: FinishedRuns, folder: Path) -> int:
    """Write ``responses.parquet`` and ``failures.parquet``; the number of failures.

    Columns
    -------
    responses
        point : number of the parameter set. run : replicate. seed. One column for each factor (a
        number where all its levels are numbers, else text). response : name. value : number.
    failures
        point, run, seed, factors as above. message : what went wrong.

    Rows are in order of replicate, point and response, whatever order the runs finished in.
    """
    plan = finished.plan
    before = [("point", pa.int32()), ("run", pa.int32()), ("seed", pa.int64())]
    before += [
        (name, pa.float64() if number else pa.string())
        for name, number in zip(plan.columns, plan.is_number, strict=True)
    ]
    responses = pa.schema([*before, ("response", pa.string()), ("value", pa.float64())])
    failures = pa.schema([*before, ("message", pa.string())])
    failed = 0
    with (
        TableFile(folder / "responses.parquet", responses) as good,
        TableFile(folder / "failures.parquet", failures) as bad,
    ):
        for batch in _batches(iter(finished)):
            good.append(_table(responses, (row for run in batch for row in _rows(plan, run))))
            wrong = [(*_place(plan, run.number), run.failure) for run in batch if run.values is None]
            bad.append(_table(failures, iter(wrong)))
            failed += len(wrong)
    return failed


def means(responses: Path) -> pd.DataFrame:
    """Means over replicates: a row for each point (its index), a column for each response.

    Unknown values (nan) do not count. Read piece by piece.
    """
    sums: pd.DataFrame | None = None
    for batch in pq.ParquetFile(responses).iter_batches(columns=["point", "response", "value"]):
        rows = batch.to_pandas().groupby(["point", "response"], sort=False)["value"].agg(["sum", "count"])
        sums = rows if sums is None else sums.add(rows, fill_value=0)
    if sums is None:
        return pd.DataFrame()
    table: pd.DataFrame = (sums["sum"] / sums["count"]).unstack("response", sort=False)
    return table.sort_index()


def _batches(runs: Iterator[Finished]) -> Iterator[list[Finished]]:
    while batch := list(islice(runs, _AT_ONCE)):
        yield batch


def _place(plan: Plan, number: int) -> tuple[Any, ...]:
    """The columns that say which run it is."""
    point, replicate = plan.place(number)
    values = [
        float(value) if number_column else str(value)
        for value, number_column in zip(plan.values(point), plan.is_number, strict=True)
    ]
    return (point, replicate, plan.seed_of(number), *values)


def _rows(plan: Plan, run: Finished) -> Iterator[tuple[Any, ...]]:
    if run.values is not None:
        place = _place(plan, run.number)
        for response, value in zip(plan.responses, run.values, strict=True):
            yield (*place, str(response), value)


def _table(schema: pa.Schema, rows: Iterator[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
