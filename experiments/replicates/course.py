"""From where to where replicates go, when that is not from the founding to the scenario's end."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.experiments.replicates.saved_run import SavedRun, state_name

if TYPE_CHECKING:
    from shequn.sim.saving.branching import Change
    from shequn.sim.scenario import Scenario


class Course(NamedTuple):
    """Where runs begin and end, and whether they can be gone on from.

    Attributes
    ----------
    past : SavedRun or None
        From whose states they go on; none: from the founding.
    until : int or None
        Day on which they stop; none: the scenario's last.
    save : bool
        Whether the state on that day is kept.
    """

    past: SavedRun | None = None
    until: int | None = None
    save: bool = False

    @property
    def branching_day(self) -> int | None:
        """Day on which a branch parted; none for a run from the founding."""
        return None if self.past is None else self.past.day

    def last_day(self, scenario: "Scenario") -> int:
        """Day on which runs of this scenario stop."""
        return scenario.days if self.until is None else self.until

    def key(self) -> tuple[str, ...]:
        """What results depend on beside the scenario: part of the name of their folder."""
        parts = [] if self.past is None else [f"from {self.past.digest}"]
        parts += [] if self.until is None else [f"until {self.until}"]
        return (*parts, "saved") if self.save else tuple(parts)

    def arguments(self, run: int, folder: Path) -> dict[str, Any]:
        """What :func:`sim.simulate` must be told beside the usual for one replicate, kept in ``folder``."""
        found: dict[str, Any] = {}
        if self.past is not None:
            found["past"] = self.past.states[run].read()
        if self.until is not None:
            found["until"] = self.until
        if self.save:
            found["save"] = folder / state_name(run)
        return found

    def changes(self, scenario: "Scenario") -> "list[Change]":
        """What a branch has changed on its day; none for a run from the founding."""
        if self.past is None:
            return []
        from shequn.sim.saving.branching import changes

        return changes(self.past.settings(), scenario)

    def about(self, scenario: "Scenario") -> dict[str, Any]:
        """What the manifest says of a branch: where it parted from what, and in what."""
        if self.past is None:
            return {}
        changed = {change.key: [change.before, change.after] for change in self.changes(scenario)}
        return {"branching": {**branching(self.past), "changed": changed}}


def branching(past: SavedRun) -> dict[str, Any]:
    """What manifests say of the run from which others went on: its day, its names, its states."""
    return {
        "day": past.day,
        "scenario": past.scenario,
        "variant": past.variant,
        "run": past.run,
        "states": past.digest,
    }


#: From the founding to the scenario's end.
WHOLE = Course()
