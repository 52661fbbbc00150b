"""Hostile requests to the studio: no key, another origin, files outside, messages that are not ours."""

import asyncio
import contextlib
import http.client
import json
import re
import uuid
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from tests.app.studio.conftest import CLUB, Served

#: tornado's client leaves futures behind when the server cuts a connection while it writes
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def fetch(served: Served, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    host, port = served.address.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", errors="replace"), dict(answer.getheaders())
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/", "/?key=", "/?key=x", "/?lang=zh", "/?key=%00", "/?key=x&key=y"])
def test_nobody_gets_the_page_without_the_key(served: Served, path: str) -> None:
    status, text, _headers = fetch(served, path)
    assert status == 403
    assert "token" not in text and served.key not in text


@pytest.mark.parametrize(
    "path",
    [
        "/report/../../../../etc/passwd",
        "/report/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/report/AAAAAAAAAAAAAAAAAAAAAA",
        "/report/",
        "/club.yaml",
        "/static/../../../../etc/passwd",
        "/rest/session_info",
    ],
)
def test_no_file_is_reached_by_its_address(served: Served, path: str) -> None:
    status, text, _headers = fetch(served, f"{path}?key={served.key}")
    assert status in (400, 403, 404, 405)
    assert "root:" not in text and "title: Club" not in text


def test_the_page_loads_nothing_from_elsewhere_and_is_in_no_frame(served: Served) -> None:
    status, text, headers = fetch(served, f"/?key={served.key}")
    assert status == 200
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//(?!127)", text)


async def connect(served: Served, origin: str | None = None) -> WebSocketClientConnection:
    _, text, _headers = await asyncio.to_thread(fetch, served, f"/?key={served.key}")
    token = re.findall(r'"token":\s*"([^"]+)"', text)[0]
    address = served.address.replace("http", "ws", 1) + "/ws"
    request = HTTPRequest(address, headers={"Origin": origin or served.address}, request_timeout=20)
    return await websocket_connect(request, subprotocols=["bokeh", token])


async def answers(connection: WebSocketClientConnection, seconds: float) -> str:
    """All that arrives until nothing has for some seconds, or until the connection is closed."""
    texts = []
    with contextlib.suppress(asyncio.TimeoutError):
        while True:
            message = await asyncio.wait_for(connection.read_message(), seconds)
            if message is None:
                break
            texts.append(str(message))
    return "\n".join(texts)


async def wait_for_text(connection: WebSocketClientConnection, text: str) -> None:
    """Wait until a text arrives."""
    while text not in str(await asyncio.wait_for(connection.read_message(), 60)):
        pass


async def say(connection: WebSocketClientConnection, model: str, **data: Any) -> None:
    values = [
        ["model", {"id": model}],
        ["data", {"type": "map", "entries": [[k, v] for k, v in data.items()]}],
    ]
    event = {
        "kind": "MessageSent",
        "msg_type": "bokeh_event",
        "msg_data": {"type": "event", "name": "data_event", "values": {"type": "map", "entries": values}},
    }
    header = {"msgid": uuid.uuid4().hex, "msgtype": "PATCH-DOC"}
    for part in (header, {}, {"events": [event]}):
        await connection.write_message(json.dumps(part))


async def pull(connection: WebSocketClientConnection, until: str) -> str:
    """Ask for the document; returns what arrives until a text is in it."""
    for part in ({"msgid": uuid.uuid4().hex, "msgtype": "PULL-DOC-REQ"}, {}, {}):
        await connection.write_message(json.dumps(part))
    text = ""
    while until not in text:
        message = await asyncio.wait_for(connection.read_message(), 60)
        assert message is not None
        text += str(message)
    return text


async def join_page(served: Served) -> tuple[WebSocketClientConnection, str]:
    """Open a connection as a browser does; return it with the id of the page's component."""
    connection = await connect(served)
    for _ in range(3):  # the server's first message, before which it accepts none
        await connection.read_message()
    text = await pull(connection, "ReactiveESM")
    return connection, re.findall(r'ReactiveESM","id":"(p\d+)"', text)[0]


def run_async(work: Coroutine[Any, Any, str]) -> str:
    """Run a coroutine to its end in its own thread, because playwright may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result(timeout=300)


def test_another_origin_gets_no_session(served: Served) -> None:
    async def attempt() -> str:
        with pytest.raises(HTTPClientError, match="403"):
            await connect(served, "http://evil.example:80")
        return ""

    run_async(attempt())


@pytest.mark.parametrize(
    "message",
    [
        {
            "do": "hello",
            "text": "format: 2\ntitle: x\npopulation: {graph: {file: secret.yaml}}",
            "name": "../x.yaml",
        },
        {"do": "open", "name": "../secret.yaml"},
        {"do": "open", "name": "/etc/passwd"},
        {"do": "save", "name": "../out.yaml", "replace": True},
        {"do": "save", "name": "../secret.yaml", "replace": True},
        {"do": "import", "name": "x.html", "text": "<script>1</script>"},
        {"do": "write", "text": "!!python/object/apply:os.system ['touch hacked']", "number": 1},
        {"do": "set", "pointer": "/title", "typed": "!!python/name:os.system", "is_text": False},
        {"do": "card", "card": "os/system"},
        {"do": "start", "scenario": "../../secret"},
        {"do": "compare", "variants": "../x", "pairs": 2, "assumed": False},
        {"do": "run", "extra": 1},
        {"do": "exec", "code": "1"},
        {"do": "save", "name": "x" * 10_000, "replace": True},
    ],
    ids=lambda message: f"{message['do']}-{str(message.get('name', ''))[:16]}",
)
def test_no_message_reaches_outside_the_folder_or_overwrites(
    served: Served, folder: Path, message: dict[str, Any]
) -> None:
    async def attempt() -> str:
        connection, model = await join_page(served)
        await say(connection, model, do="hello", text="", name="")
        await wait_for_text(connection, "ready")
        await say(connection, model, **message)
        heard = await answers(connection, 2.0)
        connection.close()
        return heard

    heard = run_async(attempt())
    assert "title: secret" not in heard and "root:" not in heard
    assert (folder / "club.yaml").read_text(encoding="utf-8") == CLUB
    assert (folder.parent / "secret.yaml").read_text(encoding="utf-8") == "format: 2\ntitle: secret\n"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["secret.yaml", "studio"]
    assert not (folder / "hacked").exists()


def test_models_cannot_be_changed(served: Served) -> None:
    async def attempt() -> str:
        connection, model = await join_page(served)
        event = {"kind": "ModelChanged", "model": {"id": model}, "attr": "esm", "new": "alert(1)"}
        with contextlib.suppress(WebSocketClosedError, StreamClosedError):
            for part in ({"msgid": "2", "msgtype": "PATCH-DOC"}, {}, {"events": [event]}):
                await connection.write_message(json.dumps(part))
        heard = await pull(connection, "ReactiveESM")
        connection.close()
        return heard

    assert "alert(1)" not in run_async(attempt())
