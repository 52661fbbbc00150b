"""`run --until --save`, `run --from` and `compare STATE:A STATE:B`, with the real engine."""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli
from shequn.sim.results.manifest import write_manifest

CLUB = """\
format: 1
title: A small club
days: 30
runs: 3
population: {people: 120, founders: 20, pace: {mean: 1, log_sd: 0.8}}
community: {openness: 0.5, strangers_per_day: 6}
gates: [{kind: quota, per_day: 2, patience: 5}]
operations:
  - {do: campaign, day: 8, days: 6, reminders: 2}
  - {do: remove, every: 10, who: inactive, unseen: 8}
variants:
  closed:
    community: {openness: 0}
  free:
    gates: []
    operations: [{do: set_openness, day: 12, to: 0.9}]
  late:
    operations: [{do: set_openness, day: 5, to: 0.9}]
  other-people:
    population: {people: 300}
"""


def shequn(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def folder_of(result: Result) -> Path:
    assert result.exit_code == 0, result.output
    return Path(result.stdout.rsplit("Results in ", 1)[1].splitlines()[0])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with club.yaml and its run saved on day 12, in ``results``."""
    here = tmp_path_factory.mktemp("club")
    (here / "club.yaml").write_text(CLUB, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        shequn("run", "club.yaml", "--until", "12", "--save", "--jobs", "1")
    return here


@pytest.fixture
def state(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The saved run, relative to the current folder, which is a copy of that."""
    shutil.copytree(made, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return next(Path("results/club").iterdir())


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "tables").iterdir())}


def about(folder: Path) -> dict[str, Any]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_the_saved_run_has_tables_up_to_the_day_and_a_state_of_every_replicate(state: Path) -> None:
    assert pd.read_parquet(state / "tables/days.parquet")["day"].max() == 12
    assert [path.name for path in sorted((state / "state").iterdir())] == [
        f"run-0000{run}.npz" for run in range(3)
    ]
    manifest = about(state)
    assert manifest["state"]["day"] == 12
    assert "state/run-00002.npz" in manifest["files"]
    assert "branching" not in manifest


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_gone_on_from_unchanged_it_is_the_run_that_never_stopped(state: Path, jobs: str) -> None:
    whole = folder_of(shequn("run", "club.yaml", "--jobs", "1"))
    rest = folder_of(shequn("run", "--from", str(state), "--jobs", jobs))
    assert tables(whole) == tables(rest)
    assert len({whole.name, rest.name, state.name}) == 3
    branching = about(rest)["branching"]
    assert branching["changed"] == {}
    assert (branching["day"], branching["run"]) == (12, state.name)
    assert "it continues unchanged" in (rest / "summary.txt").read_text(encoding="utf-8")


def test_a_variant_parts_on_its_day_and_says_in_what(state: Path) -> None:
    branch = folder_of(shequn("run", "--from", f"{state}:closed", "--jobs", "1"))
    assert branch.parent.name == "club-closed"
    days, past = (pd.read_parquet(folder / "tables/days.parquet") for folder in (branch, state))
    assert days["day"].max() == 30
    shared = days[days["day"] <= 12].drop(columns=["k", "matched_rank"]).reset_index(drop=True)
    own = ["joins", "temperature", "visits", "waiting", "evaporation"]  # k looks ahead
    pd.testing.assert_frame_equal(shared[own], past[own], check_exact=True)
    assert days.loc[days["day"] > 13, "finds"].sum() == 0
    assert about(branch)["branching"]["changed"] == {"community.openness": [0.5, 0.0]}
    text = " ".join((branch / "summary.txt").read_text(encoding="utf-8").split())
    assert "from then on community.openness (0.5, now 0.0) differs" in text
    journal = pd.read_parquet(branch / "tables/journal.parquet")
    assert journal["time"].is_monotonic_increasing
    assert {"visit", "post"} <= set(journal.loc[journal["time"] < 12, "kind"])


def test_options_and_a_scenario_as_it_is_now_lie_over_the_saved_one(state: Path) -> None:
    by_option = folder_of(shequn("run", "--from", str(state), "--set", "community.openness=0", "--runs", "2"))
    assert set(pd.read_parquet(by_option / "tables/runs.parquet")["run"]) == {0, 1}
    Path("club.yaml").write_text(CLUB + "  tried:\n    community: {openness: 0}\n", encoding="utf-8")
    by_file = folder_of(shequn("run", "club.yaml:tried", "--from", str(state), "--runs", "2"))
    assert tables(by_option) == tables(by_file)


