"""What is to be run: parameter sets × replicates, and what is measured of each run."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from shequn.agents.compiled import source_digest
from shequn.experiments.designs.design import Design
from shequn.experiments.designs.factors import Factor, Value
from shequn.experiments.designs.responses import Response
from shequn.experiments.replicates.saved_run import SavedRun, State
from shequn.experiments.sweeps.custom_model import CustomModel, model_parameters
from shequn.sim.kernel.chance import run_seed
from shequn.sim.results.folder import graph_digest, run_key
from shequn.sim.scenario import Scenario
from shequn.sim.version import __version__

_KEPT = 512  # parameter sets whose scenario is kept for their next replicate


class MismatchError(RuntimeError):
    """Results of another version, design or state of the sources would be mixed with ours."""


class Run(NamedTuple):
    """One run of a plan: what a worker gets."""

    number: int
    scenario: Scenario | CustomModel
    seed: int
    responses: tuple[Response, ...]
    traced: bool
    sources: str  # a worker of other sources refuses
    past: State | None = None  # from which it goes on


@dataclass(frozen=True)
class Plan:
    """A list of scenarios (or custom models), how often each is run, and what is measured.

    Runs are numbered replicate by replicate: number = replicate × points + point. Replicate
    ``k`` has the same seed at every point (common random numbers).

    Attributes
    ----------
    columns : tuple of str
        The factors' names.
    points : int
        Number of parameter sets.
    values : callable
        A point's number to the names of its levels, one for each column.
    scenario_of : callable
        A point's number to its scenario.
    traced : bool
        Whether each day of a run is summed up, to find the first on which two runs differ.
    past : SavedRun or None
        From whose states runs go on: replicate ``k`` at every point from that of its replicate ``k``.
    """

    columns: tuple[str, ...]
    is_number: tuple[bool, ...]
    points: int
    values: Callable[[int], Sequence[Value]]
    scenario_of: Callable[[int], Scenario | CustomModel]
    responses: tuple[Response, ...]
    replicates: int
    seed: int
    traced: bool = False
    past: SavedRun | None = None
    _scenario: Callable[[int], tuple[Scenario | CustomModel, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # one point's scenario serves all its replicates as long as it is among the latest
        object.__setattr__(self, "_scenario", lru_cache(maxsize=_KEPT)(self._resolved))

    def _resolved(self, point: int) -> tuple[Scenario | CustomModel, str]:
        scenario = self.scenario_of(point)
        return scenario, parameters(scenario)

    @property
    def runs(self) -> int:
        """Number of all runs."""
        return self.points * self.replicates

    def place(self, number: int) -> tuple[int, int]:
        """Point and replicate of a run."""
        replicate, point = divmod(number, self.points)
        return point, replicate

    def seed_of(self, number: int) -> int:
        """Seed of a run: from the plan's seed and the replicate alone."""
        return run_seed(self.seed, self.place(number)[1])

    def run(self, number: int) -> Run:
        """A run, ready to be sent to a worker."""
        point, replicate = self.place(number)
        return Run(
            number=number,
            scenario=self._scenario(point)[0],
            seed=self.seed_of(number),
            responses=self.responses,
            traced=self.traced,
            sources=provenance()["sources"],
            past=None if self.past is None else self.past.states[replicate],
        )

    def key(self, number: int) -> str:
        """Name of a run: from its resolved parameters, its seed, version and sources."""
        _, resolved = self._scenario(self.place(number)[0])
        past = () if self.past is None else (self.past.digest,)
        return run_key(resolved, str(self.seed_of(number)), *provenance().values(), *past)


def parameters(scenario: Scenario | CustomModel) -> str:
    """Digest of all that a run of a scenario depends on but its seed."""
    if not isinstance(scenario, Scenario):
        return model_parameters(scenario)
    values: dict[str, Any] = scenario.resolved()
    for key in ("seed", "runs"):
        del values[key]
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{text}\n{graph_digest(scenario)}".encode()).hexdigest()


@lru_cache(maxsize=1)
def provenance() -> dict[str, str]:
    """Version and digest of the sources: results of others are never mixed with ours."""
    return {"version": __version__, "sources": source_digest()}


def plan_of(design: Design) -> Plan:
    """The plan of a design."""
    return Plan(
        columns=tuple(factor.name for factor in design.factors),
        is_number=tuple(_is_number(factor, design, place) for place, factor in enumerate(design.factors)),
        points=len(design.points),
        values=design.values,
        scenario_of=design.scenario,
        responses=design.responses,
        replicates=design.replicates,
        seed=design.seed,
    )


def _is_number(factor: Factor, design: Design, place: int) -> bool:
    """Whether every level of a factor is a number."""
    levels = [level.value for level in factor.levels]
    if not isinstance(design.points, list):
        return not any(isinstance(value, str) for value in levels)
    return not any(isinstance(point[place].value, str) for point in design.points)
