"""The command `report`."""

from pathlib import Path
from typing import Any

import click

from shequn.app.finished_runs import finished_run
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _


@click.command()
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File to write; default: beside the folder, FOLDER-report.html.",
)
def report(results: Path, out: Path | None) -> None:
    """Make one HTML file of finished results, to open offline, print and mail.

    RESULTS is the folder of a run, comparison, sweep, search, sensitivity analysis, of claims or of the playbook, or a
    scenario's folder of results, of which it takes the latest run. The folder itself is only read. An existing file
    of that name is replaced.
    """
    with show_user_errors():
        target = make(results, out)
    click.echo(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")


def make(results: Path, out: Path | None = None) -> Path:
    """Make the report of a finished folder in the current language; return its file.

    Parameters
    ----------
    results : Path
        Folder of a run, comparison or sweep, or of a scenario's runs.
    out : Path, optional
        File to write; by default beside the folder.

    Raises
    ------
    UserError
        There is no finished result, or the file cannot be written; nothing is written.
    ScenarioError
        The folder's scenario cannot be read.
    """
    folder = finished_run(results)
    target = default_file(folder) if out is None else out
    if target.is_dir():
        raise UserError(
            _("{target} is a folder; --out takes a file, such as report.html").format(target=target)
        )
    if not target.parent.is_dir():
        raise UserError(_("{path}: there is no such folder").format(path=target.parent))
    if target.resolve().is_relative_to(folder.resolve()):
        raise UserError(
            _("{target} lies in the folder of the results, which is only read").format(target=target)
        )
    from shequn.app.report.result_folder import (  # fmt: skip
        CLAIMS,
        COMPARISON,
        PLAYBOOK,
        RUN,
        SEARCH,
        SENSITIVITY,
        ResultFolder,
        UnknownFolderError,
    )

    try:
        contents = ResultFolder(folder)
    except UnknownFolderError as error:
        raise UserError(str(error)) from None
    builder: Any
    if contents.kind == RUN:
        from shequn.app.report import run as builder
    elif contents.kind == COMPARISON:
        from shequn.app.report import comparison as builder
    elif contents.kind == SEARCH:
        from shequn.app.report import search as builder
    elif contents.kind == SENSITIVITY:
        from shequn.app.report import sensitivity as builder
    elif contents.kind == CLAIMS:
        from shequn.app.report import claims as builder
    elif contents.kind == PLAYBOOK:
        from shequn.app.report import playbook as builder
    else:
        from shequn.app.report import sweep as builder
    from shequn.app.report.page import html, write

    write(html(builder.report(contents)), target)
    return target


def default_file(folder: Path) -> Path:
    """Default file: beside the folder; the name contains the language unless it is English."""
    from shequn.sim.language import current_language

    folder = folder.resolve()
    language = "" if current_language() == "en" else f".{current_language()}"
    return folder.with_name(f"{folder.name}-report{language}.html")
