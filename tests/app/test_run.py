"""`run` and `show`: complete or not at all, found again, and every failure a message."""

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli
from shequn.sim.result import Result as RunResult
from shequn.sim.results.collecting import Collector
from tests.sim.results.synthetic import synthetic_outcome

ROOT = Path(__file__).parents[2]
SHORT = ["run", "small-circle", "--days", "30", "--runs", "3", "--jobs", "1"]


def made_up_run(scenario: Any, seed: int, *, sink: Any, progress: Any) -> RunResult:
    """A stand-in for the engine: random events, no compiled code."""
    outcome = synthetic_outcome(seed % 1000, people=60, founders=10, days=scenario.days, per_day=5)
    collector = Collector(scenario.days, sink)
    for row in range(0, len(outcome.journal), 100):
        collector(outcome.journal[row : row + 100])
        progress(float(outcome.journal["time"][row]))
    return RunResult(outcome._replace(scenario=scenario, seed=seed), collector)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """The stand-in under the engine's name, and an empty current folder."""
    module = SimpleNamespace(simulate=made_up_run)
    monkeypatch.setitem(sys.modules, "shequn.sim.running", module)  # type: ignore[arg-type]
    monkeypatch.chdir(tmp_path)
    yield module


def shequn(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def folder(tmp_path: Path) -> Path:
    return next(path.parent for path in tmp_path.rglob("manifest.json"))


def names(top: Path) -> set[str]:
    return {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}


TABLES = (
    "runs", "days", "spaces", "duties", "tasks", "units", "earned", "offers", "stages", "funnel", "channels",
    "members", "cohorts",
    "departures", "invitations", "growth", "journal",
)  # fmt: skip
FIGURES = ("size", "temperature", "growth", "retention")


def test_a_run_writes_every_file_and_says_what_happened(tmp_path: Path) -> None:
    result = shequn(*SHORT)
    assert result.exit_code == 0, result.output
    assert "3 runs of 30 days" in result.stdout
    found = folder(tmp_path)
    assert found.parent == tmp_path / "results" / "small-circle"
    due = {f"tables/{table}.parquet" for table in TABLES} | {f"figures/{name}.png" for name in FIGURES}
    assert names(found) == due | {"manifest.json", "scenario.yaml", "summary.txt"}
    for table in TABLES:
        frame = pd.read_parquet(found / "tables" / f"{table}.parquet")
        assert frame.columns[0] == "run"
        nothing = ("duties", "tasks", "units", "earned", "offers", "stages")  # the scenario has none
        runs = {0} if table == "journal" else set() if table in nothing else {0, 1, 2}
        assert set(frame["run"]) == runs
    manifest = json.loads((found / "manifest.json").read_text(encoding="utf-8"))
    assert len(set(manifest["seeds"])) == 3
    assert set(manifest["files"]) == names(found) - {"manifest.json"}


def test_the_same_command_gives_the_same_bytes(tmp_path: Path) -> None:
    for out in ("a", "b"):
        assert shequn(*SHORT, "--out", out).exit_code == 0
    first, second = (folder(tmp_path / out) for out in ("a", "b"))
    assert first.name == second.name
    for name in names(first) - {"manifest.json"}:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_same_run_is_found_again(tmp_path: Path, engine: SimpleNamespace) -> None:
    first = shequn(*SHORT)
    engine.simulate = None  # nothing is run
    again = shequn(*SHORT, "--csv")
    assert "already exists" in again.stderr
    assert again.stdout == first.stdout
    days = pd.read_csv(folder(tmp_path) / "tables" / "days.csv")
    assert len(days) == 3 * 31


def test_force_runs_again(tmp_path: Path) -> None:
    shequn(*SHORT)
    (folder(tmp_path) / "summary.txt").write_text("old")
    assert "old" not in shequn(*SHORT, "--force").stdout


@pytest.mark.parametrize(
    "other", [["--seed", "5"], ["--set", "community.openness=0.1"], ["--journal", "none"]]
)
def test_another_question_gets_another_folder(tmp_path: Path, other: list[str]) -> None:
    shequn(*SHORT)
    shequn(*SHORT, *other)
    assert len(list(tmp_path.rglob("manifest.json"))) == 2


def test_show_prints_the_summary_of_a_run_or_the_latest_of_a_scenario(tmp_path: Path) -> None:
    run = shequn(*SHORT)
    assert shequn("show", str(Path("results") / "small-circle" / folder(tmp_path).name)).stdout == run.stdout
    assert shequn("show", "results/small-circle").stdout == run.stdout


@pytest.mark.parametrize("what", ["missing", "empty", "file"])
def test_show_says_what_is_no_run(tmp_path: Path, what: str) -> None:
    if what == "empty":
        (tmp_path / what).mkdir()
    if what == "file":
        (tmp_path / what).write_text("")
    result = shequn("show", what)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {what}")


def test_a_journal_of_nothing_has_no_journal(tmp_path: Path) -> None:
    shequn(*SHORT, "--journal", "none")
    assert not (folder(tmp_path) / "tables" / "journal.parquet").exists()


def _failing(after: int, error: BaseException) -> Any:
    calls = iter(range(100))

    def simulate(*given: Any, **named: Any) -> RunResult:
        if next(calls) == after:
            raise error
        return made_up_run(*given, **named)

    return simulate


def test_an_interrupted_run_goes_on_and_ends_the_same(tmp_path: Path, engine: SimpleNamespace) -> None:
    engine.simulate = _failing(2, KeyboardInterrupt())
    stopped = shequn(*SHORT)
    assert stopped.exit_code == 130
    assert "The same command continues after the 2 finished runs" in stopped.stderr
    assert not list(tmp_path.rglob("manifest.json"))
    ran = []
    engine.simulate = lambda *given, **named: ran.append(given) or made_up_run(*given, **named)
    assert "Continuing after 2 of 3 runs" in shequn(*SHORT).stderr
    assert len(ran) == 1
    engine.simulate = made_up_run
    shequn(*SHORT, "--out", "whole")
    first, whole = folder(tmp_path / "results"), folder(tmp_path / "whole")
    for name in names(whole) - {"manifest.json"}:
        assert (first / name).read_bytes() == (whole / name).read_bytes(), name


def test_interrupted_at_once_nothing_is_left(tmp_path: Path, engine: SimpleNamespace) -> None:
    engine.simulate = _failing(0, KeyboardInterrupt())
    stopped = shequn(*SHORT)
    assert stopped.exit_code == 130
    assert "The same command starts from the beginning" in stopped.stderr
    assert not names(tmp_path)


FAULTS: list[tuple[BaseException, str]] = [
    (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
    (MemoryError(), "not enough memory"),
    (PermissionError(errno.EACCES, "Permission denied", "x"), "Permission denied"),
]


@pytest.mark.parametrize(("error", "message"), FAULTS)
def test_what_a_user_can_mend_is_one_message(
    tmp_path: Path, engine: SimpleNamespace, error: BaseException, message: str
) -> None:
    engine.simulate = _failing(0, error)
    result = shequn(*SHORT)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert message in result.stderr
    assert not names(tmp_path)


def test_a_file_in_the_way_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("")
    result = shequn(*SHORT)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


_SLOW = """
import signal, sys, time, types
signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it is ignored
import tests.app.test_run as test
def simulate(*given, **named):
    print("running", flush=True)
    result = test.made_up_run(*given, **named)
    time.sleep(2.0)
    return result
sys.modules["shequn.sim.running"] = types.SimpleNamespace(simulate=simulate)
from shequn.app.cli import main
main()
"""


def _started(tmp_path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW, *SHORT],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for _ in range(2):  # the second run has begun: the first is put aside
        assert process.stdout.readline() == "running\n"
    time.sleep(0.2)
    return process


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals to one process")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_with_a_message_and_no_result(tmp_path: Path, name: str) -> None:
    number = getattr(signal, name)
    if signal.getsignal(number) == signal.SIG_IGN:
        pytest.skip("the tests run under nohup, which has everybody ignore this signal")
    process = _started(tmp_path)
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert "Traceback" not in errors
    assert "continues after the 1 finished run" in errors
    assert not list(tmp_path.rglob("manifest.json"))


def test_a_killed_run_leaves_no_result_and_is_taken_up_again(tmp_path: Path) -> None:
    process = _started(tmp_path)
    process.kill()
    process.communicate(timeout=30)
    visible = [path.name for path in (tmp_path / "results" / "small-circle").iterdir() if path.name[0] != "."]
    assert visible == []
    assert "Continuing after 1 of 3 runs" in shequn(*SHORT).stderr
    assert [path.name for path in (tmp_path / "results" / "small-circle").iterdir()] == [
        folder(tmp_path).name
    ]


def test_the_engine_fills_a_folder_whose_identities_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.sim.results.identities import check_days, check_sizes, check_temperature

    monkeypatch.delitem(sys.modules, "shequn.sim.running")
    result = shequn("run", "gated-group", "--days", "60", "--runs", "2")
    assert result.exit_code == 0, result.output
    tables = {}
    for table in TABLES:
        frame = pd.read_parquet(folder(tmp_path) / "tables" / f"{table}.parquet")
        tables[table] = frame[frame["run"] == 0].drop(columns="run")
    check_sizes(tables["days"])
    check_temperature(tables["days"], tables["members"], tables["journal"])
    check_days(tables["days"], tables["journal"], tables["members"])


_BESIDE = """
import signal, sys, types
signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it is ignored
import tests.app.test_run as test
sys.modules["shequn.sim.running"] = types.SimpleNamespace(simulate=test.{simulate})
import shequn.sim.warmup
shequn.sim.warmup.is_compiled = lambda scenario: True
if __name__ == "__main__":
    from shequn.app.cli import main
    main()
"""


def slow_run(*given: Any, **named: Any) -> RunResult:
    time.sleep(0.5)
    print(f"running {os.getpid()}\n", end="", flush=True)  # one write: two processes share the pipe
    time.sleep(0.5)
    return made_up_run(*given, **named)


def failing_beside(*given: Any, **named: Any) -> RunResult:
    if multiprocessing.parent_process() is not None:
        raise MemoryError
    time.sleep(1.0)
    return made_up_run(*given, **named)


def dying_beside(*given: Any, **named: Any) -> RunResult:
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    time.sleep(1.0)
    return made_up_run(*given, **named)


def _two_processes(tmp_path: Path, simulate: str, runs: int = 6) -> "subprocess.Popen[str]":
    """The command in two processes; a spawned one runs the script's first lines too."""
    script = tmp_path / "beside.py"
    script.write_text(_BESIDE.format(simulate=simulate), encoding="utf-8")
    arguments = ["run", "small-circle", "--days", "30", "--runs", str(runs), "--jobs", "2"]
    return subprocess.Popen(
        [sys.executable, str(script), *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_give_the_same_bytes_as_one(tmp_path: Path) -> None:
    process = _two_processes(tmp_path, "slow_run")
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    who = {line for line in output.splitlines() if line.startswith("running")}
    assert len(who) == 2
    assert shequn(*SHORT, "--runs", "6", "--out", "alone").exit_code == 0
    both, alone = folder(tmp_path / "results"), folder(tmp_path / "alone")
    assert names(both) == names(alone)
    for name in names(alone) - {"manifest.json"}:
        assert (both / name).read_bytes() == (alone / name).read_bytes(), name


@pytest.mark.parametrize(
    ("simulate", "message"),
    [("failing_beside", "not enough memory"), ("dying_beside", "was killed")],
)
def test_what_goes_wrong_in_the_other_process_is_one_message(
    tmp_path: Path, simulate: str, message: str
) -> None:
    process = _two_processes(tmp_path, simulate)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert errors.startswith("Error: ") and message in errors
    assert "Traceback" not in errors
    assert not list(tmp_path.rglob("manifest.json"))


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_two_processes_end_together_and_are_taken_up_again(tmp_path: Path, how: str) -> None:
    process = _two_processes(tmp_path, "slow_run", runs=16)
    assert process.stdout is not None
    seen: set[str] = set()
    while len(seen) < 2:
        seen.add(process.stdout.readline().split()[1])
    process.send_signal(getattr(signal, how))
    process.communicate(timeout=120)
    other = next(pid for pid in seen if pid != str(process.pid))
    for _ in range(100):
        if not Path(f"/proc/{other}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{other}").exists()
    assert not list(tmp_path.rglob("manifest.json"))
    again = shequn(*SHORT, "--runs", "16")
    assert again.exit_code == 0, again.stderr
    assert shequn(*SHORT, "--runs", "16", "--out", "alone").exit_code == 0
    both, alone = folder(tmp_path / "results"), folder(tmp_path / "alone")
    for name in names(alone) - {"manifest.json"}:
        assert (both / name).read_bytes() == (alone / name).read_bytes(), name
