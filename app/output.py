"""Output shared by several commands: notes, tables, and where the results are."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.sim.language import N_, _
from shequn.sim.text_width import left

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 10  # columns of a label
_LABELS = {
    "tables": N_("tables"),
    "figure": N_("figure"),
    "figures": N_("figures"),
    "about": N_("about"),
    "page": N_("page"),
    "next": N_("next"),
    "scenario": N_("scenario"),
}


def note(text: str) -> None:
    """Print a note on stderr."""
    click.echo(_("note: {note}").format(note=text), err=True)


def list_results(folder: Path, **parts: str) -> None:
    """Print where results are: the folder, then each of its parts with a label."""
    click.echo(_("Results in {folder}").format(folder=folder))
    for label, text in parts.items():
        click.echo(f"  {left(_(_LABELS[label]), _WIDTH)}{text}")


def read_parquet(table: Path) -> str:
    """The Python expression that reads a table with pandas."""
    return f'pandas.read_parquet("{table.as_posix()}")'


def format_table(table: "pd.DataFrame", **options: Any) -> str:
    """A table as text without its index; columns are aligned even under Chinese headings."""
    import pandas as pd

    with pd.option_context("display.unicode.east_asian_width", True):
        text: str = table.to_string(index=False, **options)
    return text
