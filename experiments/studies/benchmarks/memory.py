"""(d) Memory: bytes per person by array, and peak memory of large runs, each in a process of its own.

``python -m shequn.experiments.studies.benchmarks.memory PEOPLE DAYS [tables]`` is such a process.
"""

import json
import sys
import time
from itertools import pairwise
from typing import Any

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.benchmarks.timing import (
    GIB,
    ChildError,
    Part,
    Row,
    child,
    judged,
    peak_memory,
    say,
)

#: Bytes per person, at most, with words for when: rows that double when full have room at the end of a run.
BYTES = {"start": (560.0, "at the start"), "end": (700.0, "after {days} days")}


def run_large(people: int, days: int, tables: bool) -> dict[str, Any]:
    """Generate and run a full community as ``simulate`` does; returns time and peak memory by stage, and sizes."""
    from shequn.sim.course import Course
    from shequn.sim.kernel.world import memory
    from shequn.sim.outcome import outcome_of
    from shequn.sim.result import Result
    from shequn.sim.results.collecting import Collector
    from shequn.sim.scenario import Scenario

    times, peaks = [time.perf_counter()], []

    def stage() -> None:
        times.append(time.perf_counter())
        peaks.append(peak_memory())

    scenario = Scenario.from_mapping(worlds.full(people, days))
    collector = Collector(days, sink=_discard)
    course = Course(scenario, sink=collector)
    start = memory(course.machine.world)
    links = int(course.machine.totals["n_links"])
    stage()
    for _ in range(days):
        course.step()
    stage()
    end = memory(course.machine.world)
    total = course.machine.totals
    result = Result(outcome_of(course), collector)
    stage()
    if tables:
        result.tables()
        stage()
    return {
        "seconds": [b - a for a, b in pairwise(times)],
        "peaks": peaks,
        "start": start,
        "end": end,
        "ties": links / people,
        "visits": int(total["visits_total"]),
        "members": int(total["members"]),
    }


def _discard(rows: Any) -> None:
    """A sink that discards the journal."""


def measure(quick: bool) -> Part:
    """Rows and notes of part (d)."""
    large, huge = (2_000, 5_000) if quick else (1_000_000, 10_000_000)
    rows: list[Row] = []
    notes: list[str] = []
    say(f"{large:,} people")
    found = child(
        "shequn.experiments.studies.benchmarks.memory", str(large), "2" if quick else "30", "tables"
    )
    days = 2 if quick else 30
    who = f"{large:,} people with {found['ties']:.1f} ties each"
    for when, (most, words) in BYTES.items():
        each = sum(found[when].values()) / large
        what = f"bytes per person, {who}, {words.format(days=days)}"
        rows.append(judged("d", what, [each], "B", at_most=most))
    run, all_of_it = found["peaks"][2], found["peaks"][3]
    rows.append(judged("d", f"{large:,} people × {days} days, peak", [run], "GiB", at_most=4))
    rows.append(Row("d", "the same with its tables made", f"{all_of_it:.3g} GiB"))
    notes += [*_arrays(found, large, days), "", _stages(found, large)]
    rows.append(_huge(huge, notes))
    return Part(rows, notes)


def _huge(people: int, notes: list[str]) -> Row:
    """The row of the largest run, if the machine has enough memory for it."""
    import psutil  # type: ignore[import-untyped, unused-ignore]

    what, bound = f"{people:,} people generated and run for 2 days, peak", 16.0
    free = psutil.virtual_memory().available / GIB
    say(f"{people:,} people; {free:.1f} GiB of memory are free")
    if people * BYTES["end"][0] * 1.6 / GIB > free:
        return Row("d", what, f"not run: {free:.1f} GiB free", f"≤ {bound:g} GiB")
    try:
        found = child("shequn.experiments.studies.benchmarks.memory", str(people), "2")
    except ChildError as error:
        return Row("d", what, str(error), f"≤ {bound:g} GiB", False)
    notes += ["", _stages(found, people)]
    each = sum(found["start"].values()) / people
    row = judged("d", what, [found["peaks"][-1]], "GiB", at_most=bound)
    return row._replace(measured=f"{row.measured} ({each:.0f} B a person at the start)")


def _arrays(found: dict[str, Any], people: int, days: int) -> list[str]:
    lines = [
        f"| array of {people:,} people (room to grow included) | B a person, start | after {days} days |",
        "| --- | --- | --- |",
    ]
    small = 0.0, 0.0
    for name in sorted(found["end"], key=lambda name: -found["end"][name]):
        start, end = found["start"].get(name, 0) / people, found["end"][name] / people
        if max(start, end) < 0.05:
            small = small[0] + start, small[1] + end
        else:
            lines.append(f"| {name} | {start:.1f} | {end:.1f} |")
    lines.append(f"| all others | {small[0]:.1f} | {small[1]:.1f} |")
    totals = [sum(found[when].values()) / people for when in ("start", "end")]
    return [*lines, f"| **sum** | **{totals[0]:.1f}** | **{totals[1]:.1f}** |"]


def _stages(found: dict[str, Any], people: int) -> str:
    """Time and peak memory by stage, in a sentence."""
    names = ("generated", "run", "handed over", "tables made")
    stages = [
        f"{name} {seconds:.1f} s, {peak:.2f} GiB"
        for name, seconds, peak in zip(names, found["seconds"], found["peaks"], strict=False)
    ]
    each = 1e6 * found["seconds"][1] / found["visits"]
    return (
        f"{people:,} people, time of each stage and peak after it: {'; '.join(stages)}. "
        f"{found['visits']:,} visits, {each:.2f} µs each; {found['members']:,} members at the end."
    )


if __name__ == "__main__":
    print(json.dumps(run_large(int(sys.argv[1]), int(sys.argv[2]), "tables" in sys.argv[3:])))
