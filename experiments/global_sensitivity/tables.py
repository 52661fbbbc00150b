"""The table of indices of a sensitivity analysis."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.global_sensitivity.indices import Index, indices
from shequn.experiments.global_sensitivity.sampling import UnitSample
from shequn.sim.results.parquet import write_table
from shequn.sim.results.schema import Column, Table

Numbers = npt.NDArray[np.float64]

INDICES = Table(
    "indices",
    "One row for each response, factor and measure.",
    (
        Column("response", "string", "", "Name of the response."),
        Column("factor", "string", "", "Name of the factor."),
        Column("measure", "string", "", "mu_star, mu or sigma (Morris); first or total (Sobol)."),
        Column("value", "double", "", "The index.", "sigma of a single trajectory"),
        Column("low", "double", "", "Lower end of its 95 % interval.", "mu and sigma have none"),
        Column("high", "double", "", "Upper end of its 95 % interval.", "mu and sigma have none"),
        Column(
            "noise",
            "double",
            "",
            "Its expected value from chance between replicates alone.",
            "known for mu_star and total only",
        ),
        Column(
            "clear",
            "bool",
            "",
            "Whether the interval lies above 0 and, for mu_star and total, above the noise.",
        ),
    ),
)


class Answer(NamedTuple):
    """The numbers of a sensitivity analysis, from which sentences and figures are made.

    Attributes
    ----------
    method : str
        ``morris`` or ``sobol``.
    indices : dict
        Indices of all factors by response.
    unknown : dict
        For each response without indices, the number of runs in which it is unknown.
    runs, replicates : int
        Number of runs, in total and of each point.
    table : DataFrame
        The table `INDICES`.
    """

    method: str
    indices: dict[str, list[Index]]
    unknown: dict[str, int]
    runs: int
    replicates: int
    table: pd.DataFrame


def write_indices(folder: Path, sample: UnitSample, responses: Sequence[str], replicates: int) -> Answer:
    """Write ``indices.parquet`` from ``responses.parquet``.

    Parameters
    ----------
    folder : Path
        The folder of the runs, with a folder ``tables``.
    sample : UnitSample
        The points of the runs.
    responses : sequence of str
    replicates : int
        Runs of each point.
    """
    table = pd.read_parquet(folder / "tables" / "responses.parquet")
    by_response: dict[str, list[Index]] = {}
    unknown: dict[str, int] = {}
    for response in responses:
        values = _values(table, response, len(sample.unit), replicates)
        n_unknown = int(np.isnan(values).sum())
        if n_unknown:
            unknown[response] = n_unknown
        else:
            by_response[response] = indices(sample, values)
    rows = [
        {"response": response} | index._asdict() for response, found in by_response.items() for index in found
    ]
    frame = INDICES.frame(pd.DataFrame(rows, columns=list(INDICES.names)))
    write_table(folder, INDICES, frame)
    return Answer(sample.method, by_response, unknown, len(sample.unit) * replicates, replicates, frame)


def _values(table: pd.DataFrame, response: str, points: int, replicates: int) -> Numbers:
    """The values of a response (points, replicates); nan where a run failed or the response is unknown."""
    values = np.full((points, replicates), np.nan)
    rows = table[table["response"] == response]
    values[rows["point"].to_numpy(), rows["run"].to_numpy()] = rows["value"].to_numpy()
    return values
