"""Output shared by several commands: notes, tables, and where the results are."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.user_errors import UserError, show_user_errors
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


def check_out(out: Path, own: Collection[str]) -> None:
    """Check that a command can write its files into a folder without replacing those of something else.

    Parameters
    ----------
    out : Path
        The folder of ``--out``, which need not exist.
    own : collection of str
        Names of all files that the command ever writes.

    Raises
    ------
    UserError
        It is a file, or holds one of these names beside files that the command does not write.
    """
    with show_user_errors():
        if not out.exists():
            return
        if not out.is_dir():
            raise UserError(_("--out {out}: that is a file, not a folder").format(out=out))
        there = sorted(path.name for path in out.iterdir() if not path.name.startswith("."))
    mine, others = ([name for name in there if (name in own) == is_own] for is_own in (True, False))
    if mine and others:
        raise UserError(
            _(
                "--out {out}: {file} is there already, beside {other}, which is not of this command; nothing was "
                "changed. Choose another folder, or remove it"
            ).format(out=out, file=mine[0], other=others[0])
        )


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
