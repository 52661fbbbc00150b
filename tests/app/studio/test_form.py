"""The form has a field for every key of the schema, and the review finds the key of every mistake."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shequn.app.studio.form import sections
from shequn.app.studio.review import path_of, pointer, review, scenario_of
from shequn.app.studio.sharing import SharedReport, scenario_inside
from shequn.app.studio.starts import STARTS, scenario_text, starts
from shequn.sim.language import in_language
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import ScenarioError
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.model import base_schema


def fields(part: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for field in part:
        yield field
        yield from fields(field.get("fields", []))
        for option in field.get("options", []):
            yield from fields(option["fields"])


def test_every_key_of_the_schema_has_a_field_with_a_description() -> None:
    schema = base_schema()
    keys = {"population", "community", *schema["properties"]} - {"format"}
    for definition in schema["$defs"].values():
        keys |= {key for key, part in definition.get("properties", {}).items() if "const" not in part}
    found = {field["key"]: field for field in fields(sections())}
    assert set(found) == keys
    without = [field["key"] for field in fields(sections()) if not field["text"] and field["key"] != "rules"]
    assert without == []


def test_the_form_speaks_chinese() -> None:
    with in_language("zh"):
        english = [field for field in fields(sections()) if field["text"].isascii() and field["text"]]
        assert english == []
        assert all(not start["words"].isascii() and not start["question"].isascii() for start in starts())


@pytest.mark.parametrize(
    ("path", "kind", "default"),
    [
        (("days",), "value", "365"),
        (("title",), "text", None),
        (("description",), "long", None),
        (("journal",), "choice", "full"),
        (("population", "people"), "value", None),
        (("community", "return_after"), "value", "60"),
        (("population", "quality"), "either", None),
        (("population", "groups"), "entries", None),
        (("operations",), "entries", None),
        (("rules", "leaving", "outside"), "value", "0"),
    ],
)
def test_fields_have_their_kinds_and_defaults(path: tuple[str, ...], kind: str, default: str | None) -> None:
    part = sections()
    for key in path:
        field = next(one for one in part if one["key"] == key)
        part = field.get("fields", [])
    assert (field["kind"], field.get("default")) == (kind, default)


def test_a_default_of_null_has_the_word_that_its_description_explains() -> None:
    for language in ("en", "zh"):
        with in_language(language):
            shown = [one for one in fields(sections()) if one["key"] == "seats"]
            assert shown and all(one["default"] == "null" and "null" in one["text"] for one in shown)


def test_every_shipped_scenario_is_a_start_and_can_be_checked_in_both_languages() -> None:
    assert set(STARTS) == set(shipped())
    for language in ("en", "zh"):
        with in_language(language):
            for name in ("", *STARTS):
                text, file = scenario_text(name)
                assert review(text, Path(file)).mistakes == [], (language, name)


def test_a_start_in_chinese_is_the_same_scenario() -> None:
    with in_language("zh"):
        text, file = scenario_text("reading-club")
    changed, shipped_one = scenario_of(text, Path(file)), Scenario.load("reading-club")
    for key in ("population", "community", "places", "operations", "rules", "days", "seed"):
        assert getattr(changed, key) == getattr(shipped_one, key)
    assert changed.title == "付费读书会"


def test_a_mistake_has_its_line_and_its_key_and_the_words_of_check(tmp_path: Path) -> None:
    text = (
        "format: 2\ntitle: x\ngates:\n  fee: {kind: fee, amount: -5}\nvariants:\n  a/b: {}\n  b: {dayz: 3}\n"
    )
    found = review(text, tmp_path / "club.yaml").mistakes
    assert [(one.line, one.pointer) for one in found] == [
        (4, "/gates/fee/amount"),
        (6, "/variants/a~1b"),
        (7, "/variants/b/dayz"),
    ]
    (tmp_path / "club.yaml").write_text(text)
    with pytest.raises(ScenarioError) as error:
        Scenario.load(tmp_path / "club.yaml")
    assert [problem.message for problem in error.value.problems] == [one.message for one in found]
    assert [one.variant for one in found] == ["", "a/b", "b"]


TWO_VARIANTS = "format: 2\ntitle: x\nvariants:\n  good: {days: 30}\n  bad: {days: -1}\n"


def test_a_mistake_in_one_variant_does_not_keep_the_others_from_being_run() -> None:
    file = Path("club.yaml")
    assert scenario_of(TWO_VARIANTS, file).days == 365
    assert scenario_of(TWO_VARIANTS, file, "good").days == 30
    with pytest.raises(ScenarioError, match="days is -1"):
        scenario_of(TWO_VARIANTS, file, "bad")
    for variant in (None, "good"):
        found = review(TWO_VARIANTS, file, variant)
        assert found.sentences and found.variants == ("good", "bad")
        assert [one.variant for one in found.mistakes] == ["bad"]
    assert review(TWO_VARIANTS, file, "bad").sentences == []
    assert review(TWO_VARIANTS.replace("title: x", "days: -2"), file).sentences == []


def test_a_text_that_cannot_be_read_in_a_variant_blocks_everything() -> None:
    with pytest.raises(ScenarioError, match="duplicate key"):
        scenario_of(TWO_VARIANTS.replace("days: -1", "days: 3, days: 4"), Path("club.yaml"), "good")


@pytest.mark.parametrize(
    "text", ["", "a: [", "- 1", "\x00", "a: &x 1\nb: *x\n", "{" * 100, "title: !!python/name:os.system x"]
)
def test_an_unreadable_text_has_a_mistake_and_no_crash(text: str) -> None:
    assert review(text, Path("club.yaml")).mistakes


def test_a_pointer_names_any_key() -> None:
    for path in ((), ("a",), ("a/b", "c~d", "~1", "")):
        assert path_of(pointer(path)) == path


def test_a_shared_file_is_the_report_with_the_scenario_inside(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text("<html><body><p>Report</p></body></html>", encoding="utf-8")
    text = "# </script> 注释\nformat: 2\n"
    html = SharedReport(report, text, "sub/my club.yaml").html()
    assert html.startswith("<html><body><p>Report</p>") and html.endswith("</body></html>")
    assert html.count("</script>") == 1
    assert scenario_inside(html) == text
    for broken in ("<html>", html.replace("application/x-", ""), html.replace("IyA8", "!!!!")):
        with pytest.raises(ValueError, match="no scenario"):
            scenario_inside(broken)
