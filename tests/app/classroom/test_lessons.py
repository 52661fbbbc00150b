"""Each lesson can be set up and run, and gives its observations in English and Chinese."""

import re
from pathlib import Path

import pytest

from shequn.app.classroom.lessons import extract_texts, lessons
from shequn.app.classroom.measures import measure
from shequn.app.classroom.notice import observations
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.settings import SIDES, Bases
from shequn.app.classroom.sharing import code_of, settings_of
from shequn.app.classroom.story import story
from shequn.app.classroom.words import knob_texts, page_texts
from shequn.sim.language import in_language
from shequn.sim.scenario import Scenario

FOLDER = Path(__file__).resolve().parents[3] / "app" / "classroom" / "lessons"
#: Latin words that a page in Chinese may contain: the communities, K, and the program's name.
LATIN = {"A", "B", "K", "K:", "shequn", "HJQR", "CCWEM", "Q", "J"}


@pytest.fixture(scope="module")
def bases() -> Bases:
    return Bases(Scenario.load("open-group"))


def test_there_are_five_lessons() -> None:
    assert list(lessons()) == ["cooling", "viral", "pond", "gates", "flood"]


@pytest.mark.parametrize("name", lessons())
def test_a_lesson_runs_and_speaks_the_requested_language(name: str, bases: Bases) -> None:
    lesson = lessons()[name]
    settings = lesson.settings(bases)
    assert settings_of(code_of(settings)) == settings
    assert lesson.matches(settings.with_position("AB", "seed", 5), bases)
    assert not lesson.matches(settings.with_position("A", "invitations", 30), bases)
    pair = Pair(bases, settings)
    while not pair.is_over:
        pair.run(pair.last, 1.0)
    a, b = (measure(pair.sides[side]) for side in SIDES)
    texts = observations(name, pair, a, b)
    assert len(texts) >= 3
    with in_language("zh"):
        chinese = [*observations(name, pair, a, b), *(str(text) for text in lesson.texts().values())]
        for person in pair.sides["B"].latest_departures(20):
            chinese += story(pair.sides["B"], pair.sides["A"], person)
    for text in chinese:
        foreign = set(re.findall(r"[A-Za-z]{2,}", text)) - LATIN - {name}
        assert not foreign, text


def test_the_first_lesson_shows_what_it_is_about(bases: Bases) -> None:
    pair = Pair(bases, lessons()["cooling"].settings(bases))
    while not pair.is_over:
        pair.run(pair.last, 1.0)
    a, b = (measure(pair.sides[side]) for side in SIDES)
    assert b.temperature < a.temperature
    assert b.evaporation < a.evaporation
    assert any("That is evaporative cooling" in text for text in observations("cooling", pair, a, b))


def test_all_words_of_the_page_are_translated() -> None:
    with in_language("zh"):
        words = [*page_texts().values()]
        for knob in knob_texts():
            words += [knob["label"], knob["hint"], *knob["values"]]
    for text in words:
        assert not set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", text))) - LATIN, text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_text_of_a_lesson_is_extracted_for_the_catalogue(path: Path) -> None:
    with path.open("rb") as file:
        messages = {message for _, _, message, _ in extract_texts(file, None, None, None)}
    lesson = next(lesson for lesson in lessons().values() if path.stem.endswith(lesson.name))
    assert messages == {lesson.title, lesson.question, lesson.look, *lesson.answers}
