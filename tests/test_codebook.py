"""The codebook matches the declarations, and no declared table is left out of it."""

import importlib
import pkgutil

import pytest

import shequn.experiments
import shequn.sim.results
from shequn.app.codebook import GROUPS, PAGE, page
from shequn.sim.results.labels import WORDS
from shequn.sim.results.schema import Column, Table

DECLARED = [table for group in GROUPS for table in group.tables]


def test_the_codebook_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m shequn.app.codebook"


def test_every_declared_table_is_in_the_codebook() -> None:
    listed = {table.columns for table in DECLARED}
    for package in (shequn.sim.results, shequn.experiments):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rsplit(".", 1)[-1] == "__main__" or ".benchmarks" in module.name:
                continue  # commands, and what needs packages of its own
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Table):
                    assert value.columns in listed, f"{module.name}.{name} is not in app/codebook.py"


@pytest.mark.parametrize("table", DECLARED, ids=lambda table: table.name)
def test_every_column_has_a_type_and_a_sentence(table: Table) -> None:
    assert table.text.endswith(".")
    assert len(set(table.names)) == len(table.names)
    for column in table.columns:
        assert column.text.endswith("."), column
        assert not column.missing.endswith("."), column
        assert column.field().type is not None
        assert column.type != "words" or column.name in WORDS, column


def test_what_cannot_be_missing_is_refused_when_it_is() -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = Table("t", "Rows.", (Column("n", "int64", "people", "People."),))
    with pytest.raises(pa.ArrowInvalid, match="non-nullable"):
        pq.write_table(table.arrow({"n": [1, None]}), pa.BufferOutputStream())


def test_a_column_that_is_not_declared_is_refused() -> None:
    table = Table("t", "Rows.", (Column("n", "int64", "people", "People."),))
    with pytest.raises(ValueError, match="other columns: m"):
        table.arrow({"n": [1], "m": [2]})
