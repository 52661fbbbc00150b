"""What an install brings: one package, with what commands need and nothing else."""

import os
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
    "app/model_state.py", "app/model_tables.py", "app/reference/", "app/site.py",
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


def run(installed: Path, folder: Path, *arguments: str) -> str:
    """Python away from the checkout, with the wheel first on its path."""
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{installed}"},
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
