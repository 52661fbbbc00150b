"""The command `studio`."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from shequn.app.serving.opening import host_options, serve
from shequn.app.user_errors import UserError
from shequn.sim.extras import require
from shequn.sim.language import _


@click.command()
@click.argument(
    "folder", metavar="[FOLDER]", default=".", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@host_options(5007)
def studio(folder: Path, host: str, port: int, origins: tuple[str, ...], no_browser: bool) -> None:
    """Open the studio: write a scenario in the browser, check it, run it and read its report.

    It reads and writes scenarios of FOLDER (default: the current one) and nothing outside it, and works without
    a network. Only this machine can reach it unless --host says otherwise, and only with the key in the address.
    Ctrl-C stops it.
    """
    require("class")
    if not folder.is_dir():
        raise UserError(_("{path}: there is no such folder").format(path=folder))
    from shequn.app.serving.server import new_server
    from shequn.app.studio.folder import Folder
    from shequn.app.studio.page import Studio
    from shequn.sim.language import current_language

    pages = Studio(Folder(folder), current_language())
    new: Any = partial(new_server, pages, host, port, origins, pages.handlers())
    words = _("The studio is at {address} (Ctrl-C ends it).")
    serve(new, host, port, words, f"?key={pages.key}", not no_browser)
