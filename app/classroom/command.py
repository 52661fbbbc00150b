"""The command `class`."""

from functools import partial
from typing import Any

import click

from shequn.app.options import resolved_scenario
from shequn.app.serving.opening import host_options, serve
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.extras import require
from shequn.sim.language import _


@click.command("class")
@click.argument("scenario", metavar="[SCENARIO[:VARIANT]]", default="open-group")
@click.option("--set", "assignments", metavar="KEY=VALUE", multiple=True, help="Change one value of it.")
@click.option("--graph", metavar="FILE", help="Ties from a file, as for run.")
@host_options(5006)
def classroom(
    host: str, port: int, origins: tuple[str, ...], no_browser: bool, **scenario_options: Any
) -> None:
    """Open the class page: two communities side by side in the browser, and ten lessons.

    It works without a network. Only this machine can reach it unless --host says otherwise. Every browser has
    its own runs. Ctrl-C stops it.
    """
    require("class")
    scenario = resolved_scenario(**scenario_options)
    from shequn.app.classroom.bases import Bases
    from shequn.sim.graphs.graph import GraphError

    words = _("The class page is at {address} (Ctrl-C ends it).")
    try:
        with show_user_errors():
            bases = Bases(scenario)
        serve(partial(_new_server, bases, host, port, origins), host, port, words, "", not no_browser)
    except GraphError as error:
        raise UserError(str(error)) from None


def _new_server(bases: Any, host: str, port: int, origins: tuple[str, ...]) -> Any:
    from shequn.app.classroom.engine import warm_up
    from shequn.app.classroom.page import Classroom
    from shequn.app.serving.server import new_server
    from shequn.sim.language import current_language

    pages = Classroom(bases, current_language(), warm_up(bases))
    return new_server(pages, host, port, origins)
