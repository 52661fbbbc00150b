"""The question of a search: a space, objectives and constraints, and the sampler."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from shequn.experiments.designs.checking import run_lengths
from shequn.experiments.designs.design import Design
from shequn.experiments.designs.factors import Value
from shequn.experiments.designs.points import ParameterSet
from shequn.experiments.designs.responses import Response, named_responses
from shequn.experiments.policy_search.aims import Constraint, Objective, constraint, objective
from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.sweep import inputs
from shequn.sim.kernel.chance import run_seed
from shequn.sim.language import _
from shequn.sim.scenario import Scenario

Sampler = Literal["tpe", "nsga2", "cma"]
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
_FRESH = 1_000_000  # number of a replicate beyond those of any search, whose seed starts the fresh seeds


class SearchError(ValueError):
    """A search that cannot run; the message says why, and what is allowed."""


@dataclass(frozen=True)
class Search:
    """A search.

    Attributes
    ----------
    design : Design
        Its factors span the space; its replicates and seed give the runs of each trial. All trials share seeds.
    objectives, constraints : tuples
        They apply to means over replicates.
    trials : int
        Number of parameter sets to try.
    sampler : Sampler
        How the next parameter sets are chosen: the Optuna sampler of this name.
    batch : int
        Number of trials chosen at once, before the results of any of them.
    fresh : int
        Runs of each of the best trials on seeds that the search did not use.
    """

    design: Design
    objectives: tuple[Objective, ...]
    constraints: tuple[Constraint, ...]
    trials: int
    sampler: Sampler
    batch: int
    fresh: int

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """The responses of objectives and constraints, then those of the design."""
        return tuple(dict.fromkeys([*self.aim_responses, *self.design.responses]))

    @cached_property
    def aim_responses(self) -> tuple[Response, ...]:
        """The responses of objectives and constraints."""
        objectives = [aim.response for aim in self.objectives]
        return tuple(dict.fromkeys(objectives + [aim.response for aim in self.constraints]))

    def levels(self, params: dict[str, Value]) -> ParameterSet:
        """The levels with the values of a trial."""
        return tuple(factor.level_of(params[factor.name]) for factor in self.design.factors)

    def scenario(self, params: dict[str, Value]) -> Scenario:
        """The scenario of a trial.

        Raises
        ------
        ScenarioError
            The values contradict each other.
        """
        base, overrides = self.design.bases.base_and_overrides(self.levels(params))
        return base.with_(overrides)

    def plan(self, points: Sequence[dict[str, Value]], fresh: bool = False) -> Plan:
        """The runs of some points, on the seeds of the search or on fresh ones."""
        factors = self.design.factors
        seed = self.design.seed
        return Plan(
            columns=tuple(factor.name for factor in factors),
            is_number=tuple(not any(isinstance(level.value, str) for level in f.levels) for f in factors),
            points=len(points),
            values=lambda point: tuple(points[point][factor.name] for factor in factors),
            scenario_of=lambda point: self.scenario(points[point]),
            responses=self.responses,
            replicates=self.fresh if fresh else self.design.replicates,
            seed=run_seed(seed, _FRESH) if fresh else seed,
        )

    def inputs(self) -> dict[str, Any]:
        """Everything that the results depend on, except the version."""
        from shequn.experiments.designs.model import SPACE

        space = self.design.with_points(self.design.points, {"design": SPACE, "points": None})
        return inputs(space) | {
            "objectives": [str(aim) for aim in self.objectives],
            "constraints": [str(aim) for aim in self.constraints],
            "trials": self.trials,
            "sampler": self.sampler,
            "batch": self.batch,
            "fresh": self.fresh,
        }


def search_of(
    design: Design,
    objectives: Sequence[str],
    constraints: Sequence[str],
    trials: int,
    sampler: Sampler,
    batch: int,
    fresh: int,
) -> Search:
    """Build a search from the arguments of the command line.

    Raises
    ------
    SearchError
        An argument is not allowed, or not together with another.
    """
    if design.content.get("design") == "list":
        raise SearchError(
            _(
                "{name} is a list of fixed parameter sets; a search takes factors with ranges or levels, "
                "such as with design: space"
            ).format(name=design.name)
        )
    days = min(run_lengths(design.bases, design.factors))
    names = named_responses(design.bases.scenarios.values())
    aims: list[Objective] = []
    bounds: list[Constraint] = []
    for text in objectives:
        try:
            aims.append(objective(text, days, names))
        except ValueError as error:
            raise SearchError(_("--objective: {error}").format(error=error)) from None
    for text in constraints:
        try:
            bounds.append(constraint(text, days, names))
        except ValueError as error:
            raise SearchError(_("--constraint: {error}").format(error=error)) from None
    named = [aim.response for aim in aims]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise SearchError(_("--objective: {twice} is named twice").format(twice=twice))
    if sampler == "cma":
        _check_cma(design, aims, bounds)
    return Search(design, tuple(aims), tuple(bounds), trials, sampler, batch, fresh)


def _check_cma(design: Design, aims: Sequence[Objective], bounds: Sequence[Constraint]) -> None:
    others = _("choose --sampler tpe or nsga2")
    if len(aims) > 1:
        raise SearchError(
            _("--sampler cma takes one objective, not {n}; {others}").format(n=len(aims), others=others)
        )
    if bounds:
        raise SearchError(_("--sampler cma takes no constraint; {others}").format(others=others))
    named = next((factor.name for factor in design.factors if not factor.is_range), None)
    if named is not None:
        raise SearchError(
            _("--sampler cma takes ranges only, and {named} has levels; {others}").format(
                named=named, others=others
            )
        )
    if len(design.factors) < 2:
        raise SearchError(_("--sampler cma takes two factors or more; {others}").format(others=others))
