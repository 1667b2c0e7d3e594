"""Finding jobs by their words: a trigram index where SQLite has one, reading every text where not.

The index only narrows down; what is found is always decided by the text itself, so results are the
same without it. It is derived data, made again whenever a database comes from a program without it.
"""

from __future__ import annotations

import sqlite3

from blockloom.jobs.graph_words import searchable

_TRIGGERS = (
    """CREATE TRIGGER job_words_added AFTER INSERT ON job_text BEGIN
        INSERT INTO job_words (rowid, text) VALUES (new.job, new.text);
    END""",
    """CREATE TRIGGER job_words_removed AFTER DELETE ON job_text BEGIN
        INSERT INTO job_words (job_words, rowid, text) VALUES ('delete', old.job, old.text);
    END""",
)
# Some runs of three characters are enough to narrow down.
_MOST_PARTS = 8


def prepare_text_index(db: sqlite3.Connection, *, is_wanted: bool) -> bool:
    """Make the index if it is not there, or put it out of use; returns whether it is in use."""
    known = db.execute("SELECT name FROM sqlite_master WHERE name LIKE 'job_words_%ed'").fetchall()
    is_there = len(known) == len(_TRIGGERS)
    can_have = is_wanted and _has_trigrams(db)
    if is_there and can_have:
        return True
    db.execute("BEGIN IMMEDIATE")
    try:
        # Triggers keep index and texts in step: without them the index counts as not there.
        for (name,) in known:
            db.execute(f"DROP TRIGGER IF EXISTS {name}")
        if can_have:
            _make_index(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return can_have


def words_condition(text: str, has_index: bool) -> tuple[list[str], list[str]]:
    """SQL conditions and their values: a job's texts contain every word of ``text``."""
    words = searchable(text).split()
    if not words:
        return [], []
    narrowed, values = "", []
    parts = dict.fromkeys(part for word in words for part in _trigrams(word))
    if has_index and parts:
        narrowed = "job IN (SELECT rowid FROM job_words WHERE job_words MATCH ?) AND "
        values.append(" AND ".join('"' + part.replace('"', '""') + '"' for part in parts))
    told = " AND ".join("instr(text, ?) > 0" for _ in words)
    condition = f"sequence IN (SELECT job FROM job_text WHERE {narrowed}{told})"
    return [condition], [*values, *words]


def _trigrams(word: str) -> list[str]:
    """Some of the runs of three characters of a word; none for words that are too short."""
    count = max(0, len(word) - 2)
    step = max(1, count // _MOST_PARTS)
    return [word[start : start + 3] for start in range(0, count, step)]


def _has_trigrams(db: sqlite3.Connection) -> bool:
    try:
        db.execute("CREATE VIRTUAL TABLE temp.trigram_probe USING fts5(x, tokenize = 'trigram')")
        db.execute("DROP TABLE temp.trigram_probe")
    except sqlite3.OperationalError:
        return False
    return True


def _make_index(db: sqlite3.Connection) -> None:
    db.execute("DROP TABLE IF EXISTS job_words")
    db.execute(
        "CREATE VIRTUAL TABLE job_words USING fts5("
        "text, content = 'job_text', content_rowid = 'job', tokenize = 'trigram', detail = 'none')"
    )
    db.execute("INSERT INTO job_words (job_words) VALUES ('rebuild')")
    for trigger in _TRIGGERS:
        db.execute(trigger)
