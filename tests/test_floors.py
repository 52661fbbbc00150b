"""Every folder imports only from floors below it; no circles; the rules import nothing but maths."""

import ast
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("agents", "sim", "experiments", "app")
RULES_MAY_IMPORT = {"shequn.agents", "math", "enum", "typing", "dataclasses", "collections"}
COMPILED_TOO = {
    "ast", "atexit", "hashlib", "os", "shutil", "tempfile", "time", "functools", "pathlib", "platformdirs", "numba",
    "importlib", "sys", "sysconfig",
}  # fmt: skip

#: Folders of sim/, each above those it may import from; what lies in sim/ itself is above them all.
GROUPS = ("kernel", "graphs", "operations", "scenario", "results", "saving", "presentation")


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its full name."""
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(("shequn", *parts)).removesuffix(".__init__")] = path
    return found


@cache
def imported(path: Path, typing_too: bool = True) -> tuple[str, ...]:
    """What a file imports, anywhere in it: modules, and names that may be modules."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types: set[ast.AST] = set()
    if not typing_too:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                for_types.update(part for statement in node.body for part in ast.walk(statement))
    names = []
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(names)


def floor_of(name: str) -> str:
    """The floor of a module of ours, or the top-level package of another's."""
    parts = name.split(".")
    return parts[1] if parts[0] == "shequn" and len(parts) > 1 else parts[0]


def test_the_package_is_found_whole() -> None:
    assert len(modules()) > 300
    assert {floor_of(name) for name in modules()} == set(FLOORS)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_from_below(floor: str) -> None:
    above = {*FLOORS[FLOORS.index(floor) + 1 :], "tests", "scenarios"}
    wrong = [
        f"{name} imports {other}"
        for name, path in modules().items()
        if floor_of(name) == floor
        for other in imported(path)
        if floor_of(other) in above
    ]
    assert not wrong


def test_imports_name_the_one_package() -> None:
    others = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]
    bare = [
        f"{path.relative_to(ROOT)}: say shequn.{name}"
        for path in [*modules().values(), *others]
        for name in imported(path)
        if name.split(".")[0] in (*FLOORS, "scenarios")
    ]
    assert not bare


def test_the_rules_import_nothing_but_maths() -> None:
    wrong = []
    for name, path in modules().items():
        if floor_of(name) != "agents":
            continue
        allowed = RULES_MAY_IMPORT | (
            COMPILED_TOO if path.name in {"compiled.py", "linking.py", "prebuilt.py"} else set()
        )
        for other in imported(path):
            root = ".".join(other.split(".")[:2]) if other.startswith("shequn") else other.split(".")[0]
            if root not in allowed:
                wrong.append(f"{name} imports {other}")
    assert not wrong


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = nx.DiGraph()
    for name, path in modules().items():
        for other in imported(path, typing_too=False):
            if other in modules() and other != name and not name.startswith(f"{other}."):
                graph.add_edge(name, other)
    assert not [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1]


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_of_the_machine_imports_only_from_those_below(group: str) -> None:
    above = GROUPS[GROUPS.index(group) + 1 :]
    wrong = [
        f"{name} imports {other}"
        for name, path in modules().items()
        if name.startswith(f"shequn.sim.{group}.")
        for other in imported(path, typing_too=False)
        if other.startswith(tuple(f"shequn.sim.{one}." for one in above))
    ]
    assert not wrong


def test_studies_of_shequn_are_no_part_of_the_product() -> None:
    tools = "shequn.app.reference.codebook"  # describes the tables of studies, too; not installed either
    wrong = [
        f"{name} imports {other}"
        for name, path in modules().items()
        if not name.startswith("shequn.experiments.studies") and name != tools
        for other in imported(path)
        if other.startswith("shequn.experiments.studies")
    ]
    assert not wrong
