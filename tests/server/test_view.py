"""``/view`` over a real socket: films in parts, nothing sent twice, pictures as small as wanted."""

from __future__ import annotations

import io
import os
from email.utils import formatdate
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from tests.server.server_kit import Lab, play

FILM = bytes(range(256)) * 8
DAY = 24 * 60 * 60


def put(lab: Lab, name: str, data: bytes, kind: str = "output") -> str:
    """A file in a folder of the server, two days old; returns the path to see it."""
    roots = {
        "output": lab.folders.output,
        "temp": lab.folders.temporary,
        "input": lab.folders.input,
    }
    path = roots[kind] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return f"/view?filename={path.name}&type={kind}"


def picture(size: tuple[int, int] = (64, 32), mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    color = (10, 200, 30, 128)[: len(mode)]
    PIL.Image.new(mode, size, color).save(target, format="PNG")
    return target.getvalue()


async def see(lab: Lab, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, bytes]:
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    async with lab.session.request(method, lab.url(path), headers=asked) as response:
        return response.status, response.headers, await response.read()


@pytest.mark.parametrize("prefix", ["", "/api"])
@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-100", 100, 101),
        ("bytes=1000-", 1000, 2048),
        ("bytes=-48", 2000, 2048),
        ("bytes=2000-9999", 2000, 2048),
        ("bytes=-9999", 0, 2048),
    ],
)
def test_a_film_is_sent_in_parts(
    wanted: str, start: int, end: int, prefix: str, tmp_path: Path
) -> None:
    async def story(lab: Lab) -> None:
        path = prefix + put(lab, "film.mp4", FILM)
        status, headers, data = await see(lab, path, Range=wanted)
        assert (status, data) == (206, FILM[start:end])
        assert headers["Content-Range"] == f"bytes {start}-{end - 1}/2048"
        assert headers["Content-Length"] == str(end - start)
        assert headers["Content-Type"] == "video/mp4"

    play(tmp_path, story)


