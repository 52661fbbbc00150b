"""One browser for all tests of a process: playwright takes no second one beside it."""

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium is installed")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, from the npm registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm, from which axe-core comes, is not installed")
    folder = tmp_path_factory.mktemp("axe")
    try:
        subprocess.run(
            [npm, "pack", "axe-core@4", "--silent"], cwd=folder, check=True, timeout=60, capture_output=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"axe-core cannot be had from the npm registry: {error}")
    with tarfile.open(next(folder.glob("axe-core-*.tgz"))) as archive:
        inside = archive.extractfile("package/axe.min.js")
        assert inside is not None
        return inside.read().decode("utf-8")
