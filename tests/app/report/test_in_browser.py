"""The page in Chromium without a network: no request, no error, every control does what it says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shequn.app.report.command import make
from shequn.sim.language import speaking

_READY = "html[data-drawn=yes]"
_HARMLESS = ("file:", "data:", "blob:")


class Seen:
    """What a page asked for and complained of."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []


def opened(browser: Any, path: Path, width: int = 1100, height: int = 850) -> tuple[Any, Seen]:
    """A page that is completely drawn, in a context of its own that is offline."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, offline=True, accept_downloads=True
    )
    page, seen = context.new_page(), Seen()
    page.route(
        "**/*", lambda route: route.continue_() if route.request.url.startswith(_HARMLESS) else route.abort()
    )
    page.on(
        "request", lambda asked: None if asked.url.startswith(_HARMLESS) else seen.requests.append(asked.url)
    )
    page.on(
        "console", lambda said: seen.errors.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector(_READY, timeout=60_000, state="attached")
    return page, seen


def until(page: Any, holds: Callable[[], bool]) -> None:
    """Wait until something holds; the page's policy forbids Playwright's own way, which evaluates texts."""
    for _attempt in range(200):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it does not come to hold in 20 seconds")


@pytest.fixture(scope="module")
def pages(
    run_folder: Path, comparison_folder: Path, sweep_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The three kinds in two languages."""
    top = tmp_path_factory.mktemp("pages")
    folders = {"run": run_folder, "comparison": comparison_folder, "sweep": sweep_folder}
    found = {}
    for language in ("en", "zh"):
        with speaking(language):
            for name, folder in folders.items():
                found[f"{name}-{language}"] = make(folder, top / f"{name}-{language}.html")
    return found


NAMES = [f"{name}-{language}" for name in ("run", "comparison", "sweep") for language in ("en", "zh")]


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_without_request_error_or_a_serious_finding(
    name: str, pages: dict[str, Path], browser: Any, axe: str
) -> None:
    page, seen = opened(browser, pages[name])
    assert page.locator(".plot canvas").count() >= page.locator(".plot").count() > 0
    assert page.evaluate("window.hacked") is None
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    bad = [
        (one["id"], one["nodes"][0]["html"][:200])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert bad == []
    page.set_viewport_size({"width": 380, "height": 700})  # a phone
    until(page, lambda: page.evaluate("document.documentElement.scrollWidth") <= 380)
    assert seen.requests == [] and seen.errors == []
    page.context.close()


def test_the_replay_plays_pauses_scrubs_and_jumps(pages: dict[str, Path], browser: Any) -> None:
    page, seen = opened(browser, pages["run-en"])
    replay = page.locator("figure.replay[data-ready=yes]")
    replay.wait_for(timeout=20_000)
    picture = "document.querySelector('.stage').toDataURL()"

    def day() -> int:
        return int(replay.get_attribute("data-shown"))

    before, began = page.evaluate(picture), day()
    page.select_option(".speed", "30")
    page.click(".play")
    assert page.inner_text(".play") == "Pause"
    until(page, lambda: day() > began + 2)
    page.click(".play")
    assert page.inner_text(".play") == "Play"
    stopped = day()
    page.wait_for_timeout(300)
    assert day() == stopped and page.evaluate(picture) != before
    page.focus(".scrub")
    page.keyboard.press("Home")  # by keyboard
    assert day() == 0
    assert page.inner_text(".status").startswith("day 0 (2026-01-01): 40 members")
    page.keyboard.press("End")
    assert day() == 70
    page.click(".moments button >> nth=1")
    assert day() == 23
    page.click(".play")
    until(page, lambda: day() == 70)
    assert page.inner_text(".play") == "Play"  # it stops at the end
    assert page.locator(".ruler span").first.inner_text().strip()
    assert seen.errors == []
    page.context.close()


def handed_out(page: Any, button: Any, target: Path) -> str:
    """Click and keep what is handed out; on a busy machine Chromium now and then loses a download."""
    from playwright.sync_api import TimeoutError as TooLongError

    for _attempt in range(4):
        try:
            with page.expect_download(timeout=5_000) as waited:
                button.click()
        except TooLongError:
            continue
        waited.value.save_as(target)
        return str(waited.value.suggested_filename)
    raise AssertionError("nothing is handed out")


def test_every_button_hands_out_a_table(pages: dict[str, Path], browser: Any, tmp_path: Path) -> None:
    page, seen = opened(browser, pages["run-zh"])
    buttons = page.locator("button.csv")
    assert buttons.count() > 15
    for button in buttons.all():
        name = handed_out(page, button, tmp_path / "t.csv")
        assert name == button.get_attribute("data-name")
        assert len(pd.read_csv(tmp_path / "t.csv")) > 0, button.get_attribute("data-name")
    assert seen.errors == []
    page.context.close()


def test_numbers_show_under_the_pointer(pages: dict[str, Path], browser: Any) -> None:
    page, seen = opened(browser, pages["run-en"])
    box = page.locator("#chart-1").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def tells() -> bool:
        shown = page.evaluate(
            "(() => { const all = (root) => [...root.querySelectorAll('*')].flatMap((e) => e.shadowRoot "
            "? [e.shadowRoot.textContent, ...all(e.shadowRoot)] : []); return all(document).join(' ') })()"
        )
        return "mean quality" in shown and "2026-" in shown

    until(page, tells)
    assert seen.errors == []
    page.context.close()


def test_paper_gets_pictures_of_every_chart(pages: dict[str, Path], browser: Any, tmp_path: Path) -> None:
    page, _seen = opened(browser, pages["run-en"])
    page.pdf(path=tmp_path / "r.pdf", prefer_css_page_size=True)
    assert (tmp_path / "r.pdf").stat().st_size > 50_000
    charts = page.locator(".plot").count()
    assert page.locator("img.print").count() == charts
    widths = page.evaluate("[...document.querySelectorAll('img.print')].map((i) => i.naturalWidth)")
    assert min(widths) > 300
    page.context.close()
