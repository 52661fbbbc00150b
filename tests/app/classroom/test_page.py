"""The page in a real browser with the network cut: each control does what it says."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.app.classroom.conftest import RUN

OpenPage = Callable[..., Any]


def day(page: Any) -> int:
    return int(page.locator(RUN).get_attribute("data-day"))


def wait_for_day(page: Any, least: int) -> None:
    page.wait_for_function(
        "least => Number(document.querySelector('.bk-panel-models-esm-ReactiveESM').shadowRoot"
        ".querySelector('[data-do=run]').dataset.day) >= least",
        arg=least,
    )


def wait_for_text(page: Any, selector: str, text: str) -> None:
    """Wait until an element has a text; texts appear a moment after the event they describe."""
    page.locator(selector).filter(has_text=re.compile(text)).first.wait_for()


def at_rest(page: Any) -> int:
    """Wait until the page has drawn all pictures under way; return its day."""
    for _ in range(60):
        before = day(page)
        page.wait_for_timeout(600)
        if day(page) == before:
            break
    return day(page)


def slide(page: Any, key: str, step: int) -> None:
    page.locator(f"#knob-{key}").evaluate(
        "(input, step) => { input.value = step; input.dispatchEvent(new Event('change')) }", step
    )


def top_of(page: Any, selector: str) -> float:
    return float(page.locator(selector).first.bounding_box()["y"])


def answered_lesson(page: Any, name: str) -> None:
    """Guess, run to the end, and read the answer of a lesson."""
    page.locator(f"[data-lesson={name}]").click()
    page.locator("input[name=guess]").nth(1).check()
    page.locator(".card button.main").click()
    page.locator(".unfinished").wait_for()
    page.locator("[data-do=skip]").click()
    page.locator(".notices li").first.wait_for()


def test_a_day_run_pause_skip_and_reset(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("[data-do=day_on]").click()
    wait_for_day(page, 1)
    assert day(page) == 1
    page.locator(RUN).click()
    wait_for_day(page, 4)
    page.locator(RUN).click()
    assert at_rest(page) < 365
    page.locator("[data-do=skip]").click()
    wait_for_day(page, 365)
    wait_for_text(page, ".status", "The run is over")
    page.locator("[data-do=reset]").click()
    page.wait_for_function(
        "() => document.querySelector('.bk-panel-models-esm-ReactiveESM').shadowRoot"
        ".querySelector('[data-do=run]').dataset.day === '0'"
    )


def test_sliders_move_one_community_or_both_and_the_page_says_how_they_differ(open_page: OpenPage) -> None:
    page = open_page()
    assert "alike" in page.locator(".differ").inner_text()
    slide(page, "openness", 2)
    page.get_by_text("A and B differ in: openness").wait_for()
    page.locator(".side-AB input").check()
    slide(page, "openness", 4)
    page.get_by_text("A and B are alike").wait_for()
    page.locator("[data-do=skip]").click()
    wait_for_day(page, 365)
    slide(page, "seed", 9)
    page.get_by_text("Takes effect after Reset: luck (seed).").wait_for()
    page.locator("[data-do=reset]").click()
    page.locator(".waits").wait_for(state="hidden")


def test_a_code_carries_a_setting_to_another_browser(open_page: OpenPage) -> None:
    page, other = open_page(), open_page()
    slide(page, "openness", 2)
    page.get_by_text("A and B differ in: openness").wait_for()
    code = page.locator("#code").input_value()
    other.locator("#other-code").fill("<script>alert(1)</script>")
    other.locator("#other-code").press("Enter")
    other.get_by_text("This is not the code of a setting").wait_for()
    other.locator("#other-code").fill(code.lower())
    other.locator("#other-code").press("Enter")
    other.get_by_text("A and B differ in: openness").wait_for()
    other.wait_for_function(
        "code => document.querySelector('.bk-panel-models-esm-ReactiveESM').shadowRoot"
        ".querySelector('#code').value === code",
        arg=code,
    )


@pytest.mark.parametrize(
    ("language", "story", "notice"),
    [("en", "Member \\d+ (is|joined|found)", "The mean quality fell"), ("zh", "成员 \\d+", "平均质量从")],
)
def test_lesson_one_from_its_question_to_its_answer(
    open_page: OpenPage, language: str, story: str, notice: str
) -> None:
    page = open_page(f"?lang={language}")
    assert page.locator("html").get_attribute("lang") == language
    page.locator("[data-lesson=cooling]").click()
    commit = page.locator(".card button.main")
    assert commit.is_disabled()
    page.locator("input[name=guess]").nth(1).check()
    commit.click()
    page.locator(".unfinished").wait_for()
    page.locator("[data-do=skip]").click()
    wait_for_text(page, ".notices li", notice)
    page.locator(".lately .who").first.click()
    wait_for_text(page, ".story", story)


def test_a_member_is_chosen_by_click_and_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    picture = page.locator("canvas[data-side=B]")
    picture.focus()
    page.keyboard.press("ArrowRight")
    wait_for_text(page, ".status", r"member \d+")
    page.keyboard.press("Enter")
    wait_for_text(page, ".story", "one of the founders")
    box = picture.bounding_box()
    for across in range(30, 71, 4):  # founders are near the middle: some click hits one
        page.mouse.click(box["x"] + box["width"] * across / 100, box["y"] + box["height"] / 2)
    wait_for_text(page, ".story h3", "^Community B$")


def test_five_browsers_have_their_own_runs(open_page: OpenPage) -> None:
    pages = [open_page() for _ in range(5)]
    for number, page in enumerate(pages):
        for _ in range(number):
            page.locator("[data-do=day_on]").click()
    for number, page in enumerate(pages):
        wait_for_day(page, number)
        assert day(page) == number


def test_it_fits_a_phone(open_page: OpenPage) -> None:
    page = open_page(width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (1024, 768)])
def test_the_answer_of_a_lesson_leaves_the_pictures_on_the_screen(
    open_page: OpenPage, width: int, height: int
) -> None:
    page = open_page(width=width, height=height)
    before = top_of(page, "canvas")
    answered_lesson(page, "points")
    assert abs(top_of(page, "canvas") - before) < 40
    for side in "AB":
        box = page.locator(f"canvas[data-side={side}]").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    assert page.locator(".notices").bounding_box()["y"] < height


def test_on_a_phone_the_curves_come_with_the_pictures(open_page: OpenPage) -> None:
    page = open_page(width=390, height=844)
    answered_lesson(page, "points")
    page.evaluate("scrollTo(0, 0)")
    order = [top_of(page, place) for place in ("canvas", ".curves figure", ".card", ".glance", ".controls")]
    assert order == sorted(order)
    assert order[1] < 700  # on the first screen
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", r"comes back In 10 of 10 runs what is written in B is worse\. Median difference: −0\."),
        ("zh", r"反复出现 10 次中有 10 次，B 的内容质量更低。中位差：−0\."),
    ],
)
def test_ten_runs_show_what_comes_back(open_page: OpenPage, language: str, sentence: str) -> None:
    page = open_page(f"?lang={language}")
    answered_lesson(page, "points")
    page.locator("[data-do=ten]").click()
    page.locator(".ten progress").wait_for()
    wait_for_text(page, ".ten li", sentence)
    assert page.locator(".ten svg[role=img]").count() == page.locator(".ten li").count() >= 5
    assert page.locator(".ten li").first.locator("circle").count() == 10
    assert page.locator(".outdated").is_hidden()
    slide(page, "openness", 2)
    page.locator(".outdated").wait_for()


def test_ten_runs_can_be_stopped_and_leave_with_the_lesson(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("[data-do=ten]").click()
    page.locator(".ten progress").wait_for()
    page.locator("[data-do=ten]").click()
    page.locator(".ten").wait_for(state="hidden")
    assert page.locator("[data-do=ten]").inner_text() == "Run ten"


def test_a_lesson_of_two_scenarios_says_which_is_which(open_page: OpenPage) -> None:
    page = open_page()
    answered_lesson(page, "attention")
    wait_for_text(page, ".differ", "A: A head who answers nobody. B: A head who answers for two hours a day.")
    assert page.locator(".file summary").count() == 2
    assert (
        page.locator("#knob-flood").get_attribute("aria-valuetext").startswith("as in the file: 420 people")
    )
    code = page.locator("#code").input_value()
    other = open_page()
    other.locator("#other-code").fill(code)
    other.locator("#other-code").press("Enter")
    wait_for_text(other, ".differ", "A head who answers nobody")


def test_all_can_be_put_back_to_what_the_file_says(open_page: OpenPage) -> None:
    page = open_page()
    for key in ("openness", "honor", "seed"):
        slide(page, key, 9)
    page.get_by_text("A and B differ in: openness, honor").wait_for()
    page.locator("[data-do=file]").click()
    page.get_by_text("A and B are alike").wait_for()
    assert page.locator("#knob-seed").get_attribute("aria-valuetext") == "1"


def test_axe_finds_nothing_serious(open_page: OpenPage, axe: str) -> None:
    page = open_page()
    answered_lesson(page, "cooling")
    page.locator("[data-do=ten]").click()
    page.locator(".ten li").first.wait_for()
    page.locator(".file summary").first.click()
    page.locator(".lately .who").first.click()
    page.locator(".story h3").wait_for()
    page.evaluate(axe)
    violations = page.evaluate("axe.run(document).then(result => result.violations)")
    assert [
        violation["id"] for violation in violations if violation["impact"] in ("serious", "critical")
    ] == []
