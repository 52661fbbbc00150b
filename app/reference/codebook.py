"""The codebook, made from the declarations of the tables.

It has every column of every table with its unit, what it means and what a missing value means. The Parquet files hold
the same, as metadata of the schema and its fields.
"""

from collections.abc import Iterator
from typing import NamedTuple

from shequn.app.model_tables import markdown_table
from shequn.experiments.calibration.forecast import FORECAST, HELD_OUT
from shequn.experiments.calibration.members import GROUP
from shequn.experiments.calibration.tables import PARAMETERS, STATISTICS
from shequn.experiments.claims import tables as claims
from shequn.experiments.comparison import tables as comparison
from shequn.experiments.comparison.curves import CURVES
from shequn.experiments.discovery.tables import BOXES
from shequn.experiments.forecasting import forecast as forecasting
from shequn.experiments.global_sensitivity.tables import INDICES
from shequn.experiments.logs.description import statistics_table
from shequn.experiments.playbook import tables as playbook
from shequn.experiments.policy_search import tables as search
from shequn.experiments.replicates.replicates import NETWORK, TABLES
from shequn.experiments.studies.calibration.forecasts import FORECASTS
from shequn.experiments.studies.headline.answering import TABLES as HEADLINE
from shequn.experiments.studies.sensitivity import SENSITIVITY
from shequn.experiments.sweeps import tables as sweep
from shequn.experiments.sweeps.series import series_table
from shequn.sim.language import N_, _
from shequn.sim.results.labels import WORDS
from shequn.sim.results.schema import Column, Table
from shequn.sim.results.tables import JOURNAL

_HEAD = (
    N_(
        "Every column of every table that a command writes: its type, its unit, what it means, and when it is missing. "
        "Made from the declarations in the code; the Parquet files hold the same text "
        "(`pyarrow.parquet.read_schema(path)`: `description`, `unit` and `missing` of each field)."
    ),
    N_(
        "A missing value is always a null: an empty cell in CSV, NaN (None for text) in pandas. Columns without an "
        "entry under “missing when” have none. Times are days since 00:00 of the scenario's start date. `run` counts "
        "replicates from 0; numbers of persons and rooms hold within one run. `<…>` stands for a name of your own."
    ),
    N_(
        "Types: `int32` and `int64` are whole numbers (pandas shows a column with missing ones as `float64`), `float` "
        "and `double` numbers of 32 and 64 bits, `words` text out of a fixed list."
    ),
)


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
    Group("shequn claims", "tables/*.parquet of a folder of claims", claims.TABLES),
    Group("shequn playbook", "tables/*.parquet of a folder of the playbook", playbook.TABLES),
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
    """The whole page, in the current language."""
    title = _("Tables of results")
    parts = ["\n\n".join([f"# {title}", *map(_, _HEAD)]) + "\n"]
    for group in GROUPS:
        where = _("In {where}.").format(where=_(group.where))
        parts.append(f"## `{group.command}`\n\n{where}\n")
        parts += [_section(table) for table in group.tables]
    return "\n".join(parts)


def texts() -> Iterator[str]:
    """All texts of the tables in English, for the catalogues."""
    for group in GROUPS:
        yield group.where
        for table in group.tables:
            yield table.text
            for column in table.columns:
                yield from (text for text in (column.text, column.unit, column.missing) if text)


def _section(table: Table) -> str:
    rows = [[f"`{c.name}`", _type(c), _(c.unit), _(c.text), _(c.missing)] for c in table.columns]
    headings = [_("column"), _("type"), _("unit"), _("meaning"), _("missing when")]
    return f"### {table.name}\n\n{_(table.text)}\n\n{markdown_table(headings, rows)}"


def _type(column: Column) -> str:
    if column.type != "words":
        return column.type
    return _("words: {words}").format(words=", ".join(WORDS[column.name]))
