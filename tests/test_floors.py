"""Every folder imports only from floors below it; the rules import nothing but maths."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("agents", "sim", "experiments", "app")
RULES_MAY_IMPORT = {"agents", "math", "enum", "typing", "dataclasses", "collections"}
COMPILED_TOO = {
    "hashlib",
    "os",
    "shutil",
    "time",
    "functools",
    "pathlib",
    "platformdirs",
    "numba",
    "importlib",
}


def sources() -> list[tuple[str, Path]]:
    """(floor, file) of every source."""
    return [(floor, path) for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The packages a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(str(node.module))
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize(("floor", "path"), sources(), ids=lambda x: str(x).removeprefix(str(ROOT)))
def test_a_floor_imports_only_from_below(floor: str, path: Path) -> None:
    above = set(FLOORS[FLOORS.index(floor) + 1 :]) | {"tests", "scenarios"}
    assert not imported(path) & above


@pytest.mark.parametrize("path", sorted((ROOT / "agents").rglob("*.py")), ids=lambda path: path.name)
def test_the_rules_import_nothing_but_maths(path: Path) -> None:
    allowed = RULES_MAY_IMPORT | (COMPILED_TOO if path.name in {"compiled.py", "linking.py"} else set())
    assert imported(path) <= allowed
