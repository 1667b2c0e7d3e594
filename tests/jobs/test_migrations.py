"""Databases of older programs are brought up to date, those of newer ones are left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.jobs.job_samples import ids, open_store, sample_graph, sample_job

from blockloom.errors import StorageError
from blockloom.jobs.migrations import Migration, database_version, migrate
from blockloom.jobs.model import Job, JobError, JobStatus, NewJob
from blockloom.jobs.schema import MIGRATIONS

FIXTURES = Path(__file__).parent / "fixtures"


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def make_old(path: Path) -> None:
    """The database that a program with only the first migration left behind."""
    db = connect(path)
    db.executescript((FIXTURES / "jobs_1.sql").read_text())
    db.close()


def schema(path: Path) -> set[tuple[str, str]]:
    db = connect(path)
    rows = db.execute("SELECT type, name FROM sqlite_master").fetchall()
    db.close()
    return set(rows)


def test_the_first_database_is_still_read_whole(tmp_path: Path):
    make_old(tmp_path / "jobs.sqlite")
    with open_store(tmp_path) as store:
        picture = {"path": "/out/castle.png", "kind": "image", "is_temporary": False}
        assert store.notices == ()
        assert store.get("done") == Job(
            NewJob(
                "done",
                sample_graph("A castle on green hills"),
                client_id="browser",
                extra={"create_time": 1792000000000},
                seed=2**64 - 1,
            ),
            JobStatus.DONE,
            created=1792000000.5,
            started=1792000001.0,
            ended=1792000004.0,
            outputs={"save": {"files": [picture], "texts": ["512 x 512"]}},
            log=(("execution_success", {"prompt_id": "done"}),),
            worker="cpu",
            ran=("model", "save"),
            kept=("text",),
            used_seed=2**64 - 1,
        )
        failed = store.get("failed")
        error = JobError("No memory.", "denoise", "Denoise", "OutOfMemory", "…")
        assert (failed.error, failed.attempt, failed.outputs) == (error, 1, {})
        assert ids(store.pending()) == ["first", "second"]
        assert [job.new.is_placed for job in store.pending()] == [True, False]
        assert (store.next_number(), store.is_paused, ids(store.recover())) == (
            5,
            True,
            ["running"],
        )
        # What later migrations added is there for old jobs as well.
        assert ids(store.history(text="CASTLE")) == ["done", "failed"]
        assert ids(store.history(model="big")) == ["failed"]
        assert [job.models for job in store.waiting(9)] == [("demo",), ("demo",)]
        files = [(file.job_id, file.path) for file in store.announced_files()]
        assert files == [("done", "/out/castle.png"), ("failed", "/out/large.png")]


def test_an_old_database_ends_up_like_a_new_one(tmp_path: Path):
    make_old(tmp_path / "jobs.sqlite")
    open_store(tmp_path).close()
    (tmp_path / "new").mkdir()
    open_store(tmp_path / "new").close()
    old, new = schema(tmp_path / "jobs.sqlite"), schema(tmp_path / "new" / "jobs.sqlite")
    assert old == new
    db = connect(tmp_path / "jobs.sqlite")
    numbers = db.execute("SELECT number, name FROM migration ORDER BY number").fetchall()
    assert numbers == [(migration.number, migration.name) for migration in MIGRATIONS]
    db.close()


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path):
    with open_store(tmp_path) as store:
        store.accept(sample_job("a"))
    path = tmp_path / "jobs.sqlite"
    db = connect(path)
    db.execute("INSERT INTO migration VALUES (99, 'of the future', 0)")
    db.close()
    for _ in range(2):
        with pytest.raises(StorageError, match=r"newer Blockloom: it has version 99") as caught:
            open_store(tmp_path)
        assert "Update Blockloom" in caught.value.remedy
    db = connect(path)
    db.execute("DELETE FROM migration WHERE number = 99")
    db.close()
    with open_store(tmp_path) as store:
        assert ids(store.pending()) == ["a"]


def test_a_migration_is_done_whole_or_not_at_all(tmp_path: Path):
    def fail(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO thing VALUES (2)")
        raise RuntimeError("power cut")

    first = Migration(1, "things", ("CREATE TABLE thing (x)", "INSERT INTO thing VALUES (1)"))
    broken = Migration(2, "more", ("CREATE TABLE more (x)",), fail)
    whole = Migration(2, "more", ("CREATE TABLE more (x)",))
    db = connect(tmp_path / "x.sqlite")
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(db, [first, broken], "x")
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    assert (database_version(db), tables) == (1, {"migration", "thing"})
    assert db.execute("SELECT x FROM thing").fetchall() == [(1,)]
    assert migrate(db, [first, whole], "x") == (2,)
    assert migrate(db, [first, whole], "x") == ()
    db.close()


def test_migrations_are_numbered_without_gaps(tmp_path: Path):
    assert [migration.number for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
    db = connect(tmp_path / "x.sqlite")
    with pytest.raises(ValueError, match="without gaps"):
        migrate(db, [Migration(2, "second")], "x")
    db.close()
