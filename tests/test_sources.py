"""In a copy of the tree: edited rules are compiled anew; a seventh driver is one file and three lines."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shequn.agents import compiled

ROOT = Path(__file__).resolve().parents[1]

LEAVING = """
from shequn.agents.compiled import cache_folder
from shequn.agents.leaving import leaving_probability
from shequn.sim.kernel.params import default_params
print(cache_folder().name, leaving_probability(0.3, 0.4, default_params()[0]))
"""

NOVELTY = '''"""Novelty: anything not seen before."""

from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import saturating
from shequn.agents.observation import Observation

GROUP = Group(
    "novelty",
    "Novelty: posts not seen before.",
    (Coefficient("half", 3.0, "posts", "Number of unread posts that gives a signal of 0.5.", "assumed", 0.001),),
    weight=0.1,
    moves="New things.",
)


@compiled
def signal(observation: Observation, p: Any) -> float:
    """Unread posts, saturating."""
    return saturating(observation.unread, p["novelty_half"])
'''
IMPORT = ("    locality,\n", "    locality,\n    novelty,\n")
MEMBER = ("    LOCALITY = 5\n", "    LOCALITY = 5\n    NOVELTY = 6\n")
CASE = (
    "        case Driver.LOCALITY: return locality.signal(observation, p)\n",
    "        case Driver.LOCALITY: return locality.signal(observation, p)\n"
    "        case Driver.NOVELTY: return novelty.signal(observation, p)\n",
)

RUN = """
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import run, world
scenario = world("camp", **{"days": 8, "population.drivers.novelty": 0.8, "rules.novelty.half": 1.0})
community, rows = run(scenario)
people = community.machine.world.everybody[community.machine.world.people["member"] > 0]
assert people["drivers"].shape[1] == 7 and people["drivers"][:, 6].mean() > 0.2
assert "novelty" in scenario.dump()
assert len(rows) != len(run(world("camp", days=8))[1])
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the sources, to be edited."""
    for part in ("agents", "sim", "scenarios", "shequn", "tests"):
        unwanted = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=unwanted, symlinks=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def python(tree: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Python in the copy, with compiled code kept there too."""
    places = {"PYTHONPATH": str(tree), "SHEQUN_CACHE_DIR": str(tree / "cache")}  # no installed shequn first
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={**os.environ, **places, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def edit(path: Path, change: tuple[str, str]) -> None:
    """Replace one piece of a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(change[0]) == 1
    path.write_text(text.replace(*change), encoding="utf-8")


def test_an_edited_rule_is_compiled_anew_also_where_another_file_calls_it(tree: Path) -> None:
    answers = []
    for _ in range(2):  # the second time from the cache
        done = python(tree, "-c", LEAVING, NUMBA_DISABLE_JIT="0")
        assert done.returncode == 0, done.stderr
        answers.append(done.stdout.split())
    assert answers[0] == answers[1]
    edit(
        tree / "agents" / "curves.py",
        ("return 1.0 / (1.0 + math.exp(-x))", "return 0.5 / (1.0 + math.exp(-x))"),
    )
    done = python(tree, "-c", LEAVING, NUMBA_DISABLE_JIT="0")
    folder, probability = done.stdout.split()
    assert folder != answers[0][0]
    assert float(probability) == pytest.approx(0.5 * float(answers[0][1]))


def test_a_seventh_driver_is_one_file_and_three_lines(tree: Path) -> None:
    (tree / "agents" / "novelty.py").write_text(NOVELTY, encoding="utf-8")
    for change in (IMPORT, MEMBER, CASE):
        edit(tree / "agents" / "drivers.py", change)
    done = python(tree, "-c", RUN, NUMBA_DISABLE_JIT="1")
    assert done.returncode == 0, done.stderr
    checked = python(
        tree,
        "-m",
        "pytest",
        "-q",
        "tests/agents/test_new_driver.py",
        "tests/agents/test_signals.py",
        NUMBA_DISABLE_JIT="1",
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ((MEMBER, CASE), "'shequn.agents.drivers' has no attribute 'novelty'"),
        ((IMPORT, CASE), "lacks NOVELTY = 6"),
        ((IMPORT, MEMBER), "lacks the line: case Driver.NOVELTY"),
    ],
    ids=["import", "number", "case"],
)
def test_what_was_forgotten_of_a_seventh_driver_is_named(
    tree: Path, made: tuple[tuple[str, str], ...], named: str
) -> None:
    (tree / "agents" / "novelty.py").write_text(NOVELTY, encoding="utf-8")
    for change in made:
        edit(tree / "agents" / "drivers.py", change)
    done = python(
        tree,
        "-m",
        "pytest",
        "-q",
        "tests/agents/test_new_driver.py",
        "tests/agents/test_signals.py",
        NUMBA_DISABLE_JIT="1",
    )
    assert done.returncode != 0
    assert named in done.stdout


@pytest.mark.parametrize(
    ("forgotten", "named"),
    [
        (("GROUP = Group(", "_UNNAMED = Group("), "has no attribute 'GROUP'"),
        (
            ("def signal(observation", "def unnamed(observation"),
            "has no signal(observation, p) that looks at Observation",
        ),
        (("observation.unread", "1.0"), "has no signal(observation, p) that looks at Observation"),
    ],
    ids=["GROUP", "signal", "Observation"],
)
def test_what_was_forgotten_in_the_file_of_a_seventh_driver_is_named(
    tree: Path, forgotten: tuple[str, str], named: str
) -> None:
    (tree / "agents" / "novelty.py").write_text(NOVELTY.replace(*forgotten), encoding="utf-8")
    changes = (IMPORT, MEMBER) if forgotten[0].startswith("def") else (IMPORT, MEMBER, CASE)
    for change in changes:
        edit(tree / "agents" / "drivers.py", change)
    done = python(
        tree,
        "-m",
        "pytest",
        "-q",
        "tests/agents/test_new_driver.py",
        "tests/agents/test_signals.py",
        NUMBA_DISABLE_JIT="1",
    )
    assert done.returncode != 0
    assert named in done.stdout and "novelty" in done.stdout


@pytest.mark.parametrize(
    ("file", "recompiles"),
    [
        ("agents/leaving.py", True),
        ("sim/kernel/ties.py", True),
        ("sim/kernel/gates/kinds.py", True),
        ("sim/graphs/edge_lists.py", False),
        ("sim/scenario/reading.py", False),
        ("sim/results/tables.py", False),
        ("sim/saving/restoring.py", False),
        ("sim/operations/remove.py", False),
        ("sim/presentation/summary.py", False),
        ("sim/text_width.py", False),
    ],
)
def test_editing_kernel_or_rules_recompiles_and_nothing_else_does(
    file: str, recompiles: bool, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "_ROOT", tree)
    before = compiled.compiled_digest()
    path = tree / file
    path.write_text(path.read_text(encoding="utf-8") + "\nEDITED = 1\n", encoding="utf-8")
    assert (compiled.compiled_digest() != before) is recompiles


@pytest.mark.parametrize("floor", ["agents", "sim"])
def test_what_is_compiled_lies_where_an_edit_recompiles(floor: str) -> None:
    for path in (ROOT / floor).rglob("*.py"):
        if "\n@compiled" in path.read_text(encoding="utf-8"):
            assert path.is_relative_to(ROOT / "agents") or path.is_relative_to(ROOT / "sim" / "kernel"), path


def test_words_of_a_gate_do_not_recompile_but_its_rule_does(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "_ROOT", tree)
    before = compiled.compiled_digest()
    fee = tree / "sim" / "kernel" / "gates" / "capacity.py"
    edit(fee, ("a limit of {members}", "at most {members}"))
    edit(fee, ('"""A limit on the members of the whole community."""', '"""A limit."""'))
    assert compiled.compiled_digest() == before
    edit(fee, ('gate["capacity_members"]', 'gate["capacity_seats"]'))
    assert compiled.compiled_digest() != before
