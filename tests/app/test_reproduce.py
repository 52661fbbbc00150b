"""A finished run is made again to the byte, or the command says exactly why not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli
from shequn.sim.results.manifest import file_digest, seal

SMALL = ["--days", "20", "--runs", "2", "--jobs", "1"]


def shequn(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def made(*arguments: object, out: str = "results") -> Path:
    """Make a run; returns its folder."""
    done = shequn("run", *arguments, "--out", out)
    assert done.exit_code == 0, done.output
    manifests = sorted(Path(out).glob("*/*/manifest.json"), key=lambda path: path.stat().st_mtime)
    return manifests[-1].parent


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    people = [(k, (k * 7 + step) % 60) for k in range(60) for step in (1, 4)]
    Path("friends.csv").write_text("a,b\n" + "".join(f"p{a},p{b}\n" for a, b in people if a != b))
    Path("mine").mkdir()
    Path("mine/friends.csv").write_bytes(Path("friends.csv").read_bytes())
    Path("mine/club.yaml").write_text(
        "format: 2\ntitle: Club\ndays: 20\nruns: 2\npopulation: {founders: 10, graph: {file: friends.csv}}\n"
    )


def saved() -> Path:
    return made("small-circle", *SMALL, "--until", 12, "--save")


TEN: dict[str, Callable[[], Path]] = {
    "shipped": lambda: made("small-circle", *SMALL),
    "variant": lambda: made("open-group:closed", "--days", 15, "--runs", 1, "--jobs", 1),
    "values": lambda: made("small-circle", *SMALL, "--set", "community.openness=0.9", "--seed", 77),
    "csv": lambda: made("small-circle", *SMALL, "--csv"),
    "without a journal": lambda: made("small-circle", *SMALL, "--journal", "none"),
    "graph": lambda: made("small-circle", *SMALL, "--graph", "friends.csv"),
    "file of its own": lambda: made("mine/club.yaml"),
    "spaces": lambda: made("reading-club", "--days", 12, "--runs", 1),
    "saved": saved,
    "branch": lambda: made("--from", saved(), "--set", "community.openness=0.9"),
}


@pytest.mark.parametrize("which", TEN)
def test_ten_runs_are_made_again_to_the_byte(which: str) -> None:
    folder = TEN[which]()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = shequn("reproduce", folder)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Reproduced: all ")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def reseal(folder: Path, **changed: Any) -> None:
    """Change entries of a manifest, and seal it again together with the tables as they are."""
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content |= changed
    sums = content["sha256"]
    del sums["manifest.json"]
    for name in sums:
        sums[name] = file_digest(folder / name)
    sums["manifest.json"] = seal(content | {"sha256": dict(sums)})
    (folder / "manifest.json").write_text(
        json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def test_a_number_that_was_changed_is_found_with_its_row_and_column() -> None:
    folder = made("small-circle", *SMALL)
    days = folder / "tables" / "days.parquet"
    table = pd.read_parquet(days)
    table.loc[7, "visits"] += 1
    table.to_parquet(days, index=False)
    assert shequn("reproduce", folder).exit_code == 2  # the manifest does not fit its table
    reseal(folder)
    done = shequn("reproduce", folder)
    assert done.exit_code == 1
    assert "tables/days.parquet: first in row 7, column visits:" in done.stdout
    assert "runs.parquet" not in done.stdout


def test_another_version_and_other_sources_are_named() -> None:
    folder = made("small-circle", *SMALL)
    reseal(folder, sources="0123456789abcdef", commit="abc")
    done = shequn("reproduce", folder)
    assert done.exit_code == 2
    assert "other sources" in done.stderr
    assert "0123456789abcdef, commit abc" in done.stderr
    reseal(folder, shequn="0.0.9")
    assert "it was made by shequn 0.0.9" in shequn("reproduce", folder).stderr


def test_the_machine_is_named_only_when_bytes_differ() -> None:
    folder = made("small-circle", *SMALL)
    reseal(folder, python="3.1.4", machine={"system": "Plan 9", "processor": "z80"})
    assert shequn("reproduce", folder).exit_code == 0
    (folder / "tables" / "runs.parquet").write_bytes((folder / "tables" / "days.parquet").read_bytes())
    reseal(folder)
    done = shequn("reproduce", folder)
    assert done.exit_code == 1
    assert "made elsewhere: Python 3.1.4 → 3." in done.stdout
    assert "Plan 9 → " in done.stdout


def test_missing_and_changed_inputs_are_named() -> None:
    folder = made("small-circle", *SMALL, "--graph", "friends.csv")
    Path("friends.csv").write_text("a,b\nx,y\n")
    done = shequn("reproduce", folder)
    assert done.exit_code == 2
    assert "friends.csv is not as it was when the run was made" in done.stderr
    Path("friends.csv").unlink()
    assert "friends.csv" in shequn("reproduce", folder).stderr
    own = made("small-circle", *SMALL)
    (own / "tables" / "days.parquet").unlink()
    assert "days.parquet is missing" in shequn("reproduce", own).stderr


def test_a_branch_needs_the_run_that_it_continues() -> None:
    past = saved()
    branch = made("--from", past, "--set", "community.openness=0.9")
    past.rename("elsewhere")
    done = shequn("reproduce", branch)
    assert done.exit_code == 2
    assert f"it continues the saved run {past.name}, which is not in" in done.stderr


def test_what_is_no_run_is_said() -> None:
    assert shequn("reproduce", "nowhere").exit_code == 2
    design = """format: 1
title: x
scenario: small-circle
set: {days: 5}
replicates: 1
factors: {community.openness: [0, 1]}
"""
    Path("d.yaml").write_text(design)
    assert shequn("sweep", "d.yaml", "--on", "here").exit_code == 0
    done = shequn("reproduce", "results/sweeps/d")
    assert done.exit_code == 2
    assert "of a sweep or comparison, not of a run" in done.stderr
