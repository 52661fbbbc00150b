"""Every page is in both languages, and both say the same: neither is missing, older, or built differently."""

import re
from pathlib import Path

import pytest

from shequn.app import counterparts
from shequn.app.counterparts import IN_ENGLISH_ALONE, Pair, faults, pairs
from shequn.app.gallery import PICTURES, SUFFIXES
from shequn.app.studio.starts import starts
from shequn.sim.language import in_language
from tests.documents import DOCS, README, ROOT, outside_blocks, pages, text

#: Parts of a block of code that are written in the language of the page.
_IN_WORDS = re.compile(
    r"(?<=title: )\S.*|(?<=question: )\S.*|(?<=text: )\S.*|(?<=base: )\S.*|\s*# .*|^:caption:.*", re.MULTILINE
)
_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PAIRS = pytest.mark.parametrize("pair", pairs(), ids=lambda pair: pair.name)


def _blocks(path: Path) -> list[str]:
    """Blocks of code without words; of what is printed, the numbers."""
    found = [_IN_WORDS.sub("", block) for block in _BLOCK.findall(text(path))]
    numbers = [re.findall(r"\d[\d,.]*\d|\d", block) for block in found]
    return [str(n) if block.startswith("```text") else block for block, n in zip(found, numbers, strict=True)]


def _links(path: Path) -> list[str]:
    """Where links lead, whatever the language: pictures and pages of the other one are the same."""
    targets = re.findall(r"\]\(([^)]+)\)", outside_blocks(path))
    same = [re.sub(r"#.*$|\.zh(?=\.png$)|-(en|zh)(?=\.png$)", "", target) for target in targets]
    return [re.sub(r"^docs/(en|zh)/", "docs/", target) for target in same]


def _rows(path: Path) -> list[int]:
    """Cells of each row of the tables."""
    lines = [line for line in outside_blocks(path).splitlines() if line.startswith("|")]
    return [len(re.sub(r"\\\||`[^`]*`", "", line).split("|")) for line in lines]


def _names(path: Path) -> set[str]:
    """What stands in backticks, such as ``--holdout``; paths of results have a word in each language."""
    found = re.findall(r"`([^`\n]+)`", outside_blocks(path))
    return {name.replace("--lang zh ", "") for name in found if not name.startswith("results/")}


def test_no_page_is_missing_or_older_than_its_counterpart() -> None:
    assert list(faults()) == [], "bring it up to date, then run: python -m shequn.app.counterparts"


@PAIRS
@pytest.mark.parametrize("what", [_blocks, _links, _rows, _names], ids=["blocks", "links", "tables", "names"])
def test_both_have_the_same(what, pair: Pair) -> None:  # type: ignore[no-untyped-def]
    assert what(pair.chinese) == what(pair.english)


@PAIRS
def test_both_have_the_same_sections(pair: Pair) -> None:
    english, chinese = (
        re.findall(r"^(#+) ", outside_blocks(path), re.MULTILINE) for path in (pair.english, pair.chinese)
    )
    assert chinese == english


@PAIRS
def test_chinese_is_chinese(pair: Pair) -> None:
    said = re.sub(
        r"^\| .*", "", outside_blocks(pair.chinese), flags=re.MULTILINE if "glossary" in pair.name else 0
    )
    prose = re.sub(r"`[^`]*`|“[^”]*”|\]\([^)]*\)", "", said)
    assert re.findall(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", prose) == []
    assert "您" not in prose  # one form of address: 你


def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two pages in both languages, recorded."""
    for language in ("en", "zh"):
        (tmp_path / "docs" / language).mkdir(parents=True)
        for name in ("a.md", "b.md"):
            (tmp_path / "docs" / language / name).write_text(f"{language} {name}", encoding="utf-8")
    for name in ("README.md", "README.zh.md"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(counterparts, "ROOT", tmp_path)
    monkeypatch.setattr(counterparts, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(counterparts, "RECORD", tmp_path / "docs" / "counterparts.txt")
    counterparts.main([], standalone_mode=False)
    return tmp_path / "docs"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ((), []),
        (("en/a.md",), ["docs/zh/a.md is older than docs/en/a.md"]),
        (("zh/a.md",), ["docs/en/a.md is older than docs/zh/a.md"]),
        (("en/b.md", "zh/b.md"), ["docs/en/b.md and docs/zh/b.md have both changed: read them side by side"]),
        (("en/c.md",), ["docs/zh/c.md is missing"]),
        (("zh/c.md",), ["docs/en/c.md is missing"]),
        (("en/c.md", "zh/c.md"), ["docs/en/c.md and docs/zh/c.md have both changed: read them side by side"]),
    ],
)
def test_the_older_page_is_named(
    changed: tuple[str, ...], fault: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = _world(tmp_path, monkeypatch)
    for name in changed:
        (docs / name).write_text("changed", encoding="utf-8")
    assert list(faults()) == fault
    counterparts.main([], standalone_mode=False)
    assert list(faults()) == [f"{one}" for one in fault if "missing" in one]


def test_what_is_in_english_alone_is_said_to_be() -> None:
    for language in ("en", "zh"):
        papers = {path.stem for path in (DOCS / language / "papers").glob("*.md")} - {"index"}
        assert papers == set(IN_ENGLISH_ALONE)
    assert "in English alone" in text(DOCS / "en/index.md")
    assert "只有英文" in text(DOCS / "zh/index.md")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_readme_is_short_and_shows_the_product(language: str) -> None:
    assert len(text(README[language]).splitlines()) <= 150
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", text(README[language]))
    assert shown == [f"docs/pictures/report-{language}.png", f"docs/pictures/class-{language}.png"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_readme_starts_from_scenarios_as_the_studio_does(language: str) -> None:
    rows = re.findall(r"^\| (.+) \| `([\w-]+)` \| (.+) \|$", text(README[language]), re.MULTILINE)
    with in_language(language):
        known = [(one["words"], one["name"], one["question"]) for one in starts()]
    assert len(rows) >= 10
    assert set(rows) <= set(known)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_picture_is_there_and_shown(language: str) -> None:
    shown = {
        (path.parent / target).resolve()
        for path in pages(language).values()
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", text(path))
    }
    assert all(path.is_file() for path in shown)
    made = {DOCS / "pictures" / f"{picture.name}{SUFFIXES[language]}" for picture in PICTURES}
    assert made <= shown
    others = ".zh.png" if language == "en" else "-en.png"
    assert not any(path.name.endswith(others) for path in shown)


def test_no_picture_is_left_that_no_page_shows() -> None:
    words = "".join(text(path) for language in ("en", "zh") for path in pages(language).values())
    unused = [path.name for path in (DOCS / "pictures").iterdir() if path.name not in words]
    assert unused == []
    assert not list(ROOT.glob("docs/*.png"))
