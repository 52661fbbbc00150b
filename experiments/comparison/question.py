"""What a comparison asks: which arms, in what, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from experiments.comparison.paired import Difference
from experiments.designs.responses import Response
from experiments.sweeps.plan import Plan, parameters
from sim.scenario import Scenario


@dataclass(frozen=True)
class Question:
    """Which arms are compared, in what, and until when.

    Attributes
    ----------
    arms : dict
        Names and scenarios; all are compared with the first.
    responses : tuple of Response
        The first is the one whose half width is waited for.
    runs : int
        Pairs; with ``until``, pairs to begin with.
    until : float or None
        Half width of the interval that is asked for.
    assumed : int
        Pairs in which each assumed number is moved, at most ``runs``; of two arms.
    """

    arms: Mapping[str, Scenario]
    responses: tuple[Response, ...]
    runs: int
    seed: int
    until: float | None = None
    assumed: int = 0

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
            traced=True,
        )

    def asked(self) -> dict[str, Any]:
        """All that the answer depends on, beside the version."""
        return {
            "runs": self.runs,
            "seed": self.seed,
            "until": self.until,
            "assumed": self.assumed,
            "responses": [str(response) for response in self.responses],
            "arms": {name: parameters(scenario) for name, scenario in self.arms.items()},
        }


class Compared(NamedTuple):
    """One arm against the first, in one response."""

    a: str
    b: str
    response: str
    found: Difference
