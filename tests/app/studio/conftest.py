"""A served studio in a folder of its own, and browsers that can reach only this machine."""

import gc
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

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
def _no_socket_is_left_to_later_tests() -> Iterator[None]:
    """Collect sockets of connections that the server cut here, not in the middle of another test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


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
    """Open the page, ready to use; at the end, check that no request left this machine and no console has errors."""
    contexts, elsewhere, errors = [], [], []

    def block_outside(route: Any) -> None:
        url = route.request.url
        if url.startswith((served.address, "data:", "blob:")):
            route.continue_()
        else:
            elsewhere.append(url)
            route.abort()

    def open_one(query: str = "", **size: int) -> Any:
        context = browser.new_context(viewport={"width": 1440, "height": 900} | size, accept_downloads=True)
        context.set_default_timeout(60_000)  # the machine may be busy
        contexts.append(context)
        page = context.new_page()
        page.route("**", block_outside)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served.url + query)
        page.locator(".studio[data-ready]").wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not elsewhere
    assert not errors
