"""Who is let in, and that no name leads out of its folder."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import aiohttp
import pytest
from tests.server.server_kit import Lab, image_graph, picture_bytes, play

from blockloom.server.app import routes
from blockloom.server.keys import Access
from blockloom.server.running import Listening, access_for

REFUSED_EVERYWHERE = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Host": "evil.example"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "user@127.0.0.1"},
    {"Host": ""},
]
REFUSED_WRITES = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", REFUSED_EVERYWHERE)
def test_foreign_names_and_origins_are_refused(headers: dict[str, str], tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        for method, path in (("GET", "/prompt"), ("POST", "/interrupt"), ("OPTIONS", "/prompt")):
            status, answer = await lab.json(method, path, headers=headers)
            assert status == 403 or (status == 400 and not headers.get("Host", "x"))
            if status == 403:
                assert answer["error"]["type"] == "forbidden"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await lab.session.ws_connect(lab.url("/ws"), headers=headers)

    play(tmp_path, story)


@pytest.mark.parametrize("headers", REFUSED_WRITES)
def test_other_sites_may_not_write(headers: dict[str, str], tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        assert (await lab.json("POST", "/interrupt", headers=headers))[0] == 403
        assert (await lab.json("GET", "/", headers=headers))[0] == 200
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await lab.session.ws_connect(lab.url("/ws"), headers=headers)

    play(tmp_path, story)


def test_our_own_page_may_do_everything(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        own = {"Origin": lab.url(""), "Sec-Fetch-Site": "same-origin"}
        assert (await lab.json("POST", "/interrupt", headers=own))[0] == 200
        async with lab.session.ws_connect(lab.url("/ws"), headers=own) as socket:
            assert (await socket.receive(5)).type is aiohttp.WSMsgType.TEXT
        named = {"Host": f"localhost:{lab.server.port}"}
        assert (await lab.json("POST", "/interrupt", headers=named))[0] == 200

    play(tmp_path, story)


def test_allowed_names_and_origins_are_let_in(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        assert (await lab.json("GET", "/prompt", headers={"Host": "studio.local:80"}))[0] == 200
        headers = {"Origin": "https://my.site", "Sec-Fetch-Site": "cross-site"}
        assert (await lab.json("POST", "/interrupt", headers=headers))[0] == 200

    access = Access(hosts=frozenset({"studio.local"}), origins=frozenset({"https://my.site"}))
    play(tmp_path, story, access=access)


def test_a_token_is_wanted_and_remembered(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        status, answer = await lab.get("/prompt")
        assert (status, answer["error"]["type"]) == (401, "unauthorized")
        for wrong in ("Bearer x", "Bearer ", "secret", "Basic secret"):
            headers = {"Authorization": wrong}
            assert (await lab.json("GET", "/prompt", headers=headers))[0] == 401
        assert (await lab.get("/prompt?token=wrong"))[0] == 401
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await lab.session.ws_connect(lab.url("/ws"))
        bearer = {"Authorization": "Bearer secret"}
        assert (await lab.json("GET", "/prompt", headers=bearer))[0] == 200
        async with lab.session.ws_connect(lab.url("/ws?token=secret")) as socket:
            await socket.receive(5)
        page = {"Accept": "text/html"}
        async with lab.session.get(
            lab.url("//evil.example/?token=secret&a=1"), headers=page, allow_redirects=False
        ) as response:
            assert not response.headers.get("Location", "/").startswith("//")
        lab.session.cookie_jar.clear()
        async with lab.session.get(
            lab.url("/?token=secret&a=1"), headers=page, allow_redirects=False
        ) as response:
            assert (response.status, response.headers["Location"]) == (303, "/?a=1")
            cookie = response.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
        assert (await lab.get("/prompt"))[0] == 200

    play(tmp_path, story, access=Access(token="secret", is_exposed=True))


def test_a_browser_without_the_token_gets_a_page_that_asks_for_it(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        page = {"Accept": "text/html,*/*"}
        address = '/?graph=a"><b&token=outworn'
        async with lab.session.get(lab.url(address), headers=page) as response:
            text = await response.text()
            assert (response.status, response.content_type) == (401, "text/html")
        assert 'name="token"' in text
        assert 'name="graph" value="a&quot;&gt;&lt;b"' in text
        assert "outworn" not in text
        assert "secret" not in text

    play(tmp_path, story, access=Access(token="secret", is_exposed=True))


ROUTES = sorted({(r.method, re.sub(r"\{[^}]*\}", "x", r.path)) for r in routes()})
WITHOUT = [
    {},
    {"Authorization": "Bearer wrong"},
    {"Authorization": "Bearer secre"},
    {"Authorization": "Bearer secret\xff"},
    {"Authorization": "secret"},
    {"Cookie": "blockloom_token=wrong"},
    {"Cookie": "blockloom_token="},
]


@pytest.mark.parametrize("headers", WITHOUT, ids=str)
def test_no_route_answers_without_the_token(headers: dict[str, str], tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        for method, path in ROUTES:
            for query in ("", "?token=", "?token=wrong", "?token=%FF", "?Token=secret"):
                status, answer = await lab.json(method, f"{path}{query}", headers=headers)
                assert (status, answer["error"]["type"]) == (401, "unauthorized"), (method, path)
        assert (await lab.get("/prompt"))[0] == 401

    play(tmp_path, story, access=Access(token="secret", is_exposed=True))


def test_no_route_answers_foreign_pages_even_with_the_token(tmp_path: Any) -> None:
    foreign = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}]

    async def story(lab: Lab) -> None:
        for method, path in ROUTES:
            for headers in foreign:
                with_token = {"Authorization": "Bearer secret", **headers}
                status, answer = await lab.json(method, path, headers=with_token)
                assert (status, answer["error"]["type"]) == (403, "forbidden"), (method, path)

    play(tmp_path, story, access=Access(token="secret", is_exposed=True))


def test_listening_elsewhere_makes_a_token() -> None:
    assert access_for(Listening()).token == ""
    assert access_for(Listening(host="localhost", token="mine")).token == "mine"
    first, second = (access_for(Listening(host="0.0.0.0")) for _ in range(2))
    assert len(first.token) >= 24
    assert first.token != second.token


def test_every_answer_carries_security_headers(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        for path in ("/", "/prompt", "/nothing", "/view?filename=x.png"):
            async with lab.session.get(lab.url(path)) as response:
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["X-Frame-Options"] == "DENY"
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'self'" in policy
                assert "frame-ancestors 'none'" in policy

    play(tmp_path, story)


OUTSIDE = [
    "../secret.txt",
    "..\\secret.txt",
    "a/../../secret.txt",
    "/etc/passwd",
    "\\etc\\passwd",
    "C:\\secret.txt",
    "link/secret.txt",
    "link.png",
    "%2e%2e/secret.txt/../../../secret.txt",
    "a\x00b",
    "x" * 5000,
    "x" * 300,
]


def with_secrets(lab: Lab) -> None:
    """A secret beside the folders, and links to it in each of them."""
    root = lab.folders.output.parent
    (root / "secret.txt").write_text("the secret")
    for folder in (lab.folders.output, lab.folders.input, lab.folders.user):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "link").symlink_to(root)
        (folder / "link.png").symlink_to(root / "secret.txt")


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_name_leads_out_of_its_folder(name: str, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        with_secrets(lab)
        asked = [
            {"filename": name},
            {"filename": name, "type": "input"},
            {"filename": name, "type": "temp"},
            {"filename": f"{name} [input]"},
            {"filename": "secret.txt", "subfolder": name},
            {"filename": name, "preview": "webp;80"},
        ]
        for params in asked:
            await no_secret(lab, "GET", "/view", params=params)
        await no_secret(lab, "GET", "/userdata", params={"dir": name})
        await no_secret(lab, "GET", "/v2/userdata", params={"path": name})
        quoted = "".join(f"%{byte:02X}" for byte in name.encode())
        for method in ("GET", "POST", "DELETE"):
            await no_secret(lab, method, f"/userdata/{quoted}", data=b"overwritten")
        await no_secret(lab, "POST", f"/userdata/a.json/move/{quoted}")
        await no_secret(lab, "POST", f"/userdata/{quoted}/move/a.json")
        for field in ("subfolder", "name"):
            form = aiohttp.FormData()
            file_name = name if field == "name" else "a.png"
            form.add_field("image", picture_bytes(), filename=file_name.replace("\0", "_"))
            form.add_field("subfolder", name if field == "subfolder" else "")
            await no_secret(lab, "POST", "/upload/image", data=form)
        form = aiohttp.FormData()
        form.add_field("image", picture_bytes(), filename="mask.png")
        form.add_field("original_ref", json.dumps({"filename": name, "type": "input"}))
        await no_secret(lab, "POST", "/upload/mask", data=form)
        root = lab.folders.output.parent
        assert (root / "secret.txt").read_text() == "the secret"
        known = {"jobs.db", "jobs.db-shm", "jobs.db-wal", "jobs.db.lock", "secret.txt"}
        folders = {"output", "input", "user", "temp"}
        assert {path.name for path in root.iterdir()} <= known | folders

    play(tmp_path, story)


async def no_secret(lab: Lab, method: str, path: str, **options: Any) -> None:
    import yarl

    url = yarl.URL(lab.url(path), encoded=True)
    async with lab.session.request(method, url, **options) as response:
        body = await response.read()
        assert response.status < 500, (method, path, options, body)
        assert b"the secret" not in body


def test_bombs_and_lies_are_not_stored(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        bomb = bytearray(picture_bytes())
        bomb[16:24] = (60_000).to_bytes(4, "big") * 2
        for data in (bytes(bomb), b"no picture", picture_bytes()[:60], b""):
            form = aiohttp.FormData()
            form.add_field("image", data, filename="a.png")
            status, answer = await lab.json("POST", "/upload/image", data=form)
            assert status == 400
            assert answer["error"]["message"]
        assert not lab.folders.input.exists() or not list(lab.folders.input.iterdir())
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        for data in (b"--x\r\n", b"", b"--x\r\nContent-Disposition: form-data\r\n\r\n"):
            options = {"data": data, "headers": headers}
            assert (await lab.json("POST", "/upload/image", **options))[0] == 400
        assert (await lab.json("POST", "/upload/image", data=b"x"))[0] == 400

    play(tmp_path, story)


def test_broken_frames_harm_nobody(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nonsense = ["", "{", "[" * 50_000, '{"type": "feature_flags"}', '{"type": 5}', "null"]
        for text in nonsense:
            async with lab.session.ws_connect(lab.url("/ws?clientId=x")) as socket:
                await socket.send_str(text)
                assert (await socket.receive(5)).type is aiohttp.WSMsgType.TEXT
        async with lab.session.ws_connect(lab.url("/ws")) as socket:
            await socket.receive(5)
            await socket.send_bytes(b"x" * 200_000)
            assert (await socket.receive(5)).type is aiohttp.WSMsgType.CLOSE
        reader, writer = await asyncio.open_connection("127.0.0.1", lab.server.port)
        writer.write(
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\xff\xff\xff\xff\xff\xff"
        )
        assert b"101" in await reader.readline()
        writer.close()
        await lab.ended(await lab.prompt(image_graph()))

    play(tmp_path, story)


def test_unknown_paths_and_methods_have_the_one_shape(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        for method, path, expected in (
            ("GET", "/nothing", 404),
            ("DELETE", "/prompt", 405),
            ("GET", "/view", 404),
            ("GET", "/view?filename=x&type=models", 400),
            ("GET", "/blockloom/node_types/Nothing", 404),
            ("GET", "/history?max_items=x", 400),
        ):
            status, answer = await lab.json(method, path)
            assert status == expected, path
            assert answer["error"].keys() == {"type", "message", "details", "remedy"}

    play(tmp_path, story)
