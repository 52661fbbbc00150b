"""(b) The full community model against its readable twin of plain Mesa agents: visits per second."""

import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.benchmarks.timing import (
    ROOT,
    ChildError,
    Part,
    Row,
    command,
    in_turn,
    judged,
    middle,
    ratios,
    say,
)
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario

OUTSIDE = 30.0  # µs per visit that the twin may spend outside rules and draws


class TwinProcess:
    """The twin in a process of its own, without compilation."""

    def __init__(self, world: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            command("shequn.experiments.studies.peers.twin"),
            cwd=ROOT,
            env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.people = self.ask(world)["people"]

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return the answer."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            error = (process.stderr.read().strip().splitlines() or ["killed"])[-1]
            raise ChildError(f"the twin ended: {error}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def twin_of(world: dict[str, Any]) -> Iterator[TwinProcess]:
    """The twin's process, ended after the block."""
    twin = TwinProcess(world)
    try:
        yield twin
    finally:
        twin.end()


def run_machine(machine: Machine, until: float) -> dict[str, Any]:
    """Run until ``until``; returns what the twin reports for the same days."""
    before = int(machine.totals["visits_total"])
    start = time.perf_counter()
    machine.run_until(until)
    seconds = time.perf_counter() - start
    total = machine.totals
    return {
        "seconds": seconds,
        "visits": int(total["visits_total"]) - before,
        "members": int(total["members"]),
        "temperature": float(total["temperature"]),
    }


def measure(quick: bool) -> Part:
    """Rows and notes of part (b)."""
    members, days, after = (200, 2, 1.0) if quick else (10_000, 5, 3.0)
    world = worlds.full(members, 30, journal="full")  # the twin writes every row too
    machine = Machine(Scenario.from_mapping(world), world["seed"])
    say("building the twin")
    with twin_of(world) as twin:
        twin.ask({"until": after})
        run_machine(machine, after)
        found = in_turn(
            days,
            {
                "shequn": lambda k: run_machine(machine, after + k + 1),
                "twin": lambda k: twin.ask({"until": after + k + 1}),
            },
        )
        split = twin.ask({"split": after + days + 1})
    same = all(
        all(ours[key] == theirs[key] for key in ("visits", "members", "temperature"))
        for ours, theirs in zip(found["shequn"], found["twin"], strict=True)
    )
    return _report(members, found, split, same)


def _report(
    members: int, found: dict[str, list[dict[str, Any]]], split: dict[str, float], same: bool
) -> Part:
    each = {name: [1e6 * day["seconds"] / day["visits"] for day in days] for name, days in found.items()}
    ours, twin = (statistics.median(each[name]) for name in ("shequn", "twin"))
    inside = split["rules"] + split["draws"]
    rows = [
        judged(
            "b",
            f"full model, {members:,} members: visits per second, times the twin's",
            ratios(each["twin"], each["shequn"]),
            "×",
            at_least=40,
        ),
        judged("b", "the twin outside rules and draws, per visit", [twin - inside], "µs", at_most=OUTSIDE),
        Row(
            "b",
            f"the same if the twin spent only {OUTSIDE:g} µs outside",
            f"{(inside + OUTSIDE) / ours:,.3g} ×",
        ),
        Row(
            "b",
            "visits, members, temperature of both, day by day",
            "equal" if same else "differ",
            "equal",
            same,
        ),
    ]
    visits = sum(day["visits"] for day in found["shequn"])
    acts = twin - inside - split["events"]
    calls = split["rule_calls"], split["draw_calls"]
    notes = [
        f"{len(found['twin'])} days, {visits:,} visits; medians over days. Both write the full journal.",
        "",
        "| who | µs a visit | visits per second |",
        "| --- | --- | --- |",
        f"| shequn | {middle(each['shequn'])} | {1e6 / ours:,.0f} |",
        f"| twin | {middle(each['twin'])} | {1e6 / twin:,.0f} |",
        "",
        "| the twin's time goes to | µs a visit | calls a visit |",
        "| --- | --- | --- |",
        f"| rules (`agents/`, in plain Python) | {split['rules']:.1f} | {calls[0]:.1f} |",
        f"| draws (hash of seed, purpose, person, count) | {split['draws']:.1f} | {calls[1]:.1f} |",
        f"| event list and journal rows | {split['events']:.1f} | |",
        f"| what people do: posts, ties, rooms, Mesa's attributes, 32-bit rounding | {acts:.1f} | |",
    ]
    return Part(rows, notes)
