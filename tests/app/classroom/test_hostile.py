"""Hostile requests: none exceeds its limit, and the page stays available."""

import asyncio
import contextlib
import errno
import http.client
import json
import re
import socket
import time
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from shequn.app.classroom import limits

#: tornado's client leaves futures behind when the server cuts a connection while it writes
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def host_and_port(address: str) -> tuple[str, int]:
    host, port = address.removeprefix("http://").split(":")
    return host, int(port)


def fetch(
    address: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, str]:
    """Send a request with the path unchanged; return status and text of the response."""
    connection = http.client.HTTPConnection(*host_and_port(address), timeout=30)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", errors="replace")
    finally:
        connection.close()


@pytest.fixture(autouse=True)
def still_served(address: str) -> Any:
    yield
    status, text = fetch(address, "/")
    assert status == 200
    assert "Community classroom" in text


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/static/../../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/extensions/panel/..%2f..%2f..%2f..%2fetc/passwd",
        "/static/extensions/panel/../../../../../../../../etc/passwd",
        "/components/shequn.app.classroom.stage/Stage/_esm/../../../../../../etc/passwd",
        "/components/os/path/_esm/etc/passwd",
        "/static//etc/passwd",
        "/rest/session_info",
        "/admin",
    ],
)
def test_no_file_and_no_inner_page_is_reached(address: str, path: str) -> None:
    status, text = fetch(address, path)
    assert status in (400, 403, 404, 405)
    assert "root:" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/?lang=%3Cscript%3Ealert(1)%3C/script%3E",
        "/?lang=zh%00&lang=../../..",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/?bokeh-session-id=%3Cscript%3Ealert(1)%3C/script%3E",
        "/?%3Cscript%3Ealert(1)%3C/script%3E=1&" + "x=1&" * 500,
    ],
)
def test_nothing_that_was_sent_comes_back_as_markup(address: str, path: str) -> None:
    _, text = fetch(address, path)
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff\xfe nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
    ],
    ids=["nonsense", "version", "length", "header of a megabyte"],
)
def test_malformed_requests_are_rejected(address: str, raw: bytes) -> None:
    with socket.create_connection(host_and_port(address), timeout=30) as connection:
        try:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65_536)
        except OSError as error:  # the server has hung up; which error appears depends on timing
            assert error.errno in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN)
            answer = b""
    assert b"200 OK" not in answer


def test_a_body_of_ten_megabytes_is_rejected(address: str) -> None:
    try:
        status, _ = fetch(address, "/", "POST", b"a" * 10_000_000)
    except (ConnectionError, http.client.HTTPException):
        return
    assert status in (400, 403, 405, 413)


# ---- through the websocket

_connections: list[WebSocketClientConnection] = []  # closed at the end of a test


async def connect(
    address: str, origin: str | None = None, token: str | None = None, protocol: str = "bokeh"
) -> WebSocketClientConnection:
    if token is None:
        _, text = await asyncio.to_thread(fetch, address, "/")
        token = re.findall(r'"token":\s*"([^"]+)"', text)[0]
    request = HTTPRequest(
        address.replace("http", "ws", 1) + "/ws", headers={"Origin": origin or address}, request_timeout=20
    )
    connection = await websocket_connect(request, subprotocols=[protocol, token])
    _connections.append(connection)
    return connection


async def send(connection: WebSocketClientConnection, kind: str, content: Any) -> None:
    header = {"msgid": uuid.uuid4().hex, "msgtype": kind}
    for part in (header, {}, content):
        await connection.write_message(json.dumps(part))


async def receive(connection: WebSocketClientConnection, seconds: float) -> list[str]:
    """The messages that arrive within some seconds; the last is empty if the connection was closed."""
    received: list[str] = []
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0:
        try:
            message = await asyncio.wait_for(connection.read_message(), left)
        except TimeoutError:
            break
        if message is None:
            return [*received, ""]
        received.append(message if isinstance(message, str) else "")
    return received


async def skip_greeting(connection: WebSocketClientConnection) -> None:
    """Read the server's first message, before which it accepts none."""
    for _ in range(3):
        await connection.read_message()


async def join_page(address: str) -> tuple[WebSocketClientConnection, str]:
    """Open a connection as a browser does; return it with the id of the page's component."""
    connection = await connect(address)
    await skip_greeting(connection)
    await send(connection, "PULL-DOC-REQ", {})
    text = ""
    while "ReactiveESM" not in text:
        message = await asyncio.wait_for(connection.read_message(), 60)
        assert message is not None
        text += str(message)
    return connection, re.findall(r'ReactiveESM","id":"(p\d+)"', text)[0]


