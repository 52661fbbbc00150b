"""One browser that asks for too much, beside a lesson at work: the lesson stays usable."""

import asyncio
import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Awaitable, Callable

import pytest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError

from shequn.app.classroom import limits
from tests.app.classroom.test_hostile import (
    connect,
    fetch,
    host_and_port,
    join_page,
    message_of,
    receive,
    run_async,
    send,
    skip_greeting,
)

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
USABLE = 6.0  # seconds within which a click has its effect, on a busy machine


class Lesson:
    """A browser at work: it has said hello and runs day by day."""

    def __init__(self, connection: WebSocketClientConnection, model: str) -> None:
        self._connection, self._model = connection, model
        self.day = 0

    async def do(self, **fields: object) -> None:
        entries: list[list[object]] = [[name, value] for name, value in fields.items()]
        await send(self._connection, "PATCH-DOC", message_of(self._model, entries))

    async def _picture(self) -> None:
        while True:
            text = str(await self._connection.read_message())
            assert text != "None", "the lesson was cut off"
            found = re.search(r'\["what","picture"\].*?\["day",(\d+)\]', text)
            if found:
                self.day = int(found.group(1))
                return

    async def day_on(self) -> float:
        """Run one more day; returns the seconds until its picture comes."""
        begin, due = time.monotonic(), self.day + 1
        await self.do(do="step")
        while self.day < due:
            await asyncio.wait_for(self._picture(), 60)
        return time.monotonic() - begin

    async def what_became_of_ten(self) -> str:
        """Wait for what ten runs show, or why they do not run."""
        while True:
            text = str(await asyncio.wait_for(self._connection.read_message(), 120))
            found = re.search(r'\["what","(ten|fault)"\]', text)
            if found:
                return found.group(1)


async def lesson_at(address: str) -> Lesson:
    lesson = Lesson(*await join_page(address))
    await lesson.do(do="hello")
    await asyncio.wait_for(lesson._picture(), 120)
    return lesson


def beside_a_lesson(address: str, work: Callable[[Lesson], Awaitable[None]]) -> None:
    """Do something hostile; before, beside and after it the lesson runs on, and somebody else can come in."""

    async def whole() -> None:
        lesson = await lesson_at(address)
        await lesson.day_on()
        hostile = asyncio.ensure_future(work(lesson))
        slowest = 0.0
        while not hostile.done():
            slowest = max(slowest, await lesson.day_on())
            await asyncio.sleep(0.2)
        await hostile
        assert slowest < USABLE
        other = await lesson_at(address)
        assert await other.day_on() < USABLE
        assert await lesson.day_on() < USABLE

    run_async(whole)


def open_halves(address: str, count: int) -> list[socket.socket]:
    """Connections whose headers never end."""
    halves = []
    for _ in range(count):
        half = socket.create_connection(host_and_port(address), timeout=20)
        half.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        halves.append(half)
    return halves


def test_eleven_hundred_half_open_connections(address: str) -> None:
    async def work(_lesson: Lesson) -> None:
        halves = await asyncio.to_thread(open_halves, address, 1100)
        status, _ = await asyncio.to_thread(fetch, address, "/")
        assert status == 200
        await asyncio.sleep(limits.HEADER_SECONDS + 2.0)
        ended = 0
        for half in halves:
            half.setblocking(False)
            with contextlib.suppress(BlockingIOError, ConnectionError):
                ended += half.recv(1) == b""
                ended -= 1
            ended += 1
            half.close()
        assert ended == 1100

    beside_a_lesson(address, work)


