"""Versions of other packages: bounded where we use their private parts, by versions that were tried."""

import ast
import importlib.metadata
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from shequn.agents.linking import TRIED

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
PRIVATE: dict[str, dict[str, list[str]]] = PYPROJECT["tool"]["shequn"]["private"]
FOR_DEVELOPERS = {"test", "bench"}
REQUIREMENTS = [
    Requirement(line)
    for lines in (
        PROJECT["dependencies"],
        *(lines for extra, lines in PROJECT["optional-dependencies"].items() if extra not in FOR_DEVELOPERS),
    )
    for line in lines
]
#: Modules that a package documents as its public interface; whatever else lies below it is private.
PUBLIC = {
    "bokeh": {"bokeh.models", "bokeh.models.annotations", "bokeh.plotting", "bokeh.embed", "bokeh.palettes",
              "bokeh.transform"},
    "llvmlite": {"llvmlite.binding", "llvmlite.ir"},
    "mesa": {"mesa.agent"},
    "numba": {"numba.extending"},
    "panel": {"panel.custom"},
}  # fmt: skip


def _bound(requirement: Requirement, operator: str) -> Version | None:
    found = [Version(one.version) for one in requirement.specifier if one.operator == operator]
    return found[0] if found else None


def _of(name: str) -> Requirement:
    [found] = [one for one in REQUIREMENTS if one.name == name]
    return found


@pytest.mark.parametrize("name", sorted(PRIVATE))
def test_a_package_used_in_private_parts_is_bounded_by_the_versions_tried(name: str) -> None:
    lowest, newest = map(Version, PRIVATE[name]["tried"])
    lower, upper = _bound(_of(name), ">="), _bound(_of(name), "<")
    assert lower is not None and upper is not None
    assert (lower.major, lower.minor) == (lowest.major, lowest.minor)
    assert lower <= lowest
    assert (upper.major, upper.minor) == (newest.major, newest.minor + 1)


@pytest.mark.parametrize("name", sorted(PRIVATE))
def test_the_installed_version_of_such_a_package_is_within_the_bounds(name: str) -> None:
    try:
        installed = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    assert installed in _of(name).specifier


def test_the_private_compiler_is_used_with_the_newest_numba_tried() -> None:
    """With another one functions are compiled in numba's usual way: slower to compile, nothing else."""
    assert PRIVATE["numba"]["tried"][1].startswith(TRIED)


def _private_imports(path: Path) -> set[str]:
    """Packages (of PUBLIC) from whose other modules, or of which a private attribute, a file uses."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                modules = [one.name for one in names]
            case ast.ImportFrom(module=str() as module):
                modules = [module]
            case _:
                continue
        for module in modules:
            package = module.split(".")[0]
            if package in PUBLIC and module != package and module not in PUBLIC[package]:
                found.add(package)
    return found


def test_every_use_of_private_modules_is_listed() -> None:
    files = {
        path.relative_to(ROOT).as_posix(): _private_imports(path)
        for folder in ("agents", "sim", "experiments", "app")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    unlisted = [
        (file, package)
        for file, packages in files.items()
        for package in packages
        if file not in PRIVATE.get("numba" if package == "llvmlite" else package, {"files": []})["files"]
    ]
    assert unlisted == []


@pytest.mark.parametrize("one", REQUIREMENTS, ids=str)
def test_every_dependency_has_a_lower_bound(one: Any) -> None:
    assert _bound(one, ">=") is not None
