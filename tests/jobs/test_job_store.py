"""The queue and the history over a real file: what is accepted, begun, ended, found and kept."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jobs.job_samples import ids, open_store, sample_graph, sample_job

from blockloom.errors import NotFoundError, StorageError, UsageError
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.model import Job, JobError, JobStatus, NewJob


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    with open_store(tmp_path) as opened:
        yield opened


def test_a_job_is_kept_with_everything_it_was_asked_for(tmp_path: Path):
    new = NewJob(
        id="prompt 1/ü",
        graph=sample_graph("\N{CAT FACE} and a broken \ud83d half"),
        targets=("save", "decode"),
        number=-2.5,
        client_id="browser",
        extra={"extra_pnginfo": {"workflow": {"id": "w"}}, "create_time": 12},
        seed=2**64 - 1,
        group="sweep",
        is_placed=True,
    )
    with open_store(tmp_path) as store:
        accepted = store.accept(new)
    with open_store(tmp_path) as store:
        assert store.get("prompt 1/ü") == accepted
        assert accepted == Job(new=new, created=accepted.created)


def test_a_graph_can_be_had_as_it_is_written_down(store: JobStore):
    store.accept(sample_job("a"))
    assert json.loads(store.graph_text("a")) == sample_job("a").graph
    with pytest.raises(NotFoundError, match='no job "b"'):
        store.graph_text("b")


def test_only_a_job_that_runs_has_somebody_who_listens(store: JobStore):
    store.accept(NewJob("a", sample_graph(), client_id="browser"))
    assert store.client_of_running("a") is None
    store.begin("a", "cpu")
    assert store.client_of_running("a") == "browser"
    store.end("a", JobStatus.DONE)
    assert store.client_of_running("a") is None
    assert store.client_of_running("b") is None


def test_a_run_from_begin_to_end(tmp_path: Path):
    with open_store(tmp_path) as store:
        store.accept(sample_job("a"))
        begun = store.begin("a", "cuda:0")
        picture = {"path": "/out/1.png", "kind": "image", "is_temporary": False}
        store.record_output("a", "save", {"files": [picture], "texts": []})
        store.record_output("a", "10", {"files": [], "texts": ["first"]})
        store.record_output("a", "10", {"files": [], "texts": ["second"]})
        store.log("a", "execution_start", {"prompt_id": "a"})
        store.log("a", "execution_success", {"prompt_id": "a"})
        store.end("a", JobStatus.DONE, ran=["model"], kept=["text"], seed=7)
        store.record_line("a", "info", "12 steps\ud800")
    with open_store(tmp_path) as store:
        job = store.get("a")
        assert (job.started, job.ended >= job.started >= job.created > 0) == (begun.started, True)
        assert job == Job(
            new=sample_job("a"),
            status=JobStatus.DONE,
            created=job.created,
            started=job.started,
            ended=job.ended,
            outputs={
                "save": {"files": [picture], "texts": []},
                "10": {"files": [], "texts": ["second"]},
            },
            log=(
                ("execution_start", {"prompt_id": "a"}),
                ("execution_success", {"prompt_id": "a"}),
            ),
            worker="cuda:0",
            ran=("model",),
            kept=("text",),
            used_seed=7,
        )
        assert [(line.level, line.text) for line in store.lines("a")] == [("info", "12 steps?")]


def test_a_failure_is_kept_with_its_place(store: JobStore):
    store.accept(sample_job("a"))
    store.begin("a", "cpu")
    error = JobError("No memory.", "denoise", "Denoise", "OutOfMemory", "Traceback\n  …")
    assert store.end("a", JobStatus.FAILED, error=error).error == error
    assert store.get("a").status is JobStatus.FAILED


def test_jobs_wait_by_number_and_then_by_their_coming(store: JobStore):
    for id, number in [("a", 1), ("b", 0), ("c", 1), ("d", -3), ("e", 0.5), ("f", 0)]:
        store.accept(sample_job(id, number=number))
    assert ids(store.pending()) == ["d", "b", "f", "e", "a", "c"]
    assert ids(store.pending(2)) == ["d", "b"]
    assert [job.new.number for job in store.pending()] == [-3, 0, 0, 0.5, 1, 1]
    assert isinstance(store.get("a").new.number, int)


def test_numbers_count_on_for_ever(tmp_path: Path):
    with open_store(tmp_path) as store:
        numbers = []
        for id in "abc":
            numbers.append(store.next_number())
            store.accept(sample_job(id, number=numbers[-1]))
        store.clear_pending()
        store.clear_history()
    with open_store(tmp_path) as store:
        assert [*numbers, store.next_number()] == [0, 1, 2, 3]


def test_an_id_is_taken_until_its_job_has_ended(store: JobStore):
    store.accept(sample_job("a", "first"))
    with pytest.raises(UsageError, match="pending"):
        store.accept(sample_job("a", "second"))
    store.begin("a", "cpu")
    with pytest.raises(UsageError, match="running"):
        store.accept(sample_job("a", "second"))
    store.record_output("a", "save", {"texts": ["first"]})
    store.end("a", JobStatus.DONE)
    store.accept(sample_job("a", "second"))
    assert store.jobs().total == 1
    assert store.get("a") == Job(sample_job("a", "second"), created=store.get("a").created)


def test_several_jobs_are_accepted_together_or_not_at_all(store: JobStore):
    store.accept(sample_job("b"))
    with pytest.raises(UsageError):
        store.accept_all([sample_job("a"), sample_job("b"), sample_job("c")])
    assert ids(store.pending()) == ["b"]
    store.accept_all([sample_job("c"), sample_job("a")])
    assert ids(store.pending()) == ["b", "c", "a"]


@pytest.mark.parametrize(
    "new",
    [
        NewJob("", {}),
        NewJob("a\0b", {}),
        NewJob("\ud800", {}),
        NewJob("a", {}, client_id="\ud800"),
        NewJob("a", {"x": math.nan}),
        NewJob("a", {}, extra={"x": math.inf}),
        NewJob("a", {}, number=math.nan),
        NewJob("a", {}, number=-math.inf),
        NewJob("a", {}, number=10**400),
    ],
)
def test_what_cannot_be_kept_is_refused(store: JobStore, new: NewJob):
    with pytest.raises(UsageError):
        store.accept(new)
    assert store.jobs().total == 0


def test_a_huge_number_is_a_place_like_any_other(store: JobStore):
    store.accept(sample_job("a", number=10**30))
    store.accept(sample_job("b", number=-(10**30)))
    assert ids(store.pending()) == ["b", "a"]


@pytest.mark.parametrize("status", [status for status in JobStatus if status.is_ended])
def test_a_job_ends_once(store: JobStore, status: JobStatus):
    store.accept(sample_job("a"))
    store.begin("a", "cpu")
    ended = store.end("a", status, ran=["model"])
    for second in (status, JobStatus.DONE, JobStatus.FAILED):
        with pytest.raises(UsageError, match=f"it is {status.value}"):
            store.end("a", second)
    assert store.get("a") == ended


def test_what_has_not_begun_cannot_be_done(store: JobStore):
    store.accept(sample_job("a"))
    with pytest.raises(UsageError):
        store.end("a", JobStatus.DONE)
    for status in (JobStatus.PENDING, JobStatus.RUNNING):
        with pytest.raises(UsageError):
            store.end("a", status)
    with pytest.raises(UsageError):
        store.record_output("a", "save", {})
    assert store.end("a", JobStatus.FAILED).status is JobStatus.FAILED
    for change in (
        lambda: store.begin("a", "cpu"),
        lambda: store.record_output("a", "save", {}),
        lambda: store.reorder("a", None),
    ):
        with pytest.raises(UsageError):
            change()


def test_an_unknown_job_is_said_to_be_unknown(store: JobStore):
    for change in (
        lambda: store.get("x"),
        lambda: store.begin("x", "cpu"),
        lambda: store.end("x", JobStatus.DONE),
        lambda: store.record_output("x", "save", {}),
        lambda: store.log("x", "execution_start", {}),
        lambda: store.retry("x"),
        lambda: store.reorder("x", None),
    ):
        with pytest.raises(NotFoundError, match="x"):
            change()


def test_waiting_jobs_are_cancelled_and_remembered(store: JobStore):
    for id in "abcde":
        store.accept(sample_job(id))
    store.begin("a", "cpu")
    assert store.cancel_pending(["c", "a", "x", "c"]) == ["c"]
    assert store.clear_pending() == ["b", "d", "e"]
    assert (ids(store.running()), ids(store.pending()), store.remaining()) == (["a"], [], 1)
    assert [(job.id, job.status, job.started) for job in store.history()] == [
        (id, JobStatus.CANCELLED, 0) for id in "cbde"
    ]


def test_waiting_jobs_can_be_moved(store: JobStore):
    for number, id in enumerate("abcd"):
        store.accept(sample_job(id, number=number))
    store.reorder("d", "b")
    assert ids(store.pending()) == ["a", "d", "b", "c"]
    store.reorder("a", None)
    assert ids(store.pending()) == ["d", "b", "c", "a"]
    store.reorder("c", "d")
    assert ids(store.pending()) == ["c", "d", "b", "a"]
    store.reorder("c", "c")
    store.accept(sample_job("e", number=4))
    assert ids(store.pending()) == ["c", "d", "b", "a", "e"]
    assert [job.new.is_placed for job in store.pending()] == [True, True, False, True, False]
    store.begin("c", "cpu")
    for id, before in [("c", "d"), ("d", "c")]:
        with pytest.raises(UsageError, match="running"):
            store.reorder(id, before)


def test_moving_between_the_same_two_jobs_never_runs_out_of_room(store: JobStore):
    store.accept_all([sample_job(id) for id in "abcd"])
    expected = list("abcd")
    for turn in range(150):
        moved = "bc"[turn % 2]
        store.reorder(moved, "d")
        expected.remove(moved)
        expected.insert(expected.index("d"), moved)
        assert ids(store.pending()) == expected


def test_retry_is_a_new_attempt_at_the_end_of_the_queue(store: JobStore):
    for number, id in enumerate("abc"):
        store.accept(sample_job(id, number=number))
    store.begin("a", "cpu")
    store.record_output("a", "save", {"files": [{"path": "/out/1.png"}], "texts": []})
    store.log("a", "execution_start", {})
    store.record_line("a", "info", "first attempt")
    with pytest.raises(UsageError, match="running"):
        store.retry("a")
    store.end("a", JobStatus.FAILED, error=JobError("no"), ran=["x"], kept=["y"], seed=3)
    again = store.retry("a")
    assert again == Job(sample_job("a", number=2), created=again.created, attempt=1)
    assert store.lines("a") == []
    assert ids(store.pending()) == ["b", "c", "a"]
    assert store.history() == []
    assert store.files_in_use() == ["/out/1.png"]
    store.begin("a", "cpu")
    store.record_output("a", "save", {"files": [{"path": "/out/2.png"}], "texts": []})
    ended = store.end("a", JobStatus.DONE)
    assert ended.outputs == {"save": {"files": [{"path": "/out/2.png"}], "texts": []}}
    assert [file.path for file in store.announced_files()] == ["/out/1.png", "/out/2.png"]


def test_after_a_crash_running_jobs_are_interrupted_and_waiting_ones_wait(tmp_path: Path):
    with open_store(tmp_path) as store:
        for id in "abc":
            store.accept(sample_job(id))
        store.begin("a", "cpu")
        store.record_output("a", "save", {"files": [], "texts": ["kept"]})
        store.set_paused(True)
    with open_store(tmp_path) as store:
        (found,) = store.recover()
        assert (found.id, found.status, found.attempt) == ("a", JobStatus.INTERRUPTED, 0)
        assert found.outputs == {"save": {"files": [], "texts": ["kept"]}}
        assert found.error is not None
        assert "Retry" in found.error.message
        assert (ids(store.pending()), store.running(), store.is_paused) == (["b", "c"], [], True)
        assert store.recover() == []
        assert store.retry("a").status is JobStatus.PENDING
        store.set_paused(False)
        assert not store.is_paused


def test_writes_together_are_kept_together(store: JobStore):
    store.accept(sample_job("a"))

    def begin_and_end_twice() -> None:
        with store.together():
            store.begin("a", "cpu")
            store.end("a", JobStatus.DONE)
            store.end("a", JobStatus.DONE)

    with pytest.raises(UsageError):
        begin_and_end_twice()
    assert store.get("a").status is JobStatus.PENDING


def test_of_very_many_lines_the_last_ones_are_kept(store: JobStore):
    store.accept(sample_job("a"))
    with store.together():
        for number in range(2_600):
            store.record_line("a", "info", str(number))
    kept = [int(line.text) for line in store.lines("a")]
    assert kept == list(range(kept[0], 2_600))
    assert 2_000 <= len(kept) < 2_100


def test_two_programs_do_not_share_a_store(tmp_path: Path):
    with open_store(tmp_path) as store:
        store.accept(sample_job("a"))
        with pytest.raises(StorageError, match="Another Blockloom"):
            open_store(tmp_path)
        store.begin("a", "cpu")
    with open_store(tmp_path) as store:
        assert ids(store.running()) == ["a"]


def test_a_closed_store_says_so(tmp_path: Path):
    store = open_store(tmp_path)
    store.close()
    store.close()
    with pytest.raises(StorageError, match="closed"):
        store.pending()
