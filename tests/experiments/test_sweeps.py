"""Sweeps: the same bytes wherever runs are made and however often the command is killed."""

import importlib.util
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from shequn import simulate
from shequn.app.cli import cli
from shequn.experiments.designs.reading import read_design
from shequn.experiments.sweeps import execution
from shequn.experiments.sweeps import plan as plans
from shequn.experiments.sweeps.execution import execute, execute_on
from shequn.experiments.sweeps.executors import Backend, ExecutorError, InProcess, check_backend, executor
from shequn.experiments.sweeps.folder import writing
from shequn.experiments.sweeps.plan import MismatchError, Plan, plan_of
from shequn.experiments.sweeps.run_store import FILE, RunStore, _sealed
from shequn.experiments.sweeps.sweep import inputs, sweep
from shequn.experiments.sweeps.tables import means, write_tables
from shequn.experiments.sweeps.work import RunOutcome, perform_run
from shequn.sim.results.folder import DamagedError

ROOT = Path(__file__).parents[2]
DESIGN = """\
format: 1
title: Openness and a task
scenario: small-circle
set: {days: 20, population.people: 120, population.founders: 12, community.capacity: null}
factors:
  community.openness: [0.1, 0.5]
  gate: {key: gates, levels: {none: null, task: {task: {kind: task}}}}
replicates: 4
seed: 3
responses: [end, joins, temperature@10]
figures: [{response: end, along: community.openness, by: gate}]
"""
TABLES = ("responses.parquet", "failures.parquet")


def written(tmp_path: Path, text: str = DESIGN, name: str = "design") -> Path:
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def quiet(runs: int, finished: int) -> Callable[[RunOutcome], None]:
    return lambda done: None


def made(tmp_path: Path, name: str, text: str = DESIGN, **where: Any) -> Path:
    final = tmp_path / name
    sweep(read_design(str(written(tmp_path, text))), final, quiet, **where)
    return final


def same_tables(one: Path, other: Path) -> bool:
    return all((one / "tables" / t).read_bytes() == (other / "tables" / t).read_bytes() for t in TABLES)


def command(*arguments: object, **environment: str) -> list[str]:
    return [sys.executable, "-m", "shequn.app.cli", "sweep", *map(str, arguments)]


def surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the design, made in one process."""
    return made(tmp_path_factory.mktemp("here"), "here", on="here")


def test_the_table_has_a_row_for_each_run_and_response(here: Path) -> None:
    table = pd.read_parquet(here / "tables" / "responses.parquet")
    assert list(table.columns) == ["point", "run", "seed", "community.openness", "gate", "response", "value"]
    assert len(table) == 4 * 4 * 3
    assert table.groupby("run")["seed"].nunique().eq(1).all()
    assert table["community.openness"].dtype == "float64"
    assert not table.duplicated(["point", "run", "response"]).any()
    assert len(pd.read_parquet(here / "tables" / "failures.parquet")) == 0


def test_a_response_of_a_sweep_is_that_of_a_single_run(here: Path, tmp_path: Path) -> None:
    design = read_design(str(written(tmp_path)))
    table = pd.read_parquet(here / "tables" / "responses.parquet")
    row = table[(table["point"] == 3) & (table["run"] == 2)].set_index("response")
    result = simulate(design.scenario(3), seed=int(row["seed"].iloc[0]))  # journal and all
    assert row["value"]["joins"] == result.runs["joins"].iloc[0]
    assert row["value"]["temperature@10"] == result.days["temperature"][10]


def test_visits_are_known_where_a_response_needs_them(tmp_path: Path) -> None:
    text = DESIGN.replace("[end, joins, temperature@10]", "[seen_week_4]").replace("days: 20", "days: 60")
    text = text.replace("response: end", "response: seen_week_4")
    table = pd.read_parquet(made(tmp_path, "out", text, on="here") / "tables" / "responses.parquet")
    assert table["value"].notna().any()


def test_two_processes_write_the_same_bytes(here: Path, tmp_path: Path) -> None:
    assert same_tables(here, made(tmp_path, "out", on="processes", jobs=2))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster() -> Iterator[str]:
    """A dask scheduler and two workers on this machine; gives the address."""
    address = f"tcp://127.0.0.1:{free_port()}"
    run = {"env": surroundings(), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    port = ["--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"]
    parts = [subprocess.Popen([sys.executable, "-m", "dask", "scheduler", *port], **run)]  # type: ignore[call-overload]
    try:
        for _ in range(2):
            worker = ["worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"]
            parts.append(subprocess.Popen([sys.executable, "-m", "dask", *worker], **run))  # type: ignore[call-overload]
        yield address
    finally:
        for part in parts:
            part.kill()
            part.wait()


def test_two_dask_workers_write_the_same_bytes(here: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("distributed") is None:
        pytest.skip("the extra dask is not installed")
    with cluster() as address:
        waiting = (  # the command wants workers that are there
            f"from distributed import Client\n"
            f"with Client({address!r}, timeout='60s') as client: client.wait_for_workers(2, timeout=60)"
        )
        subprocess.run([sys.executable, "-c", waiting], check=True, timeout=120, capture_output=True)
        done = subprocess.run(
            command(written(tmp_path), "--on", f"dask:{address}", "--out", tmp_path / "out"),
            env=surroundings(), cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert same_tables(here, tmp_path / "out")


def test_two_mpi_workers_write_the_same_bytes(here: Path, tmp_path: Path) -> None:
    near = Path(sys.executable).with_name("mpiexec")
    mpiexec = str(near) if near.exists() else shutil.which("mpiexec")
    if importlib.util.find_spec("mpi4py") is None or mpiexec is None:
        pytest.skip("the extra mpi is not installed")
    arguments = command(written(tmp_path), "--on", "mpi", "--out", tmp_path / "out")
    root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    done = subprocess.run(
        [mpiexec, "--oversubscribe", "-n", "3", arguments[0], "-m", "mpi4py.futures", *arguments[1:]],
        env=surroundings() | root, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert same_tables(here, tmp_path / "out")


def lines(folder: Path) -> int:
    try:
        return (folder / FILE).read_bytes().count(b"\n")
    except OSError:
        return 0


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(text) for text in listed.read_text().split()] if listed.exists() else []


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_five_times_it_writes_the_same_bytes(tmp_path: Path) -> None:
    text = DESIGN.replace("replicates: 4", "replicates: 40")
    whole = made(tmp_path, "whole", text, on="here")
    final = tmp_path / "killed"
    unfinished = tmp_path / ".killed.unfinished"
    chance = random.Random(4)
    before = 0
    for kill, least in enumerate([*sorted(chance.sample(range(4, 150), 4)), 159]):
        place = ("--on", "here") if kill % 2 else ("--jobs", "2")
        process = subprocess.Popen(
            command(written(tmp_path, text), "--out", final, *place),
            env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while lines(unfinished) < max(least, before + 1) and process.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.02)
        workers = children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (final / "manifest.json").exists():
            break  # the last kill may come after the last byte
        assert lines(unfinished) > before  # what was finished stays finished
        before = lines(unfinished)
        patience = time.monotonic() + 20
        while any(map(is_alive, workers)) and time.monotonic() < patience:
            time.sleep(0.05)
        assert not any(map(is_alive, workers))
    else:
        assert kill == 4
    again = subprocess.run(
        command(written(tmp_path, text), "--out", final, "--jobs", "2"),
        env=surroundings(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert same_tables(whole, final)


def test_a_failed_run_is_told_with_its_parameters_and_seed_and_the_others_go_on(tmp_path: Path) -> None:
    text = (
        "format: 1\ntitle: Odd people\nscenario: small-circle\n"
        "set: {days: 5, population.founders: 5, "
        "population.graph: {generator: random_regular_graph, arguments: {d: 3}}}\n"
        "factors: {population.people: [50, 51]}\nreplicates: 2\nresponses: [end]\n"
    )
    done = CliRunner().invoke(
        cli, ["sweep", str(written(tmp_path, text)), "--on", "here", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 1
    assert "2 of 4 runs failed" in done.stderr
    assert "population.people = 51.0, seed 1: " in done.stderr
    tables = tmp_path / "out" / "tables"
    failures = pd.read_parquet(tables / "failures.parquet")
    assert failures["population.people"].tolist() == [51.0, 51.0]
    assert failures["seed"].nunique() == 2
    assert failures["message"].str.contains("Error").all()
    good = pd.read_parquet(tables / "responses.parquet")
    assert good["population.people"].tolist() == [50.0, 50.0]
    chinese = ["--lang", "zh", "sweep", str(written(tmp_path, text)), "--on", "here"]
    CliRunner().invoke(cli, [*chinese, "--out", str(tmp_path / "zh")])
    told = pd.read_parquet(tmp_path / "zh" / "tables" / "failures.parquet")
    assert told["message"].tolist() == failures["message"].tolist()  # tables know one language


class FakeRuns:
    """Runs that take no time, instead of the engine's."""

    def __call__(self, run: Any) -> RunOutcome:
        return RunOutcome(run.number, [float(run.number), 0.0, float(run.seed % 7)])


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setattr(execution, "perform_run", FakeRuns())
    return plan_of(read_design(str(written(tmp_path))))


