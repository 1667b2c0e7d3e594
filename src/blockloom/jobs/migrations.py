"""Numbered steps from an empty database to the present one, each done whole or not at all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blockloom.errors import StorageError


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: SQL statements, and then a function for what SQL cannot say.

    A step that has been released is never changed again: databases exist that were made by it.
    """

    number: int
    name: str
    statements: tuple[str, ...] = ()
    convert: Callable[[sqlite3.Connection], None] | None = None


def migrate(db: sqlite3.Connection, migrations: Sequence[Migration], name: str) -> tuple[int, ...]:
    """Apply what is missing, one transaction a step; returns the numbers applied.

    ``db`` must be in autocommit mode. Raises StorageError for a database of a newer program,
    and changes nothing in it; ``name`` is what the message calls it.
    """
    numbers = [migration.number for migration in migrations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError("Migrations are numbered from 1, without gaps.")
    version = database_version(db)
    if version > len(migrations):
        raise StorageError(
            f'The database "{name}" was written by a newer Blockloom: it has version {version}, '
            f"and this one knows versions up to {len(migrations)}.",
            remedy="Update Blockloom, or choose another data folder.",
        )
    for migration in migrations[version:]:
        _apply(db, migration)
    return tuple(numbers[version:])


def database_version(db: sqlite3.Connection) -> int:
    """The number of the last migration applied; 0 for a new database."""
    known = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'")
    if known.fetchone() is None:
        return 0
    (version,) = db.execute("SELECT coalesce(max(number), 0) FROM migration").fetchone()
    return int(version)


def _apply(db: sqlite3.Connection, migration: Migration) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute(
            "CREATE TABLE IF NOT EXISTS migration"
            " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied REAL NOT NULL)"
        )
        for statement in migration.statements:
            db.execute(statement)
        if migration.convert is not None:
            migration.convert(db)
        db.execute(
            "INSERT INTO migration VALUES (?, ?, ?)",
            (migration.number, migration.name, time.time()),
        )
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
