"""A question is a text, or a mapping that says how it is answered."""

from typing import Any

import pytest

from shequn import Scenario, ScenarioError
from shequn.sim.language import in_language
from shequn.sim.scenario.shipped_texts import translations

MAPPING = {"text": "Does it\n help?", "responses": ["end"], "arms": ["b"]}


def load(question: Any, variants: dict[str, Any] | None = None, variant: str | None = None) -> Scenario:
    values = {"format": 2, "title": "T", "question": question, "variants": variants or {"b": {}}}
    return Scenario.from_mapping(values, variant)


def test_a_text_stays_a_text_in_the_resolved_scenario() -> None:
    scenario = load("Why?")
    assert (str(scenario.question), scenario.question.responses, scenario.question.arms) == ("Why?", [], [])
    assert scenario.resolved()["question"] == "Why?"
    assert "question: " in scenario.dump() and "responses" not in scenario.dump()
    assert not load("").question


def test_a_mapping_survives_a_resolved_copy() -> None:
    scenario = load(MAPPING)
    assert str(scenario.question) == "Does it help?"
    assert scenario.resolved()["question"] == MAPPING
    assert Scenario.from_mapping(scenario.resolved()) == scenario


def test_only_what_is_said_is_written() -> None:
    assert load({"text": "Why?", "base": "", "arms": []}).resolved()["question"] == "Why?"
    named = load({"text": "Why?", "base": "With coins"})
    assert named.resolved()["question"] == {"text": "Why?", "base": "With coins"}
    assert Scenario.from_mapping(named.resolved()).question.base == "With coins"


def test_a_chinese_copy_of_a_shipped_scenario_names_its_base_in_chinese() -> None:
    content = {"question": {"text": "Why?", "base": "Shut at 60 members"}}
    with in_language("zh"):
        assert dict(translations(content)) == {("question", "base"): "满 60 人就关门"}


def test_a_variant_may_ask_in_its_own_way() -> None:
    assert load(MAPPING, {"b": {"question": "Other?"}}, "b").question.text == "Other?"
    assert load(MAPPING, {"b": {"question": {"responses": ["k"]}}}, "b").question.responses == ["k"]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"arms": ["b"]}, "text is missing in question"),
        ({"text": "a", "armes": []}, "did you mean arms?"),
        ({"text": "a", "arms": ["c"]}, "question.arms: there is no variant 'c'"),
        (5, "question is 5; allowed: a text of at most 20000 characters, or a mapping"),
        ("a\x07", "character U+0007"),
        ({"text": "a", "responses": "end"}, 'question.responses is "end"; allowed: a list'),
    ],
)
def test_what_is_wrong_is_named(question: Any, message: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        load(question)
    assert message in str(raised.value)


def test_a_half_life_without_end_is_never() -> None:
    rules = {"relationship": {"half_life": float("inf")}}
    scenario = Scenario.from_mapping({"format": 2, "title": "T", "rules": rules})
    assert scenario.resolved()["rules"]["relationship"]["half_life"] == "never"
