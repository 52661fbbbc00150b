"""Files do not depend on how the rows came in, and hold what was put in."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from shequn.experiments.replicates.replicates import TABLES
from shequn.sim.result import Result
from shequn.sim.results import parquet
from shequn.sim.results.parquet import JournalFile, TableFile, read_table, write_csv
from tests.sim.results.synthetic import synthetic_outcome


@pytest.fixture(autouse=True)
def short_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 256)


def _write(path: Path, rows: Any, chunk: int) -> bytes:
    file = JournalFile(path, 0)
    for start in range(0, len(rows), chunk):
        file(rows[start : start + chunk])
    file.close()
    return path.read_bytes()


@pytest.mark.parametrize("chunk", [1, 100, 256, 10**6])
def test_the_journals_bytes_do_not_depend_on_the_chunks(tmp_path: Path, chunk: int) -> None:
    rows = synthetic_outcome(days=20).journal[:700]
    assert _write(tmp_path / "a.parquet", rows, 37) == _write(tmp_path / "b.parquet", rows, chunk)
    assert pq.ParquetFile(tmp_path / "b.parquet").num_row_groups == 3


def test_the_journal_comes_back_as_it_was(tmp_path: Path, result: Result) -> None:
    _write(tmp_path / "journal.parquet", result.outcome.journal, 100)
    frame = pd.read_parquet(tmp_path / "journal.parquet")
    assert frame.columns[0] == "run"
    pd.testing.assert_frame_equal(frame.drop(columns="run"), result.journal, check_categorical=False)


def test_an_empty_journal_is_a_table_without_rows(tmp_path: Path) -> None:
    JournalFile(tmp_path / "journal.parquet", 0).close()
    assert len(pd.read_parquet(tmp_path / "journal.parquet")) == 0


@pytest.mark.parametrize("name", TABLES)
def test_every_table_comes_back_as_it_was(tmp_path: Path, result: Result, name: str) -> None:
    frame = getattr(result, name)
    declared = TABLES[name]
    table = declared.arrow_of_run(frame, 3)
    for file, parts in (("a", [table]), ("b", [table.slice(i, 11) for i in range(0, len(table), 11)])):
        with TableFile(tmp_path / f"{file}.parquet", declared) as target:
            for part in parts:
                target.append(part)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    back = read_table(tmp_path / "b.parquet")
    assert (back["run"] == 3).all()
    pd.testing.assert_frame_equal(back.drop(columns="run"), frame, check_categorical=False)


def test_csv_says_the_same_as_parquet(tmp_path: Path, result: Result) -> None:
    _write(tmp_path / "journal.parquet", result.outcome.journal, 10**6)
    write_csv(tmp_path / "journal.parquet", tmp_path / "journal.csv")
    with (tmp_path / "journal.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["kind"] for row in rows] == result.journal["kind"].tolist()
    assert [float(row["value"]) for row in rows] == result.journal["value"].tolist()
