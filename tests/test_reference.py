"""The reference pages match the code, and no declared table is left out of the codebook."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import shequn.experiments
import shequn.sim.results
from shequn.agents.rules import GROUPS as RULES
from shequn.app.cli import COMMANDS
from shequn.app.reference.__main__ import PAGES, pages
from shequn.app.reference.codebook import GROUPS
from shequn.sim.kernel.duties.kinds import DUTIES
from shequn.sim.kernel.gates.kinds import GATES
from shequn.sim.operations.kinds import OPERATIONS
from shequn.sim.results.labels import WORDS
from shequn.sim.results.schema import Column, Table
from shequn.sim.scenario.model import base_schema

DECLARED = [table for group in GROUPS for table in group.tables]


MADE = list(pages())


@pytest.mark.parametrize(("path", "made"), MADE, ids=[f"{path.parts[-3]}/{path.stem}" for path, _ in MADE])
def test_a_reference_page_is_up_to_date(path: Path, made: str) -> None:
    assert path.read_text(encoding="utf-8") == made, "run: python -m shequn.app.reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_says_the_same_in_both_languages(name: str) -> None:
    english, chinese = (text for path, text in MADE if path.stem == name)
    for what in (r"^#+ ", r"^\| `[^`]+`"):
        assert len(re.findall(what, english, re.MULTILINE)) == len(re.findall(what, chinese, re.MULTILINE))
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", chinese, flags=re.DOTALL)
    sentences = re.findall(r"\b(?:[A-Z][a-z]+|[a-z]{2,}) [a-z]{2,} [a-z]{2,} [a-z]{2,}\b", prose)
    assert sentences == []


def test_every_command_and_key_is_in_the_reference() -> None:
    made = {path.stem: text for path, text in MADE if "en" in path.parts}
    assert re.findall(r"^## shequn (\S+)$", made["commands"], re.MULTILINE) == list(COMMANDS)
    for name, kinds in (("gates", GATES), ("operations", OPERATIONS), ("duties", DUTIES)):
        assert re.findall(r"^## (\w+)$", made[name], re.MULTILINE) == list(kinds)
    for group in RULES:
        assert all(
            f"| `{one.name}` |" in made["rules"].split(f"\n## {group.name}\n")[1]
            for one in group.coefficients
        )
    for name in base_schema()["properties"]:
        assert re.search(rf"`{name}`|^## {name}$|\[{name}\]", made["scenario"], re.MULTILINE), name


def test_every_declared_table_is_in_the_codebook() -> None:
    listed = {table.columns for table in DECLARED}
    for package in (shequn.sim.results, shequn.experiments):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rsplit(".", 1)[-1] == "__main__" or ".benchmarks" in module.name:
                continue  # commands, and what needs packages of its own
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Table):
                    assert value.columns in listed, (
                        f"{module.name}.{name} is not in app/reference/codebook.py"
                    )


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
