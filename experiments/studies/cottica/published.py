"""The published cells of Cottica's table, and the deviation of our runs from them."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from shequn.experiments.studies.cottica.model import RESPONSES
from shequn.experiments.studies.cottica.parameters import Parameters
from shequn.sim.hints import did_you_mean

RUNS = 24  # of each published cell
LIMIT = 3.5  # of |z|
LEVEL = 1e-4  # of the test of dropouts

Values = npt.NDArray[np.float64]


class CellsError(ValueError):
    """A table of cells cannot be read; the message says where and why."""


class Cell(NamedTuple):
    """A published parameter set with means and standard deviations by response."""

    parameters: Parameters
    means: Mapping[str, float]
    sds: Mapping[str, float]


def read_cells(path: Path) -> list[Cell]:
    """The cells of a CSV file.

    Columns are parameters by their names, and ``<response>_mean`` and ``<response>_sd``.

    Raises
    ------
    CellsError
        A column or value is unknown, missing or out of range.
    OSError
    """
    import pandas as pd

    try:
        table = pd.read_csv(path)
    except (ValueError, UnicodeDecodeError) as error:
        raise CellsError(f"{path}: {error}") from None
    figures = [f"{name}_{what}" for name in RESPONSES for what in ("mean", "sd")]
    known = (*Parameters.model_fields, *figures)
    for column in table.columns:
        if column not in known:
            raise CellsError(f"{path}, line 1: there is no column {column!r}{did_you_mean(column, known)}")
    for column in (f"{name}_mean" for name in ("dropouts", "total_comments", "mgmt_effort")):
        if column not in table.columns:
            raise CellsError(f"{path}, line 1: the column {column} is missing")
    for column in table.columns.intersection(figures):
        if not pd.api.types.is_numeric_dtype(table[column]) or not np.isfinite(table[column]).all():
            raise CellsError(f"{path}: the column {column} holds a value that is not a number")
    return [_cell(row, f"{path}, line {line}") for line, row in enumerate(table.to_dict("records"), 2)]


def _cell(row: Mapping[Any, Any], where: str) -> Cell:
    values = {name: value for name, value in row.items() if name in Parameters.model_fields}
    try:
        parameters = Parameters.model_validate(values)
    except ValidationError as error:
        raise CellsError(f"{where}: {wrong(error)}") from None
    means = {name: float(row[f"{name}_mean"]) for name in RESPONSES if f"{name}_mean" in row}
    sds = {name: float(row[f"{name}_sd"]) for name in RESPONSES if f"{name}_sd" in row}
    return Cell(parameters, means, sds)


def wrong(error: ValidationError) -> str:
    """The problems of a parameter set, in one line."""
    parts = []
    for detail in error.errors(include_url=False):
        name = ".".join(str(key) for key in detail["loc"])
        value = "" if isinstance(detail["input"], dict) else f" is {detail['input']!r}: "
        parts.append(f"{name}{value}{detail['msg']}")
    return "; ".join(parts)


def rounding(value: float) -> float:
    """Standard deviation of the error of a printed mean.

    The table seems to be in Stata's default format: seven digits, and three from ten million upwards.
    """
    if value == 0.0:
        return 0.0
    digits = 3 if abs(value) >= 1e7 else 7
    unit: float = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits)
    return unit / math.sqrt(12.0)


def z_score(values: Values, mean: float, sd: float | None) -> float:
    """Our mean minus a published one, over their pooled standard error including rounding.

    Parameters
    ----------
    values : f8 array (runs)
        Ours.
    mean, sd : float
        The published mean and standard deviation over 24 runs; without the latter, ours is used.
    """
    own = float(np.var(values, ddof=1))
    theirs = own if sd is None else sd * sd
    error = math.sqrt(own / len(values) + theirs / RUNS + rounding(mean) ** 2)
    deviation = float(np.mean(values)) - mean
    return deviation / error if error > 0.0 else math.copysign(math.inf, deviation) if deviation else 0.0


def count_test(values: Values, mean: float) -> float:
    """p value of the hypothesis that two samples of counts have the same mean; exact for Poisson counts.

    Given the sum of both, ours is binomial with our share of all runs (Przyborowski & Wilenski 1940).

    Parameters
    ----------
    values : f8 array (runs)
        Our counts.
    mean : float
        The published mean of 24 counts.
    """
    from scipy.stats import binomtest

    ours, theirs = round(float(np.sum(values))), round(mean * RUNS)
    if ours + theirs == 0:
        return 1.0
    return float(binomtest(ours, ours + theirs, len(values) / (len(values) + RUNS)).pvalue)


class Fit(NamedTuple):
    """The deviation of our runs of a cell from the published ones."""

    z: Mapping[str, float]  # by response, without dropouts
    p_dropouts: float

    @property
    def holds(self) -> bool:
        """Whether comments, effort and dropouts agree with those published."""
        return (
            abs(self.z["total_comments"]) < LIMIT
            and abs(self.z["mgmt_effort"]) < LIMIT
            and self.p_dropouts > LEVEL
        )


def fit(cell: Cell, values: Mapping[str, Values]) -> Fit:
    """Compare our runs of a cell, by response, with the published values."""
    z = {
        name: z_score(values[name], mean, cell.sds.get(name))
        for name, mean in cell.means.items()
        if name != "dropouts"
    }
    return Fit(z, count_test(values["dropouts"], cell.means["dropouts"]))
