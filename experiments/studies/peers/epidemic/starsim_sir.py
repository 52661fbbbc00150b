"""Starsim's SIR model (NumPy, a step for each day)."""

import random
import time
import warnings
from typing import Any

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.peers.epidemic import Run, daily_chances

PACKAGE = "starsim"


def run(graph: Any, number: int) -> Run:
    """Run it for as many days as ours. People recover before they infect, so some never do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the packages it imports
        import starsim

    people = len(graph)
    contact, _recovering = daily_chances(worlds.TRANSMISSION, worlds.RECOVERY, first_day=False)
    begun = time.perf_counter()
    infection = starsim.SIR(
        beta=starsim.probperday(contact),
        init_prev=starsim.bernoulli(p=0),
        dur_inf=starsim.expon(scale=starsim.days(1.0 / worlds.RECOVERY)),
        p_death=0,
    )
    model = starsim.Sim(
        n_agents=people,
        diseases=infection,
        networks=starsim.StaticNet(graph=graph),
        start=starsim.days(0),
        stop=starsim.days(worlds.EPIDEMIC_DAYS),
        dt=starsim.days(1),
        rand_seed=number,
        verbose=0,
    )
    model.init()
    chosen = random.Random(number).sample(range(people), worlds.founders(people))
    model.diseases[0].set_prognoses(starsim.uids(chosen))
    built = time.perf_counter()
    model.run()
    done = time.perf_counter()
    disease = model.diseases[0]
    if disease.infected.sum():
        raise AssertionError("the epidemic is not over")
    return Run(built - begun, done - built, int(disease.recovered.sum()))


CONTESTANTS = {"Starsim": run}
