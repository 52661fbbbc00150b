"""The papers say what is so: commands, links, tables, sources."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shequn.agents.rules import GROUPS
from shequn.app import model_tables
from shequn.experiments.designs.reading import read_design
from shequn.sim.kernel.state import EventKind
from shequn.sim.version import __version__
from tests.documents import ROOT, pages

PAPERS = ("MODEL.md", "DECISIONS.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
#: The papers, and every page of the documents in both languages.
ALL = (
    *PAPERS,
    *(path.relative_to(ROOT).as_posix() for language in ("en", "zh") for path in pages(language).values()),
)
INSTALL, DRIVER, WRITE = "docs/en/how-to/install.md", "docs/en/how-to/driver.md", "docs/en/how-to/write.md"
#: Files that the examples of the documents add.
NEW_IN_EXAMPLES = {
    "agents/company.py", "sim/kernel/gates/vouching.py", "sim/operations/quiz.py",
    "tests/sim/operations/test_quiz.py",
}  # fmt: skip
#: The seven elements of ODD 2020 (Grimm et al. 2020, figure 2) and its eleven design concepts, by name.
ELEMENTS = (
    "Purpose and patterns", "Entities, state variables, and scales", "Process overview and scheduling",
    "Design concepts", "Initialization", "Input data", "Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
    "Interaction", "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", _text(name), re.DOTALL)


def _commands() -> list[str]:
    """The README's two commands that install: the main job's, and the tests'."""
    lines = [line for block in _blocks("README.md", "sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("python3 -m venv")]


def test_the_readme_has_one_command_for_the_main_job_and_one_for_the_tests() -> None:
    main, tests = _commands()
    assert main.endswith("shequn run open-group")
    assert "pytest" in tests


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_guide_has_the_same_two_commands(language: str) -> None:
    lines = [
        line for block in _blocks(f"docs/{language}/how-to/install.md", "sh") for line in block.splitlines()
    ]
    assert lines[:2] == _commands()


def test_ci_calls_exactly_the_readmes_test_command() -> None:
    lines = _text(".ci/run").splitlines()
    assert [line.removesuffix(" || status=1") for line in lines if " -m pytest" in line] == [_commands()[1]]


def test_ci_can_be_started() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-s", ".ci/run"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode or not listed.stdout:
        pytest.skip("not a clone")
    assert listed.stdout.startswith("100755")


def test_windows_commands_say_the_same() -> None:
    lines = [line for block in _blocks(INSTALL, "bat") for line in block.splitlines()]
    same = [
        line.replace("python3 ", "py ").replace("'", "").replace(".venv/bin/", ".venv\\Scripts\\")
        for line in _commands()
    ]
    assert lines == same


@pytest.mark.parametrize("paper", ALL)
def test_what_is_linked_to_is_there(paper: str) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", _text(paper)):
        assert "://" in target or (ROOT / paper).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("paper", ALL)
def test_files_that_are_named_are_there(paper: str) -> None:
    named = set(re.findall(r"`((?:agents|sim|app|tests|scenarios|docs)/[\w./-]+\.\w+)`", _text(paper)))
    named |= set(re.findall(r"\| (tests/[\w/]+\.py) \|", _text(paper)))
    missing = {path for path in named if not (ROOT / path).exists()}
    assert not missing - NEW_IN_EXAMPLES


def test_files_named_in_how_to_read_the_code_are_there() -> None:
    part = _text("docs/en/explanation/code.md")
    folders = ("", "agents", "sim", "app", "scenarios")
    for name in re.findall(r"`([\w-]+\.(?:py|yaml))`", part):
        assert any((ROOT / folder / name).exists() for folder in folders), name


@pytest.mark.parametrize("paper", [*ALL, "CITATION.cff", "codemeta.json", ".ci/run", "pyproject.toml"])
def test_no_absolute_path_stands_in_a_paper(paper: str) -> None:
    text = _text(paper).removeprefix("#!/usr/bin/env ")
    assert not re.findall(r"(?<![\w.:/])/(?:home|root|work|tmp|usr|Users)/|[A-Z]:\\\\", text)


def test_modelmd_has_the_seven_elements_in_order() -> None:
    heads = re.findall(r"^## (.+)$", _text("MODEL.md"), re.MULTILINE)
    assert [head for head in heads if head != "References"] == list(ELEMENTS)


def test_modelmd_has_the_design_concepts_in_order() -> None:
    part = _text("MODEL.md").split("## Design concepts")[1].split("\n## ")[0]
    said = [word for word in re.findall(r"^\*\*([\w ]+)[.]", part, re.MULTILINE) if word in CONCEPTS]
    assert said == list(CONCEPTS)


def test_modelmd_lists_the_kinds_of_events_in_the_order_in_which_they_are_handled() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", _text("MODEL.md"), re.MULTILINE)
    assert rows == [(str(kind.value + 1), kind.name) for kind in EventKind]


def test_modelmds_tables_are_up_to_date() -> None:
    text = _text("MODEL.md")
    assert {name for _, name, _ in model_tables._TABLE_BLOCK.findall(text)} == set(model_tables.TABLES)
    assert model_tables.with_current_tables(text) == text, "run: python -m shequn.app.model_tables"


def test_every_coefficient_has_a_source_or_says_assumed() -> None:
    known = re.compile(r"brief|prototype|assumed|limit case|\b[SCAD]\d|\(S\d|\b(19|20)\d\d\b")
    for group in GROUPS:
        for coefficient in group.coefficients:
            said = model_tables._source(coefficient.source)
            assert known.search(said), f"{group.name}.{coefficient.name}: {said!r} is no source"


def test_every_coefficient_stands_in_modelmd() -> None:
    table = model_tables.rules()
    assert table.count("\n| `") == sum(len(group.coefficients) for group in GROUPS)


def test_a_table_of_sensitivity_becomes_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sensitivity.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["coefficient", "measure", "minus", "plus"])
        writer.writerow(["leaving.base", "members", "+4 %", "−6 %"])
        writer.writerow(["leaving.base", "temperature", "+.01", "−.02"])
        writer.writerow(["leaving.stay_days", "nothing beyond chance", "0", "0"])
    moved = model_tables.sensitivity(path)
    assert moved.pop("leaving.stay_days") == "nothing beyond chance"
    assert moved == {"leaving.base": "members +4 % / −6 %; temperature +.01 / −.02"}
    monkeypatch.setattr(model_tables, "sensitivity", lambda: moved)
    row = next(line for line in model_tables.rules().splitlines() if line.startswith("| `base`"))
    assert row.endswith("| members +4 % / −6 %; temperature +.01 / −.02 |")


def test_what_is_said_to_move_is_a_coefficient() -> None:
    names = {f"{group.name}.{c.name}" for group in GROUPS for c in group.coefficients}
    assert set(model_tables.sensitivity()) <= names


def test_the_version_is_the_same_everywhere() -> None:
    assert f"version: {__version__}\n" in _text("CITATION.cff")
    assert json.loads(_text("codemeta.json"))["version"] == __version__
    assert f"\n## {__version__}\n" in _text("CHANGELOG.md")


def test_the_licence_is_apache_2() -> None:
    assert "Apache License" in _text("LICENSE")
    assert "END OF TERMS AND CONDITIONS" in _text("LICENSE")
    assert "license: Apache-2.0\n" in _text("CITATION.cff")


def test_the_guides_scenarios_say_what_they_are_about(tmp_path: Path) -> None:
    from shequn import Scenario

    path = tmp_path / "my-club.yaml"

    def load(text: str, **options: str) -> Scenario:
        path.write_text(text, encoding="utf-8")
        return Scenario.load(path, **options)

    (club,) = _blocks("docs/en/tutorials/first-scenario.md", "yaml")
    assert _blocks("README.md", "yaml") == [club]
    assert load(club, variant="task").gates[0].kind == "task"
    groups, spaces, staff, points, stages = (
        load(f"format: 2\ntitle: club\n{block}") for block in _blocks(WRITE, "yaml")
    )
    assert list(groups.population.groups) == ["ordinary", "expert"]
    assert [place.name for place in spaces.places] == ["club", "circle"]
    assert list(staff.duties) == ["by-head", "by-mentor"]
    assert list(points.earn) == ["speaking", "week"]
    assert list(stages.stages) == ["germination", "growth"]
    (question,) = _blocks("docs/en/how-to/compare.md", "yaml")
    arms = "variants: {no-mentors: {}, lectures-only: {}}"
    camp = load(f"format: 2\ntitle: camp\n{question}{arms}\n")
    assert camp.question.responses == ["tasks.homework", "end"]
    (design,) = _blocks("docs/en/how-to/sweep.md", "yaml")
    path.write_text(design, encoding="utf-8")
    assert len(read_design(str(path)).points) == 12


def test_the_guides_seventh_driver_works(tmp_path: Path) -> None:
    for part in ("agents", "sim", "scenarios", "shequn"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, tmp_path / part, symlinks=True, ignore=ignore)
    (driver,) = _blocks(DRIVER, "python")
    (tmp_path / "agents" / "company.py").write_text(driver, encoding="utf-8")
    place = tmp_path / "agents" / "drivers.py"
    source = place.read_text(encoding="utf-8")
    for block in _blocks(DRIVER, "diff"):
        lines = block.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        assert source.count(before) == 1
        source = source.replace(before, "".join(line[1:] for line in lines if line[0] in " +"))
    place.write_text(source, encoding="utf-8")
    code = (
        "from shequn import Scenario, simulate\n"
        "scenario = Scenario.load('small-circle', overrides={'days': 5, 'population.people': 100})\n"
        "print(simulate(scenario).members['weight_company'].mean())"
    )
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 0.0
