"""CSV files are what a spreadsheet takes them for: UTF-8, and no formulas."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shequn.sim.results.csv_text import plain, plain_frame
from shequn.sim.results.parquet import write_csv

DANGEROUS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "=é名"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_becomes_text(text: str) -> None:
    assert plain(text) == "'" + text


@pytest.mark.parametrize("value", ["Ann", "群主", "a=b", "", "'=1", "3-4", -3, -1.5, None, True])
def test_anything_else_stays(value: object) -> None:
    assert plain(value) is value


def test_headers_and_words_are_text_too_and_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"=name": pd.Categorical(["@a", "b"]), "n": [-1.5, 2.0], "t": ["-x", None]})
    assert plain_frame(frame).to_csv(index=False) == "'=name,n,t\n'@a,-1.5,'-x\nb,2.0,\n"
    assert list(frame.columns) == ["=name", "n", "t"]


def test_a_parquet_file_becomes_csv_that_excel_reads(tmp_path: Path) -> None:
    table = pa.table({"=f": pa.array(["=1", None, "群"]), "n": pa.array([-1, 2, 3])})
    table = table.append_column("w", pa.array(["@w", "v", "v"]).dictionary_encode())
    pq.write_table(table, tmp_path / "t.parquet")
    write_csv(tmp_path / "t.parquet", tmp_path / "t.csv")
    data = (tmp_path / "t.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines() == [
        '"\'=f","n","w"', '"\'=1",-1,"\'@w"', ',2,"v"', '"群",3,"v"',
    ]  # fmt: skip
    assert pd.read_csv(tmp_path / "t.csv")["n"].tolist() == [-1, 2, 3]
