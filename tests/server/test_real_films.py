"""Films and sounds through a real server with a real worker: made, told of, seen and sent again."""

from __future__ import annotations

import asyncio
import io
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import PIL.Image
import pytest
from tests.server.server_kit import Socket
from tests.server.server_process import Process, server_in, until

from blockloom.film_files import open_film, probe_film
from blockloom.sound_files import open_sound


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with server_in(tmp_path_factory.mktemp("films")) as found:
        found.start()
        until(lambda: found.workers()[0]["state"] == "idle", "the worker is ready", 180)
        yield found


def film_graph() -> dict[str, Any]:
    """A film of half a second from plain pictures, with a sound, saved in many ways."""

    def plain(color: int) -> dict[str, Any]:
        inputs = {"width": 64, "height": 32, "batch_size": 6, "color": color}
        return {"class_type": "EmptyImage", "inputs": inputs}

    return {
        "red": plain(0xFF0000),
        "blue": plain(0x0000FF),
        "both": {
            "class_type": "ImageBatch",
            "inputs": {"image1": ["red", 0], "image2": ["blue", 0]},
        },
        "hush": {"class_type": "EmptyAudio", "inputs": {"duration": 0.5, "sample_rate": 8000}},
        "film": {
            "class_type": "CreateVideo",
            "inputs": {"images": ["both", 0], "fps": 24, "audio": ["hush", 0]},
        },
        "mp4": {"class_type": "SaveVideo", "inputs": {"video": ["film", 0]}},
        "webm": {
            "class_type": "SaveVideo",
            "inputs": {"video": ["film", 0], "filename_prefix": "clip", "format": "webm"},
        },
        "look": {"class_type": "BlockloomPreviewVideo", "inputs": {"video": ["film", 0]}},
        "flac": {"class_type": "SaveAudio", "inputs": {"audio": ["hush", 0]}},
        "hear": {"class_type": "PreviewAudio", "inputs": {"audio": ["hush", 0]}},
    }


EXPECTED = {
    "mp4": {
        "images": [{"filename": "blockloom_00001_.mp4", "subfolder": "video", "type": "output"}],
        "animated": [True],
    },
    "webm": {
        "images": [{"filename": "clip_00001_.webm", "subfolder": "", "type": "output"}],
        "animated": [True],
    },
    "look": {
        "images": [{"filename": "preview_00001_.mp4", "subfolder": "", "type": "temp"}],
        "animated": [True],
    },
    "flac": {
        "audio": [{"filename": "blockloom_00001_.flac", "subfolder": "audio", "type": "output"}]
    },
    "hear": {"audio": [{"filename": "preview_00002_.flac", "subfolder": "", "type": "temp"}]},
}


@pytest.fixture(scope="module")
def made(server: Process) -> tuple[str, dict[str, Any]]:
    """The job that made the films, and what was told of each node while it ran."""

    async def story() -> tuple[str, dict[str, Any]]:
        url = f"http://127.0.0.1:{server.port}/ws?clientId=me"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as opened:
            socket = Socket(opened)
            body = {"prompt": film_graph(), "client_id": "me", "seed": 5}
            job_id = (await asyncio.to_thread(server.ask, "/prompt", body))["prompt_id"]
            told = {}
            while (event := await socket.next(60)).get("type") != "execution_success":
                assert event.get("type") != "execution_error", event
                if event.get("type") == "executed":
                    told[event["data"]["node"]] = event["data"]["output"]
            return str(job_id), told

    return asyncio.run(story())


def fetch(server: Process, path: str, **headers: str) -> tuple[int, Any, bytes]:
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers=asked)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def seen(file: dict[str, str], **more: str) -> str:
    return f"/view?{urllib.parse.urlencode({**file, **more})}"


async def _send(server: Process, path: str, name: str, data: bytes) -> tuple[int, Any]:
    form = aiohttp.FormData()
    form.add_field("image", data, filename=name)
    url = f"http://127.0.0.1:{server.port}{path}"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        return response.status, await response.json()


