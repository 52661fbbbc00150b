"""The page in Chromium without a network: no request, no error, every control does what it says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shequn.app.report.command import make
from shequn.sim.language import in_language

_READY = "html[data-drawn=yes]"
_HARMLESS = ("file:", "data:", "blob:")
KINDS = ("run", "comparison", "sweep", "search", "sensitivity")


class PageLog:
    """Requests and errors of a page."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []


def open_page(browser: Any, path: Path, width: int = 1100, height: int = 850) -> tuple[Any, PageLog]:
    """Open a page offline, in its own context, and wait until it is completely drawn."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, offline=True, accept_downloads=True
    )
    page, log = context.new_page(), PageLog()
    page.route(
        "**/*", lambda route: route.continue_() if route.request.url.startswith(_HARMLESS) else route.abort()
    )
    page.on(
        "request",
        lambda request: None if request.url.startswith(_HARMLESS) else log.requests.append(request.url),
    )
    page.on(
        "console",
        lambda message: log.errors.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: log.errors.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector(_READY, timeout=60_000, state="attached")
    return page, log


def until(page: Any, holds: Callable[[], bool]) -> None:
    """Wait until a condition holds; the page's policy forbids Playwright's own way, which evaluates texts."""
    for _attempt in range(200):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("the condition does not hold within 20 seconds")


@pytest.fixture(scope="module")
def pages(
    run_folder: Path,
    comparison_folder: Path,
    sweep_folder: Path,
    search_folder: Path,
    sensitivity_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """The five kinds in two languages."""
    top = tmp_path_factory.mktemp("pages")
    folders = dict(
        zip(
            KINDS,
            (run_folder, comparison_folder, sweep_folder, search_folder, sensitivity_folder),
            strict=True,
        )
    )
    found = {}
    for language in ("en", "zh"):
        with in_language(language):
            for name, folder in folders.items():
                found[f"{name}-{language}"] = make(folder, top / f"{name}-{language}.html")
    return found


NAMES = [f"{name}-{language}" for name in KINDS for language in ("en", "zh")]


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_without_request_error_or_a_serious_finding(
    name: str, pages: dict[str, Path], browser: Any, axe: str
) -> None:
    page, log = open_page(browser, pages[name])
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
    assert log.requests == [] and log.errors == []
    page.context.close()


def test_the_replay_names_members_and_tells_their_stories(pages: dict[str, Path], browser: Any) -> None:
    page, log = open_page(browser, pages["run-en"])
    page.locator("figure.replay[data-ready=yes]").wait_for(timeout=20_000)
    assert "Founders have a black ring" in page.inner_text("ul.see")
    page.focus(".scrub")
    page.keyboard.press("Home")
    stage = page.locator(".stage")
    stage.focus()
    page.keyboard.press("ArrowRight")  # by keyboard
    first = page.inner_text(".story")
    assert first.startswith("Founder ") and "was there from the start" in first and "Quality 0." in first
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".story") != first
    name = page.inner_text(".who")
    assert page.inner_text(".story").startswith(name)
    dot = page.evaluate(  # the dot that the name stands above
        """(() => { const who = document.querySelector('.who');
        return {x: parseFloat(who.style.left), y: parseFloat(who.style.top)} })()"""
    )
    stage.hover(position={"x": 2, "y": 2})  # where nobody is
    until(page, lambda: page.locator(".who").is_hidden())
    stage.hover(position=dot)
    until(page, lambda: page.locator(".who").is_visible())
    stage.click(position=dot)
    assert page.inner_text(".story").startswith(page.inner_text(".who"))
    assert log.errors == []
    page.context.close()


def test_the_replay_plays_pauses_scrubs_and_jumps(pages: dict[str, Path], browser: Any) -> None:
    page, log = open_page(browser, pages["run-en"])
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
    assert log.errors == []
    page.context.close()


def download(page: Any, button: Any, target: Path) -> str:
    """Click and save the download; on a busy machine Chromium sometimes loses one."""
    from playwright.sync_api import TimeoutError as TooLongError

    for _attempt in range(4):
        try:
            with page.expect_download(timeout=5_000) as waited:
                button.click()
        except TooLongError:
            continue
        waited.value.save_as(target)
        return str(waited.value.suggested_filename)
    raise AssertionError("nothing was downloaded")


def test_every_button_downloads_a_table(pages: dict[str, Path], browser: Any, tmp_path: Path) -> None:
    page, log = open_page(browser, pages["run-zh"])
    buttons = page.locator("button.csv")
    assert buttons.count() > 15
    for button in buttons.all():
        name = download(page, button, tmp_path / "t.csv")
        assert name == button.get_attribute("data-name")
        assert len(pd.read_csv(tmp_path / "t.csv")) > 0, button.get_attribute("data-name")
    assert log.errors == []
    page.context.close()


def test_numbers_show_under_the_pointer(pages: dict[str, Path], browser: Any) -> None:
    page, log = open_page(browser, pages["run-en"])
    box = page.locator("#chart-1").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def tooltip_shows() -> bool:
        shown = page.evaluate(
            "(() => { const all = (root) => [...root.querySelectorAll('*')].flatMap((e) => e.shadowRoot "
            "? [e.shadowRoot.textContent, ...all(e.shadowRoot)] : []); return all(document).join(' ') })()"
        )
        return "mean quality" in shown and "2026-" in shown

    until(page, tooltip_shows)
    assert log.errors == []
    page.context.close()


def test_paper_gets_pictures_of_every_chart(pages: dict[str, Path], browser: Any, tmp_path: Path) -> None:
    page, _log = open_page(browser, pages["run-en"])
    page.pdf(path=tmp_path / "r.pdf", prefer_css_page_size=True)
    assert (tmp_path / "r.pdf").stat().st_size > 50_000
    charts = page.locator(".plot").count()
    assert page.locator("img.print").count() == charts
    widths = page.evaluate("[...document.querySelectorAll('img.print')].map((i) => i.naturalWidth)")
    assert min(widths) > 300
    page.context.close()
