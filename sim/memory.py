"""The memory that a world needs, and a clear word before building one that will not fit."""

from shequn.sim.graphs.graph import GraphError
from shequn.sim.language import _
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.population import SocialGraph

GIB = 2**30
#: Bytes at the most while a world is built: per person, per tie of a person, and of whatever size. Measured with 2
#: million people and 5, 20 and 60 ties each (0.43, 0.72 and 1.64 GiB), and with 10 and 50 million and 20 ties (3.06 and
#: 14.8 GiB), with a little to spare.
PER_PERSON, PER_TIE, FIXED = 110.0, 11.0, 0.3 * GIB
_NOT_WORTH_A_LOOK = GIB // 2


def needed(scenario: Scenario) -> float:
    """Bytes that building a scenario's world needs at the most; of shequn's own graphs alone, else 0."""
    population = scenario.population
    if not isinstance(population.graph, SocialGraph):
        return 0.0
    return FIXED + (population.people or 0) * (PER_PERSON + PER_TIE * population.graph.degree)


def check_memory(scenario: Scenario) -> None:
    """Refuse a world for which there is not enough memory.

    Raises
    ------
    GraphError
        It says what is needed.
    """
    bytes_needed = needed(scenario)
    if bytes_needed < _NOT_WORTH_A_LOOK:
        return
    import psutil  # type: ignore[import-untyped, unused-ignore]

    free = psutil.virtual_memory().available
    if bytes_needed > free:
        raise GraphError(
            _(
                "building a world of {people:,} people needs {needed:.1f} GiB of memory, and {free:.1f} GiB are free; "
                "use fewer people (population.people), ties (population.graph.degree) or processes (--jobs)"
            ).format(people=scenario.population.people or 0, needed=bytes_needed / GIB, free=free / GIB)
        )