def test_twelve_loops_of_fetching_the_page(address: str) -> None:
    fetched = 0

    def loop(end: float) -> None:
        nonlocal fetched
        while time.monotonic() < end:
            status, text = fetch(address, "/")
            assert status == 200
            assert "The class is full" not in text
            fetched += 1

    async def work(_lesson: Lesson) -> None:
        end = time.monotonic() + 8.0
        threads = [threading.Thread(target=loop, args=(end,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        assert fetched > 2 * limits.MAX_SESSIONS  # each a session, once

    beside_a_lesson(address, work)


def test_a_body_without_end(address: str) -> None:
    def pour() -> None:
        with socket.create_connection(host_and_port(address), timeout=20) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            with pytest.raises(OSError):  # reset or broken pipe, by timing
                for _ in range(100_000):
                    connection.sendall(b"400\r\n" + b"a" * 1024 + b"\r\n")

    async def work(_lesson: Lesson) -> None:
        await asyncio.to_thread(pour)

    beside_a_lesson(address, work)


def test_twenty_malformed_messages(address: str) -> None:
    malformed: list[str | bytes] = [
        "", "{", "null", "[]", "1", '"x"', '{"msgid": 1}', '{"msgtype": null}', "\ud7ff" * 9, "[" * 5000, "{}" * 900,
        b"", b"\x00", b"\xff\xfe", b"{}", b"x" * 60_000, '{"msgid":"a","msgtype":"PATCH-DOC","num_buffers":9}',
        '{"msgid":"a","msgtype":"X"}', '{"msgid":"a","msgtype":["PATCH-DOC"]}', '{"a":' * 900,
    ]  # fmt: skip

    async def work(_lesson: Lesson) -> None:
        assert len(malformed) == 20
        for fragment in malformed:
            connection = await connect(address)
            await skip_greeting(connection)
            with contextlib.suppress(WebSocketClosedError, StreamClosedError):
                for _ in range(8):
                    await connection.write_message(fragment, binary=isinstance(fragment, bytes))
            assert (await receive(connection, 10.0))[-1:] == [""], fragment[:40]

    beside_a_lesson(address, work)


def test_five_skips_at_once(address: str) -> None:
    async def work(_lesson: Lesson) -> None:
        others = [await lesson_at(address) for _ in range(5)]
        for other in others:
            await other.do(do="skip")

        async def to_the_end(other: Lesson) -> None:
            while other.day < 365:
                await asyncio.wait_for(other._picture(), 90)

        await asyncio.gather(*map(to_the_end, others))

    beside_a_lesson(address, work)


def test_more_series_of_ten_runs_than_may_wait(address: str) -> None:
    async def work(_lesson: Lesson) -> None:
        others = [await lesson_at(address) for _ in range(limits.MAX_SERIES + 2)]
        for other in others:
            await other.do(do="move", side="AB", key="days", position=1)
            await other.do(do="ten", on=True)
        said = await asyncio.gather(*map(Lesson.what_became_of_ten, others))
        assert said.count("ten") >= limits.MAX_SERIES
        assert set(said) <= {"ten", "fault"}  # the others are told to try again

    beside_a_lesson(address, work)


def test_more_than_twice_as_many_sessions_in_a_row_as_there_may_be_at_once(address: str) -> None:
    async def work(_lesson: Lesson) -> None:
        for _ in range(2 * limits.MAX_SESSIONS + 5):
            connection = await connect(address)
            await skip_greeting(connection)
            connection.close()
            await asyncio.sleep(0)

    beside_a_lesson(address, work)


def test_the_class_is_full_when_it_is_and_not_longer(address: str) -> None:
    async def whole() -> None:
        connections = []
        for _ in range(limits.MAX_SESSIONS + 20):
            status, text = await asyncio.to_thread(fetch, address, "/")
            assert status == 200
            if "The class is full" in text:
                break
            token = re.findall(r'"token":\s*"([^"]+)"', text)[0]
            connection = await connect(address, token=token)
            await skip_greeting(connection)
            connections.append(connection)
        assert 0 < len(connections) <= limits.MAX_SESSIONS
        for connection in connections:
            connection.close()
        for _ in range(100):
            _, text = await asyncio.to_thread(fetch, address, "/")
            if "The class is full" not in text:
                break
            await asyncio.sleep(0.3)
        assert await (await lesson_at(address)).day_on() < USABLE

    run_async(whole)


@pytest.mark.parametrize("path", ["/autoload.js?bokeh-autoload-element=x", "/metadata", "/ws"])
def test_no_other_page_gets_a_token(address: str, path: str) -> None:
    status, text = fetch(address, path, Origin="http://evil.example")
    assert status in (400, 403, 404)
    assert "token" not in text.lower()


def test_the_page_may_not_be_framed_nor_load_anything_from_elsewhere(address: str) -> None:
    import http.client

    connection = http.client.HTTPConnection(*host_and_port(address), timeout=30)
    connection.request("GET", "/", headers={"Origin": "http://evil.example"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in answer.headers
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["frame-ancestors"] == policy["default-src"] == "'none'"
    assert "http" not in json.dumps(policy).replace(address.removeprefix("http://"), "")
    nonce = re.findall(r"'nonce-([^']+)'", policy["script-src"])[0]
    assert "'unsafe" not in policy["script-src"]
    assert set(re.findall(r"<script nonce=\"([^\"]+)\"", text)) == {nonce}
