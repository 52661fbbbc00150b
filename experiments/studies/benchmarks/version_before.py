"""(g) This version beside an earlier one of the repository: in turn, each measurement in a process of its own.

``python -m shequn.experiments.studies.speed g --before COMMIT`` checks the other version out into a folder that goes
again, with a cache of its own. What it measures, it measures through what both versions have.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shequn.experiments.studies.benchmarks.timing import ROOT, ChildError, Part, Row, middle, ratios, say

_REPEATED = 5  # runs of one world, of which the median counts
#: What is measured: name, unit, sizes (and quick ones), and how small the ratio now / before is to be.
MEASURED = (
    ("compile", "CPU s", (0,), (0,), 0.5),
    ("epidemic", "ns an event", (20_000, 100_000, 1_000_000), (2_000,), None),
    ("visits", "ns a visit", (10_000, 300_000), (500,), 1 / 1.3),
    ("outside", "B a person", (300_000,), (2_000,), None),
    ("members", "B a person", (300_000,), (2_000,), None),
    ("run", "s", (0,), (0,), 0.6),
    ("help", "s", (0,), (0,), 1.1),
)
WORDS = {
    "compile": "compiling a plain scenario, nothing cached",
    "epidemic": "epidemic, {n:,} people",
    "visits": "full model, {n:,} members",
    "outside": "{n:,} people with 20 ties, of whom hardly anybody is a member: all arrays",
    "members": "{n:,} members with 20 ties after two days: all arrays",
    "run": "`run open-group`, compiled",
    "help": "`--help`",
}


def measure(quick: bool, before: str) -> Part:
    """Rows of part (g)."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(tree), before], cwd=ROOT, check=True)
        try:
            versions = {"before": tree, "now": ROOT}
            for what, unit, sizes, quick_sizes, bound in MEASURED:
                for n in quick_sizes if quick else sizes:
                    found: dict[str, list[float]] = {name: [] for name in versions}
                    for number in range(1 if quick or what == "compile" else 3):
                        for name, root in versions.items():
                            say(f"{what} {n:,}, round {number + 1}: {name}")
                            found[name].append(_child(root, Path(folder) / f"cache-{name}", what, n))
                    rows.append(row(what, n, unit, found, bound))
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
    return Part(rows, [f"Before: {before}."])


def row(what: str, n: int, unit: str, found: dict[str, list[float]], bound: float | None) -> Row:
    """Both versions' numbers, and whether the median ratio is as small as it is to be."""
    times = ratios(found["now"], found["before"])
    measured = f"{middle(found['before'])} → {middle(found['now'], unit)}: × {middle(times)}"
    if bound is None:
        return Row("g", WORDS[what].format(n=n), measured)
    return Row("g", WORDS[what].format(n=n), measured, f"× {bound:.2g}", statistics.median(times) <= bound)


def _child(root: Path, cache: Path, what: str, n: int) -> float:
    environment = {**os.environ, "PYTHONPATH": str(root), "SHEQUN_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), what, str(n)],
        cwd=root, env=environment, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    if done.returncode != 0:
        raise ChildError(f"{what} {n} in {root.name}: {done.stderr.strip().splitlines()[-1:]}")
    return float(json.loads(done.stdout.strip().splitlines()[-1]))


def _machine(what: str, n: int) -> Any:
    """The machine of a world of the benchmarks, compiled."""
    from shequn.experiments.studies.benchmarks import worlds
    from shequn.sim.machine import Machine
    from shequn.sim.scenario import Scenario

    if what == "epidemic":
        graph = {"generator": "social", "degree": 20}
        record = worlds.epidemic(n)
        record["population"] |= {"people": n, "graph": graph}
        return Machine(Scenario.from_mapping(record), 1)
    record = worlds.full(n, 60)
    if what == "outside":
        record["population"]["founders"] = 50
        record["community"] = {"strangers_per_day": 10}
    return Machine(Scenario.from_mapping(record), 1)


def _again(machine: Any, start: float, end: float, count: Callable[[Any], int]) -> float:
    """Median ns of CPU time of what is counted, over several runs of one world from ``start`` to ``end``."""
    machine.run_until(start)
    world = _copied(machine.world)
    found = []
    for _ in range(_REPEATED):
        machine.world, machine.time = _copied(world), start
        before, begin = count(machine), time.process_time()
        machine.run_until(end)
        found.append(1e9 * (time.process_time() - begin) / (count(machine) - before))
    return statistics.median(found)


def _copied(world: Any) -> Any:
    parts = {
        name: type(part)(*(array.copy() for array in part)) if isinstance(part, tuple) else part.copy()
        for name, part in world._asdict().items()
        if name != "features"
    }
    return world._replace(**parts)


def _seconds(*arguments: str) -> float:
    """Wall time of a command of this version."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "shequn", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begin


def one(what: str, n: int) -> float:
    """One measurement of the version on the path."""
    match what:
        case "compile":
            from shequn.sim.scenario import Scenario
            from shequn.sim.warmup import compile_loop

            begin = time.process_time()
            compile_loop(Scenario.load("open-group"))
            return time.process_time() - begin
        case "epidemic":
            return _again(_machine(what, n), 0.01, 400.0, lambda machine: int(machine.totals["events"]))
        case "visits":
            days = max(1.0, 100_000 / n)
            return _again(
                _machine(what, n), 1.0, 1.0 + days, lambda machine: int(machine.totals["visits_total"])
            )
        case "outside" | "members":
            from shequn.sim.kernel.world import memory

            machine = _machine(what, n)
            machine.run_until(2.0)
            return sum(memory(machine.world).values()) / n
        case "run":
            with tempfile.TemporaryDirectory() as folder:
                _seconds("run", "open-group", "--out", folder, "--runs", "1")
                return _seconds("run", "open-group", "--out", f"{folder}/again")
        case "help":
            return _seconds("--help")
    raise ValueError(what)


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], int(sys.argv[2]))))
