"""`calibrate`: from a log to a scenario that runs, gone on with, and every mistake a message."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli
from shequn.experiments.calibration.parameters import DEFAULT_PARAMETERS, default_parameters
from shequn.experiments.calibration.trials import simulate_posts
from shequn.sim.scenario import Scenario

DAYS = 250
FOUND = {
    "calibrated.yaml", "members.csv", "summary.txt", "parameters.csv", "statistics.csv", "forecast.csv", "weeks.csv",
    "figure.png", "trials.journal",
}  # fmt: skip


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of a simulated group."""
    scenario = Scenario.from_mapping(
        {
            "format": 1,
            "title": "known",
            "days": DAYS,
            "population": {"people": 300, "founders": 15, "pace": {"mean": 0.5}},
            "community": {"openness": 1, "strangers_per_day": 2},
        }
    )
    person, time = simulate_posts(scenario, 3)
    path = tmp_path_factory.mktemp("log") / "log.csv"
    frame = pd.DataFrame(
        {"user": person, "ts": 1_600_000_000 // 86_400 * 86_400 + (time * 86_400).astype(int)}
    )
    frame.to_csv(path, index=False)
    return path


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shequn(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_from_a_log_to_a_scenario_that_runs_and_the_same_again(log: Path, here: Path) -> None:
    asked = ("--scenario", "open-group", "--trials", 200, "--jobs", 1, "--holdout", 6, "--silence", 60)
    fits = ("--fit", "community.strangers_per_day=0.5..8", "--fit", "population.pace.mean=0.05..2")
    done = shequn("calibrate", log, "--out", "mine", *asked, *fits)
    assert done.exit_code == 0, done.output
    assert {path.name for path in (here / "mine").iterdir()} == FOUND
    assert "population.pace.mean" in done.stdout
    assert "persistence" in done.stdout
    # who comes keeps coming both ways, as fitted, so that a change of either does something
    calibrated = Scenario.load("mine/calibrated.yaml")
    assert calibrated.title == log.stem and "Open group" in calibrated.description
    inflow = calibrated.resolved()["community"]["strangers_per_day"], calibrated.rules["inviting"]["rate"]
    assert min(inflow) > 0
    fitted = pd.read_csv(here / "mine" / "parameters.csv").set_index("key")["best"]
    last_season = inflow[0] / inflow[1] * Scenario.load("open-group").rules["inviting"]["rate"]
    assert 0.02 < last_season / fitted["community.strangers_per_day"] < 20
    checked = shequn("check", "mine/calibrated.yaml")
    assert checked.exit_code == 0, checked.output
    ran = shequn("run", "mine/calibrated.yaml", "--runs", 1, "--days", 20)
    assert ran.exit_code == 0, ran.output
    assert "of them count for the result" in done.stdout and "have too few or too many events" in done.stdout
    assert "gap between active days, median" in done.stdout and "gap_median_d" not in done.stdout
    assert "216 of 216 runs after" in done.stderr  # stderr is no terminal here
    statistics = pd.read_csv(here / "mine" / "statistics.csv").set_index("statistic")
    assert statistics.loc["gap_median_d", "unit"] == "days" and statistics.loc["gap_median_d", "log"] >= 1
    weeks = pd.read_csv(here / "mine" / "weeks.csv")
    assert weeks.groupby("series")["week"].count().to_dict() == {"active": 6, "joins": 6}
    assert (weeks["combined_q05"] <= weeks["combined_q95"]).all()
    # what if: both arms on the same seeds
    (here / "change.yaml").write_text("community: {openness: 0.2}\n", encoding="utf-8")
    what_if = ("--with", "change.yaml", "--calibrated", "mine", "--runs", 10, "--jobs", 1, "--weeks", 4)
    told = shequn("forecast", log, *what_if, "--out", "coming")
    assert told.exit_code == 0, told.output
    assert "with the change" in told.stdout and "What change.yaml does" in told.stdout
    table = pd.read_csv(here / "coming" / "forecast.csv")
    assert set(table["arm"]) == {"as_is", "changed", "factor"}
    assert {path.name for path in (here / "coming").iterdir()} == {
        "summary.txt",
        "forecast.csv",
        "figure.png",
    }
    pd.read_csv(log).iloc[:-200].to_csv("shorter.csv", index=False)
    other = shequn("forecast", "shorter.csv", *what_if)
    assert other.exit_code == 2 and "calibrate this log" in other.stderr
    # an interrupted fit: the trials kept are not run again, and nothing differs
    (here / ".again.unfinished").mkdir()
    kept = (here / "mine" / "trials.journal").read_text(encoding="utf-8").splitlines(keepends=True)
    (here / ".again.unfinished" / "trials.journal").write_text("".join(kept[:120]), encoding="utf-8")
    again = shequn("calibrate", log, "--out", "again", *asked, *fits)
    assert again.exit_code == 0, again.output
    for name in FOUND - {"trials.journal"}:
        assert (here / "mine" / name).read_bytes() == (here / "again" / name).read_bytes(), name
    # another fit does not go on with them
    (here / "again").rename(here / ".third.unfinished")
    other = shequn("calibrate", log, "--out", "third", *asked, "--seed", 2, *fits)
    assert other.exit_code == 2
    assert "another fit" in other.stderr


@pytest.mark.parametrize(
    ("more", "output"),
    [
        (("--fit", "rules.leaving.bas=0..1"), "did you mean base"),
        (("--fit", "rules.leaving.base=1..0"), "the low end of a range must be below"),
        (("--fit", "rules.leaving.base"), "is not KEY=LOW..HIGH"),
        (("--fit", "rules.leaving.lapse=0..2"), "--fit: rules.leaving.lapse is 2.0; allowed"),
        (("--fit", "rules.leaving.base=0..inf"), "'inf' is not a number"),
        (("--fit", "population.people=300..900"), "--fit: population.people takes whole numbers"),
        (("--fit", "rules.leaving.base=0..1", "--fit", "rules.leaving.base=0..1"), "given twice"),
        (("--set", "community.opennes=1"), "did you mean openness"),
        (("--trials", "10"), "--trials"),
        (("--holdout", "-1"), "--holdout"),
        (("--holdout", "30"), "39 days: at least 120"),
        (("--holdout", "300"), "nothing is left to fit without the last 300 weeks"),
        (("--silence", "0"), "--silence"),
        (("--person", "who"), "who"),
        (("--tz", "Asia/Shanghi"), "no such time zone"),
        (("--jobs", "0"), "--jobs"),
    ],
)
def test_every_mistake_is_a_message_and_nothing_is_written(
    log: Path, here: Path, more: tuple[str, ...], output: str
) -> None:
    done = shequn("calibrate", log, "--scenario", "open-group", "--out", "mine", *more)
    assert done.exit_code == 2, done.output
    assert output in done.stderr
    assert "Traceback" not in done.stderr
    assert list(here.iterdir()) == []


def test_help_names_every_key_that_is_fitted_and_its_range() -> None:
    text = shequn("calibrate", "--help").stdout
    for parameter in DEFAULT_PARAMETERS:
        assert any(
            line.split() == [parameter.key, f"{parameter.low:g}", "..", f"{parameter.high:g}"]
            for line in text.splitlines()
        ), parameter
    strangers = default_parameters(1.0)[0]
    assert f"{strangers.key}    {strangers.low:g} .. {strangers.high:g}" in text
    assert "these eight keys" in text and len(default_parameters(1.0)) == 8


def test_a_log_that_the_ranges_cannot_meet_is_refused_after_64_runs(log: Path, here: Path) -> None:
    asked = (
        "--scenario",
        "open-group",
        "--out",
        "mine",
        "--jobs",
        1,
        "--fit",
        "population.talkativeness.mean=1e-5..1e-4",
    )
    done = shequn("calibrate", log, *asked, "--trials", 2000)
    assert done.exit_code == 2
    assert (
        "of the first 64 runs are similar" in done.stderr
        and "--fit population.talkativeness.mean=" in done.stderr
    )


def test_a_scenario_or_log_that_is_not_there_a_folder_that_is(log: Path, here: Path) -> None:
    assert "open-group" in shequn("calibrate", log, "--scenario", "open-grop", "--out", "mine").stderr
    assert shequn("calibrate", "no.csv", "--scenario", "open-group", "--out", "mine").exit_code == 2
    (here / "mine").mkdir()
    done = shequn("calibrate", log, "--scenario", "open-group", "--out", "mine")
    assert done.exit_code == 2
    assert "already exists" in done.stderr
    done = shequn("calibrate", log, "--scenario", "open-group", "--out", "a" * 300)
    assert done.exit_code == 2 and "File name too long" in done.stderr


@pytest.mark.parametrize("journal", ["garbage\n", '{"op_code": 0}\n', "\xff\n"])
def test_a_damaged_file_of_trials_is_said(journal: str, log: Path, here: Path) -> None:
    (here / ".mine.unfinished").mkdir()
    (here / ".mine.unfinished" / "trials.journal").write_bytes(journal.encode("latin-1"))
    asked = ("--scenario", "open-group", "--out", "mine", "--jobs", "1", "--holdout", "6")
    done = shequn("calibrate", log, *asked)
    assert done.exit_code == 2, done.output
    assert "trials.journal is damaged: remove .mine.unfinished" in done.stderr


def test_a_log_of_few_people_is_reported(log: Path, here: Path) -> None:
    frame = pd.read_csv(log)
    few = frame[frame["user"].isin(frame["user"].value_counts().index[:20])]
    few = pd.concat([few, few.assign(ts=few["ts"] + 7)])
    few = pd.concat([few] * int(np.ceil(400 / len(few))))
    few.to_csv("few.csv", index=False)
    done = shequn("calibrate", "few.csv", "--scenario", "open-group", "--out", "mine", "--holdout", "4")
    assert done.exit_code == 2
    assert "20 people: at least 40" in done.stderr
