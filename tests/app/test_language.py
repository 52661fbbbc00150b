"""`--lang`: everything that is shown in one language, and results that do not depend on it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import COMMANDS, cli
from shequn.sim.language import current_language
from shequn.sim.presentation.style import lacks_cjk_font
from shequn.sim.result import Result as RunResult
from shequn.sim.results.collecting import Collector
from shequn.sim.scenario import Scenario
from tests.sim.results.synthetic import synthetic_outcome

ROOT = Path(__file__).resolve().parents[2]
SHORT = ["run", "small-circle", "--days", "70", "--runs", "2", "--jobs", "1"]
_ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")  # three words in a row


def _made_up_run(scenario: Any, seed: int, *, sink: Any, progress: Any) -> RunResult:
    """A stand-in for the engine: random events, no compiled code."""
    outcome = synthetic_outcome(seed % 1000, people=60, founders=10, days=scenario.days, per_day=5)
    collector = Collector(scenario.days, sink)
    collector(outcome.journal)
    progress(float(scenario.days))
    return RunResult(outcome._replace(scenario=scenario, seed=seed), collector)


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "shequn.sim.running", SimpleNamespace(simulate=_made_up_run))  # type: ignore[arg-type]
    monkeypatch.chdir(tmp_path)
    yield
    monkeypatch.setenv("SHEQUN_LANG", "en")
    assert current_language() == "en", "the command has left its language behind"


def _shequn(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="shequn")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_chinese(command: str) -> None:
    # a process of its own: click keeps the words of --help that it was first asked in
    asked = [
        sys.executable,
        "-m",
        "shequn.app.cli",
        "--lang",
        "zh",
        *([command] if command else []),
        "--help",
    ]
    surroundings = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(asked, cwd=ROOT, env=surroundings, capture_output=True, check=True)
    output = done.stdout.decode("utf-8")
    assert "用法" in output
    text = re.sub(r"(?s)\n *format: 1\n.*?\n\n", "", output)  # an example of a file
    assert not _ENGLISH.search(text), _ENGLISH.search(text)


@pytest.mark.parametrize(
    "arguments", [["--lang", "zh", "list"], ["list", "--lang", "zh"], ["list", "--lang=zh"]]
)
def test_the_language_is_read_before_or_after_the_command(arguments: list[str]) -> None:
    assert "开放群" in _shequn(*arguments).stdout


def test_the_environment_tells_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEQUN_LANG", "zh")
    assert "开放群" in _shequn("list").stdout
    assert "Open group" in _shequn("list", "--lang", "en").stdout


@pytest.mark.parametrize("arguments", [["--lang", "tlh", "list"], ["list", "--lang"]])
def test_an_unknown_language_is_a_mistake_that_says_which_there_are(arguments: list[str]) -> None:
    result = _shequn(*arguments)
    assert result.exit_code == 2
    assert "en (English), zh (中文)" in result.stderr


def test_mistakes_on_the_command_line_are_reported_in_chinese() -> None:
    for arguments in (["chek"], ["run"], ["run", "open-group", "--jobs", "x"], ["run", "opengroup"]):
        result = _shequn("--lang", "zh", *arguments)
        assert result.exit_code == 2
        assert re.search(r"[\u4e00-\u9fff]", result.stderr)
        assert not _ENGLISH.search(result.stderr), result.stderr


def test_a_scenario_that_is_missing_or_named_twice_is_reported_in_chinese() -> None:
    assert _shequn("--lang", "zh", "report").stderr.endswith("缺少参数 'RESULTS'。\n")
    assert "缺少参数 'SCENARIO[:VARIANT]'。\n" in _shequn("--lang", "zh", "run").stderr
    assert "写了两遍" in _shequn("--lang", "zh", "compare", "chat", "chat").stderr


@pytest.mark.parametrize("name", ["flood-of-newcomers", "gated-group", "city-hobby:same-interest"])
def test_a_scenario_is_explained_in_chinese(name: str) -> None:
    result = _shequn("check", name, "--lang", "zh")
    assert result.exit_code == 0
    assert not _ENGLISH.search(result.stdout), result.stdout


def test_a_new_scenario_has_chinese_comments_and_means_the_same() -> None:
    _shequn("new", "a")
    _shequn("new", "b", "--lang", "zh")
    texts = [Path(f"{name}.yaml").read_text(encoding="utf-8") for name in "ab"]
    assert "# 种子相同" in texts[1]
    assert not _ENGLISH.search(texts[1].replace("yaml-language-server", "")), texts[1]
    one, other = (Scenario.load(Path(f"{name}.yaml")) for name in "ab")
    assert one.dump().replace("title: A", "title: B") == other.dump()


def test_tables_are_the_same_in_every_language() -> None:
    for language in ("en", "zh"):
        result = _shequn(*SHORT, "--csv", "--out", language, "--lang", language)
        assert result.exit_code == 0, result.output
    for one in Path("en").rglob("tables/*"):
        assert one.read_bytes() == Path("zh", *one.parts[1:]).read_bytes(), one
    figures = [path.read_bytes() for path in sorted(Path("zh").rglob("figures/*.png"))]
    assert figures != [path.read_bytes() for path in sorted(Path("en").rglob("figures/*.png"))]


def test_a_run_is_reported_in_the_language_of_whoever_reads_it() -> None:
    english = _shequn(*SHORT).stdout
    folder = next(Path().rglob("manifest.json")).parent
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["language"] == "en"
    chinese = _shequn("show", str(folder), "--lang", "zh").stdout
    assert chinese.startswith("小圈子：2 次运行，每次 70 天，从2026年1月1日起，种子 ")
    assert not _ENGLISH.search(re.sub(r"shequn report \S+", "", chinese)), chinese
    assert re.findall(r"\d{4}-\d{2}-\d{2}", chinese) == re.findall(r"\d{4}-\d{2}-\d{2}", english)[1:]
    assert _shequn("show", str(folder)).stdout == english


@pytest.mark.skipif(lacks_cjk_font(), reason="no font with Chinese letters is installed")
def test_chinese_figures_have_no_boxes(recwarn: pytest.WarningsRecorder) -> None:
    import warnings

    from shequn.sim.language import in_language
    from shequn.sim.presentation.figures import FIGURES, new_figure

    _shequn(*SHORT)
    folder = next(Path().rglob("manifest.json")).parent
    from shequn.app.answers.run import read_tables

    scenario = Scenario.load("small-circle")
    for draw in FIGURES.values():
        with in_language("zh"), warnings.catch_warnings():
            warnings.simplefilter("error")  # a letter that no font has is a warning of matplotlib
            new_figure(draw, read_tables(folder), scenario.title, scenario.start).canvas.draw()


def test_click_finds_its_own_words_in_our_catalogue() -> None:
    assert _shequn("--lang", "zh", "run", "--help").output.count("选项") >= 1
    with click.Context(cli):
        assert "Options" in _shequn("run", "--help").output
