"""The class page in a headless Chromium: how soon it is ready, how often it draws, how long a run plays.

``python -m shequn.experiments.studies.benchmarks.class_page``. Needs Chromium and playwright (extra ``test``).
Every request that is not to this machine is refused.
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
_SECONDS = 8.0  # over which pictures are counted


@contextmanager
def served(*arguments: str) -> Iterator[float]:
    """The page on this machine; gives the instant at which the command was given."""
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
            server.stdout.readline()  # that it listens
            yield start
        finally:
            server.terminate()


def opened(browser: Any) -> Any:
    """A page of its own, ready."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.route(
        "**", lambda route: route.continue_() if route.request.url.startswith(ADDRESS) else route.abort()
    )
    page.goto(ADDRESS)
    page.locator(f"{RUN}:enabled").wait_for(timeout=120_000)
    return page


def drawn(page: Any) -> tuple[int, int]:
    """Pictures drawn so far, and the day that the last one shows."""
    button = page.locator(RUN)
    return int(button.get_attribute("data-pictures")), int(button.get_attribute("data-day"))


def pictures_a_second(pages: list[Any]) -> list[float]:
    """How often each page draws while its run plays."""
    for page in pages:
        page.locator(RUN).click()
    before = [(drawn(page)[0], time.perf_counter()) for page in pages]
    pages[0].wait_for_timeout(1000 * _SECONDS)
    found = [
        (drawn(page)[0] - n) / (time.perf_counter() - at) for page, (n, at) in zip(pages, before, strict=True)
    ]
    for page in pages:
        page.locator(RUN).click()
    return found


def until_over(page: Any, button: str) -> float:
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
        "rules.leaving.cap": 0.02,  # nearly all stay, so that there is much to draw
    }
    return tuple(part for key, value in keys.items() for part in ("--set", f"{key}={value}"))


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with served() as start:
            opened(browser)
            print(f"ready {time.perf_counter() - start:.1f} s after the command")
            start = time.perf_counter()
            pages = [opened(browser)]
            print(f"a further page {time.perf_counter() - start:.1f} s")
            pages += [opened(browser) for _ in range(_BROWSERS - 1)]
            rates = ", ".join(f"{n:.1f}" for n in pictures_a_second(pages))
            print(f"{_BROWSERS} browsers: {rates} pictures a second")
        for people in (500, 2000):
            with served(*_days(people, "all")):
                page = opened(browser)
                rate = pictures_a_second([page])[0]
                print(f"{people} members twice: {rate:.1f} pictures a second, day {drawn(page)[1]}")
        with served(*_days(300, "all")):
            page = opened(browser)
            print(f"two years of 300 members play in {until_over(page, 'run'):.1f} s")
            page.locator("[data-do=reset]").click()
            page.wait_for_timeout(1500)
            print(f"and are skipped in {until_over(page, 'skip'):.1f} s")
        browser.close()


if __name__ == "__main__":
    main()
