"""(f) Sweeps: a thousand runs on two processors, two processes compared with one, memory of the parent.

``python -m shequn.experiments.studies.benchmarks.sweeps POINTS JOBS DAYS`` runs one sweep and prints time and memory as
JSON.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from shequn.experiments.designs.reading import read_design
from shequn.experiments.studies.benchmarks.timing import (
    Part,
    Row,
    child,
    in_turn,
    judged,
    middle,
    peak_memory,
    ratios,
)
from shequn.experiments.sweeps.sweep import sweep

#: Parameter sets of a community of three hundred people.
DESIGN = """\
format: 1
title: Three hundred
scenario: open-group
set: {days: %(days)d, population.people: 300, population.founders: all}
design: sobol
points: %(points)d
factors:
  community.openness: {low: 0, high: 1}
  population.pace.mean: {low: 0.3, high: 1.2}
replicates: 10
responses: [end, evaporation, temperature@%(days)d]
"""
_MODULE = "shequn.experiments.studies.benchmarks.sweeps"


def once(points: int, jobs: int, days: int) -> dict[str, float]:
    """Duration, processor time and peak memory of the parent (GiB) of one sweep of runs of this many days."""
    import resource  # not on Windows, where the other parts can be measured

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "design.yaml"
        path.write_text(DESIGN % {"points": points, "days": days}, encoding="utf-8")
        begun = time.perf_counter()
        sweep(read_design(str(path)), Path(folder) / "out", lambda runs, n: lambda done: None, jobs=jobs)
        seconds = time.perf_counter() - begun
    own, others = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": seconds,
        "parent": own.ru_utime + own.ru_stime,
        "workers": others.ru_utime + others.ru_stime,
        "memory": peak_memory(),
    }


def measure(quick: bool) -> Part:
    """Rows and notes of part (f)."""
    points, short, rounds, days = (4, 2, 1, 20) if quick else (128, 16, 3, 180)
    runs = 10 * points
    once(1, 1, days)  # compiled from now on

    def timed(jobs: str) -> Callable[[int], dict[str, float]]:
        return lambda _: child(_MODULE, str(points), jobs, str(days))

    found = in_turn(rounds, {jobs: timed(jobs) for jobs in ("1", "2")})
    few = child(_MODULE, str(short), "2", str(days))
    one, two = ([made["seconds"] for made in found[jobs]] for jobs in ("1", "2"))
    thousand = [1000 / runs * seconds for seconds in two]
    grown = [made["memory"] / few["memory"] for made in found["2"]]
    what = f"300 members, {days} days"
    rows = [
        judged("f", f"1,000 runs of {what}, two processes", thousand, "s", at_most=100),
        judged("f", "two processes, times as fast as one", ratios(one, two), "×", at_least=1.8),
        judged("f", f"memory of the parent, {runs:,} runs against {10 * short:,}", grown, "×", at_most=1.05),
        Row("f", "one process", middle([1000 / runs * s for s in one], "s per 1,000 runs")),
    ]
    busy = found["2"][-1]
    per_run = 1000 * (busy["workers"] / runs)
    own = 1000 * busy["parent"] / runs
    notes = [
        f"Processor time of a run: {per_run:.0f} ms in its worker (the start of workers included), "
        f"{own:.1f} ms in the parent (checking all points, keys, writing, tables, start included)."
    ]
    return Part(rows, notes)


if __name__ == "__main__":
    print(json.dumps(once(*map(int, sys.argv[1:]))))
