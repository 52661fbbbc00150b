"""Serving a page from the command line until Ctrl-C."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click

from shequn.app.user_errors import UserError
from shequn.sim.language import _


def host_options(port: int) -> Callable[[Any], Any]:
    """Options of a command that serves a page: address, port (with this default), names, and no browser."""
    options = (
        click.option(
            "--host",
            metavar="ADDRESS",
            default="127.0.0.1",
            show_default=True,
            help="Address to listen on; 0.0.0.0 lets other machines of the room in.",
        ),
        click.option("--port", metavar="N", default=port, show_default=True, type=click.IntRange(0, 65_535)),
        click.option(
            "--origin",
            "origins",
            metavar="NAME:PORT",
            multiple=True,
            help="Additional name under which browsers reach this machine.",
        ),
        click.option("--no-browser", is_flag=True, help="Do not open a browser."),
    )

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def serve(new_server: Callable[[], Any], host: str, port: int, words: str, query: str, browser: bool) -> None:
    """Create a server, say where it is, open a browser and serve until Ctrl-C.

    Parameters
    ----------
    new_server : callable
        Returns the server, not yet started.
    host, port
        Address to listen on.
    words : str
        What is printed, with ``{address}``.
    query : str
        Follows the address.
    browser : bool
        Whether to open a browser.

    Raises
    ------
    UserError
        The port or the address is not available.
    """
    try:
        server = new_server()
    except OSError as error:
        raise UserError(
            _("cannot listen on {address} ({reason}); another --port or --host may do").format(
                address=f"{host}:{port}", reason=error.strerror or error
            )
        ) from None
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    address = f"http://{shown}:{server.port}/{query}"
    server.start()
    click.echo(words.format(address=address))
    if browser:
        server.io_loop.add_callback(click.launch, address)
    with suppress(KeyboardInterrupt):
        server.io_loop.start()
    server.stop()
