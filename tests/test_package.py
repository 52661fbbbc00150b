"""What an install brings: one package, with what commands need and nothing else."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("agents", "sim", "experiments", "app", "scenarios")
LEFT_OUT = (
    "experiments/studies/", "app/catalogues.py", "app/counterparts.py", "app/gallery.py", "app/generated.py",
    "app/model_state.py", "app/model_tables.py", "app/precompile.py", "app/reference/", "app/site.py",
)  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as an installer gets it."""
    (path,) = WheelBuilder(str(ROOT)).build(
        directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"]
    )
    return Path(path)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Site-packages with the wheel in it."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def tracked() -> list[str]:
    """Files that git tracks, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a clone")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_wheel_has_what_git_tracks_and_no_more(wheel: Path) -> None:
    wanted = {
        f"shequn/{name}"
        for name in tracked()
        if name.startswith(tuple(f"{folder}/" for folder in FOLDERS))
        and not name.startswith(LEFT_OUT)
        and not name.endswith(".po")
    }
    wanted |= {"shequn/__init__.py", "shequn/__main__.py", "shequn/py.typed"}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == wanted


def test_the_source_archive_has_all_that_the_wheel_and_the_tests_need(tmp_path: Path) -> None:
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(path) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers()}
    parts = ("agents/", "sim/", "experiments/", "app/", "scenarios/", "tests/", "shequn/__", "docs/")
    wanted = {name for name in tracked() if name.startswith(parts)}
    assert wanted <= names
    assert {"pyproject.toml", "constraints.txt", "noxfile.py", "README.md", "CONTRIBUTING.md"} <= names


def test_the_wheel_adds_one_package(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if path.suffix != ".dist-info"} == {"shequn"}


def run(installed: Path, folder: Path, *arguments: str, **environment: str) -> str:
    """Python away from the checkout, with the wheel first on its path."""
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{installed}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_works_beside_somebody_elses_modules(installed: Path, tmp_path: Path) -> None:
    for name in ("sim", "agents", "app"):  # openai-agents has a package agents, too
        (tmp_path / f"{name}.py").write_text(f'NAME = "{name} of somebody else"\n', encoding="utf-8")
    program = (
        "import agents, app, sim, shequn, shequn.agents.leaving\n"
        "from shequn import Scenario\n"
        "print(sim.NAME, agents.NAME, app.NAME)\n"
        "print(Scenario.load('open-group').days, shequn.agents.leaving.__file__)\n"
    )
    first, second = run(installed, tmp_path, "-c", program).splitlines()
    assert first == "sim of somebody else agents of somebody else app of somebody else"
    days, file = second.split(maxsplit=1)
    assert int(days) == 365
    assert Path(file).is_relative_to(installed)


def test_the_wheel_speaks_chinese(installed: Path, tmp_path: Path) -> None:
    assert "运行" in run(installed, tmp_path, "-m", "shequn", "--lang", "zh", "--help")


def test_a_second_copy_under_a_bare_name_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sim"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "import shequn.sim" in done.stderr


def test_in_a_checkout_modules_are_the_top_level_folders() -> None:
    import shequn.sim.kernel.loop as loop

    assert Path(loop.__file__) == ROOT / "sim" / "kernel" / "loop.py"


#: Draws a number with a compiled function; says what it is, where it was compiled, and whether the package brought it.
DRAW = """
import numpy as np
from shequn.agents.compiled import comes_compiled, compiled_digest
from shequn.sim.kernel.chance import uniform
drawn = uniform(7, 20, np.uint64(1), 3)
(hits, misses) = (len(count) for count in (uniform.dispatcher.stats.cache_hits, uniform.dispatcher.stats.cache_misses))
print(drawn, "loaded" if hits else "", "compiled" if misses else "", comes_compiled())
"""
PACK = """
from pathlib import Path
from shequn.agents import prebuilt
from shequn.agents.compiled import cache_folder
prebuilt.pack(compiled_digest(), cache_folder(), [prebuilt.ROOT / "sim" / "kernel"])
"""


@pytest.fixture(scope="module")
def brings_code(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Site-packages with a wheel that brings the code of one function."""
    folder, away = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("away")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    made_with = {"NUMBA_CPU_NAME": "generic", "SHEQUN_CACHE_DIR": str(away / "made")}
    assert "compiled False" in run(folder, away, "-c", DRAW + PACK, **made_with)
    return folder


def test_code_that_the_wheel_brings_is_loaded_and_gives_the_same(brings_code: Path, tmp_path: Path) -> None:
    found = run(brings_code, tmp_path, "-c", DRAW, SHEQUN_CACHE_DIR=str(tmp_path / "cache")).split()
    here = run(ROOT, tmp_path, "-c", DRAW).split()
    assert found[1:] == ["loaded", "True"]
    assert (found[0], here[-1]) == (here[0], "False")


@pytest.mark.parametrize("why", ["another processor", "numba was imported", "other sources", "checked"])
def test_code_that_does_not_fit_is_not_used(brings_code: Path, tmp_path: Path, why: str) -> None:
    program, environment, site = DRAW, {"SHEQUN_CACHE_DIR": str(tmp_path / "cache")}, brings_code
    match why:
        case "another processor":
            environment["NUMBA_CPU_NAME"] = "x86-64"
        case "numba was imported":
            program = f"import numba{DRAW}"
        case "checked":
            environment["NUMBA_BOUNDSCHECK"] = "1"
        case "other sources":
            site = tmp_path / "site"
            shutil.copytree(brings_code, site)
            source = site / "shequn" / "sim" / "kernel" / "heap.py"
            source.write_text(f"{source.read_text(encoding='utf-8')}\n# changed\n", encoding="utf-8")
    found = run(site, tmp_path, "-c", program, **environment).split()
    assert found[1:] == ["compiled", "False"]


def test_a_scenario_is_run_with_all_features_where_the_code_has_them(
    brings_code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHEQUN_FEATURES")
    program = (
        "from shequn import Scenario\n"
        "from shequn.sim.features import features_of\n"
        "print(int(features_of(Scenario.load('small-circle'))))\n"
    )
    cache = {"SHEQUN_CACHE_DIR": str(tmp_path / "cache")}
    assert run(brings_code, tmp_path, "-c", program, **cache).strip() == "15"
    assert run(ROOT, tmp_path, "-c", program, **cache).strip() == "0"
