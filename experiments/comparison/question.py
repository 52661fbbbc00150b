"""The question of a comparison: its arms, the responses compared, and how many pairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from shequn.experiments.comparison.paired import Difference
from shequn.experiments.designs.responses import Response
from shequn.experiments.replicates.saved_run import SavedRun
from shequn.experiments.sweeps.plan import Plan, scenario_digest
from shequn.sim.scenario import Scenario

MOST_RUNS = 20_000  # pairs, even if the interval is wider than requested


@dataclass(frozen=True)
class Question:
    """The arms of a comparison, the responses compared, and how many pairs.

    Attributes
    ----------
    arms : dict
        Scenarios by name; all are compared with the first.
    responses : tuple of Response
        The half width of the first decides when to stop.
    runs : int
        Pairs; with ``until``, the pairs to begin with.
    until : float or None
        Half width of the interval at which to stop.
    assumed : int
        Pairs in which each assumed number is moved, at most ``runs``; for two arms only.
    past : SavedRun or None
        Saved run whose states all arms continue: they share past and seeds, replicate by replicate.
    """

    arms: Mapping[str, Scenario]
    responses: tuple[Response, ...]
    runs: int
    seed: int
    until: float | None = None
    assumed: int = 0
    past: SavedRun | None = None

    @property
    def most_runs(self) -> int:
        """Pairs after which a comparison stops, whatever the half width."""
        return MOST_RUNS if self.past is None else len(self.past.states)

    def plan(self, runs: int) -> Plan:
        """The runs of all arms."""
        names, scenarios = tuple(self.arms), tuple(self.arms.values())
        return Plan(
            columns=("arm",),
            is_number=(False,),
            points=len(names),
            values=lambda point: (names[point],),
            scenario_of=lambda point: scenarios[point],
            responses=self.responses,
            replicates=runs,
            seed=self.seed,
            with_trace=True,
            past=self.past,
        )

    def inputs(self) -> dict[str, Any]:
        """Everything that the answer depends on, except the version."""
        return {
            "runs": self.runs,
            "seed": self.seed,
            "until": self.until,
            "assumed": self.assumed,
            "responses": [str(response) for response in self.responses],
            "arms": {name: scenario_digest(scenario) for name, scenario in self.arms.items()},
            **({} if self.past is None else {"states": self.past.digest}),
        }


class Compared(NamedTuple):
    """One arm against the first, in one response."""

    a: str
    b: str
    response: str
    found: Difference
