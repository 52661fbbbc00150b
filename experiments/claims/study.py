"""A study: claims in their settings, the plans of their runs, and effects from responses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.experiments.claims.design import Claim
from shequn.experiments.claims.draws import factors
from shequn.experiments.claims.reading import Claims
from shequn.experiments.claims.verdicts import Effect, effect
from shequn.experiments.claims.worlds import is_run, scenarios
from shequn.experiments.comparison.assumed import AssumedNumber, assumed_numbers
from shequn.experiments.designs.responses import Response, named_responses, response
from shequn.experiments.intervals import corrected_level
from shequn.experiments.sweeps.plan import Plan, scenario_digest
from shequn.sim.features import compiled_alike
from shequn.sim.scenario import Scenario

SEED = 1  # of all pairs

Numbers = npt.NDArray[np.float64]


class Size(NamedTuple):
    """How much is run."""

    pairs: int  # of runs in each setting
    draws: int  # of the assumed numbers
    draw_pairs: int  # of runs in each draw
    is_quick: bool = False


FULL = Size(pairs=40, draws=64, draw_pairs=2)
QUICK = Size(pairs=3, draws=1, draw_pairs=1, is_quick=True)


class Cell(NamedTuple):
    """A claim in a setting, ready to be run."""

    claim: Claim
    setting: str
    arms: dict[str, Scenario]
    response: Response

    @property
    def numbers(self) -> list[AssumedNumber]:
        """The assumed numbers that can be moved here."""
        return assumed_numbers(tuple(self.arms.values()))


@dataclass(frozen=True)
class Study:
    """Claims to be tried.

    Attributes
    ----------
    claims : Claims
        All claims, for whose number intervals are corrected.
    chosen : tuple of Claim
        Those that are tried now.
    data : Path or None
        Folder of the large graph.
    size : Size
    """

    claims: Claims
    chosen: tuple[Claim, ...]
    data: Path | None
    size: Size

    @cached_property
    def cells(self) -> list[Cell]:
        """Each tried claim in each setting.

        Raises
        ------
        ScenarioError, ValueError
            An arm cannot be run, or lacks the response.
        """
        places = [
            (claim, name)
            for claim in self.chosen
            for name, setting in claim.settings.items()
            if is_run(setting, self.data)
        ]
        arms = {
            (claim.id, name, arm): scenario
            for claim, name in places
            for arm, scenario in scenarios(self.claims, claim, name, self.data).items()
        }
        alike = compiled_alike(arms)
        return [
            _cell(claim, name, {arm: alike[claim.id, name, arm] for arm in claim.arms})
            for claim, name in places
        ]

    def inputs(self) -> dict[str, Any]:
        """Everything that the results depend on, except the version."""
        return {
            "size": self.size._asdict(),
            "seed": SEED,
            "intervals": self.claims.intervals,
            "claims": [claim.model_dump(mode="json") for claim in self.chosen],
            "arms": {
                f"{cell.claim.id}/{cell.setting}/{arm}": scenario_digest(scenario)
                for cell in self.cells
                for arm, scenario in cell.arms.items()
            },
        }

    def plan(self) -> Plan:
        """The pairs of runs with the numbers as they are."""
        points = [(cell, arm) for cell in self.cells for arm in cell.arms]
        return Plan(
            columns=("claim", "setting", "arm"),
            is_number=(False, False, False),
            points=len(points),
            values=lambda point: (points[point][0].claim.id, points[point][0].setting, points[point][1]),
            scenario_of=lambda point: points[point][0].arms[points[point][1]],
            responses=_ANY,
            responses_at=lambda point: (points[point][0].response,),
            replicates=self.size.pairs,
            seed=SEED,
        )

    def moved_plan(self) -> Plan:
        """The pairs of runs in each draw of the assumed numbers, with the seeds of the first pairs."""
        numbers = [cell.numbers for cell in self.cells]
        points = [
            (index, draw, arm)
            for draw in range(self.size.draws)  # all cells of a draw, then the next
            for index, cell in enumerate(self.cells)
            for arm in cell.arms
        ]
        draws = {number.name: factors(number.name, self.size.draws) for names in numbers for number in names}

        def scenario_of(point: int) -> Scenario:
            index, draw, arm = points[point]
            scenario = self.cells[index].arms[arm]
            moved = {n.name: n.scaled(scenario, float(draws[n.name][draw])) for n in numbers[index]}
            return scenario.with_({f"rules.{name}": value for name, value in moved.items()})

        def values(point: int) -> tuple[str, str, float, str]:
            index, draw, arm = points[point]
            return self.cells[index].claim.id, self.cells[index].setting, float(draw), arm

        return Plan(
            columns=("claim", "setting", "draw", "arm"),
            is_number=(False, False, True, False),
            points=len(points),
            values=values,
            scenario_of=scenario_of,
            responses=_ANY,
            responses_at=lambda point: (self.cells[points[point][0]].response,),
            replicates=self.size.draw_pairs,
            seed=SEED,
        )


_ANY = (Response("end"),)  # as many as each point has; which one is in the claim


def _cell(claim: Claim, name: str, arms: Mapping[str, Scenario]) -> Cell:
    assert claim.response is not None
    days = min(scenario.days for scenario in arms.values())
    return Cell(claim, name, dict(arms), response(claim.response, days, named_responses(arms.values())))


class Runs(NamedTuple):
    """The responses of all runs of a study, by cell.

    Attributes
    ----------
    values : list of dict
        Of each cell: responses by arm, f8 arrays (pairs); nan where unknown.
    moved : list of dict
        The same, f8 arrays (draws): means over the pairs of each draw.
    failed : int
        Runs that failed.
    """

    values: list[dict[str, Numbers]]
    moved: list[dict[str, Numbers]]
    failed: int


def effects_of(study: Study, runs: Runs) -> list[tuple[Claim, list[Effect]]]:
    """The effects of each chosen claim in all its settings, with corrected intervals."""
    level = corrected_level(study.claims.intervals)
    by_claim: dict[str, list[Effect]] = {claim.id: [] for claim in study.chosen}
    for cell, values, moved in zip(study.cells, runs.values, runs.moved, strict=True):
        for first, second in cell.claim.pairs_of_arms:
            by_claim[cell.claim.id].append(
                effect(
                    cell.claim,
                    cell.setting,
                    (first, second),
                    (values[first], values[second]),
                    draw_effects(moved, first, second),
                    study.size.draw_pairs,
                    level,
                )
            )
    return [(claim, by_claim[claim.id]) for claim in study.chosen]


def draw_effects(moved: Mapping[str, Numbers], first: str, second: str) -> Numbers:
    """The effect of a contrast in each draw."""
    return moved[second] if first == second else moved[second] - moved[first]
