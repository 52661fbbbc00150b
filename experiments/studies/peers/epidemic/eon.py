"""EoN's event-driven simulation (Miller & Ting 2019), which needs no building."""

import random
import time
import warnings
from typing import Any

import numpy as np

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.peers.epidemic import Run

PACKAGE = "EoN"


def run(graph: Any, number: int) -> Run:
    """Run it; it draws from Python's and NumPy's generators."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the packages EoN imports
        import EoN
    random.seed(number)
    np.random.seed(number)
    chosen = random.sample(range(len(graph)), worlds.founders(len(graph)))
    begun = time.perf_counter()
    curves = EoN.fast_SIR(graph, worlds.TRANSMISSION, worlds.RECOVERY, initial_infecteds=chosen)
    return Run(None, time.perf_counter() - begun, int(curves[-1][-1]))


CONTESTANTS = {"EoN.fast_SIR": run}
