"""Write the reference pages in every language: ``python -m shequn.app.reference``; with ``--check`` only look."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from shequn.app.generated import write_or_check
from shequn.app.language import use_language
from shequn.app.model_tables import ROOT
from shequn.app.reference import codebook, commands, keys, s_table, shipped
from shequn.sim.language import LANGUAGES

#: The pages by name, each made in the current language.
PAGES: dict[str, Callable[[], str]] = {
    "scenario": keys.scenario,
    "gates": keys.gates,
    "operations": keys.operations,
    "duties": keys.duties,
    "rules": keys.rules,
    "scenarios": shipped.page,
    "commands": commands.page,
    "tables": codebook.page,
    "s-table": s_table.page,
}


def pages() -> Iterator[tuple[Path, str]]:
    """Path and text of every page, in every language."""
    for language in LANGUAGES:
        with use_language(language):
            for name, page in PAGES.items():
                yield ROOT / "docs" / language / "reference" / f"{name}.md", f"{page().rstrip()}\n"


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a page is out of date.")
def main(check: bool) -> None:
    """Make the reference pages of the documents from the code."""
    for path, text in pages():
        write_or_check(path, text, "shequn.app.reference", check)


if __name__ == "__main__":
    main()
