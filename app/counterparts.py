"""Which page of the documents is older than its counterpart: ``python -m shequn.app.counterparts``.

Every page that is written by hand is in each language. ``docs/counterparts.txt`` keeps a digest of both as they were
when somebody last read them side by side. If one has changed since and the other has not, the other is older; the
dates of files say nothing. After bringing a page up to date, the command records both.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from shequn.app.model_tables import ROOT
from shequn.sim.language import LANGUAGES

DOCS = ROOT / "docs"
RECORD = DOCS / "counterparts.txt"
_ENGLISH, _CHINESE = LANGUAGES
#: Pages whose text is in English alone, for researchers and developers; the first page of each language says so.
IN_ENGLISH_ALONE = ("changelog", "contributing", "decisions", "model", "security")


class Pair(NamedTuple):
    """A page in both languages."""

    name: str
    english: Path
    chinese: Path

    def digests(self) -> tuple[str, str]:
        """Digests of both texts."""
        english, chinese = (
            hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in (self.english, self.chinese)
        )
        return english, chinese


def written_pages(language: str) -> set[str]:
    """Pages of a language that are written by hand, as paths in its folder."""
    from shequn.app.reference.__main__ import PAGES

    made = {f"reference/{name}.md" for name in PAGES} | {f"papers/{name}.md" for name in IN_ENGLISH_ALONE}
    folder = DOCS / language
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")} - made


def pairs() -> list[Pair]:
    """All pages that are in both languages, the README among them."""
    names = sorted(written_pages(_ENGLISH) & written_pages(_CHINESE))
    found = [Pair(name, DOCS / _ENGLISH / name, DOCS / _CHINESE / name) for name in names]
    return [Pair("README.md", ROOT / "README.md", ROOT / "README.zh.md"), *found]


def faults() -> Iterator[str]:
    """What is missing, and what is older than its counterpart."""
    english, chinese = written_pages(_ENGLISH), written_pages(_CHINESE)
    yield from (f"docs/{_CHINESE}/{name} is missing" for name in sorted(english - chinese))
    yield from (f"docs/{_ENGLISH}/{name} is missing" for name in sorted(chinese - english))
    recorded = dict(line.split(" ", 1) for line in RECORD.read_text(encoding="utf-8").splitlines())
    for pair in pairs():
        before = recorded.pop(pair.name, "")
        names = [path.relative_to(ROOT).as_posix() for path in (pair.english, pair.chinese)]
        is_same = [old == new for old, new in zip(before.split() or ["", ""], pair.digests(), strict=True)]
        match is_same:
            case [True, False]:
                yield f"{names[0]} is older than {names[1]}"
            case [False, True]:
                yield f"{names[1]} is older than {names[0]}"
            case [False, False]:
                yield f"{names[0]} and {names[1]} have both changed: read them side by side"
    yield from (f"{name} is recorded and missing" for name in recorded)


@click.command()
def main() -> None:
    """Record that the pages of both languages say the same now."""
    lines = [" ".join([pair.name, *pair.digests()]) for pair in pairs()]
    RECORD.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")
    click.echo(f"{RECORD.relative_to(ROOT).as_posix()}: {len(lines)} pages.")


if __name__ == "__main__":
    main()
