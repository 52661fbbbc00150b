"""(a) Limit case 3, an epidemic on a 10-regular graph: shequn, EoN and a Mesa model with an agent per person."""

import random
import statistics
import time
import warnings
from functools import partial
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.benchmarks.timing import Part, Row, in_turn, judged, middle, ratios
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario

DEGREE = 10
ERRORS = 4.0  # standard errors by which mean final sizes may differ
OURS, EON, MESA, TUNED = "shequn", "EoN.fast_SIR", "Mesa, all step", "Mesa, infected step"


class Run(NamedTuple):
    """One run."""

    build: float  # seconds
    seconds: float  # of the run alone
    size: int  # people ever infected
    events: int = 0


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


def run_eon(graph: Any, number: int) -> Run:
    """Run EoN's event-driven simulation (Miller & Ting 2019), which needs no building."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the packages EoN imports
        import EoN
    random.seed(number)
    np.random.seed(number)
    chosen = random.sample(range(len(graph)), worlds.founders(len(graph)))
    begun = time.perf_counter()
    curves = EoN.fast_SIR(graph, worlds.TRANSMISSION, worlds.RECOVERY, initial_infecteds=chosen)
    return Run(0.0, time.perf_counter() - begun, int(curves[-1][-1]))


def run_mesa(graph: Any, number: int, only_infected: bool) -> Run:
    """Run the Mesa model; the time to build its agents is separate."""
    from shequn.experiments.studies.peers.mesa_sir import SIR

    begun = time.perf_counter()
    model = SIR(
        graph, worlds.TRANSMISSION, worlds.RECOVERY, worlds.founders(len(graph)), number, only_infected
    )
    built = time.perf_counter()
    model.run()
    done = time.perf_counter()
    return Run(built - begun, done - built, model.final_size)


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
    run_ours(nx.random_regular_graph(DEGREE, 500, seed=1), 0)  # compiled, or loaded
    contestants = {
        OURS: partial(run_ours, graph),
        EON: partial(run_eon, graph),
        MESA: partial(run_mesa, graph, only_infected=False),
        TUNED: partial(run_mesa, graph, only_infected=True),
    }
    runs = in_turn(rounds, contestants)
    sizes = {name: [run.size for run in found] for name, found in runs.items()}
    # more runs of the fast ones, not timed, to estimate how final sizes vary from run to run
    for name in (OURS, TUNED):
        sizes[name] += [contestants[name](rounds + number).size for number in range(more)]
    seconds = {name: [run.seconds for run in found] for name, found in runs.items()}
    world = f"epidemic, {people:,} people"
    rows = [
        judged(
            "a",
            f"{world}: times as fast as {name}",
            ratios(seconds[name], seconds[OURS]),
            "×",
            at_least=least,
        )
        for name, least in ((EON, 25.0), (MESA, 150.0))
    ]
    rows += [
        Row("a", f"the same against {TUNED}", middle(ratios(seconds[TUNED], seconds[OURS]), "×")),
        _same_sizes(sizes, people),
        Row("a", "building the world from the networkx graph", middle([r.build for r in runs[OURS]], "s")),
    ]
    return Part(rows, _notes(runs, sizes, people))


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
    return Row(
        "a", "final sizes of the four agree", measured, f"≤ {ERRORS:g} standard errors", worst <= ERRORS
    )


def _notes(runs: dict[str, list[Run]], sizes: dict[str, list[int]], people: int) -> list[str]:
    lines = [
        "| who | build, s | run, s | final size (mean of n) |",
        "| --- | --- | --- | --- |",
    ]
    for name, found in runs.items():
        built = "–" if name == EON else middle([run.build for run in found])
        ran = middle([run.seconds for run in found])
        mean, n = statistics.mean(sizes[name]), len(sizes[name])
        lines.append(f"| {name} | {built} | {ran} | {mean:,.0f} ({n}) |")
    events = statistics.median(run.events for run in runs[OURS])
    each = 1e9 * statistics.median(run.seconds / run.events for run in runs[OURS])
    lines += [
        "",
        f"Expected on an infinite random regular graph: {expected_size(people):,.0f}. "
        f"shequn handles {events:,.0f} events a run, {each:,.0f} ns each. The Mesa models step once a day; "
        "their chance per contact is the one that gives the final size of continuous time (see "
        "`experiments/studies/peers/mesa_sir.py`).",
    ]
    return lines