def test_a_branch_can_be_saved_and_branch_again(state: Path) -> None:
    again = folder_of(shequn("run", "--from", f"{state}:free", "--until", "20", "--save", "--jobs", "1"))
    assert about(again)["branching"]["day"] == 12
    twice = folder_of(shequn("run", "--from", str(again), "--jobs", "1"))
    once = folder_of(shequn("run", "--from", f"{state}:free", "--jobs", "1"))
    assert tables(twice) == tables(once)


def test_the_same_branch_is_found_again(state: Path) -> None:
    shequn("run", "--from", f"{state}:free", "--jobs", "1")
    again = shequn("run", "--from", f"{state}:free", "--jobs", "1")
    assert "already exists" in again.stderr


WRONG: dict[str, tuple[list[str], str]] = {
    "no scenario": ([], "Missing argument 'SCENARIO[:VARIANT]'"),
    "until alone": (["club.yaml", "--until", "9"], "--until needs --save; for a run of 9 days use --days 9"),
    "until too late": (["club.yaml", "--until", "99", "--save"], "allowed: a day after 0, at most 30"),
    "until in the past": (
        ["--from", "STATE", "--until", "12", "--save"],
        "allowed: a day after 12, at most 30",
    ),
    "no state": (["--from", "results/club/nowhere"], "results/club/nowhere is not a finished run"),
    "no variant": (["--from", "STATE:closd"], "club has no variant 'closd'; did you mean closed?"),
    "two variants": (["club.yaml:free", "--from", "STATE:closed"], "two variants are given"),
    "graph": (["--from", "STATE", "--graph", "g.csv"], "--graph cannot be used with --from"),
    "other people": (
        ["--from", "STATE:other-people"],
        "population.people cannot change on day 12: it was 120",
    ),
    "past operation": (["--from", "STATE:late"], "operations.set_openness is new, but its day (5) is past"),
    "more runs": (["--from", "STATE", "--runs", "4"], "runs is 4, but"),
    "too short": (["--from", "STATE", "--days", "11"], "days is 11, but this run is already on day 12"),
    "unknown key": (["--from", "STATE", "--set", "community.opennes=1"], "did you mean openness?"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_one_message_and_nothing_is_written(state: Path, case: str) -> None:
    arguments, message = WRONG[case]
    before = sorted(Path().rglob("*"))
    result = shequn("run", *(text.replace("STATE", str(state)) for text in arguments))
    assert result.exit_code == 2, result.output
    assert message in " ".join(result.stderr.split())
    assert sorted(Path().rglob("*")) == before


def test_a_run_without_a_state_says_how_to_make_one(state: Path) -> None:
    plain = folder_of(shequn("run", "club.yaml", "--runs", "1", "--days", "5"))
    result = shequn("run", "--from", str(plain))
    assert (result.exit_code, "shequn run SCENARIO --until DAY --save" in result.stderr) == (2, True)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_damaged_and_exchanged_states_are_refused_before_anything_is_left(state: Path, jobs: str) -> None:
    first, second, third = sorted((state / "state").iterdir())
    third.write_bytes(second.read_bytes())
    result = shequn("run", "--from", f"{state}:free", "--jobs", jobs, "--out", "elsewhere")
    assert (result.exit_code, "has been replaced" in result.stderr) == (2, True), result.output
    first.write_bytes(first.read_bytes()[:1000])
    result = shequn("run", "--from", f"{state}:closed", "--jobs", jobs, "--out", "elsewhere")
    assert (result.exit_code, "is incomplete or was changed" in result.stderr) == (2, True), result.output
    assert not list(Path("elsewhere").glob("club-closed/*"))


def test_states_of_other_sources_are_refused(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shequn.sim.results.manifest.source_digest", lambda: "0" * 16)
    write_manifest(state, **{key: about(state)[key] for key in ("scenario", "variant", "run", "state")})
    result = shequn("run", "--from", str(state))
    assert (result.exit_code, "other sources" in result.stderr) == (2, True)


def test_two_policies_are_compared_from_the_same_states(state: Path) -> None:
    result = shequn("compare", str(state), f"{state}:closed", "--on", "here", "--response", "joins")
    folder = folder_of(result)
    assert "A = club@12, B = club@12:closed; means" in result.stdout
    assert "Only 3 pairs of runs" in result.stdout
    assert f"All continue from the same states: those of run {state.name} of club on day 12." in " ".join(
        result.stdout.split()
    )
    rows = pd.read_parquet(folder / "tables/responses.parquet")
    for variant, name in ((None, "club@12"), ("closed", "club@12:closed")):
        alone = folder_of(shequn("run", "--from", str(state) if variant is None else f"{state}:{variant}"))
        joins = pd.read_parquet(alone / "tables/runs.parquet")["joins"].tolist()
        assert rows.loc[rows["arm"] == name, "value"].tolist() == joins
    assert about(folder)["branching"]["day"] == 12
    assert "diverge on day 1" in " ".join((folder / "summary.txt").read_text(encoding="utf-8").split())


def test_a_folder_of_results_stands_for_its_latest_saved_run(state: Path) -> None:
    assert (
        folder_of(shequn("run", "club.yaml", "--jobs", "1")).parent == state.parent
    )  # later, without a state
    by_folder = folder_of(shequn("run", "--from", f"{state.parent}:closed", "--jobs", "1"))
    assert about(by_folder)["branching"]["run"] == state.name
    compared = shequn(
        "compare", str(state.parent), f"{state.parent}:closed", "--on", "here", "--response", "joins"
    )
    assert about(folder_of(compared))["branching"]["run"] == state.name


def test_a_saved_run_prints_the_next_command(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made)
    saved = shequn("run", "club.yaml", "--until", "12", "--save", "--jobs", "1")  # exists already
    assert f"next      shequn run --from {folder_of(saved).as_posix()}\n" in saved.stdout


def test_a_state_alone_is_compared_with_all_it_can_become(state: Path) -> None:
    result = shequn("compare", str(state), "--on", "here", "--response", "end")
    assert "club@12:closed" in result.stdout
    assert "club@12:free" in result.stdout
    for variant in ("late", "other-people"):
        assert f"note: club@12:{variant} is left out" in result.stderr


WRONG_COMPARISONS: dict[str, tuple[list[str], str]] = {
    "mixed": (["STATE", "club.yaml"], "club.yaml is not the folder of a saved run"),
    "more pairs": (["STATE", "STATE:free", "--runs", "9"], "--runs is 9, but"),
    "assumed": (["STATE", "STATE:free", "--assumed"], "--assumed moves numbers from the founding on"),
    "another seed": (["STATE", "STATE:free", "--seed", "5"], "seed cannot change on day 12"),
    "no such variant": (["STATE", "STATE:fre"], "did you mean free?"),
}


@pytest.mark.parametrize("case", WRONG_COMPARISONS)
def test_a_comparison_that_cannot_be_is_one_message(state: Path, case: str) -> None:
    arguments, message = WRONG_COMPARISONS[case]
    result = shequn("compare", *(text.replace("STATE", str(state)) for text in arguments))
    assert (result.exit_code, message in result.stderr) == (2, True), result.output


def test_an_interrupted_branch_goes_on_where_it_was(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shequn.app import progress

    whole = folder_of(shequn("run", "--from", f"{state}:free", "--jobs", "1", "--out", "whole"))
    told = progress.Bar.__call__

    def interrupt(bar: progress.Bar, run: int, day: float) -> None:
        told(bar, run, day)
        if (run, day) == (1, 20):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(progress.Bar, "__call__", interrupt)
        stopped = shequn("run", "--from", f"{state}:free", "--jobs", "1", "--out", "parts")
    assert (stopped.exit_code, "after the 1 finished run" in stopped.stderr) == (130, True)
    again = shequn("run", "--from", f"{state}:free", "--jobs", "1", "--out", "parts")
    assert "Continuing after 1 of 3 runs" in again.stderr
    assert tables(folder_of(again)) == tables(whole)


def test_the_network_of_a_run_that_goes_on_is_that_of_the_whole_run(state: Path) -> None:
    whole = folder_of(shequn("run", "club.yaml", "--network", "20,30,20", "--jobs", "1"))
    assert about(whole)["network"] == [20, 30]
    later = folder_of(shequn("run", "--from", str(state), "--network", "20, 30", "--jobs", "2"))
    for table in ("nodes", "edges"):
        assert tables(whole)[f"{table}.parquet"] == tables(later)[f"{table}.parquet"]
    assert shequn("reproduce", str(later)).exit_code == 0


@pytest.mark.parametrize("days", ["12", "31", "-1", "", "20,", "１5", "1e1", "9" * 5000])
def test_a_day_without_a_network_is_refused(state: Path, days: str) -> None:
    before = sorted(Path("results").rglob("*"))
    done = shequn("run", "--from", str(state), "--network", days)
    assert done.exit_code == 2
    assert "allowed: 13 to 30" in done.output
    assert sorted(Path("results").rglob("*")) == before