def test_no_more_runs_are_handed_over_than_are_made_at_once_and_as_many_again(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[Future[Any]] = []
    most = []

    class Lazy(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
            future: Future[Any] = Future()
            waiting.append(future)
            future.run = lambda: future.set_result(fn(*args))  # type: ignore[attr-defined]
            return future

    def wait(pending: Any, return_when: str) -> tuple[set[Future[Any]], set[Future[Any]]]:
        most.append(len(pending))
        last = list(pending)[-1]  # the newest first: out of order
        last.run()
        return {last}, set(pending) - {last}

    monkeypatch.setattr(execution, "wait", wait)
    with RunStore(tmp_path, plan) as store:
        execute(store, Backend(Lazy(), 2), lambda done: None)
        assert max(most) == 4
        assert [done.number for done in store] == list(range(plan.runs))


def test_tables_do_not_depend_on_the_order_in_which_runs_finish(plan: Plan, tmp_path: Path) -> None:
    for name, numbers in (("one", range(plan.runs)), ("other", reversed(range(plan.runs)))):
        (tmp_path / name).mkdir()
        with RunStore(tmp_path / name, plan) as store:
            for number in numbers:
                store.add(FakeRuns()(plan.run(number)))
            write_tables(store, tmp_path / name)
    for table in TABLES:
        assert (tmp_path / "one" / table).read_bytes() == (tmp_path / "other" / table).read_bytes()


def test_a_run_that_kills_its_worker_fails_alone(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mortal(InProcess):
        broken = False

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
            self.broken |= args[0].number == 6
            if not self.broken:
                return super().submit(fn, *args, **kwargs)
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("died"))
            return future

    @contextmanager
    def fresh(on: str, jobs: int | None) -> Iterator[Backend]:
        yield Backend(Mortal(), jobs or 2)

    monkeypatch.setattr(execution, "executor", fresh)
    with RunStore(tmp_path, plan) as store:
        execute_on(store, "processes", 2, lambda done: None)
        wrong = [done for done in store if done.values is None]
        assert store.count == plan.runs
    assert [(done.number, done.failure) for done in wrong] == [(6, execution.DIED)]


def test_a_line_that_was_cut_short_is_dropped(plan: Plan, tmp_path: Path) -> None:
    with RunStore(tmp_path, plan) as store:
        for number in range(3):
            store.add(FakeRuns()(plan.run(number)))
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:-5])
    with RunStore(tmp_path, plan) as store:
        assert [number in store for number in range(4)] == [True, True, False, False]
        store.add(FakeRuns()(plan.run(2)))
    assert (tmp_path / FILE).read_bytes() == whole


