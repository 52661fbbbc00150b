"""epiworld's SIR model (C++, a step for each day)."""

import time
from typing import Any

import numpy as np

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.peers.epidemic import Run, daily_chances

PACKAGE = "epiworldpy"


def run(graph: Any, number: int) -> Run:
    """Run it for as many days as ours; only people with an infected neighbour are looked at each day."""
    import epiworldpy

    people = len(graph)
    contact, recovering = daily_chances(worlds.TRANSMISSION, worlds.RECOVERY)
    first, second = np.array(graph.edges()).T.tolist()
    begun = time.perf_counter()
    model = epiworldpy.epimodels.ModelSIR("it", worlds.founders(people) / people, contact, recovering)
    model.agents_from_edgelist(first, second, people, False)
    model.verbose_off()
    built = time.perf_counter()
    model.run(worlds.EPIDEMIC_DAYS, number)
    done = time.perf_counter()
    states = np.bincount(model.get_agents_states(), minlength=3)
    if states[1]:
        raise AssertionError("the epidemic is not over")
    return Run(built - begun, done - built, int(states[2]))


CONTESTANTS = {"epiworld": run}
