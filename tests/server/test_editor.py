"""The editor's page and files as a browser asks for them."""

from __future__ import annotations

import asyncio
import gzip
import os
from pathlib import Path

import aiohttp
import pytest
import yarl
from tests.server.server_kit import Lab, play

from blockloom import resources
from blockloom.errors import NotFoundError
from blockloom.server.keys import Access

PAGE = "<!doctype html><title>The editor</title>"
SCRIPT = "export const text = 'a text';\n" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets" / "fonts").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "source.sha256").write_text("0" * 64)
    (folder / "assets" / "app.js").write_text(SCRIPT)
    (folder / "assets" / "app.css").write_text("body {}")
    (folder / "assets" / "icon.svg").write_text("<svg/>")
    (folder / "assets" / "fonts" / "text.woff2").write_bytes(b"w" * 3000)
    (tmp_path / "secret.js").write_text("secret")
    return folder


def test_the_page_is_the_editor_whatever_stands_behind_the_question_mark(
    tmp_path: Path, built: Path
) -> None:
    async def story(lab: Lab) -> None:
        for path in ("/", "/?graph=mine", "/?graph=a%20b&x=1"):
            async with lab.session.get(lab.url(path)) as response:
                assert response.status == 200
                assert await response.text() == PAGE
                assert response.headers["Content-Type"] == "text/html; charset=utf-8"
                assert response.headers["Cache-Control"] == "no-cache"
                assert "script-src 'self'" in response.headers["Content-Security-Policy"]

    play(tmp_path, story, editor=built)


def test_files_have_their_types_and_are_sent_once(tmp_path: Path, built: Path) -> None:
    types = {
        "app.js": "text/javascript; charset=utf-8",
        "app.css": "text/css; charset=utf-8",
        "icon.svg": "image/svg+xml; charset=utf-8",
        "fonts/text.woff2": "font/woff2",
    }

    async def story(lab: Lab) -> None:
        for name, kind in types.items():
            async with lab.session.get(lab.url(f"/assets/{name}")) as response:
                assert (response.status, response.headers["Content-Type"]) == (200, kind)
                assert await response.read() == (built / "assets" / name).read_bytes()
                assert response.headers["Cache-Control"] == "no-cache"
                headers = {"If-None-Match": response.headers["ETag"]}
            async with lab.session.get(lab.url(f"/assets/{name}"), headers=headers) as response:
                assert (response.status, await response.read()) == (304, b"")
        url = lab.url("/assets/app.js")
        async with lab.session.get(url, auto_decompress=False) as response:
            assert response.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(await response.read()).decode() == SCRIPT
        async with lab.session.get(url, headers={"Accept-Encoding": "identity"}) as response:
            assert "Content-Encoding" not in response.headers
            assert await response.text() == SCRIPT

    play(tmp_path, story, editor=built)


def test_a_new_build_is_sent_at_once(tmp_path: Path, built: Path) -> None:
    async def story(lab: Lab) -> None:
        async with lab.session.get(lab.url("/assets/app.js")) as response:
            headers = {"If-None-Match": response.headers["ETag"]}
        path = built / "assets" / "app.js"
        path.write_text("new")
        os.utime(path, (1, 1))
        async with lab.session.get(lab.url("/assets/app.js"), headers=headers) as response:
            assert (response.status, await response.text()) == (200, "new")

    play(tmp_path, story, editor=built)


OUTSIDE = ["../secret.js", "..%2F..%2Fsecret.js", "a/../../../secret.js", "%2Fetc/passwd", "..\\x"]


@pytest.mark.parametrize("name", [*OUTSIDE, "gone.js", "fonts", "../source.sha256", "link.js", ""])
def test_nothing_else_is_sent(name: str, tmp_path: Path, built: Path) -> None:
    (built / "assets" / "link.js").symlink_to(tmp_path / "secret.js")

    async def story(lab: Lab) -> None:
        url = yarl.URL(lab.url(f"/assets/{name}"), encoded=True)
        async with lab.session.get(url) as response:
            assert response.status in (400, 403, 404)
            assert "secret" not in await response.text()

    play(tmp_path, story, editor=built)


def test_without_a_built_editor_the_page_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path)
    with pytest.raises(NotFoundError, match="no built editor"):
        resources.editor_folder()

    async def story(lab: Lab) -> None:
        async with lab.session.get(lab.url("/")) as response:
            assert (response.status, response.content_type) == (200, "text/html")
            text = await response.text()
        assert "cd web &amp;&amp; npm ci &amp;&amp; npm run build" in text
        assert (await lab.get("/assets/app.js"))[0] == 404
        assert (await lab.get("/queue"))[0] == 200

    play(tmp_path, story)


def test_the_editor_of_a_checkout_is_found_as_soon_as_it_is_built(
    tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    monkeypatch.setattr(resources, "_PACKAGE", checkout / "src" / "blockloom")
    monkeypatch.setattr(resources, "_CHECKOUT", checkout)
    (checkout / "web").mkdir(parents=True)
    (checkout / "pyproject.toml").write_text("")

    async def story(lab: Lab) -> None:
        assert "npm run build" in (await lab.get("/"))[1]
        await asyncio.to_thread(built.rename, checkout / "web" / "dist")
        assert (await lab.get("/"))[1] == PAGE

    play(tmp_path, story)


def test_the_editor_of_a_server_with_a_token_is_behind_it(tmp_path: Path, built: Path) -> None:
    async def story(lab: Lab) -> None:
        for path in ("/", "/assets/app.js"):
            assert (await lab.get(path))[0] == 401
        headers = {"Accept": "text/html"}
        url = lab.url("/?token=secret&graph=mine")
        async with lab.session.get(url, headers=headers) as response:
            assert str(response.url).endswith("/?graph=mine")
            assert await response.text() == PAGE
        # A browser that came with the token brings its cookie for the files.
        assert isinstance(lab.session.cookie_jar, aiohttp.CookieJar)
        assert (await lab.get("/assets/app.js"))[0] == 200

    access = Access(token="secret", is_exposed=True)
    play(tmp_path, story, editor=built, access=access)
