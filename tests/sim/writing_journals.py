"""Run small worlds in a process of its own: ``python -m tests.sim.writing_journals FOLDER NAME …``."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.sim.small_worlds import Rows, run, world

ROOT = Path(__file__).resolve().parents[2]


def journals_of_another_process(folder: Path, names: list[str], **environment: str) -> dict[str, Rows]:
    """The journals of these worlds as a fresh process with this environment writes them."""
    command = [sys.executable, "-W", "error", "-m", "tests.sim.writing_journals", str(folder), *names]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name: np.load(folder / f"{name}.npy") for name in names}


if __name__ == "__main__":
    for name in sys.argv[2:]:
        np.save(Path(sys.argv[1]) / f"{name}.npy", run(world(name))[1])
