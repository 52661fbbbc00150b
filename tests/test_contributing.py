"""The code of CONTRIBUTING.md works: a driver, a gate, an operation and a measure, in a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TRY = """
from shequn import Scenario, simulate
scenario = Scenario.from_mapping({
    "format": 1, "title": "x", "days": 30, "community": {"openness": 0.0},
    "population": {"people": 120, "founders": 30},
    "gates": [{"kind": "vouching", "members": 2}], "operations": [{"do": "quiz", "every": 7}],
})
result = simulate(scenario, seed=1)
assert result.members["weight_company"].mean() > 0.0
assert result.days["returns"].sum() <= result.days["lapses"].sum()
assert (result.members["channel"] == "founder").sum() == 30
"""


def test_the_code_of_contributing_works(tmp_path: Path) -> None:
    for part in ("agents", "sim", "scenarios", "shequn"):
        shutil.copytree(
            ROOT / part, tmp_path / part, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    steps = re.findall(r"`([\w./]+\.py)`|^```(python|diff)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    path, changed = "", []
    for name, language, block in steps:
        if name:
            path = name
            continue
        changed.append(path)
        file = tmp_path / path
        if language == "python":
            file.write_text(block, encoding="utf-8")
            continue
        lines = block.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        source = file.read_text(encoding="utf-8")
        assert source.count(before) == 1, f"{path}: {before}"
        after = "".join(line[1:] for line in lines if line[0] in " +")
        file.write_text(source.replace(before, after), encoding="utf-8")
    assert len(changed) == 3 + 8 + 2, changed  # new files, lines of kinds, of a measure
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", TRY], cwd=tmp_path, env=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
