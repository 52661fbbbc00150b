"""Notes: what is allowed but does nothing is said, and nothing else is."""

from typing import Any

import pytest

from shequn.sim.language import in_language
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.locations import shipped

BASE: dict[str, Any] = {"format": 2, "title": "t", "days": 30}
POINTS = {"units": {"points": {}}, "earn": {"post": {"for": "post", "pay": {"points": 1}}}}
TEA = {"tea": {"takes": {"points": 1}, "worth": 3}}
CLASSES = {"camp": {}, "one": {"in": "camp"}, "two": {"in": "camp"}}
TITLE = {"do": "award", "day": 3, "by": "recognition", "mark": "star"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"tasks": {"t": {"first": 30, "gives": {"honor": 1}}}}, "tasks.t begins after the end"),
        ({"staff": {"host": {"first": 40}}}, "staff.host begins after the end"),
        ({**POINTS, "offers": {"tea": {**TEA["tea"], "first": 31}}}, "offers.tea begins after the end"),
        (POINTS, "units.points buys nothing"),
        ({"earn": {"best": {"for": "featured", "pay": {"money": 1}}}}, "earn.best: nobody features posts"),
        ({"earn": {"again": {"for": "bought", "pay": {"money": 1}}}}, "earn.again: there are no offers"),
        ({"marks": {"star": {}}}, "marks.star is a title that nobody gets"),
        ({"stages": {"a": {"until": {"day": 3}}}}, "stages.a is the last one and never ends"),
        ({"community": {"mood": {"now": 1}}}, "community.mood.now has no effect"),
        ({"spaces": CLASSES}, "nobody ever comes to the space two: new members sit in one"),
        ({"spaces": {"hall": {}, "circle": {}}}, "nobody ever comes to the space circle"),
    ],
)
def test_what_does_nothing_is_said(content: dict[str, Any], words: str) -> None:
    assert [note for note in Scenario.from_mapping(BASE | content).notes if words in note]


@pytest.mark.parametrize(
    "content",
    [
        {"tasks": {"t": {"first": 29.9, "gives": {"honor": 1}}}},
        {"community": {"mood": {"now": 1, "log_sd": 0.3}}},
        {**POINTS, "offers": TEA},
        {**POINTS, "marks": {"level": {"by": "points", "steps": [1]}}},
        {**POINTS, "operations": {"best": {**TITLE, "by": "points"}}, "marks": {"star": {}}},
        {"marks": {"star": {}}, "operations": {"best": TITLE}},
        {"marks": {"star": {}}, "offers": {"badge": {"takes": {"money": 1}, "mark": "star"}}},
        {
            "spaces": CLASSES,
            "operations": {"go": {"do": "move", "day": 3, "who": "random", "in": "one", "to": "two"}},
        },
        {
            "spaces": {"hall": {}, "circle": {}},
            "offers": {"s": {"takes": {"money": 1}, "worth": 1, "seat": "circle"}},
        },
    ],
)
def test_what_does_something_needs_no_note(content: dict[str, Any]) -> None:
    assert Scenario.from_mapping(BASE | content).notes == ()


def test_a_title_that_names_a_number_of_the_shipped_scenario_is_reported_once_the_number_is_changed() -> None:
    for language, title in (("en", "“A reading club for 99 yuan”"), ("zh", "“99 元的读书会”")):
        with in_language(language):
            changed = Scenario.load("reading-club", "dear", {"spaces.club.gates.fee.amount": 199})
            assert any(title in note and "reading-club:dear" in note for note in changed.notes)
    changed = Scenario.load("fission", "by-topic", {"spaces.group.seats": 300})
    assert any("spaces.group.seats is 60" in note for note in changed.notes)
    dear_circle = Scenario.load("reading-club", "dear", {"spaces.circle.gates.fee.amount": 50})
    assert not any("change the title" in note for note in dear_circle.notes)
    for name in shipped():
        base = Scenario.load(name)
        for scenario in (base, *base.with_variants()):
            assert not any("change the title" in note for note in scenario.notes), scenario.variant


def test_any_number_may_be_in_a_title_of_ones_own() -> None:
    assert Scenario.from_mapping(BASE | {"title": "Class of 2031"}).notes == ()
