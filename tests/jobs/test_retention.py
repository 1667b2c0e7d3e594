"""What limits delete, and what they never delete."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.jobs.job_samples import ids, open_store, sample_job

from blockloom.errors import UsageError
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.model import JobStatus
from blockloom.jobs.retention import Retention, RetentionPlan, apply_retention, plan_retention


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


def write(path: Path, size: int = 10) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def run(store: JobStore, id: str, files: Sequence[Path] = ()) -> None:
    store.accept(sample_job(id))
    store.begin(id, "cpu")
    announced = [{"path": str(file), "kind": "image", "is_temporary": False} for file in files]
    store.record_output(id, "save", {"files": announced, "texts": []})
    store.end(id, JobStatus.DONE)


def clean(store: JobStore, limits: Retention, output: Path, now: float | None = None) -> list[str]:
    apply_retention(store, plan_retention(store, limits, [output], now=now), [output])
    return ids(store.history())


def test_without_limits_everything_is_kept(store: JobStore, output: Path):
    run(store, "a", [write(output / "a.png")])
    assert plan_retention(store, Retention(), [output], now=time.time() * 2) == RetentionPlan()


def test_the_oldest_go_when_there_are_too_many(store: JobStore, output: Path):
    for id in "abcd":
        run(store, id, [write(output / "sub" / f"{id}.png")])
    store.accept(sample_job("waiting"))
    limits = Retention(max_jobs=2)
    plan = plan_retention(store, limits, [output])
    files = (output / "sub" / "a.png", output / "sub" / "b.png")
    assert plan == RetentionPlan(("a", "b"), files, 20)
    result = apply_retention(store, plan, [output])
    assert (result.job_ids, result.files, result.problems) == (("a", "b"), files, ())
    assert sorted(os.listdir(output / "sub")) == ["c.png", "d.png"]
    assert (ids(store.history()), ids(store.pending())) == (["c", "d"], ["waiting"])


def test_what_is_too_old_goes(store: JobStore, output: Path):
    for id in "ab":
        run(store, id, [write(output / f"{id}.png")])
    day = 24 * 60 * 60
    assert clean(store, Retention(max_age_days=2), output, time.time() + 1.9 * day) == ["a", "b"]
    assert clean(store, Retention(max_age_days=2), output, time.time() + 2.1 * day) == []
    assert os.listdir(output) == []


def test_what_is_too_large_goes_the_newest_stays(store: JobStore, output: Path):
    for id, size in [("a", 5), ("b", 100), ("c", 0), ("d", 60), ("e", 40)]:
        run(store, id, [write(output / f"{id}.png", size)])
    assert clean(store, Retention(max_bytes=200), output) == ["b", "c", "d", "e"]
    assert clean(store, Retention(max_bytes=199), output) == ["c", "d", "e"]
    assert clean(store, Retention(max_bytes=99, max_jobs=3), output) == ["e"]
    assert os.listdir(output) == ["e.png"]


def test_every_folder_jobs_write_to_counts(store: JobStore, output: Path, tmp_path: Path):
    folders = [output, tmp_path / "temp", tmp_path / "not-there"]
    for id in "ab":
        saved, shown = output / f"{id}.png", tmp_path / "temp" / f"{id}.png"
        run(store, id, [write(saved, 10), write(shown, 5)])
    assert plan_retention(store, Retention(max_bytes=30), folders) == RetentionPlan()
    plan = plan_retention(store, Retention(max_bytes=29), folders)
    assert plan == RetentionPlan(("a",), (output / "a.png", tmp_path / "temp" / "a.png"), 15)
    assert apply_retention(store, plan, folders).files == plan.files
    assert (os.listdir(output), os.listdir(tmp_path / "temp")) == (["b.png"], ["b.png"])


def test_a_file_that_a_kept_job_announced_as_well_stays(store: JobStore, output: Path):
    shared, own = write(output / "shared.png"), write(output / "own.png")
    run(store, "a", [shared, own])
    run(store, "b", [shared])
    assert clean(store, Retention(max_jobs=1), output) == ["b"]
    assert os.listdir(output) == ["shared.png"]


def test_a_file_of_a_job_that_runs_again_stays(store: JobStore, output: Path):
    run(store, "a", [write(output / "a.png")])
    run(store, "b", [output / "a.png"])
    store.retry("b")
    assert clean(store, Retention(max_jobs=0), output) == []
    assert os.listdir(output) == ["a.png"]


def test_nothing_outside_the_output_folder_and_nothing_through_links(
    store: JobStore, output: Path, tmp_path: Path
):
    outside = write(tmp_path / "outside" / "precious.png")
    write(tmp_path / "output2" / "near.png")
    (output / "link").symlink_to(tmp_path / "outside")
    (output / "link.png").symlink_to(outside)
    (output / "folder.png").mkdir()
    os.mkfifo(output / "pipe.png")
    paths = [
        outside,
        output / "link" / "precious.png",
        output / "link.png",
        output / ".." / "outside" / "precious.png",
        output / "folder.png",
        output / "pipe.png",
        output / "missing.png",
        tmp_path / "output2" / "near.png",
        output,
        Path("precious.png"),
        Path("/"),
    ]
    run(store, "a", [*paths, write(output / "own.png")])
    plan = plan_retention(store, Retention(max_jobs=0), [output])
    assert plan == RetentionPlan(("a",), (output / "own.png",), 10)
    forged = RetentionPlan(("a",), (*paths, output / "own.png"), 0)
    result = apply_retention(store, forged, [output])
    assert (result.files, store.history()) == ((output / "own.png",), [])
    assert outside.exists()
    assert (tmp_path / "output2" / "near.png").exists()
    assert sorted(os.listdir(output)) == ["folder.png", "link", "link.png", "pipe.png"]


def test_an_output_folder_may_be_reached_by_a_link(store: JobStore, output: Path, tmp_path: Path):
    (tmp_path / "linked").symlink_to(output)
    run(store, "a", [write(output / "a.png")])
    run(store, "b", [tmp_path / "linked" / "a.png", write(output / "b.png")])
    assert clean(store, Retention(max_jobs=0), tmp_path / "linked") == []
    assert os.listdir(output) == []


@pytest.mark.parametrize("name", ["max_age_days", "max_jobs", "max_bytes"])
def test_a_negative_limit_is_refused(name: str):
    for limit in (-1, float("nan")):
        with pytest.raises(UsageError, match=name):
            Retention(**{name: limit})
    assert not Retention(**{name: 0}).is_off
