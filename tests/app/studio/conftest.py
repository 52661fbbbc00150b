"""A served studio in a folder of its own, and browsers that can reach only this machine."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.app.local_pages import collect_sockets, local_pages, nothing_old_is_searched

ROOT = Path(__file__).resolve().parents[3]
#: Two days of a few people: a run takes no time.
CLUB = """\
# my club
format: 2
title: Club   # a name
days: 10
runs: 2
population: {people: 60, founders: 20}   # few
gates:
  fee: {kind: fee, amount: 19.9}
variants:
  free: {title: A free club, gates: {fee: null}}
"""


class Served(NamedTuple):
    """A served studio: its address without and with the key, and its folder."""

    address: str
    key: str
    folder: Path

    @property
    def url(self) -> str:
        return f"{self.address}/?key={self.key}"


@pytest.fixture(autouse=True)
def _no_socket_is_left_to_later_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "served" in request.fixturenames:
        collect_sockets()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A studio in a folder with one scenario, and another folder beside it."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.yaml").write_text("format: 2\ntitle: secret\n", encoding="utf-8")
    folder = outside / "studio"
    folder.mkdir()
    (folder / "club.yaml").write_text(CLUB, encoding="utf-8")
    # what the studio must never import
    (folder / "numpy.py").write_text("raise SystemExit('a module of the folder was imported')\n")
    command = [sys.executable, "-P", "-m", "shequn.app.cli", "studio", "--no-browser", "--port", "0"]
    environment = {**os.environ, "SHEQUN_LANG": "en", "LANGUAGE": "en", "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    assert "http://localhost:" in line
    port, _, key = line.split("http://localhost:")[1].split()[0].partition("/?key=")
    with nothing_old_is_searched():
        yield Served(f"http://127.0.0.1:{port}", key, folder)
    server.terminate()
    server.wait(timeout=20)
    server.stdout.close()


@pytest.fixture
def folder(served: Served) -> Path:
    """The folder of the served studio as it was at first."""
    for path in served.folder.iterdir():
        if path.name not in ("club.yaml", "numpy.py", "results"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (served.folder / "club.yaml").write_text(CLUB, encoding="utf-8")
    return served.folder


@pytest.fixture
def open_page(browser: Any, served: Served, folder: Path) -> Iterator[Callable[..., Any]]:
    """Open the page, ready to use; nothing may leave this machine."""
    with local_pages(browser, served.address, 60_000) as open_url:

        def open_one(query: str = "", **size: int) -> Any:
            page = open_url(served.url + query, **size)
            page.locator(".studio[data-ready]").wait_for()
            return page

        yield open_one
