"""One life of the command line with a stand-in model: run, kill, resume, branch, compare, sweep, read, tamper.

Everything follows from the universe's number. What holds in each of them:

- a folder with its final name is complete, and byte for byte what a life without faults gives; or what was changed
  in it is named by whoever reads it;
- a run that was reported as finished is never run again after a kill, nor changed;
- nothing beside the results is touched; no fault is anything but a message;
- once the faults end, the same command comes to the same bytes.
"""

import contextlib
import random
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple
from unittest.mock import patch

import numpy as np
import pandas as pd

from shequn.experiments.replicates import replicates
from shequn.experiments.replicates.course import Course
from shequn.experiments.replicates.saved_run import SavedRun, State
from shequn.experiments.sweeps import execution
from shequn.experiments.sweeps import plan as plans
from shequn.experiments.sweeps.custom_sweep import custom_sweep
from shequn.experiments.sweeps.executors import Backend
from shequn.experiments.sweeps.plan import MismatchError
from shequn.sim.results import manifest as manifests
from shequn.sim.results.folder import DamagedError, InUseError, is_complete
from shequn.sim.results.schema import RUN, Column, Table
from shequn.sim.saving import state_file
from shequn.sim.saving.state_file import StateError, write_state
from shequn.sim.scenario.named import MAPS
from tests.faults.disk import Disk, Killed

#: What a command turns into a message.
MESSAGES = (OSError, InUseError, MismatchError, DamagedError, StateError, BrokenExecutor)
TABLES = {
    name: Table(
        name,
        "A stand-in.",
        (RUN, Column("day", "int64", "day", "Day."), Column("value", "double", "", "Value.")),
    )
    for name in ("days",)
}
RUNS, DAYS = 2, 4
_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())


class StandIn(NamedTuple):
    """A model whose run is a checksum."""

    number: int

    def parameters(self) -> dict[str, Any]:
        return {"number": self.number}

    def run(self, seed: int) -> dict[str, float]:
        return {"one": float(zlib.crc32(f"{self.number} {seed}".encode())), "two": float(seed % 97)}


def _scenario(number: int) -> Any:
    return SimpleNamespace(
        name=f"s{number}", variant=None, title="Stand-in", runs=RUNS, seed=number, journal="none", days=DAYS,
        dump=lambda: f"title: Stand-in {number}\n", population=SimpleNamespace(groups={}), marks={},
        resolved=lambda: {"number": number, "population": {"groups": {}}, **{key: {} for key in MAPS}},
    )  # fmt: skip


def _simulate(
    scenario: Any,
    seed: int,
    *,
    sink: Any,
    progress: Any,
    past: Any = None,
    until: Any = None,
    save: Any = None,
) -> Any:
    """A stand-in for the engine: numbers that depend on scenario, seed and past."""
    days = _days(scenario.seed, seed, "" if past is None else past.digest)
    progress(1.0)
    if save is not None:
        write_state(save, {"seed": seed}, {"days": days["value"].to_numpy()})
    progress(float(DAYS))
    return SimpleNamespace(runs=days[:1], days=days, notes=[], stays=SimpleNamespace(person=np.arange(3)))


@lru_cache
def _days(*key: Any) -> pd.DataFrame:
    rng = np.random.default_rng(zlib.crc32(repr(key).encode()))
    return pd.DataFrame({"day": np.arange(DAYS), "value": rng.random(DAYS)})


class Unreliable(Executor):
    """Workers that are late, or die."""

    def __init__(self, rng: random.Random, chance: float, done: list[int]) -> None:
        self._rng, self._chance, self._done = rng, chance, done
        self.is_prompt = False
        self._late: list[tuple[Future[Any], Any]] = []
        self._is_broken = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        # a run whose worker dies once more, alone, has failed: that is meant
        if not self.is_prompt and (self._is_broken or self._rng.random() < self._chance):
            self._is_broken = True
            future.set_exception(BrokenExecutor("a worker died"))
            return future
        self._late.append((future, lambda: fn(*args, **kwargs)))
        if self.is_prompt:
            self.deliver()
        return future

    def deliver(self) -> None:
        """Let one of the runs under way finish, any of them."""
        if self._late:
            future, work = self._late.pop(self._rng.randrange(len(self._late)))
            if not future.cancelled():
                outcome = work()
                self._done.append(outcome.number)
                future.set_result(outcome)


