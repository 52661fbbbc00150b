"""One word per concept: the words that the glossary rules out are nowhere, its translations everywhere."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.documents import pages

ROOT = Path(__file__).resolve().parents[1]
PAPERS = ["MODEL.md", "DECISIONS.md", "CONTRIBUTING.md", "CITATION.cff", "codemeta.json"]
PAPERS += [path.relative_to(ROOT).as_posix() for path in pages("en").values() if path.stem != "glossary"]
CHINESE_PAGES = {name: path for name, path in pages("zh").items() if path.stem != "glossary"}
FOLDERS = ("agents", "sim", "experiments", "app", "shequn", "docs")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OWN_CATALOGUES = sorted((ROOT / "sim/locale/zh/LC_MESSAGES").glob("*.po"))


def _rows(heading: str) -> list[list[str]]:
    """The rows of the glossary's table under a heading."""
    text = (ROOT / "docs/en/reference/glossary.md").read_text(encoding="utf-8").split(f"\n## {heading}\n")[1]
    lines = [line for line in text.split("\n## ")[0].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


TERMS = {row[0]: row[1].split(" / ") for row in _rows("Terms")}
_NOT = [row[3] for row in _rows("Terms")] + [row[0] for row in _rows("Words that are not used")]
FORBIDDEN = [word.strip() for cell in _NOT for word in cell.split(",") if word.strip()]
ENGLISH = re.compile(
    r"\b(" + "|".join(re.escape(word) for word in FORBIDDEN if not CHINESE.search(word)) + r")\b",
    re.IGNORECASE,
)
IN_CHINESE = re.compile("|".join(re.escape(word) for word in FORBIDDEN if CHINESE.search(word)))


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    """Comments and strings with a space of a Python file (docstrings, messages, descriptions), by line."""
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(iter(source.splitlines(keepends=True)).__next__):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
            yield part.lineno, part.value


def _found(text: str) -> list[str]:
    """Forbidden words of a text; names, in backticks or braces, may stay."""
    plain = " ".join(re.sub(r"`[^`]*`|\{[^}]*\}", "…", text).split())
    return [found.group() for found in ENGLISH.finditer(plain) if not _is_a_degree(plain[found.start() :])]


def _is_a_degree(text: str) -> bool:
    """Whether it begins as in "so many people joined that …", which is plain English."""
    return re.match(r"so (many|much)\b[^.;:]{,80}\bthat\b", text, re.IGNORECASE) is not None


def test_the_glossary_has_terms_and_words_to_avoid() -> None:
    assert len(TERMS) > 40
    assert len(FORBIDDEN) > 20
    assert all(CHINESE.search(word) or word == "KOC" for words in TERMS.values() for word in words[:1])


def test_the_check_notices_a_forbidden_word() -> None:
    assert _found("It is drawn anew; the rate hangs\non the need, `told` does not count.") == [
        "anew",
        "hangs on",
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_forbidden_word_in_the_prose_of_the_code(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not path.is_symlink() and not any(part.is_symlink() for part in path.parents)
        for line, text in _prose(path)
        for word in _found(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("paper", PAPERS)
def test_no_forbidden_word_in_a_paper(paper: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / paper).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not _found(text)


@pytest.mark.parametrize("name", CHINESE_PAGES)
def test_no_forbidden_word_in_a_chinese_page(name: str) -> None:
    assert not IN_CHINESE.findall(CHINESE_PAGES[name].read_text(encoding="utf-8"))


def test_the_glossary_has_the_same_terms_in_both_languages() -> None:
    english, chinese = (
        re.findall(
            r"^\| (.+?) \| (.+?) \| .+ \| ?(.*?) ?\|$", path.read_text(encoding="utf-8"), re.MULTILINE
        )[1:]
        for path in (pages(language)["reference/glossary.md"] for language in ("en", "zh"))
    )
    assert chinese == english


@pytest.mark.parametrize("path", OWN_CATALOGUES, ids=lambda path: path.stem)
def test_catalogues_use_the_terms(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh")
    if path.stem == "click":  # its English is click's own
        return
    faults = []
    known = {form: words for term, words in TERMS.items() for form in (term.lower(), f"{term.lower()}s")}
    for message in catalogue:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        faults += [f"{text!r}: {word}" for text in ids for word in _found(text)]
        faults += [f"{text!r}: {word}" for text in strings for word in IN_CHINESE.findall(text)]
        words = known.get(ids[0].strip(" .:").lower())
        if words and strings and not any(word in strings[0] for word in words):
            faults.append(f"{ids[0]!r}: {strings[0]!r} instead of {' or '.join(words)}")
    assert not faults, "\n".join(faults)
