"""The command `class`."""

from contextlib import suppress
from typing import Any

import click

from shequn.app.options import resolved_scenario
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.extras import require
from shequn.sim.language import _


@click.command("class")
@click.argument("scenario", metavar="[SCENARIO[:VARIANT]]", default="open-group")
@click.option("--set", "assignments", metavar="KEY=VALUE", multiple=True, help="Change one value of it.")
@click.option("--graph", metavar="FILE", help="Ties from a file, as for run.")
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; 0.0.0.0 lets other machines of the room in.",
)
@click.option("--port", metavar="N", default=5006, show_default=True, type=click.IntRange(0, 65_535))
@click.option(
    "--origin",
    "origins",
    metavar="NAME:PORT",
    multiple=True,
    help="Additional name under which browsers reach this machine.",
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def classroom(
    host: str, port: int, origins: tuple[str, ...], no_browser: bool, **scenario_options: Any
) -> None:
    """Open the class page: two communities side by side in the browser, and five lessons.

    It works without a network. Only this machine can reach it unless --host says otherwise. Every browser has
    its own runs. Ctrl-C stops it.
    """
    require("class")
    scenario = resolved_scenario(**scenario_options)
    from shequn.app.classroom.settings import Bases
    from shequn.sim.graphs.graph import GraphError

    with show_user_errors():
        bases = Bases(scenario)
    try:
        _serve(bases, host, port, origins, not no_browser)
    except GraphError as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(
            _("cannot listen on {address} ({reason}); another --port or --host may do").format(
                address=f"{host}:{port}", reason=error.strerror or error
            )
        ) from None


def _serve(bases: Any, host: str, port: int, origins: tuple[str, ...], browser: bool) -> None:
    from shequn.app.classroom.server import new_server
    from shequn.sim.language import current_language

    server = new_server(bases, current_language(), host, port, origins)
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    address = f"http://{shown}:{server.port}/"
    server.start()
    click.echo(_("The class page is at {address} (Ctrl-C ends it).").format(address=address))
    if browser:
        server.io_loop.add_callback(click.launch, address)
    with suppress(KeyboardInterrupt):
        server.io_loop.start()
    server.stop()
