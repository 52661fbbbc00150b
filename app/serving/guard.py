"""A filter for the websocket: it limits the rate and lets through only messages that our page sends.

Bokeh lets a browser change every model of its document. The page does not need that, so patches are reduced to
the messages of the page's own component before Bokeh sees them.
"""

import logging
from typing import Any

from bokeh.protocol.message import Message
from bokeh.util.token import get_session_id
from panel.io.resources import LOCAL_DIST, patch_model_css
from panel.io.server import WSHandler
from panel.io.state import set_curdoc

from shequn.app.serving.allowance import Allowance
from shequn.app.serving.door import Doorkeeper, make_room
from shequn.app.serving.pages import Pages

_log = logging.getLogger(__name__)
_FRAGMENTS = 3  # of a message: header, metadata, content
_ALLOWED_KINDS = ("PULL-DOC-REQ", "PATCH-DOC", "SERVER-INFO-REQ")


class GuardedHandler(WSHandler):
    """Panel's websocket handler with a rate limit per browser and a list of allowed messages."""

    pages: Pages
    doorkeeper: Doorkeeper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = self.pages.limits
        self._fragments = Allowance(
            _FRAGMENTS * limits.messages_per_second, _FRAGMENTS * limits.message_burst
        )
        self._is_cut_off = False

    async def _async_open(self, token: str) -> None:
        """Make the session, if there is a place: those whose browsers have gone make room at once."""
        await make_room(self.pages, self.application_context)
        stream = getattr(self.ws_connection, "stream", None)
        address = str(self.request.remote_ip)
        if stream is None or self.pages.is_full or not self.doorkeeper.begin_visit(stream, address):
            _log.warning("a browser was turned away: there is no place left")
            self._disconnect()
            return
        context: Any = self.application_context
        session = await context.create_session_if_needed(get_session_id(token), self.request, token)
        with set_curdoc(session.document):
            for root in session.document.roots:
                patch_model_css(root, dist_url=LOCAL_DIST)  # styles from this server, not from the network
        await super()._async_open(token)

    async def on_message(self, fragment: str | bytes) -> None:
        """Process a fragment of a message; cut off browsers that send too many, or before the session exists."""
        if self._is_cut_off:
            return
        receiver: Any = self.receiver  # None before the session exists, although Bokeh's types say otherwise
        if receiver is None or not self._fragments.take():
            _log.warning("a browser that sent too much was cut off")
            self._disconnect()
            return
        await super().on_message(fragment)

    async def _receive(self, fragment: str | bytes) -> Message[Any] | None:
        try:
            return await self.receiver.consume(fragment)
        except (
            Exception
        ) as error:  # Bokeh's receiver raises many kinds, and its handler logs all that was sent
            self._protocol_error(type(error).__name__)
            return None

    def _disconnect(self) -> None:
        """Close the connection at once; a closing handshake would first read everything still to come."""
        self._is_cut_off = True
        stream = getattr(self.ws_connection, "stream", None)
        if stream is not None:
            stream.close()

    def _protocol_error(self, message: str) -> None:
        _log.warning("a browser that sent no message of ours was cut off: %s", message[:200])
        self._disconnect()

    def _internal_error(self, message: str) -> None:
        self._protocol_error(message)

    async def _handle(self, message: Message[Any]) -> Any | None:
        if message.msgtype not in _ALLOWED_KINDS:
            self._disconnect()
            return None
        if message.msgtype == "PATCH-DOC":
            events = message.content.get("events") if isinstance(message.content, dict) else None
            if not isinstance(events, list):
                self._disconnect()
                return None
            message.content["events"] = [event for event in events if _is_allowed(event)]
        return await super()._handle(message)


def _is_allowed(event: Any) -> bool:
    """Whether an event of a patch is a message of the page's component: a flat map of plain values.

    Anything else could make Bokeh create models.
    """
    if (
        not isinstance(event, dict)
        or event.get("kind") != "MessageSent"
        or event.get("msg_type") != "bokeh_event"
    ):
        return False
    match event.get("msg_data"):
        case {"type": "event", "name": "document_ready", "values": {"type": "map", **extra_values}}:
            return not extra_values
        case {
            "type": "event",
            "name": "data_event",
            "values": {
                "type": "map",
                "entries": [
                    ["model", {"id": str(), **extra_keys}],
                    ["data", {"type": "map", "entries": list(fields)}],
                ],
            },
        }:
            return not extra_keys and all(_is_plain(field) for field in fields)
    return False


def _is_plain(field: Any) -> bool:
    match field:
        case [str(), str() | int() | float() | bool()]:
            return True
    return False
