"""The course of replicates: from the founding or a saved state, to the last day or an earlier one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.experiments.replicates.saved_run import SavedRun, state_name

if TYPE_CHECKING:
    from shequn.sim.saving.branching import Change
    from shequn.sim.scenario import Scenario


class Course(NamedTuple):
    """Where runs begin and end, and whether their state is saved.

    Attributes
    ----------
    past : SavedRun or None
        Saved run whose states they continue; none: they begin at the founding.
    until : int or None
        Day on which they stop; none: the last day of the scenario.
    save : bool
        Whether to save the state on that day.
    """

    past: SavedRun | None = None
    until: int | None = None
    save: bool = False

    @property
    def branching_day(self) -> int | None:
        """Day on which a branch begins; none for a run from the founding."""
        return None if self.past is None else self.past.day

    def last_day(self, scenario: "Scenario") -> int:
        """Day on which runs of a scenario stop."""
        return scenario.days if self.until is None else self.until

    def key(self) -> tuple[str, ...]:
        """What results depend on beside the scenario; part of the name of their folder."""
        parts = [] if self.past is None else [f"from {self.past.digest}"]
        parts += [] if self.until is None else [f"until {self.until}"]
        return (*parts, "saved") if self.save else tuple(parts)

    def arguments(self, run: int, folder: Path) -> dict[str, Any]:
        """Arguments of :func:`shequn.sim.running.simulate` for one replicate; its state goes into ``folder``."""
        arguments: dict[str, Any] = {}
        if self.past is not None:
            arguments["past"] = self.past.states[run].read()
        if self.until is not None:
            arguments["until"] = self.until
        if self.save:
            arguments["save"] = folder / state_name(run)
        return arguments

    def changes(self, scenario: "Scenario") -> "list[Change]":
        """What a branch changes on its first day; nothing for a run from the founding."""
        if self.past is None:
            return []
        from shequn.sim.saving.branching import changes

        return changes(self.past.settings(), scenario)

    def about(self, scenario: "Scenario") -> dict[str, Any]:
        """The entry of a branch in the manifest: its day, its past, and what it changed."""
        if self.past is None:
            return {}
        changed = {change.key: [change.before, change.after] for change in self.changes(scenario)}
        return {"branching": {**branching(self.past), "changed": changed}}


def branching(past: SavedRun) -> dict[str, Any]:
    """The entry of a saved run in the manifest of its branches: its day, names and states."""
    return {
        "day": past.day,
        "scenario": past.scenario,
        "variant": past.variant,
        "run": past.run,
        "states": past.digest,
    }


#: From the founding to the last day of the scenario.
WHOLE = Course()
