"""The pool with processes that only pretend to be workers."""

from __future__ import annotations

import os
import signal

import pytest
from tests.worker.conftest import wait_until

from blockloom.errors import NotFoundError, UsageError
from blockloom.jobs.worker_options import log_path, parse_devices
from blockloom.jobs.workers import WorkerStats


def test_jobs_run_one_after_another_and_tell_what_happens(fake_rig):
    rig = fake_rig("cpu")
    ended, running = rig.run({"talk": ("X", {})})
    assert ended["outcome"] == "done"
    assert [event["done"] for event in running.events("node_step")] == [0, 1, 2]
    assert [kind for kind, _ in [(m["type"], 0) for m, _ in running.heard]] == ["event"] * 3
    stats = rig.stats()
    assert stats == WorkerStats(
        id="cpu",
        device="cpu",
        device_name="Fake",
        state="idle",
        pid=stats.pid,
        memory_total=10,
        memory_free=4,
        loaded=("a model",),
        torch_version="0",
        starts=1,
    )


def test_a_job_whose_worker_dies_is_interrupted_once_and_the_next_one_runs(fake_rig):
    rig = fake_rig("cpu")
    for _ in range(3):
        ended, _ = rig.run({"die": ("X", {})})
        assert (ended["outcome"], ended["message"]) == (
            "interrupted",
            "The job was interrupted. The worker ended unexpectedly (SIGKILL, as when the system "
            "runs out of memory).",
        )
    ended, _ = rig.run({"a": ("X", {})})
    assert ended["outcome"] == "done"
    assert rig.stats().starts == 4
    assert rig.stats().error == ""


def test_death_is_noticed_though_a_child_of_the_worker_lives_on(fake_rig):
    rig = fake_rig("cpu")
    ended, _ = rig.run({"leave-a-child": ("X", {})})
    assert ended["outcome"] == "interrupted"


def test_a_worker_that_gives_no_sign_of_life_is_replaced(fake_rig):
    rig = fake_rig("cpu", ping_limit=0.5)
    ended, _ = rig.run({"hang": ("X", {})})
    assert ended["outcome"] == "interrupted"
    assert "no sign of life for 0.5 seconds" in ended["message"]
    assert rig.run({"a": ("X", {})})[0]["outcome"] == "done"


def test_a_stopped_idle_worker_is_replaced(fake_rig):
    rig = fake_rig("cpu", ping_limit=0.5)
    (worker,) = rig.wait_for_idle()
    os.kill(worker.pid, signal.SIGSTOP)
    wait_until(lambda: rig.stats().starts == 2 and rig.stats().state == "idle")


def test_a_worker_that_never_gets_ready_is_replaced(fake_rig):
    rig = fake_rig("silent", start_limit=0.3)
    wait_until(lambda: rig.stats().starts >= 2)
    assert "not ready after 0.3 seconds" in rig.stats().error


def test_repeated_crashes_are_answered_ever_more_slowly(fake_rig):
    rig = fake_rig("crash", delays=(0.0, 0.0, 600.0))
    wait_until(lambda: rig.stats().starts == 2 and rig.stats().state == "dead")
    assert rig.stats().error == "The worker ended unexpectedly (exit code 9)."


def test_a_worker_without_its_device_says_so_and_the_others_go_on(fake_rig):
    rig = fake_rig("unusable", "cpu")
    wait_until(lambda: not rig.stats(0).is_usable and rig.stats(1).state == "idle")
    assert rig.stats(0).error == "There is no such device."
    assert rig.run({"a": ("X", {})})[0]["outcome"] == "done"


def test_without_any_usable_worker_jobs_are_refused(fake_rig):
    rig = fake_rig("unusable")
    with pytest.raises(UsageError, match=r"There is no such device\."):
        rig.run({"a": ("X", {})})


def test_a_hard_cancel_replaces_the_process(fake_rig):
    rig = fake_rig("cpu")
    running = rig.start({"hang": ("X", {})})
    wait_until(lambda: rig.stats().state == "busy")
    assert rig.cancel(running, hard=True)
    ended = running.ended()
    assert (ended["outcome"], ended["message"]) == (
        "cancelled",
        "The job was stopped at once, and its worker replaced.",
    )
    assert not rig.cancel(running, hard=True)
    assert rig.run({"a": ("X", {})})[0]["outcome"] == "done"


def test_jobs_go_to_the_worker_that_is_named(fake_rig):
    rig = fake_rig("one", "two")
    wait_until(lambda: len(rig.do(rig.pool.idle)) == 2)
    running = rig.start({"wait": ("X", {})})
    wait_until(lambda: [worker.state for worker in rig.do(rig.pool.stats)] == ["busy", "idle"])
    job = {"type": "run", "job_id": "x", "graph": '{"prompt": {}}', "seed": None}
    assert rig.call(rig.pool.run(job, print, worker="two"))["outcome"] == "done"
    with pytest.raises(LookupError, match="worker one is not idle"):
        rig.call(rig.pool.run(job, print, worker="one"))
    assert rig.cancel(running, hard=True)


def test_a_pool_that_closes_interrupts_what_runs_and_leaves_no_process(fake_rig):
    rig = fake_rig("cpu", stop_limit=0.2)
    running = rig.start({"hang": ("X", {})})
    wait_until(lambda: rig.stats().state == "busy")
    pid = rig.stats().pid
    rig.call(rig.pool.close())
    ended = running.ended()
    assert (ended["outcome"], ended["message"]) == (
        "interrupted",
        "The server was stopped while the job ran.",
    )
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_error_of_the_listener_reaches_whoever_runs_the_job(fake_rig):
    rig = fake_rig("cpu")
    job = {"type": "run", "job_id": "x", "graph": '{"prompt": {"talk": {}}}', "seed": None}

    def listen(message, blob):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rig.call(rig.pool.run(job, listen))
    assert rig.run({"a": ("X", {})})[0]["outcome"] == "done"


def test_questions_are_answered_or_end(fake_rig):
    rig = fake_rig("cpu")
    _, running = rig.run({"a": ("X", {})})
    answer = rig.ask("anything", running.job_id)
    assert (answer.content, answer.blob, answer.content_type) == (
        "anything",
        b"blob" * 1000,
        "text/plain",
    )
    with pytest.raises(TimeoutError):
        rig.ask("nothing", running.job_id, timeout=0.1)
    with pytest.raises(NotFoundError, match="No worker remembers this job"):
        rig.ask("anything", "another job")
    rig.run({"die": ("X", {})})
    rig.wait_for_idle()
    with pytest.raises(NotFoundError, match="No worker remembers this job"):
        rig.ask("anything", running.job_id)


def test_devices_are_named_once_each():
    assert parse_devices("auto") == ("auto",)
    assert parse_devices("cuda:0, CUDA:1") == ("cuda:0", "cuda:1")
    for wrong in ("", "cuda:0,", "cpu,cpu"):
        with pytest.raises(UsageError):
            parse_devices(wrong)


@pytest.mark.parametrize("job_id", ["../../x", "/etc/passwd", "", ".hidden", "a\0b", "x" * 300])
def test_logs_stay_in_their_folder(tmp_path, job_id):
    path = log_path(tmp_path, job_id)
    assert path.parent == tmp_path
    assert path.name.startswith("job-")
    assert log_path(tmp_path, "0f8c-1") == tmp_path / "0f8c-1.log"
