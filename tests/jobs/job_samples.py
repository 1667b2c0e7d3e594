"""Small jobs and stores for the tests of queue and history."""

from __future__ import annotations

from pathlib import Path

from blockloom.graph.model import Json
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.model import NewJob


def sample_graph(prompt: str = "a red circle", model: str = "demo") -> dict[str, Json]:
    """A chain from a model over a text encoder and a denoiser to a decoder and a saved picture."""
    nodes: dict[str, Json] = {
        "model": {"class_type": "BlockloomLoadPipeline", "inputs": {"model": model}},
        "text": {
            "class_type": "TextEncoder",
            "inputs": {"pipeline": ["model", "pipeline"], "prompt": prompt},
        },
        "denoise": {
            "class_type": "Denoise",
            "inputs": {"pipeline": ["text", "pipeline"], "steps": 4},
        },
        "decode": {"class_type": "Decode", "inputs": {"pipeline": ["denoise", "pipeline"]}},
        "save": {"class_type": "SaveImage", "inputs": {"images": ["decode", "images"]}},
    }
    return {"prompt": nodes, "extra": {}}


def sample_job(
    id: str, prompt: str = "a red circle", model: str = "demo", **more: object
) -> NewJob:
    """A job of the sample graph."""
    return NewJob(id, sample_graph(prompt, model), **more)


def open_store(folder: Path, **options: bool) -> JobStore:
    """The store of a folder."""
    return JobStore(folder / "jobs.sqlite", **options)


def ids(jobs: object) -> list[str]:
    """The ids of jobs, in their order."""
    return [job.id for job in jobs]
