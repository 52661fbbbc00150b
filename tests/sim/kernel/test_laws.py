"""The laws of the machine's functions hold; they run uncompiled, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LAWS = Path(__file__).with_name("laws")


@pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"), reason="they are collected by themselves"
)
def test_the_laws_hold_uncompiled() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(LAWS)],
        cwd=LAWS.parents[3],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
