"""(a) Limit case 3, an epidemic on a 10-regular graph: shequn and the peers of `peers.epidemic` that are installed."""

import statistics
import time
from functools import partial
from typing import Any

import networkx as nx

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.benchmarks.timing import Part, Row, in_turn, judged, middle, ratios
from shequn.experiments.studies.peers.epidemic import Run, contestants
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario

DEGREE = 10
ERRORS = 4.0  # standard errors by which mean final sizes may differ
OURS, TUNED = "shequn", "Mesa, infected step"
AT_LEAST = {"EoN.fast_SIR": 25.0, "Mesa, all step": 150.0}  # times as fast as these


def run_ours(graph: Any, number: int) -> Run:
    """Run the machine, from the graph to the end of the epidemic."""
    begun = time.perf_counter()
    machine = Machine(Scenario.from_mapping(worlds.epidemic(len(graph))), number + 1, graph=graph)
    built = time.perf_counter()
    machine.run_until(float(worlds.EPIDEMIC_DAYS))
    done = time.perf_counter()
    if machine.totals["members"]:
        raise AssertionError("the epidemic is not over")
    return Run(built - begun, done - built, int(machine.totals["ever"]), int(machine.totals["events"]))


def expected_size(people: int) -> float:
    """Mean final size on a large random regular graph (Newman 2002).

    A neighbour does not infect a person with probability θ = 1 - T + T (1 - ρ) θ^(d - 1), T = β / (β + γ), ρ the share
    infected at the start; the share ever infected is 1 - (1 - ρ) θ^d.
    """
    crossing = worlds.TRANSMISSION / (worlds.TRANSMISSION + worlds.RECOVERY)
    start = worlds.founders(people) / people
    spared = 0.5
    for _ in range(1000):
        spared = 1.0 - crossing + crossing * (1.0 - start) * spared ** (DEGREE - 1)
    return people * (1.0 - (1.0 - start) * spared**DEGREE)


def measure(quick: bool) -> Part:
    """Rows and notes of part (a)."""
    people, rounds, more = (2_000, 2, 4) if quick else (100_000, 3, 12)
    graph = nx.random_regular_graph(DEGREE, people, seed=1)
    run_ours(graph, 0)  # compiled, or loaded: also what makes room, which a small graph does not need
    peers, absent = contestants()
    runs = in_turn(rounds, {name: partial(run, graph) for name, run in ({OURS: run_ours} | peers).items()})
    sizes = {name: [run.size for run in found] for name, found in runs.items()}
    # more runs of two fast ones, not timed, to estimate how final sizes vary from run to run
    for name, run in ((OURS, run_ours), (TUNED, peers[TUNED])):
        sizes[name] += [run(graph, rounds + number).size for number in range(more)]
    seconds = {name: [run.seconds for run in found] for name, found in runs.items()}
    rows = [_compared(name, least, seconds, people) for name, least in AT_LEAST.items()]
    rows += [
        _same_sizes(sizes, people),
        Row(
            "a",
            "building the world from the networkx graph",
            middle([run.build or 0.0 for run in runs[OURS]], "s"),
        ),
    ]
    return Part(rows, _notes(runs, sizes, people, absent))


def _compared(name: str, least: float, seconds: dict[str, list[float]], people: int) -> Row:
    what = f"epidemic, {people:,} people: times as fast as {name}"
    if name not in seconds:
        return Row("a", what, "not measured: not installed", f"≥ {least:g} ×")
    return judged("a", what, ratios(seconds[name], seconds[OURS]), "×", at_least=least)


def _same_sizes(sizes: dict[str, list[int]], people: int) -> Row:
    """Whether all mean final sizes agree: no pair differs by more than the allowed number of standard errors."""
    spread = statistics.stdev(sizes[OURS])  # the best known; final sizes of all vary alike
    worst, most = 0.0, 0.0
    names = list(sizes)
    for k, one in enumerate(names):
        for other in names[:k]:
            apart = abs(statistics.mean(sizes[one]) - statistics.mean(sizes[other]))
            error = spread * (1 / len(sizes[one]) + 1 / len(sizes[other])) ** 0.5
            worst, most = max(worst, apart / error), max(most, apart)
    measured = f"{worst:.2g} standard errors at most ({100 * most / people:.2g} % of the people)"
    return Row("a", "final sizes agree", measured, f"≤ {ERRORS:g} standard errors", worst <= ERRORS)


def _notes(
    runs: dict[str, list[Run]], sizes: dict[str, list[int]], people: int, absent: list[str]
) -> list[str]:
    lines = [
        "| who | build, s | run, s | times as long as shequn | final size (mean of n) |",
        "| --- | --- | --- | --- | --- |",
    ]
    ours = [run.seconds for run in runs[OURS]]
    for name, found in sorted(runs.items(), key=lambda one: statistics.median(run.seconds for run in one[1])):
        build = [run.build for run in found if run.build is not None]
        ran = [run.seconds for run in found]
        mean, n = statistics.mean(sizes[name]), len(sizes[name])
        lines.append(
            f"| {name} | {middle(build) if build else '–'} | {middle(ran)} | {middle(ratios(ran, ours))} "
            f"| {mean:,.0f} ({n}) |"
        )
    events = statistics.median(run.events for run in runs[OURS])
    each = 1e9 * statistics.median(run.seconds / run.events for run in runs[OURS])
    lines += [
        "",
        f"Expected on an infinite random regular graph: {expected_size(people):,.0f}. "
        f"shequn handles {events:,.0f} events a run, {each:,.0f} ns each. The Mesa models, epiworld and "
        "Starsim step once a day; their chance per contact is the one that gives the final size of continuous time "
        "(see `experiments/studies/peers/epidemic`).",
    ]
    if absent:
        lines += ["", f"Not installed: {', '.join(absent)}."]
    return lines
