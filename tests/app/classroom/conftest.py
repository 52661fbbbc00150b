"""A served class page, and browsers that can reach only this machine."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.local_pages import collect_sockets, local_pages, nothing_old_is_searched

ROOT = Path(__file__).resolve().parents[3]
RUN = "[data-do=run]"


@pytest.fixture(autouse=True)
def _no_socket_is_left_to_later_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "address" in request.fixturenames:
        collect_sockets()


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Address of a served class page (``http://127.0.0.1:PORT``)."""
    command = [sys.executable, "-m", "shequn.app.cli", "class", "--no-browser", "--port", "0"]
    environment = {**os.environ, "SHEQUN_LANG": "en", "LANGUAGE": "en"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    assert "http://localhost:" in line
    with nothing_old_is_searched():
        yield "http://127.0.0.1:" + line.split("http://localhost:")[1].split("/")[0]
    server.terminate()
    server.wait(timeout=20)
    server.stdout.close()


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open the page, ready to run; nothing may leave this machine."""
    with local_pages(browser, address, 120_000) as open_url:

        def open_one(query: str = "", **size: int) -> Any:
            page = open_url(f"{address}/{query}", **size)
            page.locator(f"{RUN}:enabled").wait_for(timeout=240_000)
            return page

        yield open_one
