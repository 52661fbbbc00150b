"""Case 3: invitations along ties, always accepted, by those in until they leave for good: SIR.

A member asks along each tie by its own clock at rate β and leaves at hazard γ; nobody
comes back. So being outside, in and gone are susceptible, infected and recovered.
"""

import random
import warnings
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import brentq

from shequn import Community, Scenario
from tests.theory.cases import Z, case, days_of, mean_is

LEAVING = 0.1  # γ, per day


def epidemic(rate: float, founders: int, days: int, changes: dict[str, Any] | None = None) -> Scenario:
    """SIR on the graph, with some who are in at the start."""
    return case(
        "SIR",
        days,
        {
            "population.founders": founders,
            "rules.leaving.hazard": LEAVING,
            "rules.inviting": {"mode": "tie", "rate": rate},
            **(changes or {}),
        },
    )


def curves(scenario: Scenario, seed: int, graph: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """Of one run: how many are in, and how many ever were, at the end of each day."""
    community = Community(scenario, seed=seed, graph=graph)
    for _ in days_of(community):
        if community.machine.totals["members"] == 0:
            break
    days = community.machine.days
    short = scenario.days + 1 - len(days)
    ever = days["members"][0] + np.cumsum(days["joins"])
    return np.pad(days["members"], (0, short)), np.pad(ever, (0, short), mode="edge")


def curves_of_eon(
    graph: Any, rate: float, founders: int, days: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same from EoN.fast_SIR (Miller & Ting 2019), which draws from Python's generators."""
    import EoN

    random.seed(seed)
    np.random.seed(seed)
    chosen = random.sample(list(graph), founders)
    times, outside, inside, _ = EoN.fast_SIR(graph, rate, LEAVING, initial_infecteds=chosen)
    at = np.searchsorted(times, np.arange(days + 1), side="right") - 1
    return np.asarray(inside)[at], len(graph) - np.asarray(outside)[at]


@pytest.fixture(scope="module")
def both() -> tuple[np.ndarray, np.ndarray]:
    """Curves (in, ever) over 150 days of 36 runs of either on one scale-free graph of 10,000 people."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the packages EoN imports
        pytest.importorskip("EoN")
    people, days, rate, founders, runs = 10_000, 150, 0.07, 200, 36
    graph = nx.barabasi_albert_graph(people, 3, seed=1)
    scenario = epidemic(rate, founders, days)
    ours = np.array([curves(scenario, seed, graph) for seed in range(runs)]) / people
    eon = np.array([curves_of_eon(graph, rate, founders, days, seed) for seed in range(runs)]) / people
    return ours, eon


def test_the_final_size_is_that_of_eon_to_one_percent(both: tuple[np.ndarray, np.ndarray]) -> None:
    """Means of 36 runs each differ by less than Z standard errors, which are less than 1 % of the mean: a
    final size 1 % off is told apart."""
    ours, eon = both[0][:, 1, -1], both[1][:, 1, -1]
    error = np.hypot(ours.std(ddof=1), eon.std(ddof=1)) / len(ours) ** 0.5
    assert Z * error < 0.01 * eon.mean()
    assert abs(ours.mean() - eon.mean()) < Z * error


@pytest.mark.parametrize("day", [5, 10, 20, 30, 40, 60, 80])
def test_the_curve_is_that_of_eon(both: tuple[np.ndarray, np.ndarray], day: int) -> None:
    """Those in, and those who ever were, at each of these days: Z standard errors of the means."""
    for measure in (0, 1):
        ours, eon = both[0][:, measure, day], both[1][:, measure, day]
        error = np.hypot(ours.std(ddof=1), eon.std(ddof=1)) / len(ours) ** 0.5
        assert abs(ours.mean() - eon.mean()) < Z * error


def test_the_final_size_on_a_poisson_graph_is_newmans() -> None:
    """Newman (2002), with a share of founders: θ = 1 - T + T (1 - ρ) G(θ), T = β/(β + γ), G(x) =
    e^(c (x - 1)); the share who were ever in is 1 - (1 - ρ) G(θ). Student's t over 16 graphs of
    20,000 people; each differs by O(n^-1/2), the bias is O(1/n)."""
    people, founders, degree, rate = 20_000, 100, 4.0, 0.1
    transmitted, start = rate / (rate + LEAVING), founders / people

    def met(x: float) -> float:
        return float(np.exp(degree * (x - 1)))

    theta = brentq(lambda x: 1 - transmitted + transmitted * (1 - start) * met(x) - x, 0.0, 1 - 1e-9)
    due = 1 - (1 - start) * met(theta)
    graph = {"generator": "fast_gnp_random_graph", "arguments": {"p": degree / (people - 1)}}
    scenario = epidemic(rate, founders, 400, {"population.people": people, "population.graph": graph})
    sizes = np.array([curves(scenario, seed)[1][-1] / people for seed in range(16)])
    assert sizes.std() < 0.01
    assert mean_is(sizes, due)
