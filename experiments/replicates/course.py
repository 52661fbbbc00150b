"""The course of replicates: where they begin and end, by default from the founding to the scenario's last day."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.experiments.replicates.saved_run import SavedRun, state_name

if TYPE_CHECKING:
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.changing import Change


class Course(NamedTuple):
    """Beginning and end of runs, and whether their final state is saved.

    Attributes
    ----------
    past : SavedRun or None
        Saved run that they continue; None for runs from the founding.
    until : int or None
        Day on which they stop; None for the scenario's last day.
    save : bool
        Whether the state on that day is saved.
    network : tuple of int
        Days on which the network is recorded, ascending.
    """

    past: SavedRun | None = None
    until: int | None = None
    save: bool = False
    network: tuple[int, ...] = ()

    @property
    def branching_day(self) -> int | None:
        """Day on which a branch begins; None for a run from the founding."""
        return None if self.past is None else self.past.day

    def last_day(self, scenario: "Scenario") -> int:
        """Day on which runs of this scenario stop."""
        return scenario.days if self.until is None else self.until

    def key(self) -> tuple[str, ...]:
        """Inputs of the results besides the scenario, for the key that names their folder."""
        parts = [] if self.past is None else [f"from {self.past.digest}"]
        parts += [] if self.until is None else [f"until {self.until}"]
        parts += [f"network {','.join(map(str, self.network))}"] if self.network else []
        return (*parts, "saved") if self.save else tuple(parts)

    def arguments(self, run: int, folder: Path) -> dict[str, Any]:
        """Additional arguments of ``simulate`` for one replicate, whose state is saved in ``folder``."""
        arguments: dict[str, Any] = {}
        if self.past is not None:
            arguments["past"] = self.past.states[run].read()
        if self.until is not None:
            arguments["until"] = self.until
        if self.save:
            arguments["save"] = folder / state_name(run)
        if self.network:
            arguments["network"] = self.network
        return arguments

    def changes(self, scenario: "Scenario") -> "list[Change]":
        """The changes of a branch to its scenario; none for a run from the founding."""
        if self.past is None:
            return []
        from shequn.sim.scenario.changing import changes

        return changes(self.past.settings(), scenario)

    def about(self, scenario: "Scenario") -> dict[str, Any]:
        """Entries of the manifest about the network and a branch: its days; origin and changes."""
        network = {"network": list(self.network)} if self.network else {}
        if self.past is None:
            return network
        changed = {change.key: [change.before, change.after] for change in self.changes(scenario)}
        return {**network, "branching": {**branching(self.past), "changed": changed}}


def branching(past: SavedRun) -> dict[str, Any]:
    """Entries of a manifest about the run that was continued: its day, names and states."""
    return {
        "day": past.day,
        "scenario": past.scenario,
        "variant": past.variant,
        "run": past.run,
        "states": past.digest,
    }


#: From the founding to the scenario's end.
WHOLE = Course()
