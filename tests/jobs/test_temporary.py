"""What a start deletes from the temporary folder, and what it leaves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tests.jobs.job_samples import open_store, sample_job

from blockloom.jobs.job_store import JobStore
from blockloom.jobs.model import JobStatus
from blockloom.jobs.temporary import delete_forgotten, forgotten_files


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def announce(store: JobStore, id: str, files: Sequence[Path], status: JobStatus) -> None:
    store.accept(sample_job(id))
    store.begin(id, "cpu")
    found = [{"path": str(file), "kind": "image", "is_temporary": True} for file in files]
    store.record_output(id, "show", {"files": found, "texts": []})
    if status is not JobStatus.RUNNING:
        store.end(id, status)


def left_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_what_no_job_announces_goes_and_all_else_stays(tmp_path: Path) -> None:
    temp = tmp_path / "temp"
    for name in ("lost.png", ".draft.part", "sub/lost.png", "sub/deep/lost.png", "half/lost.png"):
        write(temp / name)
    (temp / "empty").mkdir()
    outside = write(tmp_path / "temp2" / "near.png")
    with open_store(tmp_path) as store:
        for status in (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.RUNNING):
            announce(store, status.value, [write(temp / f"{status.value}.png")], status)
        announce(store, "again", [write(temp / "half" / "first attempt.png")], JobStatus.DONE)
        store.retry("again")
        announce(store, "gone", [write(temp / "gone.png")], JobStatus.DONE)
        store.delete_history(["gone"])
        files = forgotten_files(store, temp)
        assert delete_forgotten(temp, files) == len(files) == 6
        assert forgotten_files(store, temp) == []
    kept = ["cancelled.png", "done.png", "failed.png", "half/first attempt.png", "running.png"]
    assert left_in(temp) == sorted([*kept, "empty", "half"])
    assert outside.exists()


def test_links_are_neither_followed_nor_deleted(tmp_path: Path) -> None:
    precious = write(tmp_path / "elsewhere" / "precious.png")
    temp = tmp_path / "temp"
    write(temp / "lost.png")
    (temp / "link").symlink_to(precious.parent)
    (temp / "link.png").symlink_to(precious)
    os.mkfifo(temp / "pipe")
    (tmp_path / "linked").symlink_to(tmp_path / "elsewhere")
    with open_store(tmp_path) as store:
        assert delete_forgotten(temp, forgotten_files(store, temp)) == 1
        assert forgotten_files(store, tmp_path / "linked") == []
        assert forgotten_files(store, tmp_path / "not-there") == []
    # Where a folder became a link between looking and deleting.
    assert delete_forgotten(temp, [temp / "link" / "precious.png", temp / "lost.png"]) == 0
    assert precious.exists()
    assert left_in(temp) == ["link", "link.png", "pipe"]


def test_a_file_that_cannot_be_deleted_stops_nothing(tmp_path: Path) -> None:
    temp = tmp_path / "temp"
    files = [write(temp / "a.png"), temp / ("x" * 300), write(temp / "b.png")]
    assert delete_forgotten(temp, files) == 2
