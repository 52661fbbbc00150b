"""Communities so small that most tables have nothing to say: every command gives its tables as declared."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from shequn.app.cli import cli
from shequn.experiments.comparison.curves import CURVES
from shequn.experiments.comparison.tables import COMPARISONS, DIFFERENCES, PARTINGS
from shequn.experiments.replicates.replicates import TABLES
from shequn.experiments.sweeps.tables import factor, failures_table, responses_table
from shequn.sim.results.schema import Table
from shequn.sim.results.tables import JOURNAL

World = dict[str, Any]

STAY, LEAVE = {"base": -10.0}, {"base": 10.0, "lapse": 0.0}


def world(
    people: int = 6,
    founders: int = 3,
    days: int = 6,
    pace: float = 2.0,
    strangers: float = 4.0,
    inviting: float = 0.3,
    leaving: World | None = None,
    gates: list[World] | None = None,
    journal: str = "full",
    groups: World | None = None,
) -> World:
    """A scenario as a mapping."""
    return {
        "format": 1,
        "title": "Tiny",
        "days": days,
        "journal": journal,
        "population": {
            "people": people,
            "founders": min(founders, people),
            "graph": {"generator": "path_graph"},
            "pace": {"mean": pace},
            "drivers": {"locality": 0},
            "groups": groups or {},
        },
        "community": {"openness": 1, "strangers_per_day": strangers, "return_after": 1},
        "gates": gates or [],
        "rules": {"inviting": {"rate": inviting}, "leaving": leaving or {}},
        "variants": {"closed": {"title": "Tiny and closed", "community": {"openness": 0}}},
    }


WORLDS = {
    "nobody joins": world(strangers=0, inviting=0),
    "nobody leaves": world(leaving=STAY),
    "everybody leaves": world(leaving=LEAVE, strangers=0, inviting=0, days=30),
    "one day": world(days=1),
    "one person": world(people=2, founders=1, strangers=0, inviting=0),
    "nobody at the start": world(founders=0),
    "nobody ever": world(founders=0, strangers=0),
    "no visits": world(pace=0),
    "a line": world(gates=[{"kind": "quota", "per_day": 0.5, "patience": 1}], leaving=LEAVE),
    "no journal": world(journal="none"),
    "a group of nobody": world(groups={"all": {"share": 1}, "nobody": {"share": 0}}, journal="none"),
}
worlds = st.builds(
    world,
    people=st.integers(2, 8),
    founders=st.integers(0, 8),
    days=st.integers(1, 40),
    pace=st.sampled_from([0.0, 0.3, 3.0]),
    strangers=st.sampled_from([0.0, 1.0]),
    inviting=st.sampled_from([0.0, 0.2]),
    leaving=st.sampled_from([{}, STAY, LEAVE]),
    gates=st.sampled_from([[], [{"kind": "invitation"}], [{"kind": "quota", "per_day": 0.3, "patience": 1}]]),
    journal=st.sampled_from(["none", "membership", "full"]),
    groups=st.sampled_from([{}, {"one": {"share": 0.5}, "other": {"share": 0.5, "pace": {"mean": 1}}}]),
)


@contextlib.contextmanager
def folder_with(scenario: World) -> Iterator[Path]:
    """A new current folder that holds tiny.yaml."""
    before = Path.cwd()
    with TemporaryDirectory() as name:
        os.chdir(name)
        try:
            with Path("tiny.yaml").open("w", encoding="utf-8") as file:
                YAML().dump(scenario, file)
            yield Path(name)
        finally:
            os.chdir(before)


def shequn(*arguments: object) -> str:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def check(path: Path, declared: Table) -> None:
    """The file's schema is the declared one, and what it says cannot be missing is not."""
    table = pq.read_table(path)
    assert table.schema.equals(declared.schema()), f"{path.name}: {table.schema}"
    for field, column in zip(table.schema, declared.columns, strict=True):
        assert field.nullable == bool(column.missing)
        assert field.metadata[b"description"].decode() == column.text
        values = table[field.name]
        if pa.types.is_floating(field.type):
            assert not values.to_pandas().isin([float("inf"), -float("inf")]).any(), field.name


def check_run(folder: Path, journal: bool, groups: bool) -> None:
    absent = {"marks"} if groups else {"groups", "marks"}  # no tiny world has marks
    for name, declared in TABLES.items():
        if name in absent:
            assert not (folder / "tables" / f"{name}.parquet").exists()
        else:
            check(folder / "tables" / f"{name}.parquet", declared)
    assert (folder / "tables" / "journal.parquet").exists() == journal
    if journal:
        check(folder / "tables" / "journal.parquet", JOURNAL)


@contextlib.contextmanager
def without_figures() -> Iterator[None]:
    """Figures take nine tenths of a tiny run's time, and write no table."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shequn.sim.presentation.figures.write_figures", lambda *given: None)
        yield


def run_and_check(scenario: World, runs: int) -> None:
    with folder_with(scenario), without_figures():
        shequn("run", "tiny.yaml", "--runs", runs, "--jobs", 1, "--csv", "--out", "here")
        has_groups = bool(scenario["population"]["groups"])
        check_run(next(Path("here/tiny").iterdir()), scenario["journal"] != "none", has_groups)


@pytest.mark.parametrize("name", WORLDS)
def test_a_run_of_every_tiny_world_has_the_declared_tables(name: str) -> None:
    run_and_check(WORLDS[name], 2)


@given(worlds, st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_a_run_of_any_tiny_world_has_the_declared_tables(scenario: World, runs: int) -> None:
    run_and_check(scenario, runs)


def check_parquet_of(folder: Path, *declared: Table) -> None:
    assert {path.stem for path in (folder / "tables").iterdir()} == {table.name for table in declared}
    for table in declared:
        check(folder / "tables" / f"{table.name}.parquet", table)


RESPONSES = ("end", "matched_rank", "k", "seen_week_4", "empty_day", "gini@1")
SWEEP = """
format: 1
title: Tiny
scenario: ./tiny.yaml
design: grid
factors:
  community.openness: [0, 1]
  gate:
    key: gates
    levels: {none: [], line: [{kind: quota, per_day: 0.5, patience: 1}]}
replicates: 2
"""


@pytest.mark.parametrize("name", ["everybody leaves", "nobody ever", "a group of nobody"])
def test_a_comparison_and_a_sweep_of_tiny_worlds_and_their_reports(name: str) -> None:
    with folder_with(WORLDS[name]):
        asked = [part for response in RESPONSES for part in ("--response", response)]
        shequn(
            "compare",
            "tiny.yaml",
            "tiny.yaml:closed",
            "--runs",
            2,
            "--on",
            "here",
            "--out",
            "compared",
            *asked,
        )
        arm = [factor("arm", is_number=False)]
        swept = responses_table(arm), failures_table(arm)
        check_parquet_of(Path("compared"), *swept, DIFFERENCES, COMPARISONS, PARTINGS, CURVES)
        design = YAML(typ="safe").load(SWEEP) | {"responses": list(RESPONSES)}
        with Path("design.yaml").open("w", encoding="utf-8") as file:
            YAML().dump(design, file)
        shequn("sweep", "design.yaml", "--on", "here", "--out", "swept")
        factors = [factor("community.openness", is_number=True), factor("gate", is_number=False)]
        check_parquet_of(Path("swept"), responses_table(factors), failures_table(factors))
        shequn("run", "tiny.yaml", "--runs", 2, "--jobs", 1, "--out", "here")
        for folder in (next(Path("here/tiny").iterdir()), Path("compared"), Path("swept")):
            shequn("report", folder)