class Universe:
    """One life.

    Parameters
    ----------
    number : int
        Decides everything.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.rng = random.Random(number)
        self.root = Path(tempfile.mkdtemp(prefix=f"universe-{number}-", dir=_MEMORY))
        self.disk = Disk(self.root / "disk", self.rng)
        self.disk.root.mkdir()
        self.beside = self.disk.root / "beside.txt"
        self.beside.write_text("precious")
        self.disk.settle()
        self.performed: list[int] = []  # numbers of the runs of the sweep that is under way
        self.kept: dict[str, set[int]] = {}  # by folder: runs that were reported as finished
        self.tampered: set[str] = set()
        self.story: list[str] = []

    def close(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    def folder(self, name: str) -> Path:
        return self.disk.root / "results" / name

    # ---- what a command does

    def _sweep(self, name: str, number: int, restart: bool) -> None:
        kept = self.kept.setdefault(name, set())
        if restart:
            kept.clear()
        before = set(kept)
        self.performed.clear()

        def watch(_runs: int, _finished: int) -> Any:
            return lambda outcome: kept.add(outcome.number)

        models = [StandIn(number), StandIn(number + 100)]
        custom_sweep(
            models,
            {"model": [1, 2]},
            ["one", "two"],
            self.folder(name),
            watch,
            RUNS,
            seed=number,
            restart=restart,
        )
        again = before & set(self.performed)
        assert name in self.tampered or not again, f"run again: {again}"

    def _run(self, name: str, number: int, restart: bool, course: Course = replicates.WHOLE) -> None:
        if is_complete(self.folder(name)) and not restart:
            return
        replicates.write_run(_scenario(number), self.folder(name), _simulate, _quiet, course=course)

    def _branch(self, name: str, number: int, restart: bool) -> None:
        past = saved_run_of(self.folder("saved"))
        self._run(name, number, restart, Course(past, None, False))

    #: By name of its folder: the command, its argument.
    COMMANDS: ClassVar[dict[str, tuple[str, int]]] = {
        "sweep": ("_sweep", 1),
        "compare": ("_sweep", 2),
        "run": ("_run", 1),
        "saved": ("_saved", 2),
        "branch": ("_branch", 3),
    }

    def _saved(self, name: str, number: int, restart: bool) -> None:
        self._run(name, number, restart, Course(None, None, True))

    def command(self, name: str, chance: float, restart: bool = False) -> bool:
        """Give a command, with faults; returns whether it ended well."""
        disk = self.disk
        disk.chance = chance
        method, number = self.COMMANDS[name]
        self.story.append(f"{name}{' --force' if restart else ''}")
        at = len(disk.log)
        try:
            with self._world(chance):
                getattr(self, method)(name, number, restart)
            ended = True
        except Killed:
            ended = False
        except MESSAGES as error:
            ended = False
            text = str(error).replace(str(self.disk.root), "")
            self.story.append(f"  {type(error).__name__}: {text[:80]}")
        finally:
            disk.chance = 0.0
            self.story += [f"  ! {line}" for line in disk.log[at:]]
            disk.revive()
        if ended and restart:
            self.tampered.discard(name)
        self.check()
        return ended

    @contextlib.contextmanager
    def _world(self, chance: float) -> Iterator[None]:
        """The disk, the executors, and constants in place of what is slow and always the same."""
        rng = self.rng

        @contextlib.contextmanager
        def executors(on: str, jobs: int | None) -> Iterator[Backend]:
            workers = Unreliable(rng, chance, self.performed)
            if jobs == 1:  # whoever asks for one waits for it at once
                workers.is_prompt = True
            yield Backend(workers, 2)

        def wait(waiting: Any, return_when: Any) -> Any:
            executor = self._executor
            while not any(future.done() for future in waiting):
                executor.deliver()
            return {future for future in waiting if future.done()}, None

        original = execution._outcomes

        def outcomes(plan: Any, backend: Any, numbers: Any) -> Iterator[Any]:
            self._executor = backend.executor
            for outcome in original(plan, backend, numbers):
                yield outcome
                if rng.random() < chance:
                    yield outcome  # it comes twice

        with contextlib.ExitStack() as stack:
            for module, attribute, value in (
                (execution, "executor", executors), (execution, "wait", wait), (execution, "_outcomes", outcomes),
                (replicates, "TABLES", TABLES), (replicates, "compiled_alike", _alike),
                (manifests, "commit", lambda: None),
                (manifests, "source_digest", _sources), (manifests, "environment", dict),
                (state_file, "source_digest", _sources), (plans, "graph_digest", lambda scenario: ""),
            ):  # fmt: skip
                stack.enter_context(patch.object(module, attribute, value))
            stack.enter_context(self.disk.mounted())
            yield

    # ---- what else happens

    def tamper(self) -> None:
        """Somebody changes a file: a byte, its end, or all of it."""
        files = [
            p for p in self.disk.root.rglob("*") if p.is_file() and p != self.beside and p.stat().st_size
        ]
        if not files:
            return
        path = self.rng.choice(sorted(files))
        name = _name_of(path.relative_to(self.disk.root / "results").parts[0])
        data = bytearray(path.read_bytes())
        how = self.rng.choice(("byte", "cut", "json", "gone"))
        match how:
            case "byte":
                data[self.rng.randrange(len(data))] ^= 1 << self.rng.randrange(8)
            case "cut":
                del data[self.rng.randrange(len(data)) :]
            case "json":
                data = bytearray(self.rng.choice((b"{}\n", b"[]\n", b"null\n", b'{"run": 1}\n', b"\xff")))
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(data)
        self.disk.settle()
        self.tampered.add(name)
        self.kept.pop(name, None)
        self.story.append(f"tamper ({how}) {path.relative_to(self.disk.root)}")
        self.check()

    def cut_power(self) -> None:
        self.disk.cut_power()
        self.kept.clear()  # of the last second
        self.story.append("power cut")
        self.check()

    # ---- what holds

    def check(self) -> None:
        """Everything that has its final name is right, or says what was changed in it."""
        assert self.beside.read_text() == "precious"
        for name in self.COMMANDS:
            final = self.folder(name)
            if not final.exists():
                continue
            assert final.is_dir() and (is_complete(final) or name in self.tampered), f"{name} is incomplete"
            try:
                with patch.object(state_file, "source_digest", _sources):
                    manifests.read_manifest(final)
            except (DamagedError, FileNotFoundError):
                assert name in self.tampered, f"{name} is damaged"
                continue
            due = reference(name)
            for file, data in due.items():
                if file.endswith(".npz") and name in self.tampered:
                    continue  # whoever continues it compares its digest
                if not (final / file).is_file():
                    assert name in self.tampered, f"{name}/{file} is missing"
                elif (final / file).read_bytes() != data:
                    raise AssertionError(f"{name}/{file} differs")

    def live(self) -> None:
        """Some steps with faults, then the same commands without: each comes to its end."""
        rng = self.rng
        chance = rng.choice((0.005, 0.02, 0.08))
        names = rng.sample(sorted(self.COMMANDS), rng.randint(1, 2))
        if "branch" in names and "saved" not in names:
            names.insert(0, "saved")
        for _ in range(rng.randint(2, 5)):
            match rng.choice(("command", "command", "command", "tamper", "power", "force")):
                case "command":
                    self.command(rng.choice(names), chance)
                case "force":
                    self.command(rng.choice(names), chance, restart=True)
                case "tamper":
                    self.tamper()
                case "power":
                    self.cut_power()
        self.heal(names)

    def heal(self, names: Any) -> None:
        """The faults have ended: every command comes to the right bytes."""
        for name in sorted(names, key=list(self.COMMANDS).index):
            tampered = name in self.tampered
            if tampered:
                shutil.rmtree(self.folder(name), ignore_errors=True)  # the user takes away what was changed
            ended = self.command(name, 0.0)
            if not ended and tampered:
                ended = self.command(name, 0.0, restart=True)
            assert ended, f"{name} does not come to its end"
            assert is_complete(self.folder(name))
            self.tampered.discard(name)
        self.check()


def saved_run_of(folder: Path) -> SavedRun:
    """The saved run in a folder, if its states are those that its manifest names."""
    manifest = manifests.read_manifest(folder)
    digests = manifest["state"]["sha256"]
    states = tuple(
        State(str(folder / "state" / f"run-{run:05d}.npz"), digest) for run, digest in enumerate(digests)
    )
    for state in states:
        state.read()
    return _Past(folder, states)  # type: ignore[return-value]


class _Past(NamedTuple):
    folder: Path
    states: tuple[State, ...]
    day: int = DAYS
    scenario: str = "s2"
    variant: str | None = None
    run: str = "saved"
    digest: str = "0" * 12

    def settings(self) -> Any:
        return _scenario(2)


def _quiet(_run: int, _day: float) -> None:
    """Report the progress to nobody."""


def _sources() -> str:
    return "0123456789abcdef"


def _alike(scenarios: Any, _more: Any) -> Any:
    """Scenarios without a kernel are compiled alike as they are."""
    return scenarios


def _name_of(folder: str) -> str:
    """The command whose folder, finished or not, has this name."""
    return folder.strip(".").split(".")[0]


@lru_cache
def reference(name: str) -> dict[str, bytes]:
    """The tables of a command in a life without faults."""
    quiet = Universe(-1)
    try:
        wanted = ["saved", "branch"] if name == "branch" else [name]
        with patch.object(Universe, "check", lambda self: None):
            for one in wanted:
                assert quiet.command(one, 0.0), quiet.story
        folder = quiet.folder(name)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.suffix in (".parquet", ".npz")
        }
    finally:
        quiet.close()


def live(number: int) -> str | None:
    """Live through one universe; what went wrong in it, with its story, or None."""
    universe = Universe(number)
    try:
        universe.live()
    except (Exception, Killed) as error:
        story = "\n  ".join(universe.story)
        return f"universe {number}: {type(error).__name__}: {error}\n  {story}"
    finally:
        universe.close()
    return None
