"""Running one scenario once, from the scenario to the result."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from shequn.sim.course import Course
from shequn.sim.machine import Sink
from shequn.sim.network import network_now
from shequn.sim.outcome import outcome_of
from shequn.sim.result import Result
from shequn.sim.results.collecting import Collector
from shequn.sim.saving.state_file import SavedState, refusing_forgeries
from shequn.sim.scenario import Scenario


def simulate(
    scenario: Scenario | str,
    seed: int | None = None,
    *,
    graph: Any = None,
    sink: Sink | None = None,
    progress: Callable[[float], None] | None = None,
    until: int | None = None,
    save: Path | None = None,
    past: SavedState | None = None,
    network: Collection[int] = (),
) -> Result:
    """Run a scenario once, day by day.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or a shipped name or path.
    seed : int, optional
        Seed of this run; default: the scenario's.
    graph : networkx.Graph, optional
        Used instead of the scenario's graph.
    sink : callable, optional
        Receives the journal chunk by chunk; without a sink it is kept in the result.
    progress : callable, optional
        Called after each day with its number.
    until : int, optional
        Day on which to stop; default: the scenario's last.
    save : Path, optional
        File (``.npz``) in which to save the state at the end.
    past : SavedState, optional
        State from which to continue (:func:`shequn.sim.saving.state_file.read_state`), instead of founding.
        The tables still begin with the founding; visits go to the sink, or into ``journal``, from now on.
    network : collection of int
        Days on which the result has the network (`nodes`, `edges`), from the first of this run on.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError, GraphError, StateError
        The run is not possible; the message says why.
    """
    if not isinstance(scenario, Scenario):
        scenario = Scenario.load(scenario)
    last = scenario.days if until is None else until
    with refusing_forgeries():
        collector = Collector(last, sink, None if past is None else _recorded_in(past))
    course = Course(scenario, seed, graph, collector, until, past)
    networks = [network_now(course, 0)] if past is None and 0 in network else []
    for day in range(int(course.time) + 1, last + 1):
        course.step()
        if day in network:
            networks.append(network_now(course, day))
        if progress is not None:
            progress(day)
    outcome = outcome_of(course)  # this also passes the last rows of the journal to the collector
    if save is not None:
        course.save(save, collector.snapshot())
    return Result(outcome, collector, networks)


def _recorded_in(past: SavedState) -> dict[str, Any]:
    from shequn.sim.saving.snapshot import recorded_in  # most runs do not continue one

    return recorded_in(past)
