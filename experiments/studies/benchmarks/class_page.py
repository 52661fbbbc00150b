"""The class page in headless Chromium: time until it is ready, frame rate, and duration of a run.

``python -m shequn.experiments.studies.benchmarks.class_page`` needs Chromium and playwright (extra ``test``).
Requests to other machines are blocked.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PORT = 5907
ADDRESS = f"http://127.0.0.1:{PORT}/"
RUN = "[data-do=run]"
_BROWSERS = 5
_SECONDS = 8.0  # duration over which frames are counted


@contextmanager
def serve(*arguments: str) -> Iterator[float]:
    """Serve the page on this machine; yields the time at which the command was started."""
    start = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "shequn.app.cli",
        "class",
        *arguments,
        "--no-browser",
        "--port",
        str(PORT),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()  # the message that it listens
            yield start
        finally:
            server.terminate()


def open_page(browser: Any) -> Any:
    """Open a page in a new browser context, and wait until it is ready."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.route(
        "**", lambda route: route.continue_() if route.request.url.startswith(ADDRESS) else route.abort()
    )
    page.goto(ADDRESS)
    page.locator(f"{RUN}:enabled").wait_for(timeout=120_000)
    return page


def frames_and_day(page: Any) -> tuple[int, int]:
    """Number of frames drawn so far, and the day of the last one."""
    button = page.locator(RUN)
    return int(button.get_attribute("data-pictures")), int(button.get_attribute("data-day"))


def frame_rates(pages: list[Any]) -> list[float]:
    """Frames per second of each page while its run plays."""
    for page in pages:
        page.locator(RUN).click()
    before = [(frames_and_day(page)[0], time.perf_counter()) for page in pages]
    pages[0].wait_for_timeout(1000 * _SECONDS)
    found = [
        (frames_and_day(page)[0] - n) / (time.perf_counter() - at)
        for page, (n, at) in zip(pages, before, strict=True)
    ]
    for page in pages:
        page.locator(RUN).click()
    return found


def play_time(page: Any, button: str) -> float:
    """Seconds from a click to the end of the run."""
    start = time.perf_counter()
    page.locator(f"[data-do={button}]").click()
    page.wait_for_function(
        "() => { const b = document.querySelector('.bk-panel-models-esm-ReactiveESM').shadowRoot"
        ".querySelector('[data-do=run]'); return Number(b.dataset.day) === 730 }",
        timeout=120_000,
    )
    return time.perf_counter() - start


def _days(people: int, founders: str) -> tuple[str, ...]:
    keys = {
        "days": 730,
        "population.people": people,
        "population.founders": founders,
        "population.pace.mean": 1,
        "rules.leaving.cap": 0.02,  # nearly everybody stays, so that there is much to draw
    }
    return tuple(part for key, value in keys.items() for part in ("--set", f"{key}={value}"))


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with serve() as start:
            open_page(browser)
            print(f"ready {time.perf_counter() - start:.1f} s after the command")
            start = time.perf_counter()
            pages = [open_page(browser)]
            print(f"a further page {time.perf_counter() - start:.1f} s")
            pages += [open_page(browser) for _ in range(_BROWSERS - 1)]
            rates = ", ".join(f"{n:.1f}" for n in frame_rates(pages))
            print(f"{_BROWSERS} browsers: {rates} frames per second")
        for people in (500, 2000):
            with serve(*_days(people, "all")):
                page = open_page(browser)
                rate = frame_rates([page])[0]
                print(f"{people} members twice: {rate:.1f} frames per second, day {frames_and_day(page)[1]}")
        with serve(*_days(300, "all")):
            page = open_page(browser)
            print(f"two years of 300 members play in {play_time(page, 'run'):.1f} s")
            page.locator("[data-do=reset]").click()
            page.wait_for_timeout(1500)
            print(f"and are skipped in {play_time(page, 'skip'):.1f} s")
        browser.close()


if __name__ == "__main__":
    main()
