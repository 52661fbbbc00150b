"""An interrupt that some library swallowed ends the command at the next step of progress."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.test_run import SHORT

ROOT = Path(__file__).resolve().parents[2]

_SWALLOWING = """
import os, signal, sys, time, types
signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it is ignored
import tests.app.test_run as test
def simulate(*given, **named):
    result = test.made_up_run(*given, **named)
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5.0)
    except KeyboardInterrupt:
        print("swallowed", flush=True)
    return result
sys.modules["shequn.sim.running"] = types.SimpleNamespace(simulate=simulate)
from shequn.app.cli import main
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_a_swallowed_interrupt_is_not_lost(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SWALLOWING, *SHORT],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "swallowed\n"
    assert done.returncode == 130
    assert "no result was written" in done.stderr
    assert not list(tmp_path.rglob("manifest.json"))
