"""Commands that run nothing start fast: they import nothing heavy; any console can show them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numba", "mesa", "matplotlib", "pandas", "pyarrow", "scipy", "panel", "bokeh", "jinja2")

_PROBE = """
import sys
from shequn.app.cli import main
sys.argv = ["shequn", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
heavy = [name for name in {heavy!r} if name in sys.modules]
assert not heavy, heavy
"""


def _run(code: str, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["sweep", "--help"],
        ["compare", "--help"],
        ["check", "open-group"],
        ["new", "x"],
        ["list"],
        ["schema"],
        ["check", "--help"],
        ["describe", "--help"],
        ["report", "--help"],
        ["search", "--help"],
        ["sensitivity", "--help"],
        ["class", "--help"],
        ["studio", "--help"],
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_imported(arguments: list[str], tmp_path: Path) -> None:
    done = _run(_PROBE.format(heavy=HEAVY), *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()


def test_help_imports_no_library_but_click(tmp_path: Path) -> None:
    done = _run(_PROBE.format(heavy=("numpy", "pydantic", "ruamel", "networkx")), "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_a_legacy_console_shows_question_marks_instead_of_failing(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("format: 1\ntitle: 社群 × σ 😀\ndays: 3\n", encoding="utf-8")
    code = "from shequn.app.cli import main; main()"
    done = _run(code, "check", "s.yaml", cwd=tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert b"3 days" in done.stdout
    (tmp_path / "s.yaml").write_text("format: 1\ntitle: 社群\ncommunity: {openness： 3}\n", encoding="utf-8")
    done = _run(code, "check", "s.yaml", cwd=tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
