"""Clients that are slow, or far too many: the others are answered, and these are ended."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import socket
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.server.server_kit import Lab, image_graph, picture_bytes, play

from blockloom.server.limits import Limits

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

NOTHING = b""
HALF_A_HEAD = b"GET /prompt HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = b"POST /prompt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
HALF_A_CHUNK = (
    b"POST /prompt HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"
)
HALF_A_FILE = (
    b"POST /upload/image HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\nPNG'
)
SECOND_HEAD = b"GET /prompt HTTP/1.1\r\nHost: localhost\r\n\r\n" + HALF_A_HEAD


async def connect(lab: Lab, start: bytes) -> Connection:
    reader, writer = await asyncio.open_connection("127.0.0.1", lab.server.port)
    writer.write(start)
    await writer.drain()
    return reader, writer


async def rest_of(connection: Connection) -> bytes:
    """All that the server says until it closes the connection."""
    try:
        return await connection[0].read()
    except ConnectionError:
        return b""
    finally:
        await close(connection)


async def close(connection: Connection) -> None:
    connection[1].close()
    with contextlib.suppress(ConnectionError):
        await connection[1].wait_closed()


async def rests_of(connections: Iterable[Connection]) -> list[bytes]:
    async with asyncio.timeout(50):
        return list(await asyncio.gather(*map(rest_of, connections)))


def test_a_thousand_slow_requests_hold_nobody_up_and_are_ended(tmp_path: Any) -> None:
    starts = [NOTHING, HALF_A_HEAD, HALF_A_BODY, HALF_A_CHUNK, SECOND_HEAD]

    async def story(lab: Lab) -> None:
        slow = [await connect(lab, starts[number % len(starts)]) for number in range(1000)]
        job_id = await lab.prompt(image_graph())
        assert (await lab.ended(job_id))["status"]["completed"] is True
        async with lab.socket("me") as socket:
            assert (await socket.next())["type"] == "status"
        answers = await rests_of(slow)
        for number, answer in enumerate(answers):
            start = starts[number % len(starts)]
            if start in (HALF_A_BODY, HALF_A_CHUNK):
                assert answer.startswith(b"HTTP/1.1 408 ")
                assert b'"type":"timeout"' in answer
            elif start == SECOND_HEAD:
                assert answer.count(b"HTTP/1.1") == 1
            else:
                assert answer == b""

    play(tmp_path, story, limits=Limits(head_seconds=2.0, body_seconds=2.0))


def test_slow_uploads_are_ended_and_leave_nothing(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        slow = [await connect(lab, HALF_A_FILE) for _ in range(20)]
        for answer in await rests_of(slow):
            assert answer.startswith(b"HTTP/1.1 408 ")
        form = aiohttp.FormData()
        form.add_field("image", picture_bytes(), filename="a.png")
        assert (await lab.json("POST", "/upload/image", data=form))[0] == 200
        assert [path.name for path in lab.folders.input.iterdir()] == ["a.png"]

    play(tmp_path, story, limits=Limits(upload_seconds=1.5, uploads=5))


def test_who_waits_longest_gives_way_where_there_are_too_many(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        # A request that waits for the catalogue is being answered, and does not give way.
        await lab.get("/blockloom/node_types")
        async with lab.socket("me") as socket:
            await socket.next()
            early = [await connect(lab, start) for start in (NOTHING, HALF_A_HEAD, HALF_A_BODY)]
            late = [await connect(lab, NOTHING) for _ in range(100)]
            await rests_of(early)
            await lab.ended(await lab.prompt(image_graph(), client_id="me"))
            while (await socket.next())["type"] != "execution_success":
                pass
            # Some that came at about the same time may go in another order.
            await rests_of(late[:50])
            assert not all(reader.at_eof() for reader, _ in late[60:])
            for connection in late[50:]:
                await close(connection)

    play(tmp_path, story, limits=Limits(connections=40))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tell")
def test_who_does_not_read_is_let_go(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        lab.folders.output.mkdir(parents=True)
        (lab.folders.output / "large.png").write_bytes(bytes(50_000_000))
        await lab.get("/blockloom/node_types")
        sleepers = []
        for _ in range(20):
            sleeper = socket.socket()
            sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sleeper.connect(("127.0.0.1", lab.server.port))
            sleeper.sendall(b"GET /view?filename=large.png HTTP/1.1\r\nHost: localhost\r\n\r\n")
            sleepers.append(sleeper)
        await lab.ended(await lab.prompt(image_graph()))
        assert connections_at(lab.server.port) > 15
        # They are not told: as far as they know, all is as it was.
        for _ in range(200):
            if connections_at(lab.server.port) < 5:
                break
            await asyncio.sleep(0.2)
        assert connections_at(lab.server.port) < 5
        for sleeper in sleepers:
            sleeper.close()

    play(tmp_path, story, limits=Limits(answer_seconds=1.0))


def connections_at(port: int) -> int:
    """How many connections the server has at its end."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    found = [line.split() for line in lines]
    return sum(each[1].endswith(f":{port:04X}") and each[3] == "01" for each in found)


def test_large_bodies_take_turns_and_small_ones_do_not_wait(tmp_path: Any) -> None:
    head = b"POST /prompt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n"

    async def story(lab: Lab) -> None:
        slow = [await connect(lab, head + b" " * 300_000) for _ in range(5)]
        slow += [await connect(lab, HALF_A_CHUNK) for _ in range(20)]
        await lab.ended(await lab.prompt(image_graph()))
        chunks = json.dumps({"prompt": image_graph(1)}).encode()

        async def in_chunks() -> AsyncIterator[bytes]:
            yield chunks[:10]
            yield chunks[10:]

        assert (await lab.json("POST", "/prompt", data=in_chunks()))[0] == 200
        answers = await rests_of(slow)
        assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)
        body = {"prompt": image_graph(), "extra_data": {"note": "a" * 2_000_000}}
        data = io.BytesIO(json.dumps(body).encode())
        assert (await lab.json("POST", "/prompt", data=data))[0] == 200

    play(tmp_path, story, limits=Limits(body_seconds=2.0, large_bodies=1))
