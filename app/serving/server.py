"""The server of a page: Panel's server with a guarded websocket, by default on loopback only."""

import ipaddress
import secrets
import socket
from collections.abc import Sequence
from typing import Any

import bokeh.server.urls
import panel as pn
from tornado.ioloop import IOLoop

from shequn.app.serving.door import DoorHandler, Doorkeeper
from shequn.app.serving.guard import GuardedHandler
from shequn.app.serving.pages import Pages


def new_server(
    pages: Pages,
    host: str,
    port: int,
    origins: Sequence[str] = (),
    others: Sequence[tuple[str, type]] = (),
) -> Any:
    """Create a server of a page without starting it.

    Parameters
    ----------
    pages : Pages
    host : str
        Address to listen on.
    port : int
        0 picks a free port.
    origins : sequence of str
        Additional names (``name:port``) under which browsers may reach the server.
    others : sequence of (str, type)
        Patterns of further addresses, and their handlers.

    Returns
    -------
    panel.io.server.Server

    Raises
    ------
    OSError
        The port or address is not available.
    """
    pn.extension()
    limits = pages.limits
    doorkeeper = Doorkeeper(limits)
    # Panel registers its own handlers in the same way; theirs for embedding in other pages are left out
    bokeh.server.urls.per_app_patterns[:] = [
        ("/?", type("Door", (DoorHandler,), {"pages": pages})),
        ("/ws", type("Guard", (GuardedHandler,), {"pages": pages, "doorkeeper": doorkeeper})),
        *others,
    ]
    sockets, port = _free_port(host, port)
    for bound_socket in sockets:
        bound_socket.close()
    server = pn.io.server.get_server(
        {"/": pages.page},
        port=port,
        address=host,
        loop=IOLoop.current(),
        websocket_origin=[*(f"{name}:{port}" for name in _names(host)), *origins],
        location=False,
        title="shequn",
        websocket_max_message_size=limits.message_bytes,
        sign_sessions=True,
        secret_key=secrets.token_hex(32),
        generate_session_ids=True,
        check_unused_sessions_milliseconds=2_000,
        unused_session_lifetime_milliseconds=10_000,
        keep_alive_milliseconds=20_000,
        http_server_kwargs={
            "max_body_size": limits.message_bytes,
            "max_header_size": limits.message_bytes,
            "idle_connection_timeout": limits.header_seconds,
            "body_timeout": limits.header_seconds,
        },
    )
    doorkeeper.guard(server._http)
    return server


def _free_port(host: str, port: int) -> tuple[list[socket.socket], int]:
    """Check that the port is available; return the bound sockets and the actual port."""
    from bokeh.server.util import bind_sockets

    sockets, port = bind_sockets(host, port)
    return list(sockets), int(port)


def _names(host: str) -> list[str]:
    """Names and addresses under which a browser may reach this host."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return [host]
    if address.is_loopback:
        return ["localhost", "127.0.0.1"]
    if not address.is_unspecified:
        return [host]
    host_name = socket.gethostname()
    try:
        addresses = {str(info[4][0]) for info in socket.getaddrinfo(host_name, None, socket.AF_INET)}
    except OSError:
        addresses = set()
    return ["localhost", "127.0.0.1", host_name, *sorted(addresses)]
