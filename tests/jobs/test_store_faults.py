"""Killed processes, full disks, read-only folders and damaged files: nothing accepted is lost."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jobs.job_samples import ids, open_store, sample_job

from blockloom.errors import StorageError
from blockloom.jobs import database
from blockloom.jobs.model import JobStatus

CHILD = Path(__file__).parent / "store_child.py"
KILLS = 30


def child(action: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(CHILD), action, str(folder), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> list[list[str]]:
    said, _ = process.communicate(timeout=60)
    return [line.split(" ", 2) for line in said.splitlines()]


def check_sound(path: Path) -> None:
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.execute("INSERT INTO job_words (job_words, rank) VALUES ('integrity-check', 1)")
    assert db.execute("SELECT count(*) FROM job").fetchone() == (
        *db.execute("SELECT count(*) FROM job_text").fetchone(),
    )
    db.close()


def test_killed_at_any_moment_every_job_is_there_once_and_ends_once(tmp_path: Path):
    chance = random.Random(11)
    accepted: list[str] = []
    cancelled: set[str] = set()
    ends: Counter[str] = Counter()
    status: dict[str, str] = {}
    announced: dict[tuple[str, str], str] = {}
    for turn in range(KILLS):
        process = child("kill", tmp_path, f"s{turn}")
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.15))
        process.kill()
        said = [
            line.split() for line in [first, *process.stdout.readlines()] if line.endswith("\n")
        ]
        process.wait()
        process.stdout.close()
        for word, *names in said:
            if word == "accepted":
                accepted += names
            elif word == "cancelled":
                cancelled |= set(names)
            elif word == "announced":
                announced[names[0], names[1]] = f"/out/{names[0]}.png"
            elif word == "ended":
                ends[names[0]] += 1
                status[names[0]] = names[1]
            else:
                assert word == "interrupted"
        check_sound(tmp_path / "jobs.sqlite")
        with open_store(tmp_path) as store:
            found = {job.id: job for job in store.jobs().jobs}
            assert store.notices == ()
            assert store.jobs().total == len(found)
            # Killed between the commit and saying so: at most the jobs of one call.
            assert set(accepted) <= found.keys()
            assert len(found.keys() - set(accepted)) <= 3 * (turn + 1)
            sizes = Counter(job.new.group for job in found.values())
            assert set(sizes.values()) == {1, 3}
            assert {id: found[id].status.value for id in status} == status
            assert {found[id].status for id in cancelled} <= {JobStatus.CANCELLED}
            assert len(ids(store.running())) <= 1
            for id, attempt in announced:
                if found[id].attempt == int(attempt):
                    assert list(found[id].outputs) == ["save"]
            order = ids(store.history())
            assert len(order) == len(set(order))
    assert len(accepted) == len(set(accepted)) > KILLS
    assert set(ends.values()) == {1}


def test_a_full_disk_is_an_error_in_words_and_loses_nothing(tmp_path: Path):
    process = child("full", tmp_path)
    said = finish(process)
    assert process.returncode == 0
    accepted = [words[1] for words in said if words[0] == "accepted"]
    (refused,) = [words for words in said if words[0] == "refused"]
    assert len(accepted) > 10
    assert "disk" in refused[2]
    assert [words for words in said if words[0] in ("failed", "waiting")] == [
        ["failed"],
        ["waiting", str(len(accepted) - 1), "running"],
    ]
    check_sound(tmp_path / "jobs.sqlite")
    with open_store(tmp_path) as store:
        assert ids(store.pending()) == accepted
        assert store.get("first").status is JobStatus.DONE


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user of this machine could reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("begins_before", [False, True])
def test_a_read_only_folder_is_an_error_in_words(open_folder: Path, begins_before: bool):
    if begins_before:
        with open_store(open_folder) as store:
            store.accept(sample_job("kept"))
    before = {path.name: path.read_bytes() for path in open_folder.iterdir()}
    open_folder.chmod(0o555)
    try:
        process = child("open", open_folder)
        said = finish(process)
    finally:
        open_folder.chmod(0o755)
    assert process.returncode == 0
    assert said[0][0] == "refused"
    assert "choose another data folder" in " ".join(said[0])
    assert {path.name: path.read_bytes() for path in open_folder.iterdir()} == before


def damage_header(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 1000)


def damage_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 64] = b"\xff" * 64
    path.write_bytes(bytes(data))


def damage_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def fill(folder: Path) -> None:
    with open_store(folder) as store:
        store.accept_all([sample_job(f"a{number}", "words " * 50) for number in range(200)])


@pytest.mark.parametrize("damage", [damage_header, damage_middle, damage_end])
def test_a_damaged_database_is_put_aside_and_a_new_one_begun(tmp_path: Path, damage):
    fill(tmp_path)
    damage(tmp_path / "jobs.sqlite")
    broken = (tmp_path / "jobs.sqlite").read_bytes()
    with open_store(tmp_path) as store:
        (notice,) = store.notices
        (aside,) = tmp_path.glob("jobs.damaged-*.sqlite")
        assert aside.name in notice
        assert aside.read_bytes() == broken
        assert store.jobs().total == 0
        store.accept(sample_job("new"))
    with open_store(tmp_path) as store:
        assert (store.notices, ids(store.pending())) == ((), ["new"])


def test_what_a_killed_process_left_beside_a_damaged_database_is_not_taken_over(tmp_path: Path):
    fill(tmp_path)
    process = child("kill", tmp_path, "s")
    assert process.stdout is not None
    for _ in range(5):
        assert process.stdout.readline()
    process.kill()
    process.communicate()
    assert (tmp_path / "jobs.sqlite-wal").stat().st_size > 0
    damage_middle(tmp_path / "jobs.sqlite")
    with open_store(tmp_path) as store:
        assert len(store.notices) == 1
        assert store.jobs().total == 0
    check_sound(tmp_path / "jobs.sqlite")


def test_an_empty_file_is_a_new_database(tmp_path: Path):
    (tmp_path / "jobs.sqlite").write_bytes(b"")
    with open_store(tmp_path) as store:
        assert (store.notices, store.jobs().total) == ((), 0)


def test_damage_met_while_working_is_seen_at_the_next_start(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(database, "CHECKED_BYTES", 0)
    fill(tmp_path)
    path = tmp_path / "jobs.sqlite"
    data = bytearray(path.read_bytes())
    for start in range(len(data) // 8192 * 4096, len(data), 4096):
        data[start : start + 512] = b"\xff" * 512
    path.write_bytes(bytes(data))
    # The file was closed well and is (for this test) large, so it is opened unchecked.
    store = open_store(tmp_path)
    assert store.notices == ()
    with pytest.raises(StorageError, match="Start Blockloom again"):
        store.pending()
    store.close()
    with open_store(tmp_path) as store:
        assert len(store.notices) == 1
        assert store.jobs().total == 0


def test_a_database_that_a_stranger_has_locked_is_an_error_in_words(tmp_path: Path, monkeypatch):
    with open_store(tmp_path) as store:
        store.accept(sample_job("a"))
        store._db.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="Another program holds the database"):
            store.accept(sample_job("b"))
        assert ids(store.pending()) == ["a"]
        other.execute("ROLLBACK")
        other.close()
        store.accept(sample_job("b"))
        assert ids(store.pending()) == ["a", "b"]
