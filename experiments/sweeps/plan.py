"""The plan of a sweep: parameter sets × replicates, and the responses of each run."""

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
from shequn.experiments.sweeps.custom_model import CustomModel, model_digest
from shequn.sim.kernel.chance import run_seed
from shequn.sim.results.folder import graph_digest, run_key
from shequn.sim.scenario import Scenario
from shequn.sim.version import __version__

_CACHE_SIZE = 512  # parameter sets whose scenario is cached for the next replicate


class MismatchError(RuntimeError):
    """Results of different versions, designs or sources would be mixed."""


class Run(NamedTuple):
    """One run of a plan, as a worker gets it."""

    number: int
    scenario: Scenario | CustomModel
    seed: int
    responses: tuple[Response, ...]
    with_trace: bool
    with_series: bool
    sources: str  # digest of the sources; a worker with other sources refuses
    past: State | None = None  # saved state that the run continues


@dataclass(frozen=True)
class Plan:
    """Scenarios or custom models, the number of runs of each, and their responses.

    Runs are numbered replicate by replicate: number = replicate × points + point. Replicate
    ``k`` has the same seed at every point (common random numbers).

    Attributes
    ----------
    columns : tuple of str
        The factors' names.
    points : int
        Number of parameter sets.
    values : callable
        Called with the number of a point: the values of its levels, one for each column.
    scenario_of : callable
        Called with the number of a point: its scenario.
    with_trace : bool
        Whether each run gets a checksum of every day, to find the first day on which two runs differ.
    with_series : bool
        Whether the measures of every day of each run are stored.
    past : SavedRun or None
        Saved run that all runs continue: at every point, replicate ``k`` continues its replicate ``k``.
    responses_at : callable or None
        Called with the number of a point: its own responses, as many as ``responses``.
    """

    columns: tuple[str, ...]
    is_number: tuple[bool, ...]
    points: int
    values: Callable[[int], Sequence[Value]]
    scenario_of: Callable[[int], Scenario | CustomModel]
    responses: tuple[Response, ...]
    replicates: int
    seed: int
    with_trace: bool = False
    with_series: bool = False
    past: SavedRun | None = None
    responses_at: Callable[[int], tuple[Response, ...]] | None = None
    _scenario: Callable[[int], tuple[Scenario | CustomModel, str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # the replicates of a point share its scenario while it is cached
        object.__setattr__(self, "_scenario", lru_cache(maxsize=_CACHE_SIZE)(self._scenario_and_digest))

    def _scenario_and_digest(self, point: int) -> tuple[Scenario | CustomModel, str]:
        scenario = self.scenario_of(point)
        return scenario, scenario_digest(scenario)

    @property
    def runs(self) -> int:
        """Number of all runs."""
        return self.points * self.replicates

    def point_and_replicate(self, number: int) -> tuple[int, int]:
        """Point and replicate of a run."""
        replicate, point = divmod(number, self.points)
        return point, replicate

    def seed_of(self, number: int) -> int:
        """Seed of a run, which depends on the plan's seed and the replicate alone."""
        return run_seed(self.seed, self.point_and_replicate(number)[1])

    def run(self, number: int) -> Run:
        """A run, ready to be sent to a worker."""
        point, replicate = self.point_and_replicate(number)
        return Run(
            number=number,
            scenario=self._scenario(point)[0],
            seed=self.seed_of(number),
            responses=self.responses if self.responses_at is None else self.responses_at(point),
            with_trace=self.with_trace,
            with_series=self.with_series,
            sources=provenance()["sources"],
            past=None if self.past is None else self.past.states[replicate],
        )

    def key(self, number: int) -> str:
        """Key of a run: a digest of its parameters, its seed, the version and the sources."""
        _, digest = self._scenario(self.point_and_replicate(number)[0])
        past = () if self.past is None else (self.past.digest,)
        return run_key(digest, str(self.seed_of(number)), *provenance().values(), *past)


def scenario_digest(scenario: Scenario | CustomModel) -> str:
    """Digest of everything that a run of a scenario depends on except its seed."""
    if not isinstance(scenario, Scenario):
        return model_digest(scenario)
    values: dict[str, Any] = scenario.resolved()
    for key in ("seed", "runs"):
        del values[key]
    # in the order of the scenario: that of spaces, gates and operations matters
    text = json.dumps(values, ensure_ascii=False)
    return hashlib.sha256(f"{text}\n{graph_digest(scenario)}".encode()).hexdigest()


@lru_cache(maxsize=1)
def provenance() -> dict[str, str]:
    """Version and digest of the sources; results with different ones are never mixed."""
    return {"version": __version__, "sources": source_digest()}


def plan_of(design: Design, with_series: bool = False) -> Plan:
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
        with_series=with_series,
    )


def _is_number(factor: Factor, design: Design, place: int) -> bool:
    """Whether every level of a factor is a number."""
    levels = [level.value for level in factor.levels]
    if not isinstance(design.points, list):
        return not any(isinstance(value, str) for value in levels)
    return not any(isinstance(point[place].value, str) for point in design.points)
