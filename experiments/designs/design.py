"""A design that has been read and checked: the input of a sweep."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shequn.experiments.designs.factors import BASE, Factor, Level, Value
from shequn.experiments.designs.model import FigureContent
from shequn.experiments.designs.points import ParameterSet
from shequn.experiments.designs.responses import Response
from shequn.sim.features import compiled_alike
from shequn.sim.scenario import Scenario, ScenarioError
from shequn.sim.scenario.merging import Override


@dataclass(frozen=True)
class Bases:
    """The scenario that a design varies and its variants, with the values that all runs share."""

    scenarios: dict[str | None, Scenario]
    default: str | None  # the variant that the design names

    def variant(self, name: str | None) -> Scenario:
        """A variant by its name: ``base`` is the scenario itself, None the variant that the design names."""
        if name is None:
            return self.scenarios[self.default]
        return self.scenarios[None if name == BASE and BASE not in self.scenarios else name]

    def names(self) -> list[str]:
        """The possible values of a factor ``variant``."""
        return [BASE, *(name for name in self.scenarios if name is not None)]

    def base_and_overrides(self, levels: Sequence[Level]) -> tuple[Scenario, list[Override]]:
        """The scenario that these levels select, and the values that they set in it."""
        variant = next((level.variant for level in reversed(levels) if level.variant is not None), None)
        return self.variant(variant), [override for level in levels for override in level.overrides]


@dataclass(frozen=True)
class Design:
    """The runs of a design, and the responses of each.

    Attributes
    ----------
    name : str
        The file's name without its extension.
    factors : tuple of Factor
        Their names are columns of the tables.
    points : sequence of tuple of Level
        The parameter sets: a level of each factor.
    replicates, seed : int
        Runs of each parameter set, and the seed; replicate ``k`` has the same seed in all of them.
    text : str
        Text of the file, which is stored beside the results.
    content : dict
        Content of the file, as plain values.
    """

    name: str
    title: str
    question: str
    bases: Bases
    factors: tuple[Factor, ...]
    points: Sequence[ParameterSet]
    replicates: int
    seed: int
    responses: tuple[Response, ...]
    figures: tuple[FigureContent, ...]
    text: str
    content: dict[str, Any]
    notes: tuple[str, ...] = ()

    def scenario(self, point: int) -> Scenario:
        """The scenario of a parameter set, by its number."""
        base, overrides = self.bases.base_and_overrides(self.points[point])
        return base.with_(overrides)

    def with_points(self, points: Sequence[ParameterSet], origin: dict[str, Any]) -> "Design":
        """The same factors at other points; ``origin`` holds the keys of the content that describe the points."""
        return replace(self, points=points, figures=(), content=self.content | origin)

    def compiled_alike(self) -> "Design":
        """The same design, whose runs are all compiled with the features that any of its levels uses by itself.

        So they compile once, unless levels use another feature only together.
        """
        bases = self.bases
        chosen = {bases.default: bases.variant(None)}
        changed = []
        for factor in self.factors:
            for level in factor.levels or (factor.at(0.0), factor.at(1.0)):
                base, overrides = bases.base_and_overrides([level])
                chosen[level.variant if level.variant in bases.scenarios else bases.default] = base
                with contextlib.suppress(ScenarioError):  # in no run, or only together with other levels
                    changed.append(base.with_(overrides))
        return replace(
            self, bases=replace(bases, scenarios=bases.scenarios | compiled_alike(chosen, changed))
        )

    def values(self, point: int) -> tuple[Value, ...]:
        """The values of a parameter set's levels, as in tables."""
        return tuple(level.value for level in self.points[point])
