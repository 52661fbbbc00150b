"""Each lesson can be set up and run, and gives its observations in English and Chinese."""

import re
from pathlib import Path

import pytest

from shequn.app.classroom.bases import Bases
from shequn.app.classroom.comes_back import MEASURES, counts
from shequn.app.classroom.knobs import FLOOD_DAY, KNOBS
from shequn.app.classroom.lessons import extract_texts, lessons
from shequn.app.classroom.notice import observations
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.series import pair_of
from shequn.app.classroom.settings import SIDES
from shequn.app.classroom.sharing import code_of, settings_of
from shequn.app.classroom.story import story
from shequn.app.classroom.words import knob_texts, knob_value, page_texts
from shequn.sim.community import Community
from shequn.sim.language import in_language
from shequn.sim.scenario import Scenario

FOLDER = Path(__file__).resolve().parents[3] / "app" / "classroom" / "lessons"
#: Latin words that a page in Chinese may contain: the communities, K, and the program's name.
LATIN = {"A", "B", "K", "K:", "shequn", "HJQR", "CCWEM", "Q", "J"}


@pytest.fixture(scope="module")
def bases() -> Bases:
    return Bases(Scenario.load("open-group"))


#: What the answer of each lesson says of B against A: -1 = less, 1 = more.
STATED = {
    "cooling": {"temperature": -1, "evaporation": -1, "matched_rank": 1, "members": 1},
    "viral": {"members": 1, "k": 1},
    "pond": {"stayed_share": 1, "satisfaction": 1, "written": 1, "visits": 1},
    "gates": {"members": -1, "temperature": 1},
    "flood": {"temperature": -1},
    "points": {"written": 1, "written_quality": -1, "members": -1, "satisfaction": -1, "paid": 1},
    "attention": {"handed_in": 1, "written": 1, "satisfaction": 1},
    "splitting": {"written": -1, "visits": -1, "satisfaction": -1, "members": -1, "stayed_share": -1},
    "star": {"members": 1, "written_quality": 1},
    "spam": {"advertisements": 1, "written": -1, "visits": -1, "members": -1},
}
N_SEEDS, LEAST = (
    10,
    8,
)  # a fair coin falls on one side 8 times of 10 with probability .055; with 24 seeds, see the docs


def test_there_are_ten_lessons() -> None:
    assert list(lessons()) == list(STATED)


@pytest.mark.parametrize("name", lessons())
def test_what_a_lesson_says_comes_back_in_most_of_ten_seeds(name: str, bases: Bases) -> None:
    settings = lessons()[name].settings(bases)
    a, b = (bases.resolved(settings, side) for side in SIDES)
    pairs = [pair_of(a, b, seed) for seed in range(1, N_SEEDS + 1)]
    for key, direction in STATED[name].items():
        found = counts(pairs, MEASURES[key])
        assert (found.more if direction > 0 else found.less) >= LEAST, (key, found)
    if name == "viral":  # three times the invitations, far more than three times the members
        assert sum(y.members > 4 * x.members for x, y in pairs) >= LEAST
    if name == "gates":  # who passed stays no longer
        assert counts(pairs, MEASURES["stayed_share"]).more <= N_SEEDS - LEAST
    if name == "attention":  # hardly more students stay: the mean differs by less than a tenth
        assert abs(sum(y.members - x.members for x, y in pairs)) < 0.1 * sum(x.members for x, _y in pairs)
    if name == "star":  # by a little
        assert sum(y.members for _x, y in pairs) < 1.15 * sum(x.members for x, _y in pairs)


def test_a_level_that_a_flood_lowered_recovers_in_part(bases: Bases) -> None:
    flooded = bases.resolved(lessons()["flood"].settings(bases), "B")
    in_part = 0
    for seed in range(1, N_SEEDS + 1):
        community = Community(flooded, seed=seed)
        while community.time < flooded.days:
            community.step()
        level = community.machine.days["temperature"]
        fall = level[FLOOD_DAY] - level[FLOOD_DAY:].min()
        in_part += 0 < level[-1] - level[FLOOD_DAY:].min() < 0.9 * fall
    assert in_part >= LEAST


def test_a_silent_group_without_advertisements_is_no_larger(bases: Bases) -> None:
    """Of ten seeds; were it larger in three of four, 2 or fewer would have probability 4e-4."""
    silent = bases.resolved(lessons()["spam"].settings(bases), "B")
    pairs = [
        pair_of(silent, silent.with_({"rules.advertising.rate": 0}), seed) for seed in range(1, N_SEEDS + 1)
    ]
    assert counts(pairs, MEASURES["members"]).more <= N_SEEDS - LEAST


def test_groups_of_200_lose_less_by_dividing_than_groups_of_60(bases: Bases) -> None:
    sixty = bases.resolved(lessons()["splitting"].settings(bases), "B")
    large = Scenario.load("fission", "divided-at-200", {"journal": "full"})
    pairs = [pair_of(sixty, large, seed) for seed in range(1, N_SEEDS + 1)]
    for key in ("written", "visits", "members"):
        assert counts(pairs, MEASURES[key]).more >= LEAST


@pytest.mark.parametrize("name", lessons())
def test_a_lesson_names_measures_that_ten_runs_can_show(name: str) -> None:
    assert lessons()[name].watch
    assert set(lessons()[name].watch) <= set(MEASURES)


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
    a, b = (pair.sides[side].measures() for side in SIDES)
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
    a, b = (pair.sides[side].measures() for side in SIDES)
    assert b.temperature < a.temperature
    assert b.evaporation < a.evaporation
    assert any("That is evaporative cooling" in text for text in observations("cooling", pair, a, b))


def test_all_words_of_the_page_are_translated() -> None:
    with in_language("zh"):
        words = [*page_texts().values()]
        for knob in knob_texts():
            words += [knob["label"], knob["hint"]]
        for knob in KNOBS:
            words += [knob_value(knob.key, value) for value in knob.values]
    for text in words:
        assert not set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", text))) - LATIN, text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_text_of_a_lesson_is_extracted_for_the_catalogue(path: Path) -> None:
    with path.open("rb") as file:
        messages = {message for _, _, message, _ in extract_texts(file, None, None, None)}
    number, _, name = path.stem.partition("-")
    lesson = lessons()[name]
    assert list(lessons()).index(name) + 1 == int(number)
    assert messages == {lesson.title, lesson.question, lesson.look, *lesson.answers}
