"""Pages of the documents that are made from a folder of results: Markdown, in every language."""

from collections.abc import Callable
from pathlib import Path

import click
import pandas as pd

from shequn.sim.language import LANGUAGES, in_language
from shequn.sim.text_width import fold

_COLUMNS = 120


def write_pages(folder: Path, name: str, text: Callable[[], str]) -> None:
    """Write a page in every language into a folder of results: ``name.en.md``, ``name.zh.md``."""
    for language in LANGUAGES:
        with in_language(language):
            (folder / f"{name}.{language}.md").write_text(text(), encoding="utf-8", newline="\n")


def page_command(name: str, text_of: Callable[[Path], str]) -> click.Command:
    """The command of a module ``shequn.app.NAME_page``, which writes the page of the documents in every language.

    Parameters
    ----------
    name : str
        Of the page under ``explanation``.
    text_of : callable
        Called with a folder of results: the page in the current language.
    """

    @click.command()
    @click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
    @click.option("--check", is_flag=True, help="Write nothing; fail if a page is not what the tables say.")
    def main(folder: Path, check: bool) -> None:
        """Write the page of the documents from the results in FOLDER."""
        from shequn.app.generated import ROOT, write_or_check  # not in the wheel, as the documents are not

        for language in LANGUAGES:
            with in_language(language):
                path = ROOT / "docs" / language / "explanation" / f"{name}.md"
                write_or_check(path, text_of(folder), f"shequn.app.{name}_page {folder.as_posix()}", check)

    return main


def joined_parts(parts: list[str]) -> str:
    """A page of its parts: paragraphs in lines of 120 columns; headings, tables and blocks of code as they are."""
    folded = (
        part if part.startswith(("#", "|", "```")) else "\n".join(fold(part, _COLUMNS)) for part in parts
    )
    return "\n\n".join(folded) + "\n"


def markdown(table: pd.DataFrame) -> str:
    """A table as Markdown."""
    rows = [list(table.columns), ["---"] * len(table.columns), *table.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows)
