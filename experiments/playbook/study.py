"""A study of the playbook: its arms, and the plans of their runs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from shequn.experiments.designs.overrides import changes
from shequn.experiments.designs.responses import Response
from shequn.experiments.playbook.design import AS_IT_IS, AS_SHIPPED, raised
from shequn.experiments.playbook.reading import Kind, Playbook
from shequn.experiments.sweeps.plan import Plan, scenario_digest
from shequn.sim.features import compiled_alike
from shequn.sim.results.labels import DRIVERS
from shequn.sim.scenario import Scenario

SEED = 1  # of all pairs

#: What is measured in every run: from these all goals and costs are computed.
MEASURED = (
    "present_week_4", "start", "joins", "end", "temperature_end", "income",
    "rewards", "reach_cost", "staff_cost", "staff_minutes",
)  # fmt: skip


class Size(NamedTuple):
    """How much is run."""

    pairs: int  # of runs with the mix as shipped
    mix_pairs: int  # of runs with each other mix
    is_quick: bool = False


FULL = Size(pairs=30, mix_pairs=10)
QUICK = Size(pairs=5, mix_pairs=2, is_quick=True)


class Cell(NamedTuple):
    """A kind of community with a mix of drivers, ready to be run: first the arm as it is, then one for each lever."""

    kind: Kind
    mix: str
    arms: dict[str, Scenario]


@dataclass(frozen=True)
class Study:
    """Levers to be compared.

    Attributes
    ----------
    playbook : Playbook
        The whole playbook, for whose number of effects intervals are corrected.
    chosen : tuple of Kind
        Those that are run now.
    size : Size
    """

    playbook: Playbook
    chosen: tuple[Kind, ...]
    size: Size

    @cached_property
    def cells(self) -> list[Cell]:
        """Each chosen kind with each mix, that of the scenario first.

        Raises
        ------
        ScenarioError
            An arm cannot be run.
        """
        mixes = [AS_SHIPPED, *(self.playbook.settings.mixes if self.size.mix_pairs else ())]
        arms = {
            (kind.name, mix, arm): scenario
            for kind in self.chosen
            for mix in mixes
            for arm, scenario in self._arms(kind, mix).items()
        }
        alike = compiled_alike(arms)
        return [
            Cell(kind, mix, {arm: alike[kind.name, mix, arm] for arm in (AS_IT_IS, *kind.levers)})
            for mix in mixes
            for kind in self.chosen
        ]

    @property
    def shipped(self) -> list[Cell]:
        """The cells with the mix of the scenario."""
        return [cell for cell in self.cells if cell.mix == AS_SHIPPED]

    @property
    def mixed(self) -> list[Cell]:
        """The cells with other mixes."""
        return [cell for cell in self.cells if cell.mix != AS_SHIPPED]

    def _arms(self, kind: Kind, mix: str) -> dict[str, Scenario]:
        base = Scenario.load(kind.scenario).with_(list(changes(kind.set)))
        if mix != AS_SHIPPED:
            settings = self.playbook.settings
            weights = {name: float(getattr(base.population.drivers, name)) for name in DRIVERS}
            drivers = {"population": {"drivers": raised(weights, mix, settings.raised_by)}}
            base = base.with_(list(changes(settings.mixes[mix].set, drivers)))
        levers = {name: base.with_(list(changes(lever.set))) for name, lever in kind.levers.items()}
        return {AS_IT_IS: base, **levers}

    def inputs(self) -> dict[str, Any]:
        """Everything that the results depend on, except the version."""
        return {
            "size": self.size._asdict(),
            "seed": SEED,
            "intervals": self.playbook.intervals,
            "settings": self.playbook.settings.model_dump(mode="json"),
            "kinds": {
                kind.name: {
                    "title": kind.title.model_dump(),
                    "retention": kind.retention,
                    "levers": {name: lever.model_dump(mode="json") for name, lever in kind.levers.items()},
                }
                for kind in self.chosen
            },
            "arms": {
                f"{cell.kind.name}/{cell.mix}/{arm}": scenario_digest(scenario)
                for cell in self.cells
                for arm, scenario in cell.arms.items()
            },
        }

    def plan(self) -> Plan:
        """The pairs of runs with the mix as shipped."""
        return _plan(self.shipped, self.size.pairs)

    def mixed_plan(self) -> Plan:
        """The pairs of runs with the other mixes, with the seeds of the first pairs."""
        return _plan(self.mixed, self.size.mix_pairs)


def _plan(cells: list[Cell], pairs: int) -> Plan:
    points = [(cell, arm) for cell in cells for arm in cell.arms]
    return Plan(
        columns=("kind", "mix", "arm"),
        is_number=(False, False, False),
        points=len(points),
        values=lambda point: (points[point][0].kind.name, points[point][0].mix, points[point][1]),
        scenario_of=lambda point: points[point][0].arms[points[point][1]],
        responses=tuple(Response(name) for name in MEASURED),
        replicates=pairs,
        seed=SEED,
    )
