"""From the factors of a design to its parameter sets, by the kind of the design."""

from collections.abc import Sequence
from typing import Any, assert_never

from shequn.experiments.designs import points
from shequn.experiments.designs.design import Bases
from shequn.experiments.designs.factors import BASE, Factor, Level
from shequn.experiments.designs.model import DesignContent
from shequn.sim.scenario.errors import ScenarioError


def base_level(bases: Bases, column: Factor) -> Level:
    """The level that leaves a factor as the scenario has it.

    It is named like the factor's level that says the same, or by the scenario's value, or ``base``.
    """
    for found in column.levels:
        if _changes_nothing(bases, found):
            return Level(found.value)
    value: Any = bases.variant(None).resolved()
    for key in column.key.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    simple = isinstance(value, int | float | str) and not isinstance(value, bool)
    named = any(isinstance(found.value, str) for found in column.levels)
    return Level(value if simple and not named else BASE)


def _changes_nothing(bases: Bases, found: Level) -> bool:
    """Whether a level leaves the scenario as it is."""
    try:
        base, overrides = bases.base_and_overrides([found])
        return base.with_(overrides) == bases.variant(None)
    except (ScenarioError, KeyError):  # it cannot stand by itself, or there is no such variant
        return False


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
        case "space":
            return points.probes(factors, content.seed)
        case "grid" | "list":  # a list names its points itself; without any it is a grid of nothing
            return points.Grid(factors)
        case _:
            assert_never(content.design)
