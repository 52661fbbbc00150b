"""The codebook, made from the declarations of the tables: ``python -m shequn.app.codebook``.

``docs/codebook.md`` has every column of every table with its unit, what it means and what a missing value
means. The Parquet files hold the same, as metadata of the schema and its fields. With
``--check`` nothing is written: the command fails if the page is out of date.
"""

from typing import NamedTuple

import click

from shequn.app.generated import write_or_check
from shequn.app.model_tables import ROOT, markdown_table
from shequn.experiments.calibration.forecast import FORECAST, HELD_OUT
from shequn.experiments.calibration.members import GROUP
from shequn.experiments.calibration.tables import PARAMETERS, STATISTICS
from shequn.experiments.comparison import tables as comparison
from shequn.experiments.comparison.curves import CURVES
from shequn.experiments.discovery.tables import BOXES
from shequn.experiments.forecasting import forecast as forecasting
from shequn.experiments.global_sensitivity.tables import INDICES
from shequn.experiments.logs.description import statistics_table
from shequn.experiments.policy_search import tables as search
from shequn.experiments.replicates.replicates import NETWORK, TABLES
from shequn.experiments.studies.calibration.forecasts import FORECASTS
from shequn.experiments.studies.headline.answering import TABLES as HEADLINE
from shequn.experiments.studies.sensitivity import SENSITIVITY
from shequn.experiments.sweeps import tables as sweep
from shequn.experiments.sweeps.series import series_table
from shequn.sim.results.labels import WORDS
from shequn.sim.results.schema import Column, Table
from shequn.sim.results.tables import JOURNAL

PAGE = ROOT / "docs" / "codebook.md"

_HEAD = """# Codebook

Every column of every table that a command writes: its type, its unit, what it means, and when it is missing.
Made from the declarations in the code by `python -m shequn.app.codebook`; the Parquet files hold the same text
(`pyarrow.parquet.read_schema(path)`: `description`, `unit` and `missing` of each field).

A missing value is always a null: an empty cell in CSV, NaN (None for text) in pandas. Columns without an
entry under "missing when" have none. Times are days since 00:00 of the scenario's start date. `run` counts
replicates from 0; numbers of persons and rooms hold within one run. `<…>` stands for a name of your own.

Types: `int32` and `int64` are whole numbers (pandas shows a column with missing ones as `float64`), `float`
and `double` numbers of 32 and 64 bits, `words` text out of a fixed list.
"""


class Group(NamedTuple):
    """Tables written by one command."""

    command: str
    where: str
    tables: tuple[Table, ...]


_FACTOR = sweep.factor("<factor>", is_number=True)
_SWEEP_TABLES = (sweep.responses_table([_FACTOR]), sweep.failures_table([_FACTOR]), series_table([_FACTOR]))
_SEARCH_FACTORS = (search.factor("<factor>", is_number=True),)

GROUPS = (
    Group(
        "shequn run",
        "tables/*.parquet of a run's folder (--csv adds CSV)",
        (*TABLES.values(), *NETWORK.values(), JOURNAL),
    ),
    Group("shequn sweep", "tables/*.parquet of a sweep's folder; also of custom_sweep", _SWEEP_TABLES),
    Group(
        "shequn compare",
        "tables/*.parquet of a comparison's folder, beside those of its sweep with the factor arm",
        (
            comparison.DIFFERENCES,
            comparison.COMPARISONS,
            comparison.PARTINGS,
            CURVES,
            comparison.ASSUMED,
        ),
    ),
    Group(
        "shequn search",
        "tables/*.parquet of a search's folder",
        (
            search.trials_table(_SEARCH_FACTORS, ["<response>"]),
            search.RESPONSES,
            search.best_table(_SEARCH_FACTORS, ["<response>"]),
        ),
    ),
    Group("shequn sensitivity", "tables/*.parquet, beside those of its sweep", (INDICES,)),
    Group("shequn discover", "tables/boxes.parquet and .csv of its folder", (BOXES,)),
    Group("shequn describe --csv", "statistics.csv", (statistics_table(["<log>"]),)),
    Group("shequn calibrate", "*.csv of its folder", (PARAMETERS, STATISTICS, FORECAST, HELD_OUT, GROUP)),
    Group("shequn forecast", "forecast.csv of the folder of --out", (forecasting.FORECAST,)),
    Group("python -m shequn.experiments.studies.headline", "answers/tables/*.parquet", HEADLINE),
    Group(
        "python -m shequn.experiments.studies.calibration.forecasts",
        "forecasts.csv and */forecast.csv",
        (FORECASTS,),
    ),
    Group("python -m shequn.experiments.studies.sensitivity", "experiments/sensitivity.csv", (SENSITIVITY,)),
)


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for group in GROUPS:
        parts.append(f"## `{group.command}`\n\nIn {group.where}.\n")
        parts += [_section(table) for table in group.tables]
    return "\n".join(parts)


def _section(table: Table) -> str:
    rows = [[f"`{c.name}`", _type(c), c.unit, c.text, c.missing] for c in table.columns]
    headings = ("column", "type", "unit", "meaning", "missing when")
    return f"### {table.name}\n\n{table.text}\n\n{markdown_table(headings, rows)}"


def _type(column: Column) -> str:
    return f"words: {', '.join(WORDS[column.name])}" if column.type == "words" else column.type


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if the page is out of date.")
def main(check: bool) -> None:
    """Make docs/codebook.md from the declarations of the tables."""
    write_or_check(PAGE, page(), "shequn.app.codebook", check)


if __name__ == "__main__":
    main()