def send(server: Process, path: str, name: str, data: bytes) -> tuple[int, Any]:
    return asyncio.run(_send(server, path, name, data))


def film_file(server: Process, name: str = "mp4") -> bytes:
    status, _, body = fetch(server, seen(EXPECTED[name]["images"][0]))
    assert status == 200
    return body


def test_films_and_sounds_are_told_as_comfyui_tells_them(
    server: Process, made: tuple[str, dict[str, Any]]
) -> None:
    job_id, told = made
    assert told == EXPECTED
    assert server.ask(f"/history/{job_id}")[job_id]["outputs"] == EXPECTED
    job = server.ask(f"/api/jobs/{job_id}")
    assert job["outputs_count"] == 5
    assert job["preview_output"]["mediaType"] in ("images", "audio")


def test_a_saved_film_is_sent_whole_and_in_parts(
    server: Process, made: tuple[str, dict[str, Any]], tmp_path: Path
) -> None:
    file = EXPECTED["mp4"]["images"][0]
    status, headers, whole = fetch(server, seen(file))
    assert (status, headers["Content-Type"], headers["Accept-Ranges"]) == (
        200,
        "video/mp4",
        "bytes",
    )
    status, headers, part = fetch(server, seen(file), Range="bytes=100-199")
    assert (status, part) == (206, whole[100:200])
    assert headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    (tmp_path / "a.mp4").write_bytes(whole)
    film = open_film(tmp_path / "a.mp4")
    assert (len(film.frames), film.rate, film.size) == (12, 24, (64, 32))
    assert film.sound is not None


def test_a_film_is_shown_small_by_its_first_frame(
    server: Process, made: tuple[str, dict[str, Any]]
) -> None:
    for name in ("mp4", "webm"):
        _, headers, body = fetch(server, seen(EXPECTED[name]["images"][0], size="16"))
        picture = PIL.Image.open(io.BytesIO(body))
        assert (headers["Content-Type"], picture.size) == ("image/png", (16, 8))
        red, green, blue = picture.convert("RGB").getpixel((8, 4))  # type: ignore[misc]
        assert red > 200 > 60 > max(green, blue)


def test_values_are_films_and_sounds_of_their_own(
    server: Process, made: tuple[str, dict[str, Any]], tmp_path: Path
) -> None:
    path = f"/blockloom/block_state/{made[0]}"
    for form in ("mp4", "webm"):
        status, headers, body = fetch(server, f"{path}/film/video?form={form}")
        assert (status, headers["Content-Type"]) == (200, f"video/{form}")
        (tmp_path / "value").write_bytes(body)
        assert probe_film(tmp_path / "value").rate == 24
    status, headers, body = fetch(server, f"{path}/hush/audio?form=wav")
    assert (status, headers["Content-Type"]) == (200, "audio/wav")
    (tmp_path / "value").write_bytes(body)
    assert open_sound(tmp_path / "value").seconds == 0.5
    _, _, body = fetch(server, f"{path}/both/image?form=mp4&rate=12")
    (tmp_path / "value").write_bytes(body)
    assert probe_film(tmp_path / "value").rate == 12
    _, _, body = fetch(server, f"{path}/film/video?form=png&item=11")
    assert PIL.Image.open(io.BytesIO(body)).getpixel((0, 0)) == (0, 0, 255)
    assert fetch(server, f"{path}/hush/audio?form=mp4")[0] == 404
    assert fetch(server, f"{path}/film/video?form=mp4&rate=x")[0] == 400


def test_the_block_state_says_what_they_are(
    server: Process, made: tuple[str, dict[str, Any]]
) -> None:
    state = server.ask(f"/blockloom/block_state/{made[0]}/film")
    (film,) = state["written"]
    assert film["value"]["kind"] == "video"
    assert film["value"]["text"].startswith("12 frames, 64 x 32, 0.50 s at 24 frames a second")
    status, _, body = fetch(server, f"/blockloom/thumbnail/{made[0]}/hush/audio?size=64")
    assert (status, PIL.Image.open(io.BytesIO(body)).size) == (200, (64, 32))