def test_a_film_is_sent_whole_to_who_asks_for_no_part(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        path = put(lab, "film.mp4", FILM)
        status, headers, data = await see(lab, path)
        assert (status, data, headers["Accept-Ranges"]) == (200, FILM, "bytes")
        status, headers, data = await see(lab, path, "HEAD")
        assert (status, data, headers["Content-Length"]) == (200, b"", "2048")
        status, headers, _ = await see(lab, path, Range="bytes=2048-")
        assert (status, headers["Content-Range"]) == (416, "bytes */2048")
        for nonsense in ("bytes=9-1", "bytes=x", "bytes=-", "pages=1-2"):
            assert (await see(lab, path, Range=nonsense))[0] == 416

    play(tmp_path, story)


def test_a_part_belongs_to_the_film_it_was_asked_of(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        path = put(lab, "film.webm", FILM)
        _, headers, _ = await see(lab, path)
        since = headers["Last-Modified"]
        assert (await see(lab, path, Range="bytes=0-9", If_Range=since))[0] == 206
        before = formatdate(1_700_000_000 - DAY, usegmt=True)
        status, _, data = await see(lab, path, Range="bytes=0-9", If_Range=before)
        assert (status, data) == (200, FILM)
        changed = put(lab, "film.webm", FILM[:-1])
        assert changed == path
        status, _, _ = await see(lab, path, Range="bytes=0-9", If_Match=headers["ETag"])
        assert status == 412

    play(tmp_path, story)


@pytest.mark.parametrize("how", ["", "&preview=webp;80", "&preview=jpeg&size=16", "&channel=a"])
def test_nothing_is_sent_to_who_has_it(how: str, tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        path = put(lab, "a.png", picture()) + how
        status, headers, whole = await see(lab, path)
        assert status == 200
        tag, since = headers["ETag"], headers["Last-Modified"]
        assert since == formatdate(1_700_000_000, usegmt=True)
        assert headers["Cache-Control"] == "private, no-cache"
        for known in (tag, f'"other", {tag}', "*"):
            status, headers, data = await see(lab, path, If_None_Match=known)
            assert (status, data, headers["ETag"]) == (304, b"", tag), known
        assert (await see(lab, path, If_Modified_Since=since))[0] == 304
        later = formatdate(1_700_000_000 + DAY, usegmt=True)
        assert (await see(lab, path, If_Modified_Since=later))[0] == 304
        for old in (
            {"If_None_Match": '"other"'},
            {"If_Modified_Since": formatdate(0, usegmt=True)},
        ):
            status, _, data = await see(lab, path, **old)
            assert (status, data) == (200, whole)
        # The tag decides where both are given, and another file of that name has another one.
        status, _, _ = await see(lab, path, If_None_Match='"other"', If_Modified_Since=later)
        assert status == 200
        put(lab, "a.png", picture((65, 32)))
        status, headers, _ = await see(lab, path, If_None_Match=tag)
        assert status == 200
        assert headers["ETag"] != tag

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("how", "kind", "size", "mode"),
    [
        ("preview=webp;80", "WEBP", (64, 32), "RGB"),
        ("preview=webp;1&size=32", "WEBP", (32, 16), "RGB"),
        ("preview=jpeg", "JPEG", (64, 32), "RGB"),
        ("preview=jpeg;100&size=8", "JPEG", (8, 4), "RGB"),
        ("preview=png&size=16", "PNG", (16, 8), "RGB"),
        ("preview=something;x", "WEBP", (64, 32), "RGB"),
        ("preview=webp;99999", "WEBP", (64, 32), "RGB"),
        ("size=16", "PNG", (16, 8), "RGB"),
        ("size=512", "PNG", (64, 32), "RGB"),
        ("channel=rgb", "PNG", (64, 32), "RGB"),
        ("channel=a&size=32", "PNG", (32, 16), "RGBA"),
    ],
)
def test_pictures_are_as_small_as_wanted(
    how: str, kind: str, size: tuple[int, int], mode: str, tmp_path: Path
) -> None:
    async def story(lab: Lab) -> None:
        path = put(lab, "a.png", picture(), "temp")
        status, headers, data = await see(lab, f"{path}&{how}")
        assert (status, headers["Content-Type"]) == (200, f"image/{kind.lower()}")
        with PIL.Image.open(io.BytesIO(data)) as found:
            assert (found.format, found.size, found.mode) == (kind, size, mode)

    play(tmp_path, story)


def test_quality_and_transparency_are_as_asked_for(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        noise = PIL.Image.effect_noise((128, 128), 90).convert("RGB")
        target = io.BytesIO()
        noise.save(target, format="PNG")
        path = put(lab, "noise.png", target.getvalue())
        for kind in ("webp", "jpeg"):
            sizes = [
                len((await see(lab, f"{path}&preview={kind};{quality}"))[2])
                for quality in (5, 50, 95)
            ]
            assert sizes == sorted(sizes)
            assert sizes[0] < sizes[2] / 2
        path = put(lab, "clear.png", picture(mode="RGBA"))
        _, _, data = await see(lab, f"{path}&preview=webp")
        with PIL.Image.open(io.BytesIO(data)) as found:
            assert found.convert("RGBA").getpixel((0, 0))[3] == 128
        _, _, data = await see(lab, f"{path}&channel=rgb")
        with PIL.Image.open(io.BytesIO(data)) as found:
            assert found.getpixel((0, 0)) == (10, 200, 30)

    play(tmp_path, story)


@pytest.mark.parametrize(
    "how",
    [
        *("size=0", "size=-1", "size=8193", "size=x", "size=1.5"),
        *("size=" + "9" * 5000, "size=00000" + "9" * 5000),
    ],
    ids=lambda how: how[:12],
)
def test_sizes_that_are_none_are_refused(how: str, tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        path = put(lab, "a.png", picture())
        status, answer = await lab.get(f"{path}&{how}")
        assert (status, answer["error"]["type"]) == (400, "bad_request")
        assert '"size" has to be' in answer["error"]["message"]

    play(tmp_path, story)


def test_a_picture_that_does_not_fit_the_format_says_so(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        path = put(lab, "long.png", picture((20_000, 2)))
        status, answer = await lab.get(f"{path}&preview=webp")
        assert (status, answer["error"]["type"]) == (400, "bad_request")
        assert "too large for WEBP" in answer["error"]["message"]
        assert (await see(lab, f"{path}&preview=webp&size=8000"))[0] == 200

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PNG", "image/png"),
        ("a.webp", "image/webp"),
        ("a.mp4", "video/mp4"),
        ("a.webm", "video/webm"),
        ("a.mkv", "video/x-matroska"),
        ("a.flac", "audio/flac"),
        ("a.wav", "audio/wav"),
        ("a.json", "application/json"),
        ("a.svg", "application/octet-stream"),
        ("a.html", "application/octet-stream"),
        ("a.js", "application/octet-stream"),
        ("a.css", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
def test_what_a_browser_may_take_a_file_for(name: str, kind: str, tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        _, headers, _ = await see(lab, put(lab, name, b"x"))
        assert headers["Content-Type"].partition(";")[0] == kind
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"] == f'filename="{name}"'

    play(tmp_path, story)


@pytest.mark.parametrize("kind", ["output", "temp", "input"])
def test_nothing_outside_a_folder_is_seen(kind: str, tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        put(lab, "sub/inside.png", picture(), kind)
        assert (await see(lab, f"/view?filename=inside.png&subfolder=sub&type={kind}"))[0] == 200
        assert (await see(lab, f"/view?filename=sub/inside.png&type={kind}"))[0] == 200
        secret = tmp_path / "secret.png"
        secret.write_bytes(picture())
        root = {"output": lab.folders.output, "temp": lab.folders.temporary}.get(
            kind, lab.folders.input
        )
        (root / "link.png").symlink_to(secret)
        (root / "out").symlink_to(tmp_path)
        for query in (
            "filename=../secret.png",
            "filename=link.png",
            "filename=out/secret.png",
            "filename=secret.png&subfolder=out",
            "filename=secret.png&subfolder=..",
            "filename=secret.png&subfolder=sub/../..",
            f"filename={secret}",
            f"filename=secret.png&subfolder={tmp_path}",
            "filename=..%2Fsecret.png",
            "filename=..%5Csecret.png",
            "filename=~/secret.png",
            "filename=%00secret.png",
        ):
            for more in ("", "&preview=webp"):
                status, _, data = await see(lab, f"/view?{query}&type={kind}{more}")
                assert status in (400, 403, 404), query
                assert b"PNG" not in data

    play(tmp_path, story)
