"""Full disks, and folders nobody can write to: said on the node; no job is lost, all goes on."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.server.server_kit import image_graph, picture_bytes
from tests.server.server_process import Process, children_of, server_in, until

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="limits of running processes, and mounts"
)


# A node of somebody's own, who thinks of no disk at all.
CARELESS = """
from blockloom import Context, node


@node(id="Careless", output=True, volatile=True)
def careless(ctx: Context, text: str = "a text") -> None:
    (ctx.output_folder / "careless.txt").write_text(text)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder = tmp_path_factory.mktemp("disk").resolve()
    (folder / "nodes").mkdir()
    (folder / "nodes" / "careless.py").write_text(CARELESS)
    with server_in(folder) as found:
        found.start("--nodes", str(folder / "nodes"))
        found.ended(found.prompt(image_graph(0)))
        yield found


@contextlib.contextmanager
def no_more_bytes(pid: int) -> Iterator[None]:
    """No file of that process can grow: as a full disk, for everybody, root too."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def can_mount(folder: Path) -> bool:
    if os.geteuid() != 0:
        return False
    with contextlib.suppress(OSError, subprocess.CalledProcessError), mounted(folder):
        return True
    return False


Fault = Callable[[Process, Path], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def limited_worker(server: Process, folder: Path) -> Iterator[None]:
    (worker,) = children_of(server)
    with no_more_bytes(worker):
        yield


@contextlib.contextmanager
def full_disk(server: Process, folder: Path) -> Iterator[None]:
    with mounted(folder, "-o", "size=64k"):
        with contextlib.suppress(OSError), (folder / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))
        yield


@contextlib.contextmanager
def read_only_disk(server: Process, folder: Path) -> Iterator[None]:
    with mounted(folder, "-o", "ro"):
        yield


@contextlib.contextmanager
def file_in_its_place(server: Process, folder: Path) -> Iterator[None]:
    folder.write_bytes(b"no folder")
    yield
    folder.unlink()


@contextlib.contextmanager
def read_only_folder(server: Process, folder: Path) -> Iterator[None]:
    folder.mkdir()
    folder.chmod(0o555)
    yield
    folder.chmod(0o755)


FAULTS: list[tuple[Fault, str]] = [
    (limited_worker, "free some space"),
    (file_in_its_place, "A file lies where a folder has to be"),
    *([] if os.geteuid() == 0 else [(read_only_folder, "Make the folder writable")]),
]


@pytest.mark.parametrize("kind", ["full", "locked"])
def test_what_cannot_be_written_is_said_on_the_node(kind: str, server: Process) -> None:
    output = server.data / "output"
    faults = FAULTS[:1] if kind == "full" else FAULTS[1:]
    if can_mount(output / "trial"):
        more = (full_disk, faults[0][1]) if kind == "full" else (read_only_disk, "writable")
        faults = [*faults, more]
    for fault, remedy in faults:
        name = uuid.uuid4().hex[:8]
        with fault(server, output / name):
            color = int(name[:6], 16)
            first = server.ended(server.prompt(image_graph(color, f"{name}/picture")))
            second = server.ended(server.prompt(image_graph(color + 1, f"{name}/picture")))
            for entry in (first, second):
                event, said = entry["status"]["messages"][-1]
                assert event == "execution_error"
                assert (said["node_id"], said["node_type"]) == ("2", "SaveImage")
                assert remedy in said["exception_message"]
                assert str(output / name) in said["exception_message"]
                assert "Traceback" not in said["exception_message"]
            if (output / name).is_dir():
                assert {path.name for path in (output / name).iterdir()} <= {"filler"}
        # What was made before it is kept, and the very same job is done as soon as it can be.
        server.ask(f"/blockloom/jobs/{first['prompt'][1]}/retry", {})
        again = server.ended(first["prompt"][1])
        assert again["status"]["completed"] is True
        (image,) = again["outputs"]["2"]["images"]
        assert (output / name / image["filename"]).stat().st_size > 0
        server.ended(server.prompt(image_graph(color + 2)))
    assert [worker["starts"] for worker in server.workers()] == [1]


def test_a_node_that_thinks_of_no_disk_fails_in_words_too(server: Process) -> None:
    graph = {"1": {"class_type": "Careless", "inputs": {}}}
    (worker,) = children_of(server)
    with no_more_bytes(worker):
        _, said = server.ended(server.prompt(graph))["status"]["messages"][-1]
    assert said["node_id"] == "1"
    assert said["exception_message"].startswith("Something could not be written: ")
    assert "free some space" in said["exception_message"]
    assert server.ended(server.prompt(graph))["status"]["completed"] is True


def answer_of(server: Process, path: str, data: bytes, kind: str) -> tuple[int, Any]:
    request = urllib.request.Request(f"{server.url}{path}", data, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def uploaded() -> tuple[bytes, str]:
    head = b'--x\r\nContent-Disposition: form-data; name="image"; filename="up.png"\r\n\r\n'
    return head + picture_bytes() + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def slow_graph(color: int) -> dict[str, Any]:
    size = {"width": 1024, "height": 1024, "batch_size": 1, "color": color}
    nodes: dict[str, Any] = {"0": {"class_type": "EmptyImage", "inputs": size}}
    for number in range(1, 60):
        inputs = {"image": [str(number - 1), 0]}
        nodes[str(number)] = {"class_type": "ImageInvert", "inputs": inputs}
    nodes["end"] = {"class_type": "SaveImage", "inputs": {"images": ["59", 0]}}
    return nodes


def test_a_full_data_folder_refuses_new_jobs_and_keeps_those_it_has(server: Process) -> None:
    assert server.process is not None
    running = server.prompt(slow_graph(7))
    waiting = [server.prompt(image_graph(color)) for color in (70, 71, 72)]
    until(lambda: bool(server.ask("/queue")["queue_running"]), "the job runs")
    prompt = json.dumps({"prompt": image_graph(9)}).encode()
    with no_more_bytes(server.process.pid):
        for path, data, kind in (
            ("/prompt", prompt, "application/json"),
            ("/userdata/a.json", b"{}", "application/json"),
            ("/settings", b'{"a": 1}', "application/json"),
            ("/upload/image", *uploaded()),
        ):
            status, answer = answer_of(server, path, data, kind)
            assert status == 507, path
            assert answer["error"]["type"] == "storage"
            assert answer["error"]["remedy"]
        # It still answers, and the worker has gone on.
        pictures = server.data / "output"
        until(lambda: bool(list(pictures.glob("blockloom_*.png"))), "the running job saves")
        assert server.ask("/prompt")["exec_info"]["queue_remaining"] == 4
    for job_id in (running, *waiting):
        assert server.ended(job_id)["status"]["completed"] is True
    assert answer_of(server, "/upload/image", *uploaded())[0] == 200
    assert answer_of(server, "/prompt", prompt, "application/json")[0] == 200
    assert [worker["starts"] for worker in server.workers()] == [1]
    server.stop()
    server.start()
    assert {running, *waiting} <= server.ask("/history").keys()
