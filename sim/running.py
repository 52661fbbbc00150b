"""One run, from a scenario to its result."""

from collections.abc import Callable
from typing import Any

from sim.community import Community
from sim.machine import Sink
from sim.outcome import outcome_of
from sim.result import Result
from sim.results.collecting import Collector
from sim.scenario import Scenario


def simulate(
    scenario: Scenario | str,
    seed: int | None = None,
    *,
    graph: Any = None,
    sink: Sink | None = None,
    progress: Callable[[float], None] | None = None,
) -> Result:
    """Run a scenario once, day by day, through the Mesa model.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or a shipped name or path.
    seed : int, optional
        Seed of this run; default: the scenario's.
    graph : networkx.Graph, optional
        Used instead of the scenario's graph.
    sink : callable, optional
        Gets the journal chunk by chunk; without one it is kept in the result.
    progress : callable, optional
        Called with the day after each.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError, GraphError
        What was asked for cannot be run; the message says why.
    """
    if not isinstance(scenario, Scenario):
        scenario = Scenario.load(scenario)
    collector = Collector(scenario.days, sink)
    community = Community(scenario, seed=seed, graph=graph, sink=collector)
    for day in range(1, scenario.days + 1):
        community.step()
        if progress is not None:
            progress(day)
    return Result(outcome_of(community), collector)