def test_films_and_sounds_are_sent_and_loaded(
    server: Process, made: tuple[str, dict[str, Any]]
) -> None:
    film = film_file(server)
    sound = fetch(server, seen(EXPECTED["flac"]["audio"][0]))[2]
    stored = {"name": "sent.mp4", "subfolder": "", "type": "input"}
    assert send(server, "/upload/image", "sent.mp4", film) == (200, stored)
    assert send(server, "/upload/image", "sent.mp4", film) == (200, stored)
    assert send(server, "/upload/image", "bad.wav", film)[1]["name"] == "bad.wav.mp4"
    assert send(server, "/upload/image", "sent.flac", sound)[1]["name"] == "sent.flac"
    for name, data in (("a.mp4", b"no film"), ("a.wav", b"RIFF"), ("a.mp4", film[:99])):
        status, answer = send(server, "/upload/image", name, data)
        assert (status, name in answer["error"]["message"]) == (400, True)

    (choices, options) = server.ask("/object_info/LoadVideo")["LoadVideo"]["input"]["required"][
        "file"
    ]
    assert (choices, options["video_upload"]) == (["bad.wav.mp4", "sent.mp4"], True)
    (choices, options) = server.ask("/object_info/LoadAudio")["LoadAudio"]["input"]["required"][
        "audio"
    ]
    assert (choices, options["audio_upload"]) == (["bad.wav.mp4", "sent.flac", "sent.mp4"], True)

    job_id = server.prompt(
        {
            "load": {"class_type": "LoadVideo", "inputs": {"file": "sent.mp4"}},
            "parts": {"class_type": "GetVideoComponents", "inputs": {"video": ["load", 0]}},
            "tell": {"class_type": "PreviewAny", "inputs": {"source": ["parts", "fps"]}},
        }
    )
    assert server.ended(job_id)["outputs"] == {"tell": {"text": ["24.0"]}}


def test_a_film_that_is_none_fails_by_name(server: Process) -> None:
    (server.data / "input").mkdir(exist_ok=True)
    (server.data / "input" / "broken.mp4").write_bytes(b"nothing")
    job_id = server.prompt(
        {
            "load": {"class_type": "LoadVideo", "inputs": {"file": "broken.mp4"}},
            "show": {"class_type": "BlockloomPreviewVideo", "inputs": {"video": ["load", 0]}},
        }
    )
    messages = dict(server.ended(job_id)["status"]["messages"])
    error = messages["execution_error"]
    assert (error["node_id"], error["node_type"]) == ("load", "LoadVideo")
    assert '"broken.mp4" is not a film that can be opened.' in error["exception_message"]
    assert "MP4, WebM" in error["exception_message"]


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_a_film_gives_its_graph_back(
    server: Process, made: tuple[str, dict[str, Any]], name: str
) -> None:
    status, origin = send(server, "/blockloom/origin", "film", film_file(server, name))
    assert status == 200
    assert (set(origin["prompt"]), origin["node"]) == (set(film_graph()), name)
    assert json.dumps(origin["prompt"]["red"]["inputs"]["color"]) == "16711680"


def test_what_does_not_know_its_graph_says_so(server: Process) -> None:
    picture = io.BytesIO()
    PIL.Image.new("RGB", (4, 4)).save(picture, format="GIF")
    status, answer = send(server, "/blockloom/origin", "plain.gif", picture.getvalue())
    assert (status, "plain.gif" in answer["error"]["message"]) == (404, True)
    status, answer = send(server, "/blockloom/origin", "a.mp4", b"nothing at all")
    assert (status, '"a.mp4"' in answer["error"]["message"]) == (400, True)
