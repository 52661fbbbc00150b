"""(e) ``shequn run open-group`` with all replicates, without (cold) and with (warm) compiled code."""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from shequn.experiments.studies.benchmarks.timing import ROOT, ChildError, Part, command, judged, say

COLD, WARM = 40.0, 6.0  # seconds, at most
PARTS = "shequn.experiments.studies.benchmarks.command_parts"


def time_command(folder: Path, cache: str | None, arguments: list[str], report: Path | None = None) -> float:
    """Duration of the whole command in seconds; with ``report``, the seconds by part are written into that file."""
    module = "shequn.app.cli" if report is None else PARTS
    before = [] if report is None else [str(report)]
    environment = {**os.environ} if cache is None else {**os.environ, "SHEQUN_CACHE_DIR": cache}
    with tempfile.TemporaryDirectory(dir=folder) as out:
        start = time.perf_counter()
        done = subprocess.run(
            command(module, *before, "run", "open-group", "--out", out, *arguments),
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise ChildError(f"shequn run ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return seconds


def measure(quick: bool) -> Part:
    """Rows and notes of part (e).

    Quick compiles nothing: the run is shortened and uses the compiled code that exists.
    """
    arguments = ["--runs", "1", "--days", "10"] if quick else []
    colds, warms = (1, 1) if quick else (2, 5)
    with tempfile.TemporaryDirectory(prefix="shequn-speed-") as made:
        folder = Path(made)
        caches = [None if quick else str(folder / f"cache-{k}") for k in range(colds + 1)]
        reports = {name: folder / f"{name}.json" for name in ("cold", "warm")}
        say("cold")
        cold = [time_command(folder, cache, arguments) for cache in caches[:-1]]
        say("warm")
        warm = [time_command(folder, caches[0], arguments) for _ in range(warms)]
        say("both once more, with a stopwatch")
        parts = {name: _parts(folder, caches[-1], arguments, path) for name, path in reports.items()}
    rows = []
    for name, times, most in (("cold", cold, COLD), ("warm", warm, WARM)):
        rows.append(judged("e", f"`shequn run open-group`, {name}", times, "s", at_most=most))
    return Part(rows, _breakdown(parts))


def _parts(folder: Path, cache: str | None, arguments: list[str], report: Path) -> dict[str, float]:
    """Seconds of one run by part; their sum is the duration of the command."""
    seconds = time_command(folder, cache, arguments, report)
    parts: dict[str, float] = json.loads(report.read_text(encoding="utf-8"))
    return {**parts, "starting and ending Python": seconds - sum(parts.values())}


def _breakdown(parts: dict[str, dict[str, float]]) -> list[str]:
    """Where the time goes, from one additional run of each kind with a stopwatch."""
    lines = [
        "| where the time goes (one run with a stopwatch) | cold, s | warm, s |",
        "| --- | --- | --- |",
    ]
    names = sorted(parts["cold"] | parts["warm"], key=lambda name: -parts["warm"].get(name, 0.0))
    lines += [
        f"| {name} | {parts['cold'].get(name, 0.0):.2f} | {parts['warm'].get(name, 0.0):.2f} |"
        for name in names
    ]
    total = {name: sum(found.values()) for name, found in parts.items()}
    return [*lines, f"| **sum** | **{total['cold']:.2f}** | **{total['warm']:.2f}** |"]
