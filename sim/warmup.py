"""Compiling in advance, in two parts of about equal length that two processes can share.

Nothing depends on it: whatever is not compiled in advance is compiled at its first call.
"""

from pathlib import Path

from shequn.agents.compiled import Compiled, cache_folder
from shequn.sim.building import build_world, empty_world, take_links
from shequn.sim.features import features_of
from shequn.sim.graphs.graph import without_ties
from shequn.sim.kernel.features import marker
from shequn.sim.kernel.loop import run_until
from shequn.sim.population import new_people
from shequn.sim.results.matched import compile_ranks
from shequn.sim.scenario import Scenario


def is_compiled(scenario: Scenario) -> bool:
    """Whether the loop need not be compiled: it was compiled in advance, or compilation is switched off."""
    return not isinstance(run_until, Compiled) or mark("loop", scenario).exists()


def compile_loop(scenario: Scenario) -> None:
    """Compile the loop with the rules that a scenario uses, by running it on a world without events."""
    nobody = without_ties(2)
    world = empty_world(scenario, 0, new_people(2), nobody.indptr, take_links(nobody), 1)
    run_until(world._replace(features=marker(features_of(scenario))), 0.0)
    mark("loop", scenario).touch()


def mark(what: str, scenario: Scenario) -> Path:
    """A file that exists once ``what`` is compiled with the features of a scenario."""
    return cache_folder() / f"{what}-{features_of(scenario):d}"


def compile_beside_loop(scenario: Scenario) -> None:
    """Compile what else a run of this scenario calls: for building its world, and for its tables."""
    build_world(scenario, 0, features=features_of(scenario))
    compile_ranks()
