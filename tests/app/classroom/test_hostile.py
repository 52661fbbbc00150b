"""Thirty hostile requests: none gets more than its limit, and the page goes on being served."""

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


def place(address: str) -> tuple[str, int]:
    host, port = address.removeprefix("http://").split(":")
    return host, int(port)


def got(
    address: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, str]:
    """Status and text of an answer, the path sent as it stands."""
    connection = http.client.HTTPConnection(*place(address), timeout=30)
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
    status, text = got(address, "/")
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
    status, text = got(address, path)
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
    _, text = got(address, path)
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
def test_malformed_requests_end_there(address: str, raw: bytes) -> None:
    with socket.create_connection(place(address), timeout=30) as connection:
        try:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65_536)
        except OSError as error:  # it has hung up: which of these one sees is a matter of time
            assert error.errno in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN)
            answer = b""
    assert b"200 OK" not in answer


def test_a_body_of_ten_megabytes_is_not_taken(address: str) -> None:
    try:
        status, _ = got(address, "/", "POST", b"a" * 10_000_000)
    except (ConnectionError, http.client.HTTPException):
        return
    assert status in (400, 403, 405, 413)


# ---- through the websocket

_opened: list[WebSocketClientConnection] = []  # to be closed at the end of a test


async def connected(
    address: str, origin: str | None = None, token: str | None = None, protocol: str = "bokeh"
) -> WebSocketClientConnection:
    if token is None:
        _, text = await asyncio.to_thread(got, address, "/")
        token = re.findall(r'"token":\s*"([^"]+)"', text)[0]
    request = HTTPRequest(
        address.replace("http", "ws", 1) + "/ws", headers={"Origin": origin or address}, request_timeout=20
    )
    connection = await websocket_connect(request, subprotocols=[protocol, token])
    _opened.append(connection)
    return connection


async def sent(connection: WebSocketClientConnection, kind: str, content: Any) -> None:
    header = {"msgid": uuid.uuid4().hex, "msgtype": kind}
    for part in (header, {}, content):
        await connection.write_message(json.dumps(part))


async def heard(connection: WebSocketClientConnection, seconds: float) -> list[str]:
    """What comes within a time; the last is empty if the connection was closed."""
    found: list[str] = []
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0:
        try:
            message = await asyncio.wait_for(connection.read_message(), left)
        except TimeoutError:
            break
        if message is None:
            return [*found, ""]
        found.append(message if isinstance(message, str) else "")
    return found


async def welcomed(connection: WebSocketClientConnection) -> None:
    """Wait for the server's first message, before which it takes none."""
    for _ in range(3):
        await connection.read_message()


async def joined(address: str) -> tuple[WebSocketClientConnection, str]:
    """A connection as a browser has it, and the name of the page's component."""
    connection = await connected(address)
    await welcomed(connection)
    await sent(connection, "PULL-DOC-REQ", {})
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


def carried_out(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run to its end, in a thread of its own: playwright may keep a loop in this one."""

    async def whole() -> None:
        try:
            await work()
        finally:
            while _opened:
                _opened.pop().close()
            await asyncio.sleep(0.1)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, whole()).result(timeout=120)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_another_pages_script_is_not_let_in(address: str, origin: str) -> None:
    async def work() -> None:
        with pytest.raises(HTTPClientError, match="403"):
            await connected(address, origin=origin)

    carried_out(work)


@pytest.mark.parametrize("token", ["x", "e30.e30", "../../etc/passwd", "A" * 4000])
def test_a_forged_token_opens_nothing(address: str, token: str) -> None:
    async def work() -> None:
        try:
            connection = await connected(address, token=token)
        except HTTPClientError:
            return
        assert (await heard(connection, 5.0))[-1:] == [""]

    carried_out(work)


@pytest.mark.parametrize(
    "fragment",
    [
        "no json",
        "[" * 60_000,
        b"\x00\xff" * 1000,
        "a" * (limits.MESSAGE_BYTES + 1),
        '{"msgtype": "PATCH-DOC"}',
    ],
    ids=["text", "deep", "bytes", "oversized", "no id"],
)
def test_what_is_no_message_ends_the_connection(address: str, fragment: str | bytes) -> None:
    async def work() -> None:
        connection = await connected(address)
        await welcomed(connection)
        for _ in range(3):
            try:
                await connection.write_message(fragment, binary=isinstance(fragment, bytes))
            except Exception:  # closed by then
                break
        assert (await heard(connection, 10.0))[-1:] == [""]

    carried_out(work)


def test_the_whole_document_cannot_be_replaced(address: str) -> None:
    async def work() -> None:
        connection = await connected(address)
        await welcomed(connection)
        await sent(connection, "PUSH-DOC", {"doc": {"roots": [], "title": "mine", "version": "3"}})
        assert (await heard(connection, 10.0))[-1:] == [""]

    carried_out(work)


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
def test_no_model_can_be_changed_or_made(address: str, event: dict[str, Any]) -> None:
    async def work() -> None:
        connection, model = await joined(address)
        await sent(connection, "PATCH-DOC", {"events": [{"model": {"id": model}, **event}]})
        await sent(connection, "PULL-DOC-REQ", {})
        text = "".join(await heard(connection, 4.0))
        assert "Evaporative cooling" in text
        assert "hacked" not in text

    carried_out(work)


def test_of_ten_thousand_runs_asked_for_few_are_begun(address: str) -> None:
    async def work() -> None:
        connection, model = await joined(address)
        await sent(connection, "PATCH-DOC", message_of(model, [["do", "hello"]]))

        async def asking() -> None:
            for _ in range(10_000):
                await sent(connection, "PATCH-DOC", message_of(model, [["do", "reset"]]))

        begun = time.monotonic()
        # cut off, or slowed down to what the server takes, whichever comes first
        found, _ = await asyncio.gather(heard(connection, 20.0), asking(), return_exceptions=True)
        started = sum('"crowd"' in text for text in found)
        seconds = time.monotonic() - begun
        assert started <= 1 + limits.STARTS_AT_ONCE + limits.STARTS_PER_SECOND * seconds

    carried_out(work)


def test_a_flood_of_messages_is_cut_off(address: str) -> None:
    async def work() -> None:
        connection, _ = await joined(address)
        with contextlib.suppress(WebSocketClosedError, StreamClosedError):
            for _ in range(10_000):
                await sent(connection, "SERVER-INFO-REQ", {})
        assert (await heard(connection, 20.0))[-1] == ""

    carried_out(work)
