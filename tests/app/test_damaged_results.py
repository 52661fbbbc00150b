"""Results that were cut short, changed or lost in part: one message each, exit code 2, nothing written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli

CLUB = "format: 1\ntitle: Club\ndays: 20\nruns: 1\npopulation: {people: 120, founders: 20}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run whose state was saved on day 10."""
    top = tmp_path_factory.mktemp("made")
    (top / "club.yaml").write_text(CLUB, encoding="utf-8")
    options = ["--until", "10", "--save", "--jobs", "1", "--out", str(top)]
    done = shequn("run", str(top / "club.yaml"), *options)
    assert done.exit_code == 0, done.output
    return next((top / "club").iterdir())


@pytest.fixture
def run(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made, "run")
    return Path("run")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def edited(key: str, value: object) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), key: value}), encoding="utf-8")

    return edit


DAMAGE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "manifest cut": ("manifest.json", cut),
    "manifest empty": ("manifest.json", lambda path: path.write_text("")),
    "manifest a list": ("manifest.json", lambda path: path.write_text("[]")),
    "manifest of nothing": ("manifest.json", lambda path: path.write_text("{}")),
    "manifest in no encoding": ("manifest.json", lambda path: path.write_bytes(b"\xff\xfe{}")),
    "manifest nested without end": ("manifest.json", lambda path: path.write_text("[" * 100_000)),
    "another day in the manifest": ("manifest.json", edited("state", {"day": 5, "sha256": []})),
    "a text for the state": ("manifest.json", edited("state", "saved")),
    "scenario changed": ("scenario.yaml", lambda path: path.write_text("format: 1\ntitle: x\n")),
    "scenario a list": ("scenario.yaml", lambda path: path.write_text("- 1\n")),
    "days cut": ("tables/days.parquet", cut),
    "journal cut": ("tables/journal.parquet", cut),
}


def shequn(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args))


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("command", [["show"], ["report"], ["run", "--from"]], ids=lambda c: c[0])
def test_what_is_not_as_it_was_written_is_named(run: Path, command: list[str], damage: str) -> None:
    name, harm = DAMAGE[damage]
    harm(run / name)
    before = sorted(Path().rglob("*"))
    output = shequn(*command, str(run))
    assert output.exit_code == 2, output.output
    assert (
        output.output == f"Error: {run / name} is not as it was written: it was cut short or changed since\n"
    )
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["report"], "scenario.yaml"),
        (["report"], "tables/runs.parquet"),
        (["--lang", "zh", "show"], "tables/runs.parquet"),
        (["show"], "summary.txt"),
    ],
)
def test_what_is_gone_is_named(run: Path, command: list[str], name: str) -> None:
    (run / name).unlink()
    output = shequn(*command, str(run))
    assert output.exit_code == 2
    assert name in output.output and "Traceback" not in output.output


def test_what_nobody_reads_may_be_changed(run: Path) -> None:
    cut(run / "figures/size.png")
    (run / "summary.txt").write_bytes(b"mine \xff")
    assert shequn("show", str(run)).exit_code == 0
    assert shequn("report", str(run)).exit_code == 0
