"""The README in two languages says the same, and shows the pictures that one command makes."""

import re
from pathlib import Path

import pytest

from shequn.app.gallery import PICTURES, SUFFIXES

ROOT = Path(__file__).resolve().parents[1]
README = {"en": "README.md", "zh": "README.zh.md"}


def _text(language: str) -> str:
    return (ROOT / README[language]).read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(r"```.*?```", _text(language), re.DOTALL)


def _outside(language: str) -> str:
    return re.sub(r"```.*?```", "", _text(language), flags=re.DOTALL)


def test_every_block_of_code_is_in_both_and_in_the_same_order() -> None:
    assert _blocks("zh") == _blocks("en")


@pytest.mark.parametrize(
    "what",
    [r"^## ", r"^\| `(\w+)` \|.*(`pd\..*`)", r"\]\((?!docs/[^)]*\.png)(?!README)([^)]+)\)"],
    ids=["sections", "tables", "links"],
)
def test_both_have_the_same(what: str) -> None:
    english, chinese = (re.findall(what, _outside(language), re.MULTILINE) for language in ("en", "zh"))
    assert english == chinese


def test_the_same_options_and_keys_are_named() -> None:
    """What stands in backticks, such as ``--holdout``; paths of results have a word in each language."""
    english, chinese = (set(re.findall(r"`([^`\n]+)`", _outside(language))) for language in ("en", "zh"))
    assert {text for text in english ^ chinese if not text.startswith("results/")} == set()


def test_chinese_is_chinese() -> None:
    english = re.findall(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", re.sub(r"`[^`]*`", "", _outside("zh")))
    assert english == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pictures_are_those_of_the_gallery(language: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\((docs/[^)/]+\.png)\)", _text(language))
    made = [f"docs/{picture.name}{SUFFIXES[language]}" for picture in PICTURES]
    assert shown == made
    assert all((ROOT / path).is_file() for path in shown)
    assert "python -m shequn.app.gallery" in _text(language)


def test_nothing_else_is_left_of_an_older_gallery() -> None:
    made = {f"{picture.name}{ending}" for picture in PICTURES for ending in SUFFIXES.values()}
    assert made <= {path.name for path in (ROOT / "docs").glob("*.png")}
