"""The jobs database, as the migrations that make it."""

from __future__ import annotations

import json
import sqlite3

from blockloom.jobs.graph_words import is_storable, models_of, words_of
from blockloom.jobs.migrations import Migration

# Seeds are kept as text: they go up to 2**64, SQLite's integers only to 2**63. ``number`` has no
# type, so that whole numbers stay whole. ``rank`` orders jobs of the same number; ``ended_order``
# orders the history, whatever the clock says. What can be long stands last: SQLite reads a row from
# its beginning, and a long one is spread over several pages.
_QUEUE = (
    """CREATE TABLE job (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        status TEXT NOT NULL CHECK (status IN
            ('pending', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
        number NOT NULL,
        rank REAL NOT NULL,
        is_placed INTEGER NOT NULL DEFAULT 0,
        client_id TEXT NOT NULL,
        group_id TEXT NOT NULL,
        seed TEXT,
        created REAL NOT NULL,
        started REAL NOT NULL DEFAULT 0,
        ended REAL NOT NULL DEFAULT 0,
        ended_order INTEGER,
        worker TEXT NOT NULL DEFAULT '',
        attempt INTEGER NOT NULL DEFAULT 0,
        used_seed TEXT,
        targets TEXT NOT NULL,
        ran TEXT NOT NULL DEFAULT '[]',
        kept TEXT NOT NULL DEFAULT '[]',
        error TEXT,
        extra TEXT NOT NULL,
        graph TEXT NOT NULL
    )""",
    "CREATE INDEX job_waiting ON job (number, rank, sequence, id, is_placed)"
    " WHERE status = 'pending'",
    "CREATE INDEX job_rank ON job (rank) WHERE status = 'pending'",
    "CREATE INDEX job_running ON job (started) WHERE status = 'running'",
    "CREATE UNIQUE INDEX job_ended ON job (ended_order) WHERE ended_order IS NOT NULL",
    "CREATE INDEX job_status ON job (status, created)",
    "CREATE INDEX job_created ON job (created)",
    "CREATE INDEX job_group ON job (group_id, status) WHERE group_id != ''",
    """CREATE TABLE output (
        position INTEGER PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES job (sequence) ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        node_id TEXT NOT NULL,
        payload TEXT NOT NULL,
        UNIQUE (job, attempt, node_id)
    )""",
    """CREATE TABLE log (
        position INTEGER PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES job (sequence) ON DELETE CASCADE,
        event TEXT NOT NULL,
        data TEXT NOT NULL
    )""",
    "CREATE INDEX log_job ON log (job)",
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)

_SEARCH = (
    """CREATE TABLE job_text (
        job INTEGER PRIMARY KEY REFERENCES job (sequence) ON DELETE CASCADE,
        text TEXT NOT NULL
    )""",
    """CREATE TABLE job_model (
        job INTEGER NOT NULL REFERENCES job (sequence) ON DELETE CASCADE,
        model TEXT NOT NULL,
        PRIMARY KEY (job, model)
    ) WITHOUT ROWID""",
)

_FILES = (
    """CREATE TABLE output_file (
        position INTEGER PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES job (sequence) ON DELETE CASCADE,
        attempt INTEGER NOT NULL,
        node_id TEXT NOT NULL,
        path TEXT NOT NULL
    )""",
    "CREATE INDEX output_file_job ON output_file (job)",
    "CREATE INDEX output_file_path ON output_file (path)",
)


_LINES = (
    """CREATE TABLE log_line (
        position INTEGER PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES job (sequence) ON DELETE CASCADE,
        at REAL NOT NULL,
        level TEXT NOT NULL,
        text TEXT NOT NULL
    )""",
    "CREATE INDEX log_line_job ON log_line (job)",
)


def write_words(db: sqlite3.Connection, sequence: int, graph: object) -> None:
    """Note what a job can be found by: the texts typed in its graph, and its models."""
    db.execute("INSERT INTO job_text VALUES (?, ?)", (sequence, words_of(graph)))
    rows = [(sequence, model) for model in models_of(graph)]
    db.executemany("INSERT INTO job_model VALUES (?, ?)", rows)


def write_files(db: sqlite3.Connection, output: tuple[int, int, str], payload: object) -> None:
    """Note the files an output names; ``output`` is its job, attempt and node."""
    job, attempt, node_id = output
    db.execute(
        "DELETE FROM output_file WHERE job = ? AND attempt = ? AND node_id = ?",
        (job, attempt, node_id),
    )
    files = payload.get("files") if isinstance(payload, dict) else None
    paths = [file.get("path") for file in files or () if isinstance(file, dict)]
    db.executemany(
        "INSERT INTO output_file (job, attempt, node_id, path) VALUES (?, ?, ?, ?)",
        [
            (job, attempt, node_id, path)
            for path in paths
            if isinstance(path, str) and is_storable(path)
        ],
    )


def _index_words(db: sqlite3.Connection) -> None:
    for sequence, graph in db.execute("SELECT sequence, graph FROM job").fetchall():
        write_words(db, sequence, json.loads(graph))


def _list_files(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT job, attempt, node_id, payload FROM output ORDER BY position")
    for job, attempt, node_id, payload in rows.fetchall():
        write_files(db, (job, attempt, node_id), json.loads(payload))


MIGRATIONS = (
    Migration(1, "queue and history", _QUEUE),
    Migration(2, "search by text and model", _SEARCH, _index_words),
    Migration(3, "files by job, for retention", _FILES, _list_files),
    Migration(4, "what a worker printed", _LINES),
)
