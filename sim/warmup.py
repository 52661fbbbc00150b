"""Compiling in advance, in two parts of about equal length that two processes can share.

Nothing depends on it: whatever is not compiled in advance is compiled at its first call.
"""

from shequn.agents.compiled import Compiled
from shequn.sim.building import build_world, empty_world
from shequn.sim.graphs.graph import without_ties
from shequn.sim.kernel.loop import run_until
from shequn.sim.population import new_people
from shequn.sim.results.matched import compile_ranks
from shequn.sim.scenario import Scenario


def is_compiled() -> bool:
    """Whether the loop need not be compiled: it is in the cache, or compilation is switched off."""
    return not isinstance(run_until, Compiled) or run_until.is_cached()


def compile_loop(scenario: Scenario) -> None:
    """Compile the loop with all rules, by running it on a world without events."""
    run_until(empty_world(scenario, 0, new_people(2), without_ties(2), 1), 0.0)


def compile_beside_loop(scenario: Scenario) -> None:
    """Compile what else a run of this scenario calls: for building its world, and for its tables."""
    build_world(scenario, 0)
    compile_ranks()