def message_of(model: str, entries: list[list[Any]]) -> dict[str, Any]:
    values = {
        "type": "map",
        "entries": [["model", {"id": model}], ["data", {"type": "map", "entries": entries}]],
    }
    data = {"type": "event", "name": "data_event", "values": values}
    return {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": data}]}


def run_async(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine to its end in its own thread, because playwright may have a loop in this one."""

    async def whole() -> None:
        try:
            await work()
        finally:
            while _connections:
                _connections.pop().close()
            await asyncio.sleep(0.1)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, whole()).result(timeout=300)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_another_pages_script_is_not_let_in(address: str, origin: str) -> None:
    async def work() -> None:
        with pytest.raises(HTTPClientError, match="403"):
            await connect(address, origin=origin)

    run_async(work)


@pytest.mark.parametrize("token", ["x", "e30.e30", "../../etc/passwd", "A" * 4000])
def test_a_forged_token_opens_nothing(address: str, token: str) -> None:
    async def work() -> None:
        try:
            connection = await connect(address, token=token)
        except HTTPClientError:
            return
        assert (await receive(connection, 5.0))[-1:] == [""]

    run_async(work)


@pytest.mark.parametrize(
    "fragment",
    [
        "no json",
        "[" * 60_000,
        b"\x00\xff" * 1000,
        "a" * (limits.MAX_MESSAGE_BYTES + 1),
        '{"msgtype": "PATCH-DOC"}',
    ],
    ids=["text", "deep", "bytes", "oversized", "no id"],
)
def test_anything_but_a_message_ends_the_connection(address: str, fragment: str | bytes) -> None:
    async def work() -> None:
        connection = await connect(address)
        await skip_greeting(connection)
        for _ in range(3):
            try:
                await connection.write_message(fragment, binary=isinstance(fragment, bytes))
            except Exception:  # closed by then
                break
        assert (await receive(connection, 10.0))[-1:] == [""]

    run_async(work)


def test_the_whole_document_cannot_be_replaced(address: str) -> None:
    async def work() -> None:
        connection = await connect(address)
        await skip_greeting(connection)
        await send(connection, "PUSH-DOC", {"doc": {"roots": [], "title": "mine", "version": "3"}})
        assert (await receive(connection, 10.0))[-1:] == [""]

    run_async(work)


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "TitleChanged", "title": "hacked"},
        {
            "kind": "RootAdded",
            "model": {"type": "object", "name": "Div", "id": "x1", "attributes": {"text": "hacked"}},
        },
        {
            "kind": "MessageSent",
            "msg_type": "bokeh_event",
            "msg_data": {"type": "object", "name": "Div", "id": "x2"},
        },
        {"kind": "ModelChanged", "attr": "words", "new": {"type": "map", "entries": [["title", "hacked"]]}},
    ],
    ids=lambda event: event["kind"],
)
def test_no_model_can_be_changed_or_created(address: str, event: dict[str, Any]) -> None:
    async def work() -> None:
        connection, model = await join_page(address)
        await send(connection, "PATCH-DOC", {"events": [{"model": {"id": model}, **event}]})
        await send(connection, "PULL-DOC-REQ", {})
        text = "".join(await receive(connection, 4.0))
        assert "Evaporative cooling" in text
        assert "hacked" not in text

    run_async(work)


def test_of_ten_thousand_requested_runs_only_a_few_start(address: str) -> None:
    async def work() -> None:
        connection, model = await join_page(address)
        await send(connection, "PATCH-DOC", message_of(model, [["do", "hello"]]))

        async def send_resets() -> None:
            for _ in range(10_000):
                await send(connection, "PATCH-DOC", message_of(model, [["do", "reset"]]))

        begin = time.monotonic()
        # cut off, or slowed down to what the server takes, whichever comes first
        received, _ = await asyncio.gather(receive(connection, 20.0), send_resets(), return_exceptions=True)
        started = sum('"crowd"' in text for text in received)
        seconds = time.monotonic() - begin
        assert started <= 1 + limits.START_BURST + limits.STARTS_PER_SECOND * seconds

    run_async(work)


def test_a_flood_of_messages_is_cut_off(address: str) -> None:
    async def work() -> None:
        connection, _ = await join_page(address)
        with contextlib.suppress(WebSocketClosedError, StreamClosedError):
            for _ in range(10_000):
                await send(connection, "SERVER-INFO-REQ", {})
        assert (await receive(connection, 20.0))[-1] == ""

    run_async(work)
