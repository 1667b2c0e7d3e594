"""What ended: its order, finding it by words and models, pages, counts, and forgetting it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.jobs.job_samples import ids, open_store, sample_job

from blockloom.jobs.job_queries import JobFilter
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.model import Job, JobStatus, NewJob


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    with open_store(tmp_path) as opened:
        yield opened


def run(store: JobStore, id: str, status: JobStatus = JobStatus.DONE) -> Job:
    store.begin(id, "cpu")
    return store.end(id, status)


def test_the_history_is_in_the_order_of_the_ends(store: JobStore):
    for id in "abcde":
        store.accept(sample_job(id))
    for id in "cadbe":
        run(store, id, JobStatus.FAILED if id in "ab" else JobStatus.DONE)
    assert ids(store.history()) == list("cadbe")
    assert ids(store.history(2)) == list("be")
    assert ids(store.history(2, 0)) == list("ca")
    assert ids(store.history(2, 3)) == list("be")
    assert ids(store.history(None, 4)) == ["e"]
    assert store.history(0) == []
    assert store.history(3, 99) == []
    assert ids(store.history(1, status=JobStatus.FAILED)) == ["b"]


def test_only_ended_jobs_are_forgotten(store: JobStore):
    for id in "abcd":
        store.accept(sample_job(id, group="g"))
    for id in "bca":
        run(store, id)
    store.accept(sample_job("e"))
    store.begin("e", "cpu")
    assert store.delete_history(["d", "e", "b", "x"]) == ["b"]
    assert store.clear_history() == 2
    assert (ids(store.jobs().jobs), store.remaining()) == (["e", "d"], 2)
    assert store.history(text="red") == []


def test_of_a_forgotten_job_nothing_is_left(tmp_path: Path):
    with open_store(tmp_path) as store:
        store.accept(sample_job("a"))
        store.begin("a", "cpu")
        store.record_output("a", "save", {"files": [{"path": "/out/1.png"}], "texts": []})
        store.log("a", "execution_start", {})
        store.record_line("a", "info", "hello")
        store.end("a", JobStatus.DONE)
        store.clear_history()
    db = sqlite3.connect(tmp_path / "jobs.sqlite")
    tables = ("job", "output", "log", "job_text", "job_model", "output_file", "log_line")
    counts = [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
    db.execute("INSERT INTO job_words (job_words, rank) VALUES ('integrity-check', 1)")
    db.close()
    assert counts == [0] * len(tables)


@pytest.mark.parametrize("has_index", [True, False])
def test_searching_finds_every_word_in_any_case(tmp_path: Path, has_index: bool):
    texts = {
        "a": 'A Castle on "green" hills',
        "b": "Ein Schloß am grünen Fluss, 城市风景",
        "c": "castle in the sky; 100% blue_sky",
        "d": "nothing\0of that",
    }
    with open_store(tmp_path, with_text_index=has_index) as store:
        for id, text in texts.items():
            store.accept(sample_job(id, text, model="Demo/xl" if id in "ab" else "other"))
            run(store, id)
        found = {
            query: "".join(ids(store.history(text=query)))
            for query in (
                *("castle", "CASTLE sky", "gReEn", "stle hil", "schloss", "GRÜN", "风景", "城市风"),
                *("a", "0%", "e_s", '"green"', "c' OR 1", "* NEAR ^", "", "of that", "nothing of"),
            )
        }
        assert found == {
            "castle": "ac",
            "CASTLE sky": "c",
            "gReEn": "a",
            "stle hil": "a",
            "schloss": "b",
            "GRÜN": "b",
            "风景": "b",
            "城市风": "b",
            "a": "abcd",
            "0%": "c",
            "e_s": "c",
            '"green"': "a",
            "c' OR 1": "",
            "* NEAR ^": "",
            "": "abcd",
            "of that": "d",
            "nothing of": "d",
        }
        assert ids(store.history(model="demo")) == ["a", "b"]
        assert ids(store.history(text="castle", model="oth")) == ["c"]
        assert ids(store.history(1, text="castle")) == ["c"]
        assert store.history(text="castle", status=JobStatus.FAILED) == []


def test_an_index_that_was_out_of_use_is_made_again(tmp_path: Path):
    def add(id: str, text: str, has_index: bool) -> None:
        with open_store(tmp_path, with_text_index=has_index) as store:
            store.accept(sample_job(id, text))
            run(store, id)

    add("a", "with an index", True)
    add("b", "without an index", False)
    with open_store(tmp_path, with_text_index=False) as store:
        store.delete_history(["a"])
    add("c", "with an index once more", True)
    with open_store(tmp_path) as store:
        assert ids(store.history(text="index")) == ["b", "c"]
        store.delete_history(["b"])
        assert ids(store.history(text="index")) == ["c"]


def test_texts_are_found_in_wrapped_lists_and_bare_graphs(store: JobStore):
    bare = {"1": {"class_type": "Text", "inputs": {"words": {"__value__": ["zebra", 3]}}}}
    store.accept(NewJob("a", bare))
    store.accept(NewJob("b", {"prompt": {"x": 3, "1": {"inputs": None}}, "odd": []}))
    assert ids(store.jobs(JobFilter(text="zebra")).jobs) == ["a"]


def test_jobs_are_listed_by_pages(store: JobStore):
    for id in "abcdef":
        extra = {"extra_pnginfo": {"workflow": {"id": "w1"}}} if id in "ab" else {}
        store.accept(sample_job(id, client_id="me" if id in "ac" else "you", extra=extra))
    for id in "ab":
        run(store, id)
    store.begin("c", "cpu")
    page = store.jobs(JobFilter(limit=2, offset=1))
    assert (ids(page.jobs), page.total) == (["e", "d"], 6)
    assert ids(store.jobs(JobFilter(sort_order="asc")).jobs) == list("abcdef")
    open_ones = JobFilter((JobStatus.PENDING, JobStatus.RUNNING), sort_order="asc")
    assert ids(store.jobs(open_ones).jobs) == list("cdef")
    assert ids(store.jobs(JobFilter(client_id="me")).jobs) == ["c", "a"]
    assert ids(store.jobs(JobFilter(workflow_id="w1")).jobs) == ["b", "a"]
    longest = store.jobs(JobFilter(sort_by="execution_duration", limit=2))
    assert set(ids(longest.jobs)) == {"a", "b"}
    durations = [job.ended - job.started for job in longest.jobs]
    assert durations == sorted(durations, reverse=True)


def test_jobs_are_counted_in_all_and_by_group(store: JobStore):
    store.accept_all([sample_job(id, group="g" if id in "abc" else "") for id in "abcde"])
    run(store, "a")
    store.begin("b", "cpu")
    run(store, "e", JobStatus.FAILED)
    none = dict.fromkeys(JobStatus, 0)
    one_each = {JobStatus.DONE: 1, JobStatus.RUNNING: 1}
    assert store.group("g") == {**none, **one_each, JobStatus.PENDING: 1}
    assert store.counts() == {**none, **one_each, JobStatus.PENDING: 2, JobStatus.FAILED: 1}
    assert store.group("") == store.group("x") == none
    assert store.group_ids("g") == ["a", "b", "c"]
    assert store.group_ids("g", JobStatus.PENDING, JobStatus.DONE) == ["a", "c"]
    assert store.remaining() == 3


def test_a_long_history_makes_no_job_slower(tmp_path: Path):
    with open_store(tmp_path) as store:
        run_one(store, "warm")
        short = steps_of(store, lambda: run_one(store, "early"))
        with store.together():
            for number in range(1_000):
                run_one(store, f"job {number}")
        long = steps_of(store, lambda: run_one(store, "late"))
        # What SQLite does, counted in its own steps: a look at every job would be many times that.
        assert long < 2 * short


def run_one(store: JobStore, id: str) -> None:
    store.accept(sample_job(id))
    store.remaining()
    store.begin(id, "cpu")
    store.record_output(id, "save", {"files": [{"path": f"/out/{id}.png"}], "texts": ["a"]})
    store.log(id, "execution_success", {"prompt_id": id})
    store.end(id, JobStatus.DONE)
    store.get(id)
    store.accept(sample_job(f"{id}, taken back"))
    store.cancel_pending([f"{id}, taken back"])


def steps_of(store: JobStore, work: Callable[[], None]) -> int:
    """How many steps SQLite's machine takes for some work, in tens."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    store._db.set_progress_handler(count, 10)
    work()
    store._db.set_progress_handler(None, 0)
    return taken
