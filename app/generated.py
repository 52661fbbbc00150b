"""A document that is made from the code: written, or checked."""

from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]


def write_or_check(path: Path, text: str, module: str, check: bool) -> None:
    """Write a document if it is out of date; with ``check`` fail instead.

    Parameters
    ----------
    path : Path
    text : str
        What it should say now.
    module : str
        The module that makes it, as for ``python -m``.
    check : bool

    Raises
    ------
    click.ClickException
        Its folder is not beside the source, or it is out of date and only to be checked.
    """
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    if not path.parent.is_dir():
        raise click.ClickException(
            f"there is no folder {path.parent.name} beside the source: run this in a clone"
        )
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        click.echo(f"{name} is up to date.")
    elif check:
        raise click.ClickException(f"{name} is out of date; run: python -m {module}")
    else:
        path.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"{name} written.")
