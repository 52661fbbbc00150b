"""The parameter sets of each kind of design."""

from collections.abc import Sequence
from typing import Any, assert_never

from shequn.experiments.designs import points
from shequn.experiments.designs.design import Bases
from shequn.experiments.designs.factors import BASE, Factor, Level
from shequn.experiments.designs.model import DesignContent
from shequn.sim.scenario.errors import ScenarioError


def base_level(bases: Bases, column: Factor) -> Level:
    """The level that leaves the scenario unchanged.

    Its value is that of the factor's level that sets the same, or the scenario's own value, or ``base``.
    """
    for level in column.levels:
        if _changes_nothing(bases, level):
            return Level(level.value)
    value: Any = bases.variant(None).resolved()
    for key in column.key.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    is_simple = isinstance(value, int | float | str) and not isinstance(value, bool)
    have_names = any(isinstance(level.value, str) for level in column.levels)
    return Level(value if is_simple and not have_names else BASE)


def _changes_nothing(bases: Bases, level: Level) -> bool:
    """Whether a level leaves the scenario as it is."""
    try:
        base, overrides = bases.base_and_overrides([level])
        return base.with_(overrides) == bases.variant(None)
    except (ScenarioError, KeyError):  # the level is invalid by itself, or there is no such variant
        return False


def parameter_sets(
    content: DesignContent, factors: Sequence[Factor], bases: Bases
) -> Sequence[points.ParameterSet]:
    """The parameter sets of a design with these factors."""
    match content.design:
        case "one_at_a_time":
            return points.one_at_a_time(factors, tuple(base_level(bases, f) for f in factors))
        case "latin_hypercube":
            return points.latin_hypercube(factors, content.points or 1, content.seed)
        case "sobol":
            return points.sobol(factors, content.points or 1, content.seed)
        case "space":
            return points.probes(factors, content.seed)
        case "grid" | "list":  # a valid list has its own points, read elsewhere
            return points.Grid(factors)
        case _:
            assert_never(content.design)
