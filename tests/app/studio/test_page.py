"""The studio in a real browser with the network cut: each control does what it says."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shequn.app.studio.text_edits import with_value
from tests.app.studio.conftest import CLUB, Served

OpenPage = Callable[..., Any]
TEXT = "#text"


def open_club(page: Any) -> None:
    page.locator("[data-file='club.yaml']").click()
    wait_for(page, ".verdict", "No mistakes")


def wait_for(page: Any, selector: str, text: str) -> None:
    page.locator(selector).filter(has_text=re.compile(text)).first.wait_for()


def wait_for_text(page: Any, text: str) -> None:
    """Wait until the text of the file is this one."""
    page.wait_for_function(
        "text => [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('#text'))"
        ".shadowRoot.querySelector('#text').value === text",
        arg=text,
    )


def section(page: Any, key: str) -> None:
    page.locator(f"[data-part='section /{key}'] > summary").click()


def field(page: Any, pointer: str) -> Any:
    return page.locator(f"[id='field-{pointer}']")


def test_form_and_text_are_two_views_of_one_file_and_comments_stay(open_page: OpenPage) -> None:
    page = open_page()
    open_club(page)
    section(page, "community")
    field(page, "/community/openness").fill("0.9")
    changed = with_value(CLUB, ("community", "openness"), "0.9")
    wait_for_text(page, changed)
    assert changed.count("#") == CLUB.count("#")
    page.locator(TEXT).fill(changed.replace("0.9", "0.25"))
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('#text'))"
        ".shadowRoot.querySelector('[id=\"field-/community/openness\"]').value === '0.25'"
    )
    field(page, "/community/openness").fill("")
    wait_for_text(page, changed.replace("{openness: 0.9}", "{}"))


def test_a_mistake_is_named_as_one_types_with_its_line_and_key(open_page: OpenPage) -> None:
    page = open_page()
    open_club(page)
    page.locator(TEXT).fill(CLUB.replace("19.9", "-1"))
    wait_for(page, ".verdict", "One mistake")
    wait_for(page, ".mistakes", "line 8.*gates.fee.amount is -1")
    assert page.locator(".gutter .wrong").inner_text().strip() == "8"
    assert page.locator("[data-do=run]").is_disabled()
    page.get_by_role("button", name="in the text").click()
    selected = page.locator(TEXT).evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert selected == "-1"
    page.get_by_role("button", name="in the form").click()
    box = field(page, "/gates/fee/amount")
    assert box.get_attribute("aria-invalid") == "true"
    assert box.evaluate("box => box.getRootNode().activeElement === box")
    box.fill("5")
    wait_for(page, ".verdict", "No mistakes")
    page.locator(TEXT).fill("title: [")
    wait_for(page, ".mistakes", "bracket is not closed")
    page.locator(TEXT).fill(CLUB)
    wait_for(page, ".verdict", "No mistakes")


def test_a_card_adds_an_entry_that_can_be_renamed_removed_and_undone(open_page: OpenPage) -> None:
    page = open_page()
    open_club(page)
    page.locator(".playbook > summary").click()
    page.locator("[data-card='offers/course']").click()
    field(page, "/offers/course/worth").wait_for()
    assert (
        "\noffers:\n  course: {takes: {money: 99}, worth: 200}\nvariants:" in page.locator(TEXT).input_value()
    )
    page.locator("[data-part='entry /offers/course'] form input").fill("book")
    page.locator("[data-part='entry /offers/course'] form button[type=submit]").click()
    page.locator("[data-part='entry /offers/book']").wait_for()
    page.locator("[data-part='entry /offers/book'] .remove").click()
    page.locator("[data-part='entry /offers/book']").wait_for(state="detached")
    assert "offers: {}" in page.locator(TEXT).input_value()
    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    wait_for_text(page, CLUB)


def test_a_variant_says_only_what_differs(open_page: OpenPage) -> None:
    page = open_page()
    open_club(page)
    page.locator("#new-variant").fill("dear")
    page.get_by_role("button", name="Add variant").click()
    wait_for(page, "#variant", "variant dear")
    section(page, "gates")
    page.locator("[data-part='entry /gates/fee'] > summary").click()
    box = field(page, "/gates/fee/amount")
    assert box.get_attribute("placeholder") == "19.9"
    box.fill("99")
    expected = with_value(CLUB, ("variants", "dear", "title"), '"Club: dear"')
    wait_for_text(page, with_value(expected, ("variants", "dear", "gates", "fee", "amount"), "99"))
    page.locator("[data-part='entry /gates/fee'] .remove").click()
    page.get_by_text("taken away in this variant").wait_for()
    assert "fee: null" in page.locator(TEXT).input_value().split("dear:")[1]


def test_a_variant_with_a_mistake_blocks_only_what_needs_it_and_can_be_removed(open_page: OpenPage) -> None:
    page = open_page()
    open_club(page)
    page.locator(TEXT).fill(CLUB + "  bad: {days: -1}\n")
    wait_for(page, ".mistakes", "line 11 · variant bad days is -1")
    run, compare = page.locator("[data-do=run]"), page.locator("[data-do=compare]")
    assert run.is_enabled() and compare.is_disabled()
    wait_for(page, ".sentences", "Club")
    page.locator(".arms input[value=bad]").uncheck()
    assert compare.is_enabled()
    page.get_by_role("button", name="in the form").click()
    box = field(page, "/days")
    page.wait_for_function("box => box.getRootNode().activeElement === box", arg=box.element_handle())
    assert (box.input_value(), page.locator("#variant").input_value()) == ("-1", "bad")
    page.get_by_role("button", name="Remove variant bad").click()
    wait_for_text(page, CLUB)
    wait_for(page, ".verdict", "No mistakes")
    page.locator("[data-do=remove_variant]").wait_for(state="hidden")


def test_gates_that_are_in_a_space_are_found_from_the_section_of_gates(open_page: OpenPage) -> None:
    page = open_page()
    open_club(page)
    section(page, "gates")
    assert page.locator("[data-space]").count() == 0
    page.locator("#view-start").click()
    page.locator("[data-start='reading-club']").click()
    page.locator("[data-space='club']").click()
    page.locator("[data-part='entry /spaces/club/gates/rules'][open]").wait_for()


def test_a_run_and_a_comparison_show_their_reports_and_a_report_is_shared_and_opened_again(
    open_page: OpenPage, folder: Path, tmp_path: Path
) -> None:
    page = open_page()
    open_club(page)
    page.locator("[data-do=run]").click()
    page.locator("[data-do=stop]").wait_for()
    page.locator("iframe").wait_for(timeout=240_000)
    assert page.frame_locator("iframe").locator("h1").inner_text() == "Club"
    page.locator("#view-write").click()
    page.locator("#pairs").fill("3")
    page.locator("[data-do=compare]").click()
    page.locator(".reports button").nth(1).wait_for(timeout=240_000)
    assert page.locator(".reports button").first.inner_text() == "Club: compared with free"
    page.frame_locator("iframe").locator("body").filter(has_text="A free club").wait_for()
    reports = sorted((folder / "results").rglob("*-report.html"))
    assert len(reports) == 2
    with page.expect_download() as download:
        page.locator("a.share").click()
    shared = tmp_path / download.value.suggested_filename
    download.value.save_as(shared)
    assert shared.name == "club.html"
    page.locator("#view-start").click()
    page.locator("#import").set_input_files(shared)
    wait_for_text(page, CLUB)
    another = open_page()
    another.locator("#view-results").click()
    another.locator(".reports button").first.click()
    another.frame_locator("iframe").locator("body").filter(has_text="A free club").wait_for()


def test_the_frame_of_a_report_cannot_reach_the_page(open_page: OpenPage) -> None:
    page = open_page()
    sandbox = page.locator("iframe").get_attribute("sandbox")
    assert "allow-same-origin" not in sandbox and "allow-top-navigation" not in sandbox


def test_a_run_can_be_stopped(open_page: OpenPage) -> None:
    page = open_page()
    open_club(page)
    page.locator(TEXT).fill(CLUB.replace("days: 10", "days: 5000").replace("people: 60", "people: 20000"))
    wait_for(page, ".verdict", "No mistakes")
    page.locator("[data-do=run]").click()
    page.locator("[data-do=stop]").click()
    wait_for(page, ".status", "Stopped")
    assert page.locator("[data-do=run]").is_enabled()


def test_saving_asks_before_it_overwrites_another_file(open_page: OpenPage, folder: Path) -> None:
    page = open_page()
    answers: list[str] = []

    def refuse(dialog: Any) -> None:
        answers.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", refuse)
    page.locator("[data-start='reading-club']").click()
    wait_for(page, ".verdict", "No mistakes")
    page.locator("#file-name").fill("club.yaml")
    page.get_by_role("button", name="Save").click()
    page.wait_for_timeout(1000)
    assert "exists already" in answers[0]
    assert (folder / "club.yaml").read_text(encoding="utf-8") == CLUB
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Save").click()
    wait_for(page, ".status", "Saved as club.yaml")
    assert "Paid reading club" in (folder / "club.yaml").read_text(encoding="utf-8")
    page.locator("#file-name").fill("../out.yaml")
    page.get_by_role("button", name="Save").click()
    wait_for(page, ".status.fault", "outside")
    assert not (folder.parent / "out.yaml").exists()


def test_it_works_by_keyboard(open_page: OpenPage, folder: Path) -> None:
    page = open_page()
    page.locator("[data-start='reading-club']").focus()
    page.keyboard.press("Enter")
    wait_for(page, ".verdict", "No mistakes")
    page.keyboard.press("ArrowRight")
    page.locator("#panel-results").wait_for()
    page.keyboard.press("ArrowLeft")
    page.locator("#panel-write").wait_for()
    page.locator(TEXT).focus()
    page.keyboard.press("Tab")  # leaves the text box
    assert not page.locator(TEXT).evaluate("box => box.getRootNode().activeElement === box")
    page.locator("[data-part='section /community'] > summary").focus()
    page.keyboard.press("Enter")
    field(page, "/community/rooms").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Control+s")
    wait_for(page, ".status", "Saved as my-reading-club.yaml")
    assert "rooms: 4" in (folder / "my-reading-club.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("query", "word"), [("&lang=zh", "会费"), ("&lang=zh", "价格"), ("&lang=zh", "打卡率"), ("", "price")]
)
def test_a_start_is_found_by_other_words_and_a_word_without_any_says_so(
    open_page: OpenPage, query: str, word: str
) -> None:
    page = open_page(query)
    find, starts = page.locator("#find"), page.locator(".start:visible")
    n_starts = starts.count()
    find.fill(word)
    assert 0 < starts.count() < n_starts
    assert page.locator(".nothing").is_hidden()
    find.fill("zzzz")
    page.locator(".nothing").wait_for()
    find.fill("")
    assert starts.count() == n_starts


def test_the_text_outlives_a_change_of_language(open_page: OpenPage) -> None:
    page = open_page()
    open_club(page)
    page.locator(TEXT).fill(CLUB.replace("days: 10", "days: 11"))
    page.get_by_role("link", name="中文").click()
    page.get_by_text("没有错误").wait_for()
    wait_for_text(page, CLUB.replace("days: 10", "days: 11"))
    assert page.locator(".saved").inner_text() == "未保存"


@pytest.mark.parametrize("width", [390, 820, 1440, 1920])
@pytest.mark.parametrize("query", ["", "&lang=zh"])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, width: int, query: str) -> None:
    page = open_page(query, width=width)
    page.locator("[data-start='training-camp']").click()
    page.locator("[data-part='section /population'] > summary").click()
    page.locator(".playbook > summary").click()
    for view in ("write", "start", "results"):
        page.locator(f"#view-{view}").click()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, view


def test_axe_finds_nothing_serious(open_page: OpenPage, axe: str) -> None:
    page = open_page()
    page.evaluate(axe)

    def violations() -> list[Any]:
        found = page.evaluate("axe.run(document).then(result => result.violations)")
        return [
            (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")
        ]

    assert violations() == []
    open_club(page)
    section(page, "population")
    section(page, "gates")
    page.locator(".playbook > summary").click()
    page.locator(TEXT).fill(CLUB.replace("19.9", "-1"))
    wait_for(page, ".verdict", "One mistake")
    assert violations() == []


def test_a_page_without_the_key_is_refused(browser: Any, served: Served) -> None:
    page = browser.new_page()
    response = page.goto(served.address)
    assert response.status == 403
    assert "the whole address" in page.inner_text("body")
    page.close()