@pytest.mark.parametrize(
    "change",
    [
        lambda line: re.sub(rb"\d", lambda digit: b"%d" % ((int(digit[0]) + 1) % 10), line, count=1),
        lambda line: b"[]\n",
        lambda line: b"{}\n",
        lambda line: b"\x00" * (len(line) - 1) + b"\n",
        lambda line: _sealed({"run": True, "key": "x", "values": None}),
        lambda line: _sealed({"run": 0, "key": 7, "values": None}),
        lambda line: _sealed({"run": 0, "key": "x", "values": [1.0]}),
        lambda line: _sealed({"run": 0, "key": "x", "values": ["a", "b", "c"]}),
        lambda line: _sealed({"run": 0, "key": "x", "values": None, "failure": 3}),
        lambda line: b"[" * 100_000 + b"\n",
    ],
)
def test_a_line_that_was_changed_is_refused_or_run_again_and_never_read(
    plan: Plan, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    with RunStore(tmp_path, plan) as store:
        for number in range(3):
            store.add(FakeRuns()(plan.run(number)))
    lines = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
    (tmp_path / FILE).write_bytes(lines[0] + change(lines[1]) + lines[2])
    with pytest.raises(DamagedError, match=r"finished\.jsonl, line 2: not as it was written; --force"):
        RunStore(tmp_path, plan)
    (tmp_path / FILE).write_bytes(lines[0] + lines[1] + change(lines[2]))  # at the end: as after a power cut
    with RunStore(tmp_path, plan) as store:
        assert [number in store for number in range(3)] == [True, True, False]


def test_a_run_that_comes_twice_counts_once(plan: Plan, tmp_path: Path) -> None:
    with RunStore(tmp_path, plan) as store:
        for number in (0, 1, 0):
            store.add(FakeRuns()(plan.run(number)))
        assert store.count == 2
    lines = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
    (tmp_path / FILE).write_bytes(b"".join([*lines, lines[0]]))
    with RunStore(tmp_path, plan) as store:
        assert store.count == len(list(store)) == 2


def test_a_run_of_other_parameters_is_never_taken_for_ours(plan: Plan, tmp_path: Path) -> None:
    line = {"run": 1, "key": "0" * 12, "values": [1.0] * len(plan.responses)}
    (tmp_path / FILE).write_bytes(_sealed(line))
    with RunStore(tmp_path, plan) as store, pytest.raises(MismatchError, match="other parameters"):
        1 in store  # noqa: B015


def interrupted(tmp_path: Path, text: str = DESIGN) -> Path:
    """A sweep of which some runs are finished."""
    design = read_design(str(written(tmp_path, text)))
    with pytest.raises(KeyboardInterrupt), writing(tmp_path / "out", inputs(design)) as folder:
        with RunStore(folder, plan_of(design)) as store:
            store.add(RunOutcome(0, [1.0, 2.0, 3.0]))
        raise KeyboardInterrupt
    return tmp_path / ".out.unfinished"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("replicates: 4", "replicates: 5"), r"another replicates \(4, now 5\)"),
        (("seed: 3", "seed: 4"), r"another seed \(3, now 4\)"),
        (("[0.1, 0.5]", "[0.1, 0.6]"), "another design"),
        (("small-circle", "open-group"), "another design"),
        (("title: Openness", "title: Other words"), None),
    ],
    ids=str,
)
def test_results_of_another_design_are_refused(
    change: tuple[str, str], said: str | None, tmp_path: Path, plan: Plan
) -> None:
    folder = interrupted(tmp_path)
    kept = (folder / FILE).read_bytes()
    other = read_design(str(written(tmp_path, DESIGN.replace(*change))))
    if said is None:  # words change no run
        with pytest.raises(KeyboardInterrupt), writing(tmp_path / "out", inputs(other)):
            raise KeyboardInterrupt
    else:
        with pytest.raises(MismatchError, match=said), writing(tmp_path / "out", inputs(other)):
            pass
    assert (folder / FILE).read_bytes() == kept


