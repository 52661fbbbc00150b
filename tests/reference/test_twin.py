"""The machine and its readable twin write the same journal, event for event."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from shequn.sim.kernel.state import JournalKind
from tests.sim.small_worlds import WORLDS, Rows, run, world

ROOT = Path(__file__).resolve().parents[2]
SEEDS = (7, 21, 22, 25)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """The twin's journal of each small world, from a process in which the rules are plain Python."""
    folder = tmp_path_factory.mktemp("twins")
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-W", "error", "-m", "tests.reference.test_twin", str(folder)]
    process = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    return {path.stem: np.load(path) for path in folder.glob("*.npy")}


def describe(row: np.void) -> str:
    """A row of the journal as one line."""
    return f"{JournalKind(row['kind']).name} {row}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", WORLDS)
def test_machine_and_twin_write_the_same_journal(name: str, seed: int, twins: dict[str, Rows]) -> None:
    machine, twin = run(world(name, seed=seed))[1], twins[f"{name}-{seed}"]
    n = min(len(machine), len(twin))
    same = np.abs(machine["value"][:n] - twin["value"][:n]) <= 1e-9
    for field in ("time", "kind", "person", "other", "room", "detail"):
        same &= machine[field][:n] == twin[field][:n]
    apart = np.flatnonzero(~same)
    assert not len(apart), (
        f"row {apart[0]}: machine {describe(machine[apart[0]])}, twin {describe(twin[apart[0]])}"
    )
    assert len(machine) == len(twin)


if __name__ == "__main__":
    from tests.reference.twin import Twin

    for name, seed in itertools.product(WORLDS, SEEDS):
        community = Twin(world(name, seed=seed))
        community.advance(float(community.scenario.days))
        np.save(Path(sys.argv[1]) / f"{name}-{seed}.npy", community.journal)
