"""A finished run with saved states, from which its replicates can continue.

The states are the files ``state/run-00000.npz`` and so on in the run's folder. The manifest has the day on which
they were saved and the digest of each.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.results.folder import MANIFEST, is_complete, run_key
from shequn.sim.results.manifest import read_manifest
from shequn.sim.results.parquet import row_groups
from shequn.sim.results.tables import journal_rows
from shequn.sim.saving.state_file import SavedState, StateError, read_about, read_state, refuse_others

if TYPE_CHECKING:
    from shequn.sim.kernel.world import Records
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.merging import Override

STATES = "state"  # subfolder of a run's folder


def state_name(run: int) -> str:
    """File name of a replicate's state."""
    return f"run-{run:05d}.npz"


class State(NamedTuple):
    """Path and digest of one replicate's state: small enough to send to a worker."""

    path: str
    digest: str

    def read(self) -> SavedState:
        """Read the state; raises `StateError`."""
        return read_state(Path(self.path), self.digest)


class SavedRun(NamedTuple):
    """A run that can be continued.

    Attributes
    ----------
    folder : Path
        Folder of the run.
    day : int
        Day on which it was saved.
    scenario : str
        Name of its scenario.
    variant : str or None
        Name of its variant.
    run : str
        Its key: the folder's name when it was written.
    states : tuple of State
        One for each replicate.
    about : dict
        Metadata in the state of the first replicate.
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
        """Digest of all states: 12 hexadecimal digits."""
        return run_key(*(state.digest for state in self.states))

    def settings(
        self,
        variant: str | None = None,
        overrides: "Iterable[Override]" = (),
        file: str | Path | None = None,
    ) -> "Scenario":
        """The scenario of the run, or another variant or file: see :func:`shequn.sim.saving.snapshot.scenario_of`."""
        from shequn.sim.saving.snapshot import scenario_of  # most runs do not continue one

        return scenario_of(self.about, variant, overrides, file)

    def journal(self, last_kind: int) -> "Iterator[Records]":
        """The journal of the first replicate, block by block, without kinds above ``last_kind``."""
        path = self.folder / "tables" / "journal.parquet"
        if not path.is_file():
            raise StateError(
                _("{path} is missing: the branch needs the journal of its past").format(path=path)
            )
        for block in row_groups(path):
            rows = journal_rows(block.to_pandas())
            yield rows[rows["kind"] <= last_kind]


def saved_run(path: Path) -> SavedRun:
    """The saved run in a folder.

    Raises
    ------
    StateError
        There is no saved run, or another version of shequn wrote it; the message says what to do.
    DamagedError
        The folder was changed or damaged after it was written.
    """
    if not is_complete(path):
        near = did_you_mean(path.name, _runs_beside(path))
        raise StateError(
            _(
                "{path} is not a finished run (a folder, for example results/open-group/0123456789ab){near}"
            ).format(path=path, near=near)
        )
    manifest = read_manifest(path)
    state = manifest.get("state")
    if state is None:
        raise StateError(
            _("{path} has no saved state; make one with: shequn run SCENARIO --until DAY --save").format(
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
    return [manifest.parent.name for manifest in path.parent.glob(f"*/{MANIFEST}")]
