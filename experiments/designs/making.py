"""From the factors of a design to its parameter sets, by the kind of the design."""

from collections.abc import Sequence
from typing import Any

from experiments.designs import points
from experiments.designs.design import Bases
from experiments.designs.factors import Factor, Level
from experiments.designs.model import DesignContent
from sim.scenario.nodes import plain


def base_level(bases: Bases, column: Factor) -> Level:
    """The level that leaves a factor as the scenario has it, named by the scenario's value."""
    value: Any = bases.variant(None).resolved()
    for key in column.key.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    simple = isinstance(value, int | float | str) and not isinstance(value, bool)
    named = next((found.value for found in column.levels if _is(found, value)), None)
    if named is not None:
        return Level(named)
    return Level(value if simple and not any(isinstance(f.value, str) for f in column.levels) else "base")


def _is(found: Level, value: Any) -> bool:
    """Whether a level gives its one key this value."""
    return len(found.overrides) == 1 and plain(found.overrides[0].value) == value


def parameter_sets(
    content: DesignContent, factors: Sequence[Factor], bases: Bases
) -> Sequence[points.ParameterSet]:
    """The parameter sets that the factors of a design make."""
    match content.design:
        case "one_at_a_time":
            return points.one_at_a_time(factors, tuple(base_level(bases, f) for f in factors))
        case "latin_hypercube":
            return points.latin_hypercube(factors, content.points or 1, content.seed)
        case "sobol":
            return points.sobol(factors, content.points or 1, content.seed)
        case _:
            return points.Grid(factors)
