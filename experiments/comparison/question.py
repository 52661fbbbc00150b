"""The question of a comparison: its arms, its responses and the number of pairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from shequn.experiments.comparison.curves import Curves
from shequn.experiments.comparison.paired import Difference
from shequn.experiments.designs.responses import Response
from shequn.experiments.replicates.saved_run import SavedRun
from shequn.experiments.sweeps.plan import Plan, scenario_digest
from shequn.sim.features import compiled_alike
from shequn.sim.scenario import Scenario

NO_CURVES = Curves((), ())
MAX_RUNS = 20_000  # pairs, even if the interval is still wider than requested


@dataclass(frozen=True)
class Question:
    """The arms of a comparison, its responses and the number of pairs.

    Attributes
    ----------
    arms : dict
        Scenarios by name; all are compared with the first.
    responses : tuple of Response
        The comparison stops by the interval of the first.
    runs : int
        Number of pairs; with ``until``, the initial number.
    until : float or None
        Half width of the interval at which the comparison stops.
    assumed : int
        Number of pairs for each assumed number, at most ``runs``; for two arms only.
    past : SavedRun or None
        Saved run that all arms continue: they share past and seeds, replicate by replicate.
    title, text : str
        What is compared and the question in words, for the reader.
    headline : tuple of Response
        The responses that the answer states first.
    curves : Curves
        Daily measures that are recorded besides the responses; by default none.
    """

    arms: Mapping[str, Scenario]
    responses: tuple[Response, ...]
    runs: int
    seed: int
    until: float | None = None
    assumed: int = 0
    past: SavedRun | None = None
    title: str = ""
    text: str = ""
    headline: tuple[Response, ...] = ()
    curves: Curves = NO_CURVES

    def __post_init__(self) -> None:
        past = [] if self.past is None else [self.past.settings()]
        object.__setattr__(self, "arms", compiled_alike(self.arms, past))

    @property
    def max_runs(self) -> int:
        """Number of pairs at which a comparison stops, even if the interval is still too wide."""
        return MAX_RUNS if self.past is None else len(self.past.states)

    def plan(self, runs: int) -> Plan:
        """The runs of all arms."""
        names, scenarios = tuple(self.arms), tuple(self.arms.values())
        return Plan(
            columns=("arm",),
            is_number=(False,),
            points=len(names),
            values=lambda point: (names[point],),
            scenario_of=lambda point: scenarios[point],
            responses=(*self.responses, *self.curves.responses),
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
            "title": self.title,
            "question": self.text,
            "headline": [str(response) for response in self.headline],
            "curves": {"measures": list(self.curves.columns), "days": list(self.curves.days)},
            **({} if self.past is None else {"states": self.past.digest}),
        }


class ArmComparison(NamedTuple):
    """One arm compared with the first, in one response."""

    a: str
    b: str
    response: str
    difference: Difference
