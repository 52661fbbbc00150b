"""`forecast`: the coming weeks in a table and a figure, in both languages, and every mistake a message."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli
from shequn.experiments.logs.activity import DAY


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    person = rng.integers(40, size=3000)
    time = 1_600_000_000 // DAY * DAY + np.sort(rng.integers(0, 200 * DAY, size=3000))
    pd.DataFrame({"user": person, "ts": time}).to_csv("log.csv", index=False)
    return tmp_path


def shequn(*arguments: str | int) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_a_table_of_weeks_with_quantiles(here: Path) -> None:
    done = shequn("forecast", "log.csv", "--weeks", 5)
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.stdout.splitlines() if line.strip()[:1].isdigit()]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert all(len(row) == 2 + 2 * 5 for row in rows)
    quantiles = [float(value) for value in rows[0][2:7]]
    assert quantiles == sorted(quantiles) and 20 < quantiles[2] <= 40
    assert list(here.iterdir()) == [here / "log.csv"]


def test_the_same_in_chinese_and_into_a_folder(here: Path) -> None:
    done = shequn("--lang", "zh", "forecast", "log.csv", "--weeks", 3, "--out", "coming")
    assert done.exit_code == 0, done.output
    assert "每周发言的人" in done.stdout and "people who" not in done.stdout
    assert {path.name for path in (here / "coming").iterdir()} == {
        "summary.txt",
        "forecast.csv",
        "figure.png",
    }
    table = pd.read_csv(here / "coming" / "forecast.csv")
    assert table["arm"].unique().tolist() == ["as_is"] and len(table) == 6
    again = shequn("--lang", "zh", "forecast", "log.csv", "--weeks", 3, "--out", "again")
    assert again.exit_code == 0
    for name in ("summary.txt", "forecast.csv", "figure.png"):
        assert (here / "coming" / name).read_bytes() == (here / "again" / name).read_bytes()


@pytest.mark.parametrize(
    ("more", "output"),
    [
        (("--with", "change.yaml"), "--with and --calibrated go together"),
        (("--calibrated", "mine"), "--with and --calibrated go together"),
        (("--with", "change.yaml", "--calibrated", "mine"), "there is no such folder"),
        (("--with", "change.yaml", "--calibrated", "log.csv"), "there is no such folder"),
        (("--with", "change.yaml", "--calibrated", "."), "there is no calibrated.yaml in it"),
        (("--weeks", 0), "--weeks"),
        (("--runs", 3), "--runs"),
        (("--person", "who"), "who"),
        (("--out", "log.csv"), "that is a file"),
        (("--out", "a" * 300), "File name too long"),
        (("--with", "change.yaml", "--calibrated", "a" * 300), "File name too long"),
    ],
)
def test_every_mistake_is_a_message(here: Path, more: tuple[str | int, ...], output: str) -> None:
    done = shequn("forecast", "log.csv", *more)
    assert done.exit_code == 2, done.output
    assert output in done.stderr
    assert "Traceback" not in done.stderr
    assert list(here.iterdir()) == [here / "log.csv"]


def test_a_folder_with_other_results_keeps_them(here: Path) -> None:
    asked = ("forecast", "log.csv", "--weeks", 1, "--out", "mine")
    assert shequn(*asked).exit_code == shequn(*asked).exit_code == 0
    (here / "mine" / "calibrated.yaml").touch()
    before = {path.name: path.read_bytes() for path in (here / "mine").iterdir()}
    for done in (shequn(*asked), shequn("describe", "log.csv", "--out", "mine")):
        assert done.exit_code == 2 and "is there already, beside" in done.stderr
    assert {path.name: path.read_bytes() for path in (here / "mine").iterdir()} == before


def test_a_calibration_of_another_log_that_ends_on_the_same_day_is_refused(here: Path) -> None:
    frame = pd.read_csv("log.csv")
    events = frame["user"].value_counts()
    end = int(frame["ts"].max()) // DAY + 1
    scenario = [
        "format: 2",
        "title: mine",
        "days: 60",
        f"start: {np.datetime64(end, 'D')}",
        "population: {people: 100, from_log: {file: members.csv}}",
    ]

    def write_members(more: int) -> None:
        rows = [f"{draw},{who},-9,-1,{n + more}" for draw in (0, 1) for who, n in events.items()]
        (here / "mine" / "members.csv").write_text("\n".join(["draw,person,joined,last_seen,events", *rows]))

    (here / "mine").mkdir()
    (here / "mine" / "calibrated.yaml").write_text("\n".join(scenario))
    write_members(0)
    (here / "change.yaml").write_text("journal: full\n")  # so that nothing is run
    asked = ("forecast", "log.csv", "--with", "change.yaml", "--calibrated", "mine")
    few = ("--weeks", 2, "--runs", 10, "--jobs", 1)
    assert "journal cannot be changed" in shequn(*asked).stderr
    (here / "later.yaml").write_text("operations: {boom: {do: season, day: 20, days: 9, discovery: 3}}\n")
    later = shequn("forecast", "log.csv", "--with", "later.yaml", *asked[4:], *few)
    assert later.exit_code == 0, later.output
    assert "later.yaml: operations.boom (season) comes after the end of the run" in later.stderr
    write_members(1)
    done = shequn(*asked)
    assert done.exit_code == 2 and "are not the 40 of this log, with 3,000" in done.stderr
    (here / "mine" / "calibrated.yaml").write_text("\n".join(scenario[:-1]))
    assert "starts from no group" in shequn(*asked).stderr


def test_a_short_log_is_refused() -> None:
    frame = pd.read_csv("log.csv")
    frame[frame["ts"] < frame["ts"].min() + 60 * DAY].to_csv("short.csv", index=False)
    done = shequn("forecast", "short.csv")
    assert done.exit_code == 2
    assert "8 whole weeks: a forecast needs at least 16" in done.stderr
