"""Lists for some inputs: which jobs they stand for, and in which order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.jobs.job_samples import open_store, sample_graph, sample_job

from blockloom.errors import GraphError, UsageError
from blockloom.graph.model import Json
from blockloom.jobs.batches import expand_batch
from blockloom.jobs.model import JobStatus, NewJob


def value_of(job: NewJob, node_id: str, name: str) -> Json:
    return job.graph["prompt"][node_id]["inputs"].get(name)


def test_a_product_varies_what_is_furthest_downstream_fastest():
    new = sample_job("p")
    batch: dict[str, Json] = {
        "mode": "product",
        "inputs": {
            "decode.tiling": [True, False],
            "text.prompt": ["a cat", "a dog"],
            "denoise.steps": [4, 8],
        },
    }
    jobs = expand_batch(new, batch)
    assert [
        (
            job.id,
            value_of(job, "text", "prompt"),
            value_of(job, "denoise", "steps"),
            value_of(job, "decode", "tiling"),
        )
        for job in jobs
    ] == [
        ("p-1", "a cat", 4, True),
        ("p-2", "a cat", 4, False),
        ("p-3", "a cat", 8, True),
        ("p-4", "a cat", 8, False),
        ("p-5", "a dog", 4, True),
        ("p-6", "a dog", 4, False),
        ("p-7", "a dog", 8, True),
        ("p-8", "a dog", 8, False),
    ]


def test_a_zip_takes_the_lists_in_step_and_in_their_order():
    batch: dict[str, Json] = {
        "mode": "zip",
        "inputs": {"decode.size": [1, 2, 3], "text.prompt": ["c", "a", "b"]},
    }
    jobs = expand_batch(sample_job("p"), batch)
    found = [(value_of(job, "decode", "size"), value_of(job, "text", "prompt")) for job in jobs]
    assert found == [(1, "c"), (2, "a"), (3, "b")]


def test_a_job_of_a_batch_is_the_prompt_with_its_values_and_nothing_else_changed():
    extra: dict[str, Json] = {"create_time": 1}
    new = NewJob(
        "p", sample_graph(), ("save",), 3, client_id="me", extra=extra, seed=9, is_placed=True
    )
    (job,) = expand_batch(new, {"inputs": {"text.prompt": ["a cat"]}})
    assert job == NewJob(
        "p-1",
        sample_graph("a cat"),
        ("save",),
        3,
        client_id="me",
        extra={
            "create_time": 1,
            "batch": {"index": 0, "total": 1, "inputs": {"text.prompt": "a cat"}},
        },
        seed=9,
        group="p",
        is_placed=True,
    )
    assert (new.graph, extra) == (sample_graph(), {"create_time": 1})
    named = NewJob("p", sample_graph(), group="mine")
    assert expand_batch(named, {"inputs": {"text.prompt": ["x"]}})[0].group == "mine"


def test_bare_graphs_and_lists_as_values():
    bare: dict[str, Json] = {"1": {"class_type": "Text", "inputs": {"words": "x"}}}
    values: list[Json] = [["1", 0], {"__value__": 3}, {"a": 1}, None]
    jobs = expand_batch(NewJob("p", bare), {"inputs": {"1.words": values}})
    assert [job.graph["1"]["inputs"]["words"] for job in jobs] == [
        {"__value__": ["1", 0]},
        {"__value__": {"__value__": 3}},
        {"a": 1},
        None,
    ]


def test_dots_in_ids_and_names():
    graph: dict[str, Json] = {
        "12.3": {"class_type": "Denoise", "inputs": {}},
        "a": {"class_type": "Denoise"},
    }
    inputs: dict[str, Json] = {"12.3.fields.prompt_embeds": [1], "a.b.c": [2]}
    (job,) = expand_batch(NewJob("p", graph), {"mode": "zip", "inputs": inputs})
    assert job.graph == {
        "12.3": {"class_type": "Denoise", "inputs": {"fields.prompt_embeds": 1}},
        "a": {"class_type": "Denoise", "inputs": {"b.c": 2}},
    }


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ({}, "names no inputs"),
        ({"mode": "sum", "inputs": {"text.prompt": ["a"]}}, 'no mode "sum"'),
        ({"mode": [], "inputs": {"text.prompt": ["a"]}}, "no mode"),
        ({"inputs": {"text.prompt": []}}, 'input "text.prompt" has no list'),
        ({"inputs": {"text.prompt": "a cat"}}, 'input "text.prompt" has no list'),
        (
            {"mode": "zip", "inputs": {"text.prompt": ["a"], "denoise.steps": [1, 2]}},
            '"text.prompt" has 1, "denoise.steps" has 2',
        ),
        (
            {"inputs": {"text.prompt": ["a"] * 101, "denoise.steps": [1] * 100}},
            "10,100 jobs; 10,000",
        ),
    ],
)
def test_what_is_no_batch_is_refused_in_words(batch: dict[str, Json], message: str):
    with pytest.raises(UsageError, match=message):
        expand_batch(sample_job("p"), batch)


def test_a_batch_of_very_large_graphs_is_refused():
    new = sample_job("p", "x" * 1_000_000)
    with pytest.raises(UsageError, match="1,000 jobs of 977 kB"):
        expand_batch(new, {"inputs": {"denoise.steps": list(range(1000))}})


def test_what_goes_into_the_pictures_of_every_job_counts_as_well():
    new = replace(sample_job("p"), extra={"extra_pnginfo": {"workflow": "x" * 1_000_000}})
    with pytest.raises(UsageError, match="1,000 jobs of 977 kB"):
        expand_batch(new, {"inputs": {"denoise.steps": list(range(1000))}})


def test_unknown_and_unclear_inputs_are_all_named():
    graph: dict[str, Json] = {"a": {"class_type": "X"}, "a.b": {"class_type": "X"}}
    inputs: dict[str, Json] = {"a.b.c": [1], "nowhere.x": [1], "plain": [1], "a.ok": [1]}
    with pytest.raises(GraphError) as caught:
        expand_batch(NewJob("p", graph), {"inputs": inputs})
    assert [problem.code for problem in caught.value.problems] == [
        "unclear_batch_input",
        "unknown_batch_input",
        "unknown_batch_input",
    ]


def test_a_full_size_batch_is_queued_and_counted(tmp_path: Path):
    batch: dict[str, Json] = {
        "inputs": {"text.prompt": ["a", "b"], "denoise.steps": list(range(100))}
    }
    with open_store(tmp_path) as store:
        store.accept_all(expand_batch(sample_job("p"), batch))
        assert store.group("p")[JobStatus.PENDING] == 200
        assert [job.id for job in store.pending(3)] == ["p-1", "p-2", "p-3"]
        store.begin("p-1", "cpu")
        store.end("p-1", JobStatus.DONE)
        assert store.cancel_pending(store.group_ids("p", JobStatus.PENDING))[-1] == "p-200"
        assert store.group("p") == {
            **dict.fromkeys(JobStatus, 0),
            JobStatus.DONE: 1,
            JobStatus.CANCELLED: 199,
        }
