"""A finished run whose states were saved: from there its replicates can go on, each from its own.

``state/run-00000.npz`` and so on lie in the run's folder; its manifest says on which day they were saved,
and has the digest of each.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.sim.language import _
from shequn.sim.results.folder import MANIFEST, is_complete, run_key
from shequn.sim.results.manifest import read_manifest
from shequn.sim.results.parquet import blocks
from shequn.sim.results.tables import journal_rows
from shequn.sim.saving.snapshot import scenario_of
from shequn.sim.saving.state_file import SavedState, StateError, read_about, read_state, refuse_others
from shequn.sim.scenario.hints import did_you_mean

if TYPE_CHECKING:
    from shequn.sim.kernel.world import Records
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.merging import Override

STATES = "state"  # folder of the states in a run's


def state_name(run: int) -> str:
    """Name of the file of a replicate's state."""
    return f"run-{run:05d}.npz"


class State(NamedTuple):
    """Where the state of one replicate lies, and what is known of it: small, to be sent to a worker."""

    path: str
    digest: str

    def read(self) -> SavedState:
        """The state itself; raises `StateError`."""
        return read_state(Path(self.path), self.digest)


class SavedRun(NamedTuple):
    """A run that can be gone on from.

    Attributes
    ----------
    folder : Path
        Of the run.
    day : int
        On which it was saved.
    scenario, variant : str
        Their names; the variant may be none.
    run : str
        Its key: the folder's name when it was written.
    states : tuple of State
        One for each replicate.
    about : dict
        What the state of the first replicate says of itself.
    """

    folder: Path
    day: int
    scenario: str
    variant: str | None
    run: str
    states: tuple[State, ...]
    about: dict[str, Any]

    @property
    def digest(self) -> str:
        """Of all states: 12 hexadecimal digits."""
        return run_key(*(state.digest for state in self.states))

    def settings(
        self,
        variant: str | None = None,
        overrides: "Iterable[Override]" = (),
        file: str | Path | None = None,
    ) -> "Scenario":
        """What was run so far, or another variant or file: see :func:`shequn.sim.saving.snapshot.scenario_of`."""
        return scenario_of(self.about, variant, overrides, file)

    def journal(self, last_kind: int) -> "Iterator[Records]":
        """The journal of the first replicate, block by block, without kinds above the last one kept."""
        path = self.folder / "tables" / "journal.parquet"
        if not path.is_file():
            raise StateError(_("{path} is not there: the branch would lack its past").format(path=path))
        for block in blocks(path):
            rows = journal_rows(block.to_pandas())
            yield rows[rows["kind"] <= last_kind]


def saved_run(path: Path) -> SavedRun:
    """The saved run in a folder.

    Raises
    ------
    StateError
        There is none, or it is of another version; the message says what is due.
    DamagedError
        The folder is not as it was written.
    """
    if not is_complete(path):
        near = did_you_mean(path.name, _runs_beside(path))
        raise StateError(
            _("{path} is no finished run (a folder such as results/open-group/0123456789ab){near}").format(
                path=path, near=near
            )
        )
    manifest = read_manifest(path)
    state = manifest.get("state")
    if state is None:
        raise StateError(
            _("{path} holds no saved state; make one with: shequn run SCENARIO --until DAY --save").format(
                path=path
            )
        )
    refuse_others(str(path), manifest["shequn"], manifest["sources"])
    digests = state["sha256"]
    return SavedRun(
        folder=path,
        day=int(state["day"]),
        scenario=manifest["scenario"],
        variant=manifest["variant"],
        run=manifest["run"],
        states=tuple(
            State(str((path / STATES / state_name(run)).resolve()), digest)
            for run, digest in enumerate(digests)
        ),
        about=read_about(path / STATES / state_name(0)),
    )


def _runs_beside(path: Path) -> list[str]:
    if not path.parent.is_dir():
        return []
    return [found.parent.name for found in path.parent.glob(f"*/{MANIFEST}")]
