"""Every day of every run of a sweep: the same bytes wherever runs are made and whatever was lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from shequn import simulate
from shequn.app.cli import cli
from shequn.experiments.designs.reading import read_design
from shequn.experiments.sweeps.folder import writing
from shequn.experiments.sweeps.plan import plan_of
from shequn.experiments.sweeps.run_store import SERIES, RunStore
from shequn.experiments.sweeps.series import series_table
from shequn.experiments.sweeps.sweep import inputs, sweep
from shequn.experiments.sweeps.tables import factor
from shequn.experiments.sweeps.work import RunOutcome, perform_run
from shequn.sim.results.folder import DamagedError, unfinished_folder

DESIGN = """\
format: 1
title: Openness
scenario: small-circle
set: {days: 12, population.people: 90, population.founders: 12, community.capacity: null}
factors: {community.openness: [0.1, 0.5]}
replicates: 3
seed: 3
responses: [end]
"""


def written(tmp_path: Path, text: str = DESIGN) -> str:
    path = tmp_path / "design.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def quiet(runs: int, finished: int) -> Callable[[RunOutcome], None]:
    return lambda done: None


def made(tmp_path: Path, name: str, **where: Any) -> Path:
    sweep(read_design(written(tmp_path)), tmp_path / name, quiet, series=True, **where)
    return tmp_path / name / "tables" / "series.parquet"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("series"), "here", on="here")


def test_each_day_of_each_run_is_that_of_a_single_run(here: Path, tmp_path: Path) -> None:
    table = pd.read_parquet(here)
    assert len(table) == 2 * 3 * 13
    assert table.groupby(["run", "point"])["day"].apply(list).map(lambda d: d == list(range(13))).all()
    design = read_design(written(tmp_path))
    rows = table[(table["point"] == 1) & (table["run"] == 2)].reset_index(drop=True)
    days = simulate(design.scenario(1), seed=int(rows["seed"][0])).days
    pd.testing.assert_frame_equal(rows[list(days.columns)], days)
    assert rows["community.openness"].eq(0.5).all()


def test_the_schema_is_the_declared_one_and_nothing_else_stays(here: Path) -> None:
    declared = series_table([factor("community.openness", is_number=True)]).schema()
    assert pq.read_schema(here).equals(declared, check_metadata=True)
    assert not (here.parent.parent / SERIES).exists()


def test_two_processes_write_the_same_bytes(here: Path, tmp_path: Path) -> None:
    assert made(tmp_path, "two", on="processes", jobs=2).read_bytes() == here.read_bytes()


@pytest.mark.parametrize("loss", ["cut", "changed", "gone"])
def test_a_run_whose_series_was_lost_is_made_again(here: Path, tmp_path: Path, loss: str) -> None:
    design = read_design(written(tmp_path)).compiled_alike()
    plan = plan_of(design, with_series=True)
    final = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt), writing(final, inputs(design, True)) as folder:
        with RunStore(folder, plan) as store:
            for number in range(3):
                store.add(perform_run(plan.run(number)))
        raise KeyboardInterrupt
    left = unfinished_folder(final) / SERIES
    whole = left.read_bytes()
    kept = {"cut": whole[:-7], "changed": whole[:-7] + bytes(7), "gone": b""}[loss]
    left.write_bytes(kept)
    with RunStore(left.parent, plan) as store:
        assert store.count == (0 if loss == "gone" else 2)
    assert made(tmp_path, "out", on="here").read_bytes() == here.read_bytes()


def test_a_series_that_was_changed_under_our_hands_is_refused(tmp_path: Path) -> None:
    plan = plan_of(read_design(written(tmp_path)).compiled_alike(), with_series=True)
    with RunStore(tmp_path, plan) as store:
        store.add(perform_run(plan.run(0)))
        data = bytearray((tmp_path / SERIES).read_bytes())
        data[40] ^= 1
        (tmp_path / SERIES).write_bytes(data)
        with pytest.raises(DamagedError):
            store.series(0)


def test_without_it_nothing_is_written_and_choices_are_not_mixed(tmp_path: Path) -> None:
    design, out = written(tmp_path), str(tmp_path / "out")
    plain = CliRunner().invoke(cli, ["sweep", design, "--on", "here", "--out", out])
    assert plain.exit_code == 0, plain.output
    assert not (tmp_path / "out" / "tables" / "series.parquet").exists()
    other = CliRunner().invoke(cli, ["sweep", design, "--on", "here", "--out", out, "--series"])
    assert other.exit_code == 2
    assert "choice of --series" in other.stderr


def test_a_factor_named_as_a_measure_is_refused_before_anything_runs(tmp_path: Path) -> None:
    text = DESIGN.replace(
        "{community.openness: [0.1, 0.5]}", "{joins: {key: community.openness, levels: [0.1, 0.5]}}"
    )
    done = CliRunner().invoke(
        cli, ["sweep", written(tmp_path, text), "--series", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 2
    assert "the factor joins has the name of a daily measure" in done.stderr
    assert not (tmp_path / "out").exists()
