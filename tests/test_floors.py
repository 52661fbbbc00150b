"""Every folder imports only from floors below it; no circles; the rules import nothing but maths."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("agents", "sim", "experiments", "app")
RULES_MAY_IMPORT = {"shequn.agents", "math", "enum", "typing", "dataclasses", "collections"}
COMPILED_TOO = {
    "ast", "hashlib", "os", "shutil", "time", "functools", "pathlib", "platformdirs", "numba", "importlib",
}  # fmt: skip

#: Folders of sim/, each above those it may import from; what lies in sim/ itself is above them all.
GROUPS = ("kernel", "graphs", "scenario", "results", "saving", "presentation")


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its full name."""
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(("shequn", *parts)).removesuffix(".__init__")] = path
    return found


def imported(path: Path, typing_too: bool = True) -> Iterator[str]:
    """What a file imports, anywhere in it: modules, and names that may be modules."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types: set[ast.AST] = set()
    if not typing_too:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                for_types.update(part for statement in node.body for part in ast.walk(statement))
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor_of(name: str) -> str:
    """The floor of a module of ours, or the top-level package of another's."""
    parts = name.split(".")
    return parts[1] if parts[0] == "shequn" and len(parts) > 1 else parts[0]


def test_the_package_is_found_whole() -> None:
    assert len(modules()) > 300
    assert {floor_of(name) for name in modules()} == set(FLOORS)


@pytest.mark.parametrize("name", modules())
def test_a_floor_imports_only_from_below(name: str) -> None:
    floor = floor_of(name)
    above = {*FLOORS[FLOORS.index(floor) + 1 :], "tests", "scenarios"}
    assert not {floor_of(other) for other in imported(modules()[name])} & above


@pytest.mark.parametrize(
    "path",
    [*modules().values(), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "docs").rglob("*.py"))],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_imports_name_the_one_package(path: Path) -> None:
    bare = {name for name in imported(path) if name.split(".")[0] in (*FLOORS, "scenarios")}
    assert not bare, f"say shequn.{min(bare, default='')}"


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith("shequn.agents")])
def test_the_rules_import_nothing_but_maths(name: str) -> None:
    path = modules()[name]
    allowed = RULES_MAY_IMPORT | (COMPILED_TOO if path.name in {"compiled.py", "linking.py"} else set())
    for other in imported(path):
        root = ".".join(other.split(".")[:2]) if other.startswith("shequn") else other.split(".")[0]
        assert root in allowed


@pytest.mark.parametrize(
    "name",
    [name for name in modules() if name.startswith("shequn.experiments.") and ".studies" not in name],
)
def test_experiments_return_numbers(name: str) -> None:
    """Sentences, formatted numbers and figures are made in app/, from the numbers of experiments/."""
    drawing = ("matplotlib", "rich", "shequn.sim.presentation")
    assert not [other for other in imported(modules()[name]) if other.startswith(drawing)]


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = nx.DiGraph()
    for name, path in modules().items():
        for other in imported(path, typing_too=False):
            if other in modules() and other != name and not name.startswith(f"{other}."):
                graph.add_edge(name, other)
    assert not [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1]


@pytest.mark.parametrize("name", [name for name in modules() if name.split(".")[1:2] == ["sim"]])
def test_a_group_of_the_machine_imports_only_from_those_below(name: str) -> None:
    parts = name.split(".")
    if len(parts) < 4 or parts[2] not in GROUPS:
        return
    allowed = GROUPS[: GROUPS.index(parts[2]) + 1]
    for other in imported(modules()[name], typing_too=False):
        there = other.split(".")
        if there[:2] == ["shequn", "sim"] and len(there) > 3 and there[2] in GROUPS:
            assert there[2] in allowed, f"{name} imports {other}"
