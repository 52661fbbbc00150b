"""One mutant at a time: change a copy of the tree, run the tests in a fork, change it back."""

import gc
import importlib
import os
import resource
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.mutation.mutants import Mutant, changed_lines, mutated

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = (
    "-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:unraisableexception",
    "-o", "addopts=--import-mode=importlib",  # without the options of xdist
    "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning",
)  # fmt: skip
LIBRARIES = (
    "hypothesis.strategies", "mesa", "networkx", "numba", "numpy.random", "pandas", "platformdirs",
    "pyarrow.parquet", "pydantic", "pytest", "ruamel.yaml", "scipy.stats", "tqdm",
)  # fmt: skip
SECONDS = 30, 90  # of CPU, for the tests tried first and for all: an endless loop counts as noticed


class Target(NamedTuple):
    """What is mutated, and the tests that must notice it.

    ``first`` are tried before all ``tests``; of ``slow`` only those named after the mutated file, before any other.
    """

    paths: tuple[str, ...]
    first: tuple[str, ...]
    tests: tuple[str, ...]
    slow: tuple[str, ...]


class Outcome(NamedTuple):
    """What became of one mutant."""

    mutant: Mutant
    end: str  # killed, timeout, survived, stillborn
    by: str  # the test that noticed it
    before: str
    after: str
    seconds: float


_copy = Path()


def prepare(folder: str) -> None:
    """Make a copy of the tree for this process in a folder, and load the libraries."""
    global _copy
    _copy = Path(folder) / str(os.getpid())
    _copy.mkdir()
    for part in ROOT.iterdir():
        if part.is_dir() and not part.name.startswith(".") and part.name not in ("results", "docs"):
            unwanted = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(part, _copy / part.name, ignore=unwanted, symlinks=True)
        elif part.suffix in (".toml", ".md"):
            shutil.copy(part, _copy)
    os.chdir(_copy)
    sys.path[:] = [str(_copy), *(one for one in sys.path if one and Path(one).resolve() != ROOT)]
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    os.environ["SHEQUN_CACHE_DIR"] = str(_copy / "cache")
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.freeze()  # what is loaded need not be searched for garbage after each fork


def _killer(output: str) -> str:
    failed = [line.split(" - ")[0] for line in output.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return failed[0].split(" ", 1)[1] if failed else ""


def _write(path: Path, code: str) -> None:
    """Write a source; its compiled form may be as long and of the same second, so it goes."""
    path.write_text(code, encoding="utf-8")
    for stale in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        stale.unlink()


def _stages(target: Target, path: str) -> list[list[str]]:
    """The tests named after the changed file and those that are tried first, then all."""
    name = f"test_{Path(path).stem}.py"
    folder = "agents" if path.startswith("agents") else "sim/kernel/laws"
    own = [str(one.relative_to(_copy)) for one in (_copy / "tests" / folder).glob(name)]
    own += [test for test in (*target.tests, *target.slow) if test.endswith(f"/{name}")]
    return [stage for stage in ([*own, *target.first], list(target.tests)) if stage]


def _tested(stages: list[list[str]]) -> tuple[str, str]:
    """Run tests in a fork of this process: how they ended, and the first that failed."""
    report = _copy / "report.txt"
    child = os.fork()
    if child == 0:
        with report.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
            del sys.modules[name]  # they are of the tree, not of the copy
        import pytest

        code = 70
        try:
            for stage, seconds in zip(stages, SECONDS[-len(stages) :], strict=True):
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
                code = int(pytest.main([*OPTIONS, *stage]))
                if code:
                    break
        finally:
            sys.stdout.flush()
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return "timeout", ""
    if status == 0:
        return "survived", ""
    output = report.read_text(errors="replace")
    return "killed", _killer(output) or output[-500:]


def try_mutant(mutant: Mutant, target: Target) -> Outcome:
    started = time.monotonic()
    path = _copy / mutant.path
    source = path.read_text(encoding="utf-8")
    code = mutated(source, mutant)
    if code is None:
        return Outcome(mutant, "stillborn", "", "", "", 0.0)
    _number, before, after = changed_lines(source, code)
    _write(path, code)
    try:
        end, by = _tested(_stages(target, mutant.path))
    finally:
        _write(path, source)
    return Outcome(mutant, end, by, before, after, time.monotonic() - started)


def try_unchanged(target: Target) -> tuple[str, str, float]:
    started = time.monotonic()
    return (*_tested([list(target.tests)]), time.monotonic() - started)