def test_results_of_another_version_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted(tmp_path)
    from shequn.experiments.sweeps import folder

    monkeypatch.setattr(folder, "provenance", lambda: {"version": "99", "sources": "x"})
    design = read_design(str(written(tmp_path)))
    with pytest.raises(MismatchError, match=r"another version of shequn \(.*, now 99\)"):
        sweep(design, tmp_path / "out", quiet, on="here")


def test_a_worker_of_other_sources_refuses(plan: Plan) -> None:
    with pytest.raises(MismatchError, match="other sources"):
        perform_run(plan.run(0)._replace(sources="0123456789abcdef"))


@pytest.mark.parametrize("on", ["moon", "dask", "dask:", "processes:3", ""])
def test_a_place_that_is_none_is_refused(on: str) -> None:
    with pytest.raises(ExecutorError, match="allowed: processes, here, dask:ADDRESS, mpi"):
        check_backend(on)


def test_without_other_ranks_mpi_says_how_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("mpi4py") is None:
        pytest.skip("the extra mpi is not installed")
    code = "from shequn.experiments.sweeps.executors import executor\nwith executor('mpi'): pass"
    done = subprocess.run(
        [sys.executable, "-c", code], env=surroundings(), capture_output=True, text=True, check=False
    )
    assert "start with: mpiexec" in done.stderr


def test_the_command_refuses_a_folder_of_other_results_and_finds_its_own(here: Path, tmp_path: Path) -> None:
    other = written(tmp_path, DESIGN.replace("seed: 3", "seed: 9"))
    done = CliRunner().invoke(cli, ["sweep", str(other), "--out", str(here)])
    assert done.exit_code == 2
    assert "another seed (3, now 9)" in done.stderr
    done = CliRunner().invoke(cli, ["sweep", str(written(tmp_path)), "--out", str(here)])
    assert done.exit_code == 0
    assert "already exists" in done.stderr
    assert "Means over 4 runs" in done.stdout


def test_a_wrong_design_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["sweep", str(written(tmp_path, DESIGN.replace("gates,", "gats,")))])
    assert done.exit_code == 2
    assert "unknown key gats; did you mean gates?" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "results").exists()


def test_executors_here_hold_what_went_wrong() -> None:
    with executor("here") as backend:
        assert isinstance(backend.executor.submit(int, "x").exception(), ValueError)


def test_plans_know_version_and_sources() -> None:
    assert set(plans.provenance()) == {"version", "sources"}


def test_a_folder_that_holds_something_else_is_never_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    for force in ((), ("--force",)):
        done = CliRunner().invoke(cli, ["sweep", str(written(tmp_path)), "--out", str(mine), *force])
        assert done.exit_code == 2
        assert "is not a folder of such results" in done.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()].count("thesis.txt") == 1


#: As ``-m shequn.app.cli``, also where the tests run in the background, whose processes ignore interrupts.
_INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from shequn.app.cli import main; main()"
)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another thing on Windows")
def test_interrupted_it_says_how_to_go_on(tmp_path: Path) -> None:
    text = DESIGN.replace("replicates: 4", "replicates: 500")
    process = subprocess.Popen(
        [sys.executable, "-c", _INTERRUPTIBLE,
         *command(written(tmp_path, text), "--out", tmp_path / "out", "--jobs", "2")[3:]],
        env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    while lines(tmp_path / ".out.unfinished") < 3 and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: workers get it too
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "continues after the finished runs" in said
    assert "Traceback" not in said


def test_means_are_those_of_the_table(here: Path) -> None:
    path = here / "tables" / "responses.parquet"
    rows = pd.read_parquet(path)
    expected = rows.pivot_table(index="point", columns="response", values="value", sort=False)
    assert np.allclose(means(path)[expected.columns], expected)


def test_a_worker_draws_nothing() -> None:
    code = (
        "import shequn.experiments.sweeps.work, shequn.sim.running, sys\n"
        "assert 'matplotlib' not in sys.modules, 'half a second at the start of each worker'"
    )
    subprocess.run([sys.executable, "-c", code], env=surroundings(), check=True)
