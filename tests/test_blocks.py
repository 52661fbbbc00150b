"""Every block of code in the documents is tried: commands are those there are, files load, Python runs.

Blocks that are the same in both languages are tried in the English page: ``test_counterparts.py`` compares them.
Cookbook, tutorials, driver and custom model have tests of their own.
"""

import importlib.util
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest

from shequn.app.cli import COMMANDS, cli
from shequn.experiments.designs.reading import read_design
from shequn.sim.scenario import Scenario
from tests.app.commands import command
from tests.documents import DOCS, ROOT, blocks, outside_blocks, pages, shell_lines, text

ENGLISH = pages("en")
#: Kinds of blocks, and who tries them: this file, another test, or nobody, as there is nothing to run.
KINDS = {"sh", "bat", "yaml", "python", "diff", "text", "{toctree}", "{eval-rst}", "{include}"}
#: Pages whose Python runs elsewhere.
ELSEWHERE = {
    "how-to/driver.md": "tests/test_papers.py", "how-to/own-rules.md": "tests/experiments/test_custom_model.py",
    "tutorials/open-the-gate.md": "tests/test_tutorials.py", "tutorials/day-by-day.md": "tests/test_tutorials.py",
    "how-to/cookbook.md": "tests/test_cookbook.py", "how-to/research.md": "tests/test_research.py",
}  # fmt: skip
EXTRAS = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["optional-dependencies"]


def _lines() -> Iterator[tuple[str, str]]:
    for name, path in ENGLISH.items():
        yield from ((name, line) for line in shell_lines(path))


def _said() -> Iterator[tuple[str, str]]:
    """Commands in the running text."""
    for name, path in ENGLISH.items():
        for words in re.findall(r"`(shequn [^`]+)`", re.sub(r"\s+", " ", outside_blocks(path))):
            if words.split()[1] in COMMANDS:
                yield name, words


def _check(line: str) -> None:
    """Raise if a line of ``shequn`` has no such command, option or choice."""
    words = shlex.split(line, comments=True)[1:]
    address = COMMANDS[words[0]][0].split(":")
    one: click.Command = getattr(importlib.import_module(address[0]), address[1])
    context = click.Context(one, info_name=words[0], parent=click.Context(cli))
    given = [word for word in words[1:] if word not in ("--lang", "zh")]
    values, _, _ = one.make_parser(context).parse_args(given)
    for parameter in one.params:
        value = values.get(parameter.name)
        if (
            isinstance(value, str | list)
            and isinstance(parameter, click.Option)
            and not isinstance(parameter.type, click.Path)
        ):
            parameter.type_cast_value(context, value)


def test_all_kinds_of_blocks_are_known() -> None:
    for path in (*ENGLISH.values(), *pages("zh").values()):
        assert set(re.findall(r"^```(\S+)$", text(path), re.MULTILINE)) <= KINDS, path


