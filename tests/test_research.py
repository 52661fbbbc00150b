"""The page for researchers: its commands and its Python work, and both languages have the same blocks."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from shequn.app.cli import cli

DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = _BLOCK.findall((DOCS / "en/how-to/research.md").read_text(encoding="utf-8"))
DESIGN = """\
format: 1
title: Openness
scenario: small-circle
set: {days: 31, population.people: 90, community.capacity: null}
design: sobol
points: 32
factors: {community.openness: {low: 0, high: 1}, population.founders: {low: 5, high: 40, whole: true}}
replicates: 1
seed: 3
responses: [end]
"""


def without_comments(block: str) -> str:
    return re.sub(r" *# .*$", "", block, flags=re.MULTILINE)


def test_both_languages_have_the_same_blocks() -> None:
    chinese = _BLOCK.findall((DOCS / "zh/how-to/research.md").read_text(encoding="utf-8"))
    assert [(kind, without_comments(text)) for kind, text in chinese] == [
        (kind, without_comments(text)) for kind, text in BLOCKS
    ]


def test_every_command_and_every_block_of_python_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("design.yaml").write_text(DESIGN, encoding="utf-8")
    names: dict[str, object] = {}
    for kind, text in BLOCKS:
        if kind == "python":
            run = next(iter([*Path("results/small-circle").glob("*"), Path("0123456789ab")]))
            exec(text.replace("0123456789ab", run.name), names)
            continue
        for line in text.splitlines():
            words = [word.strip('"') for word in line.split()[1:]]
            if words[0] == "sweep" and "--series" not in words:
                words.append("--force")  # the same design without the series
            elif words[0] == "run":
                words = [word.replace("180", "31") for word in words] + ["--days", "31", "--runs", "1"]
            elif words[0] == "discover":
                words[-1] = "end>=30"
            done = CliRunner().invoke(cli, words)
            assert done.exit_code == 0, (line, done.output)
    assert "inside" in names
    assert "curves" in names
