"""Compiling ahead, in two parts of about equal length that two processes can share.

Nothing depends on it: what is not compiled ahead is compiled when it is first called.
"""

from shequn.agents.compiled import Compiled
from shequn.sim.building import build_world, empty_world
from shequn.sim.graphs.graph import without_ties
from shequn.sim.kernel.loop import run_until
from shequn.sim.population import new_people
from shequn.sim.results.matched import compile_ranks
from shequn.sim.scenario import Scenario


def is_compiled() -> bool:
    """Whether the loop need not be compiled: it was for these sources, or nothing is compiled."""
    return not isinstance(run_until, Compiled) or run_until.is_kept()


def compile_loop(scenario: Scenario) -> None:
    """The loop with all that members decide in it: run on a world in which no event is due."""
    run_until(empty_world(scenario, 0, new_people(2), without_ties(2), 1), 0.0)


def compile_beside_loop(scenario: Scenario) -> None:
    """What else a run of this scenario calls: building its world, and its tables."""
    build_world(scenario, 0)
    compile_ranks()