@pytest.mark.parametrize(("page", "line"), [*_lines(), *_said()], ids=lambda value: value[:60])
def test_a_command_is_one_that_there_is(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    match words[:3]:
        case ["shequn", *_]:
            _check(line)
        case ["python", "-m", module]:
            assert importlib.util.find_spec(module), page
        case ["pip", "install", *_] | ["python3", "-m", "venv"]:
            for extra in re.findall(r"(?:\.|shequn)\[([\w,]+)\]", line):
                assert set(extra.split(",")) <= set(EXTRAS), page
        case ["nox", "-s", session]:
            assert f"\ndef {session}(session: nox.Session)" in text(ROOT / "noxfile.py"), page
        case _:
            raise AssertionError(f"{page}: what is {line}?")


def test_a_wrong_option_would_be_noticed() -> None:
    for line in (
        "shequn run open-group --dayz 3",
        "shequn run open-group --jobs x",
        "shequn run x --journal all",
    ):
        with pytest.raises(click.UsageError):
            _check(line)


def test_every_extra_that_is_named_is_there() -> None:
    first_cells = re.findall(r"^\| (`.*?) \|", text(DOCS / "en/how-to/install.md"), re.MULTILINE)
    named = {name for cell in first_cells for name in re.findall(r"`([\w-]+)`", cell)}
    assert len(named) > 8
    assert named <= set(EXTRAS)


def _scenarios() -> Iterator[tuple[str, str]]:
    for name, path in ENGLISH.items():
        if name not in ELSEWHERE:
            yield from ((name, block) for block in blocks(path, "yaml"))


@pytest.mark.parametrize(("page", "block"), [*_scenarios()], ids=lambda value: value.split("\n")[0][:40])
def test_a_file_is_one_that_can_be_read(page: str, block: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    if "\ndesign: " in block:
        path.write_text(block, encoding="utf-8")
        assert len(read_design(str(path)).points) > 1, page
        return
    head = "" if block.startswith("format:") else f"format: 2\ntitle: {page}\n"
    arms = re.search(r"arms: \[(.*?)\]", block)
    variants = (
        "" if arms is None else f"variants: {{{', '.join(f'{arm}: {{}}' for arm in arms[1].split(', '))}}}\n"
    )
    path.write_text(head + block + variants, encoding="utf-8")
    scenario = Scenario.load(path)
    for variant in scenario.variants:
        assert Scenario.load(path, variant=variant).days == scenario.days


def test_the_first_scenario_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command in its order, with two runs of four days."""
    monkeypatch.chdir(tmp_path)
    page = ENGLISH["tutorials/first-scenario.md"]
    (scenario,) = blocks(page, "yaml")
    lines = [shlex.split(line, comments=True)[1:] for line in shell_lines(page)]
    assert [words[0] for words in lines] == [
        "studio",
        "list",
        "new",
        "check",
        "run",
        "compare",
        "compare",
        "run",
    ]
    for words in lines[1:]:
        short = ["--runs", "2", "--days", "4", "--jobs", "1"] if words[0] in ("run", "compare") else []
        assert command(*words, *short)
        if words[0] == "new":
            Path("my-club.yaml").write_text(scenario, encoding="utf-8")
    assert len(list((tmp_path / "results").iterdir())) >= 3


def _chat(path: Path) -> None:
    """A log of some months."""
    chance = np.random.default_rng(5)
    times = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(chance.uniform(0, 200, 2000)), unit="D")
    people = [f"p{n}" for n in chance.zipf(1.7, 2000) % 90]
    pd.DataFrame({"user": people, "time": times.strftime("%Y-%m-%d %H:%M:%S")}).to_csv(path, index=False)


def _prepare(page: str) -> None:
    """What a page takes for granted, in the current folder."""
    match page:
        case "how-to/describe.md":
            _chat(Path("chat.csv"))
        case "how-to/results.md":
            command("run", "open-group", "--days", "40", "--runs", "2", "--jobs", "1")
        case "how-to/sweep.md":
            (design,) = blocks(ENGLISH[page], "yaml")
            short = design.replace("days: 180", "days: 2").replace("replicates: 20", "replicates: 2")
            Path("mine.yaml").write_text(short.replace("temperature@180", "temperature@2"), encoding="utf-8")
            command("sweep", "mine.yaml", "--jobs", "1")


def _programs() -> list[str]:
    return [name for name, path in ENGLISH.items() if blocks(path, "python") and name not in ELSEWHERE]


def test_every_page_with_python_is_tried_somewhere() -> None:
    assert _programs() == ["how-to/describe.md", "how-to/python.md", "how-to/results.md", "how-to/sweep.md"]
    for page, test in ELSEWHERE.items():
        assert page in ENGLISH
        assert (ROOT / test).is_file()


@pytest.mark.filterwarnings("ignore:.*agg.*:UserWarning", "ignore:The keyword argument `rng`:FutureWarning")
@pytest.mark.parametrize("page", _programs())
def test_the_python_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import pyplot

    monkeypatch.chdir(tmp_path)
    _prepare(page)
    names: dict[str, object] = {"__name__": "__main__", "pd": pd}
    for block in blocks(ENGLISH[page], "python"):
        if "batch_run" not in block:  # tests/sim/test_mesa_batch.py runs it
            exec(compile(block, page, "exec"), names)
    for line in re.findall(r"^\| `\w+` \|.*`(pd\..*)` \|$", text(ENGLISH[page]), re.MULTILINE):
        exec(compile(line, page, "exec"), names)
    pyplot.close("all")
    shutil.rmtree(tmp_path / "results", ignore_errors=True)
