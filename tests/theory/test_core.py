"""Case 4: relationship alone, sharp: who stays while at least k ties are inside is the k-core.

Satisfaction is the relationship signal F / (F + 5) of F ties inside, each of strength 1; one leaves
at a visit when it lies below a reservation halfway between the signals of k - 1 and k ties. In
whatever order people come, those who are left are the k-core.
"""

import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.special import pdtrc

from shequn import Community, Scenario
from tests.theory.cases import case, mean_is, members, run_until

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
REFERENCES = DATA / "graph-references.json"
NO_DATA = f"the reference data are not there: {REFERENCES.name}"


def staying_with(k: int, changes: dict[str, Any] | None = None) -> Scenario:
    """Everybody is in, and stays while at least k ties are inside."""
    reservation = ((k - 1) / (k + 4) + k / (k + 5)) / 2
    return case(
        f"At least {k} ties",
        2000,
        {
            "population.founders": "all",
            "population.drivers": {
                "honor": 0, "interest": 0, "benefit": 0, "relationship": 1, "event": 0, "locality": 0,
            },
            "population.pace.mean": 1,
            "rules.relationship": {"half": 5, "strangers_cost": 0, "per_answer": 0},
            "rules.leaving": {"mode": "visit", "base": reservation},
            **(changes or {}),
        },
    )  # fmt: skip


def survivors(community: Community, k: int) -> np.ndarray:
    """Who is left when everybody inside has k ties inside: after that nobody ever leaves."""

    def settled(community: Community) -> bool:
        people = community.machine.world.people
        return bool((people["ties_inside"][members(community)] >= k).all())

    assert run_until(community, settled)
    return members(community)


def unweighted(graph: Any) -> Any:
    """The same graph with whole numbers as nodes and every tie of strength 1."""
    found = nx.Graph()
    plain = nx.convert_node_labels_to_integers(graph)
    found.add_nodes_from(plain)
    found.add_edges_from(plain.edges)
    return found


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_those_who_stay_in_the_karate_club_are_its_core(k: int, seed: int) -> None:
    graph = unweighted(nx.karate_club_graph())
    assert set(survivors(Community(staying_with(k), seed=seed, graph=graph), k)) == set(nx.k_core(graph, k))


@pytest.mark.parametrize(
    ("name", "file"), [("ego_facebook", "ego-facebook"), ("email_Eu_core", "email-eu-core")]
)
def test_cores_of_real_graphs_have_the_reference_sizes(name: str, file: str) -> None:
    """Every k of the references, exactly; from the file, and nobody is left above the largest k."""
    if not REFERENCES.exists():
        pytest.skip(NO_DATA)
    sizes = json.loads(REFERENCES.read_text(encoding="utf-8"))[name]["kcore_sizes"]
    graph = {"file": str(DATA / "graphs" / f"{file}.txt")}
    largest = max(int(k) for k in sizes)
    found = {}
    for k in range(1, largest + 2):
        scenario = staying_with(k, {"population.graph": graph, "population.people": None})
        found[k] = len(survivors(Community(scenario, seed=k), k))
    assert found == {**{int(k): size for k, size in sizes.items()}, largest + 1: 0}


def poisson_core(degree: float, k: int) -> float:
    """Share of a Poisson random graph in its k-core (Pittel, Spencer & Wormald 1996)."""
    reached = degree
    for _ in range(100_000):
        reached = degree * float(pdtrc(k - 2, reached))
    return float(pdtrc(k - 1, reached))


@pytest.mark.parametrize(("degree", "k", "share"), [(5.0, 3, 0.853), (6.0, 4, 0.793)])
def test_cores_of_random_graphs_have_the_poisson_share(degree: float, k: int, share: float) -> None:
    """Student's t over 16 graphs of 10,000 people (shares differ by about .005, bias O(1/n))."""
    due = poisson_core(degree, k)
    assert due == pytest.approx(share, abs=5e-4)
    people = 10_000
    graph = {"generator": "fast_gnp_random_graph", "arguments": {"p": degree / (people - 1)}}
    scenario = staying_with(k, {"population.people": people, "population.graph": graph})
    shares = [len(survivors(Community(scenario, seed=seed), k)) / people for seed in range(16)]
    assert mean_is(shares, due)
    assert np.std(shares) < 0.01


@pytest.mark.parametrize(("degree", "k"), [(3.20, 3), (5.00, 4)])
def test_just_below_the_threshold_nobody_is_left(degree: float, k: int) -> None:
    """Thresholds 3.351 and 5.149: these degrees lie more than ten times n^-1/2 below them."""
    people = 10_000
    graph = {"generator": "fast_gnp_random_graph", "arguments": {"p": degree / (people - 1)}}
    scenario = staying_with(k, {"population.people": people, "population.graph": graph})
    assert poisson_core(degree, k) < 1e-9
    for seed in range(3):
        assert len(survivors(Community(scenario, seed=seed), k)) == 0
