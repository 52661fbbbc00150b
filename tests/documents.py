"""What tests of the documents share: the pages by language, and their blocks of code."""

import re
from collections.abc import Iterator
from pathlib import Path

from shequn.app.counterparts import written_pages

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}


def pages(language: str) -> dict[str, Path]:
    """Pages of a language that are written by hand, by name, the README among them."""
    folder = DOCS / language
    return {"README.md": README[language]} | {name: folder / name for name in sorted(written_pages(language))}


def text(path: Path) -> str:
    """What a page says."""
    return path.read_text(encoding="utf-8")


def blocks(path: Path, kind: str) -> list[str]:
    """The blocks of code of a kind, such as ``sh``, in a page."""
    return re.findall(rf"^```{re.escape(kind)}\n(.*?)^```", text(path), re.DOTALL | re.MULTILINE)


def outside_blocks(path: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text(path), flags=re.DOTALL | re.MULTILINE)


def shell_lines(path: Path) -> Iterator[str]:
    """The commands of a page, one a line."""
    for block in blocks(path, "sh"):
        yield from (line for line in block.splitlines() if line and not line.startswith("#"))
