"""A served class page, and browsers that can reach only this machine."""

import gc
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
RUN = "[data-do=run]"


@pytest.fixture(autouse=True)
def _no_socket_is_left_to_later_tests() -> Iterator[None]:
    """Collect sockets of connections that the server cut here, not in the middle of another test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Address of a served class page (``http://127.0.0.1:PORT``)."""
    command = [sys.executable, "-m", "shequn.app.cli", "class", "--no-browser", "--port", "0"]
    environment = {**os.environ, "SHEQUN_LANG": "en", "LANGUAGE": "en"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    assert "http://localhost:" in line
    yield "http://127.0.0.1:" + line.split("http://localhost:")[1].split("/")[0]
    server.terminate()
    server.wait(timeout=20)
    server.stdout.close()


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open the page, ready to run; at the end, check that no request left this machine and no console has errors."""
    contexts, elsewhere, errors = [], [], []

    def block_outside(route: Any) -> None:
        url = route.request.url
        if url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            elsewhere.append(url)
            route.abort()

    def open_one(query: str = "", **size: int) -> Any:
        context = browser.new_context(viewport={"width": 1440, "height": 900} | size)
        context.set_default_timeout(120_000)  # the machine may be busy
        contexts.append(context)
        page = context.new_page()
        page.route("**", block_outside)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/{query}")
        page.locator(f"{RUN}:enabled").wait_for(timeout=240_000)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not elsewhere
    assert not errors
