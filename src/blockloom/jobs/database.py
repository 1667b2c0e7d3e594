"""Opening the jobs database: one owner, all migrations applied, a damaged file moved aside."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from blockloom.errors import StorageError
from blockloom.jobs.migrations import migrate
from blockloom.jobs.schema import MIGRATIONS
from blockloom.jobs.text_index import prepare_text_index

if sys.platform != "win32":
    import fcntl

_log = logging.getLogger(__name__)

# A file up to this size is always checked when it is opened, a larger one only after a crash.
CHECKED_BYTES = 32 * 1024 * 1024
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REMEDIES = {
    sqlite3.SQLITE_FULL: "The disk is full: free some space, and try again.",
    sqlite3.SQLITE_IOERR: "Check that the disk is not full and can be written, and try again.",
    sqlite3.SQLITE_READONLY: "Make file and folder writable, or choose another data folder.",
    sqlite3.SQLITE_CANTOPEN: "Make the folder writable, or choose another data folder.",
    sqlite3.SQLITE_BUSY: "Another program holds the database: close it, and try again.",
    sqlite3.SQLITE_CORRUPT: "Start Blockloom again: it moves the file aside and begins a new one.",
}


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; ``notices`` are what its owner should be told about the opening."""

    connection: sqlite3.Connection
    lock: IO[bytes]
    has_text_index: bool
    notices: tuple[str, ...] = ()


def open_database(path: Path, *, with_text_index: bool = True) -> Database:
    """Open or begin the database. Raises StorageError if it is in use, or cannot be kept there.

    A file that is damaged is kept under another name beside a new one, with a notice.
    """
    lock = _take_lock(path)
    notices: tuple[str, ...] = ()
    try:
        with storage_errors(path):
            try:
                connection, has_index = _connect(path, with_text_index)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                notices = (_move_aside(path, error),)
                connection, has_index = _connect(path, with_text_index)
    except BaseException:
        lock.close()
        raise
    return Database(connection, lock, has_index, notices)


def close_database(database: Database, *, is_sound: bool = True) -> None:
    """Close it; a database that was closed as sound need not be checked when it is opened."""
    if is_sound:
        with suppress(sqlite3.Error):
            database.connection.execute("DELETE FROM setting WHERE name = 'is_open'")
    with suppress(sqlite3.Error):
        database.connection.close()
    database.lock.close()


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says into a StorageError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = _primary_code(error)
        raise StorageError(
            f'The jobs database "{path}" cannot be used: {error}.',
            remedy=_REMEDIES.get(code, "Check the disk it is on, and try again."),
            details=f"{type(error).__name__}: {getattr(error, 'sqlite_errorname', 'unknown')}",
        ) from error
    except UnicodeEncodeError as error:
        raise StorageError(
            f'The jobs database "{path}" cannot hold a text with broken characters: {error}.',
            remedy="Type the text again.",
        ) from error


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite's error says that the file itself is broken."""
    return isinstance(error, sqlite3.Error) and _primary_code(error) in _DAMAGE


def _primary_code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _take_lock(path: Path) -> IO[bytes]:
    """Hold the file beside the database for as long as it is open; it goes with the process."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(path.name + ".lock").open("ab")
    except OSError as error:
        raise StorageError(
            f'Jobs cannot be kept in "{path.parent}": {error.strerror}.',
            remedy="Make the folder writable, or choose another data folder.",
        ) from error
    if sys.platform != "win32":
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise StorageError(
                f'Another Blockloom is using "{path}".',
                remedy="Close it, or choose another data folder with --data.",
            ) from error
        except OSError:
            # Some network file systems have no locks; SQLite's own still keep the file whole.
            _log.warning("no lock for %s", path, exc_info=True)
    return lock


def _connect(path: Path, with_text_index: bool) -> tuple[sqlite3.Connection, bool]:
    is_new = not path.exists() or path.stat().st_size == 0
    db = sqlite3.connect(path, isolation_level=None, timeout=2.0)
    db.row_factory = sqlite3.Row
    try:
        db.execute("PRAGMA busy_timeout = 2000")
        mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            _log.warning("%s is kept without a write-ahead log: %s", path, mode)
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA cache_size = -16384")
        db.execute("PRAGMA journal_size_limit = 67108864")
        if not is_new and _needs_check(db, path):
            _check(db)
        migrate(db, MIGRATIONS, str(path))
        has_index = prepare_text_index(db, is_wanted=with_text_index)
        db.execute("INSERT OR REPLACE INTO setting VALUES ('is_open', '1')")
    except BaseException:
        db.close()
        raise
    return db, has_index


def _needs_check(db: sqlite3.Connection, path: Path) -> bool:
    if path.stat().st_size <= CHECKED_BYTES:
        return True
    try:
        marked = db.execute("SELECT 1 FROM setting WHERE name = 'is_open'").fetchone()
    except sqlite3.OperationalError:
        return True
    return marked is not None


def _check(db: sqlite3.Connection) -> None:
    (answer,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        error = sqlite3.DatabaseError(answer)
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _move_aside(path: Path, error: sqlite3.DatabaseError) -> str:
    """Rename the damaged database with all that belongs to it; says where it is now."""
    stamp = time.strftime("%Y%m%d-%H%M%S") + f"-{os.getpid()}"
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    try:
        # The log goes first: left beside a new database it would be taken for its own.
        for ending in ("-wal", "-shm", ""):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    except OSError as problem:
        raise StorageError(
            f'The jobs database "{path}" is damaged ({error}) and cannot be moved aside: '
            f"{problem.strerror}.",
            remedy="Move it away yourself, or choose another data folder.",
        ) from error
    notice = (
        f'The jobs database "{path.name}" was damaged ({error}). It is kept as "{aside.name}", '
        "and a new one was begun: the queue and the history start empty; pictures are untouched."
    )
    _log.error("%s", notice)
    return notice
