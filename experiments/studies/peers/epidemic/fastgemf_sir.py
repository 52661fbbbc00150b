"""FastGEMF (exact, event by event, in Python and NumPy)."""

import random
import time
from typing import Any

import networkx as nx
import numpy as np

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.peers.epidemic import Run

PACKAGE = "fastgemf"


def run(graph: Any, number: int) -> Run:
    """Run it until no event is left, for as many days as ours at most."""
    import fastgemf

    people = len(graph)
    random.seed(number)
    np.random.seed(number)
    state = np.zeros(people, dtype=int)
    state[random.sample(range(people), worlds.founders(people))] = 1
    begun = time.perf_counter()
    schema = (
        fastgemf.ModelSchema("SIR")
        .define_compartment(["S", "I", "R"])
        .add_network_layer("ties")
        .add_node_transition(name="recovery", from_state="I", to_state="R", rate="recovery")
        .add_edge_interaction(
            name="infection",
            from_state="S",
            to_state="I",
            inducer="I",
            network_layer="ties",
            rate="infection",
        )
    )
    model = (
        fastgemf.ModelConfiguration(schema)
        .add_parameter(infection=worlds.TRANSMISSION, recovery=worlds.RECOVERY)
        .get_networks(ties=nx.to_scipy_sparse_array(graph, format="csr").astype(float))
    )
    simulation = fastgemf.Simulation(
        model, initial_condition={"exact": state}, stop_condition={"time": float(worlds.EPIDEMIC_DAYS)}
    )
    built = time.perf_counter()
    simulation.run()
    done = time.perf_counter()
    states = np.bincount(simulation.setup.X.astype(int), minlength=3)
    if states[1]:
        raise AssertionError("the epidemic is not over")
    return Run(built - begun, done - built, int(states[2]))


CONTESTANTS = {"FastGEMF": run}
