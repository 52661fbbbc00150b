"""Optional dependencies are optional: without one, a command says how to get it, and the others work."""

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from shequn.app.cli import cli
from shequn.sim.extras import EXTRAS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_DEVELOPERS = {"test", "bench", "mutation", "docs"}
#: A command that needs each extra; `LOG` stands for an Excel file.
COMMANDS = {
    "calibrate": ["calibrate", "LOG", "--scenario", "list", "--out", "OUT"],
    "class": ["class", "--no-browser"],
    "dask": ["compare", "small-circle", "--on", "dask:127.0.0.1:1", "--out", "OUT"],
    "describe": ["describe", "LOG"],
    "discover": ["discover", "LOG", "end>=1", "--out", "OUT"],
    "excel": ["describe", "LOG"],
    "forecast": ["forecast", "LOG"],
    "mpi": ["compare", "small-circle", "--on", "mpi", "--out", "OUT"],
    "search": ["search", "door-and-size", "--objective", "max:end", "--out", "OUT"],
    "sensitivity": ["sensitivity", "door-and-size", "--out", "OUT"],
}
HIDDEN = [(extra, name) for extra, names in EXTRAS.items() for name in names]
#: Runs commands in a process in which nothing optional can be imported.
WITHOUT_EXTRAS = """
import sys
from pathlib import Path
sys.modules.update(dict.fromkeys({names!r}))
from shequn.app.cli import main
for args in {commands!r}:
    for number, arg in enumerate(args):
        if arg.endswith("*"):
            args[number] = str(next(Path(arg[:-1]).glob("*/*/manifest.json")).parent)
    sys.argv[1:] = args
    try:
        main()
    except SystemExit as done:
        assert not done.code, (args, done.code)
"""


def test_the_extras_are_those_of_the_project() -> None:
    assert set(PROJECT["optional-dependencies"]) - FOR_DEVELOPERS == set(EXTRAS) == set(COMMANDS)


@pytest.mark.parametrize(("extra", "name"), HIDDEN)
@pytest.mark.parametrize(("language", "words"), [("en", "this needs {}: "), ("zh", "这需要 {}：")])
def test_a_command_without_its_extra_says_how_to_get_it(
    extra: str, name: str, language: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in EXTRAS[extra]:
        if other != name and importlib.util.find_spec(other) is None:
            pytest.skip(f"{other} is not installed")
    if extra == "excel" and importlib.util.find_spec("rich") is None:
        pytest.skip("rich is not installed")
    monkeypatch.setitem(sys.modules, name, None)
    log = tmp_path / "log.xlsx"
    log.touch()
    places = {"LOG": str(log), "OUT": str(tmp_path / "out")}
    args = [places.get(word, word) for word in COMMANDS[extra]]
    done = CliRunner().invoke(cli, ["--lang", language, *args])
    assert done.exit_code == 2
    assert words.format(name) + f'pip install "shequn[{extra}]"' in done.output
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_everything_else_works_without_any_extra(tmp_path: Path) -> None:
    names = sorted({name for _, name in HIDDEN})
    run, pair, sweep = (str(tmp_path / name) for name in ("run", "pair", "sweep"))
    design = tmp_path / "design.yaml"
    design.write_text(
        "format: 1\ntitle: Two doors\nscenario: small-circle\nset: {days: 5}\nreplicates: 2\n"
        "factors: {community.openness: [0.1, 0.9]}\nresponses: [end]\n",
        encoding="utf-8",
    )
    commands = [
        ["run", "small-circle", "--days", "5", "--runs", "2", "--out", run, "--report"],
        ["show", f"{run}/*"],
        ["compare", "small-circle", "small-circle:unlimited", "--days", "5", "--runs", "2", "--out", pair],
        ["report", pair],
        ["sweep", str(design), "--out", sweep],
        ["check", "small-circle"],
        ["new", str(tmp_path / "new.yaml")],
        ["list"],
        ["schema"],
    ]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS.format(names=names, commands=commands)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "run").rglob("*report.html"))
