"""What several commands show in the same way: notes, tables, and where the results are."""

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
    "next": N_("next"),
    "scenario": N_("scenario"),
}


def note(text: str) -> None:
    """Say something beside the results, on stderr."""
    click.echo(_("note: {note}").format(note=text), err=True)


def list_results(folder: Path, **parts: str) -> None:
    """Where results are: the folder, then what is in it by its label."""
    click.echo(_("Results in {folder}").format(folder=folder))
    for label, what in parts.items():
        click.echo(f"  {left(_(_LABELS[label]), _WIDTH)}{what}")


def read_parquet(table: Path) -> str:
    """The line of pandas that reads a table."""
    return f'pandas.read_parquet("{table.as_posix()}")'


def format_table(table: "pd.DataFrame", **how: Any) -> str:
    """A table in print, without its index; Chinese heads stand above their columns."""
    import pandas as pd

    with pd.option_context("display.unicode.east_asian_width", True):
        text: str = table.to_string(index=False, **how)
    return text
