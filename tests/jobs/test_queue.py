"""Which job a worker gets: order, loaded models, nobody starving, and who is woken."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.jobs.job_samples import ids, open_store, sample_job

from blockloom.errors import UsageError
from blockloom.jobs.job_reader import WaitingJob
from blockloom.jobs.model import JobStatus
from blockloom.jobs.queue import JobQueue, QueueChange, WorkerView, choose_job

COLD = WorkerView("cuda:0")
WARM = WorkerView("cuda:1", frozenset({"unet of warm", "vae of warm"}))


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    with JobQueue(open_store(tmp_path), max_overtakes=3) as opened:
        yield opened


def add(queue: JobQueue, *names: str, **more: object) -> None:
    """Queue jobs; those whose name begins with w use the model that WARM has loaded."""
    for name in names:
        model = "warm" if name.startswith("w") else "cold"
        number = queue.store.next_number()
        queue.accept(sample_job(name, model=model, **{"number": number, **more}))


def drain(queue: JobQueue, worker: WorkerView) -> list[str]:
    taken = []
    while (job := queue.next_for(worker)) is not None:
        assert (job.status, job.worker) == (JobStatus.RUNNING, worker.name)
        taken.append(job.id)
        queue.end(job.id, JobStatus.DONE)
    return taken


def test_without_loaded_models_jobs_run_in_their_order(queue: JobQueue):
    add(queue, "c1", "w1", "c2", "w2")
    assert drain(queue, COLD) == ["c1", "w1", "c2", "w2"]


def test_jobs_of_loaded_models_go_first_but_not_for_ever(queue: JobQueue):
    add(queue, "c1", "w1", "w2", "c2", "w3", "w4", "w5")
    assert drain(queue, WARM) == ["w1", "w2", "w3", "c1", "w4", "w5", "c2"]


def test_each_worker_gets_its_own_kind(queue: JobQueue):
    add(queue, "c1", "w1", "c2", "w2")
    other = WorkerView("cuda:2", frozenset({"cold"}))
    taken = [queue.next_for(worker) for worker in (WARM, other, WARM, other, WARM)]
    assert [job and job.id for job in taken] == ["w1", "c1", "w2", "c2", None]


def test_nothing_goes_before_or_past_a_placed_job(queue: JobQueue):
    add(queue, "c1", "c2")
    add(queue, "w1", is_placed=True)
    add(queue, "w2")
    assert drain(queue, WARM) == ["c1", "c2", "w1", "w2"]
    add(queue, "c3", is_placed=True)
    add(queue, "w3")
    assert drain(queue, WARM) == ["c3", "w3"]


def test_a_job_moved_by_hand_stays_where_it_was_put(queue: JobQueue):
    add(queue, "c1", "w1", "w2", "c2")
    queue.reorder("c2", "w1")
    assert drain(queue, WARM) == ["c1", "c2", "w1", "w2"]


def test_a_number_of_ones_own_is_an_order(queue: JobQueue):
    add(queue, "c1", "w1")
    queue.accept(sample_job("front", model="cold", number=-1, is_placed=True))
    assert drain(queue, WARM)[0] == "front"


names = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40)


@given(jobs=names, limit=st.integers(0, 4), loads=st.lists(st.booleans(), max_size=40))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_job_is_overtaken_more_often_than_allowed(
    jobs: list[tuple[bool, bool]], limit: int, loads: list[bool]
):
    waiting = [
        WaitingJob(str(index), ("warm",) if is_warm else ("cold",), is_placed)
        for index, (is_warm, is_placed) in enumerate(jobs)
    ]
    placed = {job.id for job in waiting if job.is_placed}
    overtakes: Counter[str] = Counter()
    order: list[str] = []
    while waiting:
        is_warm = loads[len(order)] if len(order) < len(loads) else True
        loaded = frozenset({"warm"}) if is_warm else frozenset()
        chosen = choose_job(waiting, loaded, overtakes, limit)
        assert chosen is not None
        for other in waiting[: waiting.index(chosen)]:
            overtakes[other.id] += 1
            assert other.id not in placed
        waiting.remove(chosen)
        order.append(chosen.id)
    places = {id: place for place, id in enumerate(order)}
    for id in order:
        later = [other for other in order if int(other) > int(id) and places[other] < places[id]]
        assert len(later) <= limit
        earlier = [other for other in order if int(other) < int(id) and places[other] > places[id]]
        if id in placed:
            assert (earlier, later) == ([], [])


def test_a_paused_queue_gives_out_nothing(queue: JobQueue):
    add(queue, "c1")
    queue.pause()
    assert (queue.next_for(COLD), queue.has_work, ids(queue.store.pending())) == (
        None,
        False,
        ["c1"],
    )
    queue.resume()
    assert drain(queue, COLD) == ["c1"]


def test_everything_that_happens_is_told_after_it_is_kept(queue: JobQueue):
    told: list[tuple[QueueChange, dict[JobStatus, int]]] = []

    def listen(change: QueueChange) -> None:
        counts = {status: count for status, count in queue.store.counts().items() if count}
        told.append((change, counts))

    stop = queue.listen(listen)
    queue.accept_all([sample_job("a"), sample_job("b"), sample_job("c")])
    queue.reorder("c", "a")
    queue.next_for(COLD)
    queue.end("c", JobStatus.FAILED)
    queue.cancel_pending(["a", "x"])
    queue.cancel_pending(["x"])
    queue.pause()
    queue.resume()
    queue.retry("c")
    queue.clear_pending()
    with pytest.raises(UsageError):
        queue.end("c", JobStatus.DONE)
    stop()
    stop()
    queue.accept(sample_job("d"))
    assert told == [
        (QueueChange("accepted", ("a", "b", "c")), {JobStatus.PENDING: 3}),
        (QueueChange("moved", ("c",)), {JobStatus.PENDING: 3}),
        (QueueChange("begun", ("c",)), {JobStatus.PENDING: 2, JobStatus.RUNNING: 1}),
        (QueueChange("ended", ("c",)), {JobStatus.PENDING: 2, JobStatus.FAILED: 1}),
        (
            QueueChange("cancelled", ("a",)),
            {JobStatus.PENDING: 1, JobStatus.FAILED: 1, JobStatus.CANCELLED: 1},
        ),
        (
            QueueChange("paused"),
            {JobStatus.PENDING: 1, JobStatus.FAILED: 1, JobStatus.CANCELLED: 1},
        ),
        (
            QueueChange("resumed"),
            {JobStatus.PENDING: 1, JobStatus.FAILED: 1, JobStatus.CANCELLED: 1},
        ),
        (QueueChange("accepted", ("c",)), {JobStatus.PENDING: 2, JobStatus.CANCELLED: 1}),
        (QueueChange("cancelled", ("b", "c")), {JobStatus.CANCELLED: 3}),
    ]


def test_workers_sleep_until_there_is_work(tmp_path: Path):
    async def scenario() -> list[str]:
        with JobQueue(open_store(tmp_path)) as queue:
            taken: list[str] = []

            async def serve(worker: WorkerView) -> None:
                while len(taken) < 6:
                    await queue.wait_for_work()
                    if (job := queue.next_for(worker)) is not None:
                        taken.append(job.id)
                        queue.end(job.id, JobStatus.DONE)
                        await asyncio.sleep(0)

            queue.pause()
            queue.accept(sample_job("1"))
            servers = [asyncio.create_task(serve(WorkerView(name))) for name in "ab"]
            await asyncio.sleep(0.01)
            assert taken == []
            queue.resume()
            for id in "2345":
                await asyncio.sleep(0.001)
                queue.accept(sample_job(id))
            queue.cancel_pending(["none"])
            await asyncio.sleep(0.01)
            queue.accept(sample_job("6"))
            await asyncio.wait(servers, timeout=2, return_when=asyncio.FIRST_COMPLETED)
            for server in servers:
                server.cancel()
            await asyncio.gather(*servers, return_exceptions=True)
            return taken

    assert asyncio.run(scenario()) == list("123456")


def test_closing_ends_the_waiting(tmp_path: Path):
    async def scenario() -> bool:
        queue = JobQueue(open_store(tmp_path))
        waiting = asyncio.create_task(queue.wait_for_work())
        await asyncio.sleep(0)
        queue.close()
        await asyncio.wait([waiting], timeout=2)
        return waiting.cancelled()

    assert asyncio.run(scenario())
