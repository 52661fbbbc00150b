"""The tables of MODEL.md, read as text: nothing here knows the code they were made from."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

MODEL = Path(__file__).resolve().parents[2] / "MODEL.md"


class Row(NamedTuple):
    """One coefficient, in the words of its row."""

    name: str
    default: str
    unit: str
    span: str
    text: str
    source: str


class Table(NamedTuple):
    """The coefficients of one file of rules."""

    text: str
    rows: tuple[Row, ...]


@lru_cache(maxsize=1)
def _model() -> str:
    return MODEL.read_text(encoding="utf-8")


def _between(name: str) -> str:
    found = re.search(rf"<!-- table: {name} -->\n(.*?)<!-- end of table -->", _model(), re.DOTALL)
    assert found, f"MODEL.md has no table {name!r}"
    return found[1]


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def coefficient_tables() -> dict[str, Table]:
    """Every group of coefficients by its name, in MODEL.md's order."""
    tables = {}
    for part in re.split(r"^(?=\*\*\w+\.\*\*)", _between("rules"), flags=re.MULTILINE)[1:]:
        head = re.match(r"\*\*(\w+)\.\*\* (.*)\n", part)
        assert head
        lines = [_cells(line) for line in part.splitlines() if line.startswith("| `")]
        tables[head[1]] = Table(head[2], tuple(Row(line[0].strip("`"), *line[1:6]) for line in lines))
    return tables


def driver_weights() -> dict[str, tuple[str, str]]:
    """Each driver's mean weight and what it is, from the table of the population."""
    lines = [_cells(line) for line in _between("population").splitlines() if line.startswith("| `drivers.")]
    names = [line[0].strip("`").removeprefix("drivers.") for line in lines]
    return {name: (line[1], line[3]) for name, line in zip(names, lines, strict=True) if name != "spread"}
