"""Which language is spoken, and that results do not depend on it."""

import contextvars
import datetime

import pytest

from shequn.sim.language import (
    _,
    current_language,
    date_text,
    environment_language,
    in_language,
    paragraph,
    plural,
    set_language,
    translate,
)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("SHEQUN_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh_CN.UTF-8", "zh"), ("zh_TW", "zh"), ("Chinese_China", "zh"), ("en_GB", "en"), ("C.UTF-8", "en"),
     ("fr_FR", "en")],
)  # fmt: skip
def test_the_locale_says_the_language(bare: pytest.MonkeyPatch, locale: str, language: str) -> None:
    bare.setenv("LANG", locale)
    assert environment_language() == language


def test_shequns_own_variable_comes_before_the_locale(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("LC_ALL", "zh_CN.UTF-8")
    bare.setenv("SHEQUN_LANG", "en")
    assert environment_language() == "en"


def test_a_process_speaks_what_the_environment_says_until_changed(bare: pytest.MonkeyPatch) -> None:
    assert current_language() == "en"
    bare.setenv("SHEQUN_LANG", "zh")
    assert current_language() == "zh"
    with in_language("en"):
        assert current_language() == "en"
    assert current_language() == "zh"


def test_two_contexts_speak_two_languages() -> None:
    other = contextvars.copy_context()
    other.run(set_language, "zh")
    assert (current_language(), other.run(current_language)) == ("en", "zh")
    assert (_("members"), other.run(_, "members")) == ("members", "成员数")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed: en, zh"):
        set_language("tlh")


def test_an_empty_text_stays_empty() -> None:
    with in_language("zh"):
        assert _("") == ""


def test_chinese_has_one_form_for_one_and_many() -> None:
    assert [plural("{n} day", "{n} days", n).format(n=n) for n in (1, 2)] == ["1 day", "2 days"]
    with in_language("zh"):
        assert [plural("{n} day", "{n} days", n).format(n=n) for n in (1, 2.5)] == ["1 天", "2.5 天"]


def test_dates_stand_as_a_reader_expects() -> None:
    day = datetime.date(2026, 1, 31)
    assert date_text(day) == "2026-01-31"
    with in_language("zh"):
        assert date_text(day) == "2026年1月31日"


def test_sentences_follow_each_other_without_spaces_in_chinese() -> None:
    assert paragraph(["A.", "B."]) == "A. B."
    with in_language("zh"):
        assert paragraph(["共 3（1 到 5） 人。", "完。"]) == "共 3（1 到 5）人。完。"


def test_a_scenarios_own_words_are_translated_only_where_they_are_known() -> None:
    with in_language("zh"):
        assert translate("Open  group") == "开放群"
        assert translate("My  own\nclub") == "My  own\nclub"
