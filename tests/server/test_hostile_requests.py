"""Graphs, bodies, files and frames that were made to hurt: refused in words, and nobody waits."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import struct
import zlib
from typing import Any

import aiohttp
import pytest
import yarl
from tests.server.server_kit import Lab, image_graph, picture_bytes, play

from blockloom.graph.file import MAX_INPUTS
from blockloom.server.bodies import MAX_VALUES
from blockloom.server.limits import Limits

GRAPH_ROUTES = ("/prompt", "/blockloom/check")


def linked(nodes: int, links: int) -> bytes:
    """A graph that saves a picture, with so many links besides that lead to inputs not there."""
    written = ",".join(f'"x{number}":["1",0]' for number in range(links))
    more = ",".join(
        f'"n{number}":{{"class_type":"PrimitiveInt","inputs":{{"value":1,{written}}}}}'
        for number in range(nodes)
    )
    return f'{{"prompt":{json.dumps(image_graph())[:-1]},{more}}}}}'.encode()


async def post_meanwhile(lab: Lab, path: str, data: bytes) -> tuple[int, Any, int]:
    """Post a body; also returns how often somebody else was answered in the meantime."""
    asking = asyncio.create_task(lab.json("POST", path, data=io.BytesIO(data)))
    answered = 0
    while not asking.done():
        assert (await lab.get("/features"))[0] == 200
        answered += 1
        await asyncio.sleep(0.02)
    status, answer = await asking
    return status, answer, answered


def message_of(answer: Any) -> str:
    return str(answer["error"]["message"])


@pytest.mark.parametrize(("nodes", "links"), [(9_900, 102), (1, 1_000_000)])
def test_a_million_links_are_refused(nodes: int, links: int, tmp_path: Any) -> None:
    data = linked(nodes, links)

    async def story(lab: Lab) -> None:
        for path in GRAPH_ROUTES:
            status, answer, _ = await post_meanwhile(lab, path, data)
            assert status == 400
            assert f"more than {MAX_VALUES} values" in message_of(answer)
        await lab.ended(await lab.prompt(image_graph()))

    play(tmp_path, story)


def test_as_many_links_as_are_allowed_get_a_short_answer(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        data = linked(100, 800)
        status, answer, answered = await post_meanwhile(lab, "/prompt", data)
        assert (status, len(answer["warnings"])) == (200, 1000)
        assert answered > 3
        status, answer, answered = await post_meanwhile(lab, "/blockloom/check", data)
        assert (status, answer["can_run"], len(answer["problems"])) == (200, True, 1000)
        assert answered > 3
        for path in GRAPH_ROUTES:
            status, answer = await lab.json("POST", path, data=io.BytesIO(linked(2, 100_001)))
            assert status == 400
            assert f"{MAX_INPUTS} are allowed" in message_of(answer)

    play(tmp_path, story)


def test_very_many_mistakes_get_a_short_answer(tmp_path: Any) -> None:
    shown = {"class_type": "PreviewAny", "inputs": {"source": ["nowhere", 0]}}
    broken = {str(number): shown for number in range(3_000)}
    unread = {str(n): {"class_type": "PreviewAny", "inputs": {"source": [1]}} for n in range(3_000)}
    circle = {
        str(n): {"class_type": "PrimitiveInt", "inputs": {"value": [str((n + 1) % 3_000), 0]}}
        for n in range(3_000)
    }
    circle["end"] = {"class_type": "PreviewAny", "inputs": {"source": ["0", 0]}}

    async def story(lab: Lab) -> None:
        for graph, word in ((broken, "linked"), (unread, "linked"), (circle, "cycle")):
            data = json.dumps({"prompt": graph}).encode()
            status, answer, _ = await post_meanwhile(lab, "/prompt", data)
            assert status == 400
            assert word in json.dumps(answer["node_errors"])
            assert len(json.dumps(answer)) < 2_000_000
            status, answer, _ = await post_meanwhile(lab, "/blockloom/check", data)
            assert status == (400 if graph is unread else 200)
            assert 0 < len((answer.get("error") or answer)["problems"]) <= 1000

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"prompt": ', "line 1, column 12"),
        (b'{"prompt": {}} trailing', "line 1, column 16"),
        (b'{"prompt": {"1": {"class_type": "\xff"}}}', "not UTF-8 text (byte 33)"),
        (b"[" * 200_000, "nested more than"),
        (b'{"a":' * 50_000, "nested more than"),
        (b'{"prompt": ' + b"[" * 100 + b"]" * 100 + b"}", "nested more than"),
        (b'{"prompt": [' + b"[{" * 400_000, f"more than {MAX_VALUES} values"),
        (b'["prompt"]', "has to be a JSON object"),
        (b"null", "has to be a JSON object"),
        (b"7" * 5_000, "has to be a JSON object"),
    ],
)
def test_what_is_no_json_object_is_refused_in_words(data: bytes, words: str, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        for path in (*GRAPH_ROUTES, "/queue", "/history", "/interrupt", "/free", "/settings"):
            status, answer = await lab.json("POST", path, data=data)
            assert status == 400, path
            assert words in message_of(answer)

    play(tmp_path, story)


@pytest.mark.parametrize("method", ["gzip", "deflate"])
def test_a_body_that_grows_when_unpacked_is_refused(method: str, tmp_path: Any) -> None:
    limits = Limits(body_bytes=4_000_000)
    zeros = bytes(2 * limits.body_bytes)
    bomb = gzip.compress(zeros, 9) if method == "gzip" else zlib.compress(zeros, 9)
    assert len(bomb) < 20_000

    async def story(lab: Lab) -> None:
        for path in ("/prompt", "/userdata/a.json"):
            options = {"data": bomb, "headers": {"Content-Encoding": method}}
            status, answer = await lab.json("POST", path, **options)
            assert (status, answer["error"]["type"]) == (413, "too_large")
        options["data"] = b"no " + bomb[:20]
        assert (await lab.json("POST", "/prompt", **options))[0] == 400
        packed = gzip.compress(json.dumps({"prompt": image_graph()}).encode())
        options = {"data": packed, "headers": {"Content-Encoding": "gzip"}}
        assert (await lab.json("POST", "/prompt", **options))[0] == 200

    play(tmp_path, story, limits=limits)


def png_with_text_bomb() -> bytes:
    packed = zlib.compress(bytes(200_000_000), 9)
    body = b"zTXt" + b"note\0\0" + packed
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    picture = picture_bytes()
    return picture[:33] + chunk + picture[33:]


def gif_with_many_frames(count: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * count + b";"


def test_files_that_lie_are_not_stored(tmp_path: Any) -> None:
    def form_of(data: bytes, name: str = "a.png") -> aiohttp.FormData:
        form = aiohttp.FormData()
        form.add_field("image", io.BytesIO(data), filename=name)
        return form

    async def story(lab: Lab) -> None:
        cases = [
            (png_with_text_bomb(), 400, "damaged"),
            (gif_with_many_frames(10_001), 400, "10001 frames"),
            (picture_bytes("PNG", (300, 300)) + bytes(1_000_000), 413, "too large"),
        ]
        for data, expected, words in cases:
            status, answer = await lab.json("POST", "/upload/image", data=form_of(data))
            assert status == expected, words
            assert words in message_of(answer)
        start = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        many = b"".join(
            b'--x\r\nContent-Disposition: form-data; name="%d"\r\n\r\n1\r\n' % n for n in range(50)
        )
        for body in (
            start,  # cut off
            many + start + picture_bytes() + b"\r\n--x--\r\n",
            b'--x\r\nContent-Disposition: form-data; name="\x0c"\r\n\r\n1\r\n--x--\r\n',
            start + picture_bytes() + b"\r\n--y--\r\n",  # with another boundary's end
        ):
            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            status, answer = await lab.json("POST", "/upload/image", data=body, headers=headers)
            assert status == 400
            assert message_of(answer)
        assert not list(lab.folders.input.glob("*"))

    play(tmp_path, story, max_upload=1_000_000)


TRAVERSAL = [
    "../secret.txt",
    "..\\..\\secret.txt",
    "/etc/passwd",
    "link/secret.txt",
    "..",
    "a/../..",
]


@pytest.mark.parametrize("name", TRAVERSAL)
def test_no_other_name_leads_out_either(name: str, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        root = lab.folders.output.parent
        (root / "secret.txt").write_text("the secret")
        for folder in (lab.folders.input, root / "editor" / "assets", lab.folders.models[0]):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "link").symlink_to(root)
        quoted = "".join(f"%{byte:02X}" for byte in name.encode())
        asked = [
            f"/assets/{quoted}",
            f"/models/{quoted}",
            f"/experiment/models/{quoted}",
            f"/object_info/{quoted}",
            f"/settings/{quoted}",
            f"/history/{quoted}",
            f"/api/jobs/{quoted}",
            f"/blockloom/jobs/{quoted}/log",
            f"/blockloom/examples/{quoted}",
            f"/blockloom/templates/{quoted}/{quoted}",
            f"/view?filename=a.png&type={quoted}",
        ]
        for path in asked:
            async with lab.session.get(yarl.URL(lab.url(path), encoded=True)) as response:
                body = await response.read()
                assert response.status < 500, path
                assert b"the secret" not in body
                assert b"root:" not in body
        form = aiohttp.FormData()
        form.add_field("image", picture_bytes(), filename="mask.png")
        original = {"filename": "secret.txt", "subfolder": name, "type": "input"}
        form.add_field("original_ref", json.dumps(original))
        assert (await lab.json("POST", "/upload/mask", data=form))[0] == 400
        graph = {
            "1": {"class_type": "LoadImage", "inputs": {"image": name}},
            "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}},
        }
        status, answer = await lab.post("/prompt", {"prompt": graph, "prompt_id": name[:200]})
        if status == 200:
            assert answer["prompt_id"] == name
        assert (root / "secret.txt").read_text() == "the secret"

    play(tmp_path, story, editor=tmp_path / "editor")


FRAMES = [
    b"\x80\x80\0\0\0\0",  # goes on with what never began
    b"\x83\x80\0\0\0\0",  # of a kind that does not exist
    b"\xc1\x80\0\0\0\0",  # packed, though nobody agreed to that
    b"\x89\xfe\x00\xff\0\0\0\0" + bytes(255),  # a ping larger than pings may be
    b"\x81\x82\0\0\0\0\xff\xfe",  # no UTF-8
    b"\x81\xff" + b"\xff" * 8 + b"\0\0\0\0",  # as long as can be said
    b"\x88\x81\0\0\0\0\x01",  # a goodbye of half a number
    b"\x01\x80\0\0\0\0" * 2,  # begins again in the midst of it
]


@pytest.mark.parametrize("frame", FRAMES)
def test_a_broken_frame_ends_only_its_own_socket(frame: bytes, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with lab.socket("mine") as mine:
            await mine.next()
            reader, writer = await asyncio.open_connection("127.0.0.1", lab.server.port)
            writer.write(
                b"GET /ws?clientId=theirs HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            assert b"101" in await reader.readline()
            writer.write(frame)
            async with asyncio.timeout(20):
                await reader.read()
            writer.close()
            await writer.wait_closed()
            job_id = await lab.prompt(image_graph(), client_id="mine")
            assert "execution_success" in [event["type"] for event in await mine.until_end(job_id)]

    play(tmp_path, story)
