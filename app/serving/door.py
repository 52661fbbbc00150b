"""The door: what a browser gets before it has a session, and how many connections there are.

A page is plain HTML until its websocket opens; only then is a session made. So whoever fetches the page in a loop
costs no more than the bytes.
"""

import re
import secrets
from typing import Any

from bokeh.server.views.auth_request_handler import AuthRequestHandler
from bokeh.util.token import generate_jwt_token, generate_session_id
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

from shequn.app.serving.limits import Limits
from shequn.app.serving.pages import TOKEN, Pages

_HOST = re.compile(r"[\w.:\[\]-]{1,255}")


class DoorHandler(AuthRequestHandler):  # type: ignore[misc]  # Bokeh declares no types here
    """Answers a plain GET with the page, signed for a session that does not exist yet."""

    pages: Pages

    def initialize(self, application_context: Any, **_arguments: Any) -> None:
        """Keep the sessions; the other arguments of Bokeh's handlers are not needed."""
        self.application_context = application_context

    def set_default_headers(self) -> None:
        """No other page may frame this one, and it loads nothing from elsewhere."""
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")

    async def get(self, *_arguments: Any) -> None:
        """Write the page in the language asked for."""
        app: Any = self.application
        language = self.pages.language_of((self.request.arguments.get("lang") or [b""])[0])
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if not self.pages.admits(self.request.arguments):
            self.set_status(403)
            self.write(self.pages.refusal(language))
            return
        await make_room(self.pages, self.application_context)
        html = self.pages.doorway(language, app.resources())
        signing = {"secret_key": app.secret_key, "signed": app.sign_sessions}
        token = generate_jwt_token(
            generate_session_id(**signing),
            expiration=app.session_token_expiration,
            extra_payload={"headers": {}, "cookies": {}, "arguments": {"lang": [language.encode()]}},
            **signing,
        )
        nonce = secrets.token_urlsafe(16)
        self.set_header("Content-Security-Policy", content_policy(nonce, self.request.host))
        self.write(html.replace(TOKEN, token).replace("<script", f'<script nonce="{nonce}"'))


async def make_room(pages: Pages, context: Any) -> None:
    """Discard the sessions whose browsers have gone, if there is no place left."""
    if pages.is_full:
        await context._cleanup_sessions(0)


def content_policy(nonce: str, host: str) -> str:
    """The policy of the page: its own scripts, styles, frames and websocket, nothing else, and no frame around it.

    Panel loads the page's component from a blob.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""  # older browsers: not in 'self'
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        f"script-src 'self' 'nonce-{nonce}' blob:; connect-src 'self' blob:{sockets}; "
        "frame-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:"
    )


class Doorkeeper:
    """Limits the connections of a server: the one that has waited longest without a visit makes room.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most = _most_connections(limits.connections)
        self._waiting: dict[IOStream, None] = {}  # in order of coming
        self._visiting: dict[IOStream, str] = {}  # with their addresses

    def guard(self, server: HTTPServer) -> None:
        """Watch all connections that a server takes from now on."""
        take: Any = server.handle_stream

        def handle_stream(stream: IOStream, address: Any) -> Any:
            self._admit(stream)
            return take(stream, address)

        server.handle_stream = handle_stream  # type: ignore[method-assign]  # tornado has no other hook

    def _admit(self, stream: IOStream) -> None:
        self._waiting[stream] = None
        if len(self._waiting) + len(self._visiting) > self._most:
            self._forget_closed()
        while len(self._waiting) + len(self._visiting) > self._most:
            oldest = next(iter(self._waiting))
            del self._waiting[oldest]
            oldest.close()

    def _forget_closed(self) -> None:
        self._waiting = {stream: None for stream in self._waiting if not stream.closed()}
        self._visiting = {stream: of for stream, of in self._visiting.items() if not stream.closed()}

    def begin_visit(self, stream: IOStream, address: str) -> bool:
        """Keep a connection whose websocket has a valid token; return whether there is a place for it.

        One address gets half of the places at most. This machine may have all of them: a proxy on it speaks for
        many browsers.
        """
        self._forget_closed()
        own = sum(of == address for of in self._visiting.values())
        is_here = address in ("127.0.0.1", "::1")
        places = self._limits.sessions
        if len(self._visiting) >= places or (own >= places // 2 and not is_here):
            return False
        self._waiting.pop(stream, None)
        self._visiting[stream] = address
        return True


def _most_connections(limit: int) -> int:
    """The limit of connections: half of the files that this process may open, at most ``limit``."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return limit
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return limit if files < 0 else max(64, min(limit, files // 2))
