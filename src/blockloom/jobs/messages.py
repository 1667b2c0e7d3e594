"""What server and worker process say to each other: JSON objects with a literal name.

Messages travel in length-prefixed frames; blobs (pictures, values) follow the message that
announces them by ``has_blob``. The unions are the protocol.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from blockloom.execution.events import Event
from blockloom.graph.model import Json


class RunJob(TypedDict):
    """Server to worker: run this graph. The worker answers with events and one JobEnded.

    ``graph`` is the content of a graph file, as the text that is kept; ``picture_notes`` is what
    the client wants written into pictures, by name.
    """

    type: Literal["run"]
    job_id: str
    graph: str
    targets: list[str]
    seed: int | None
    output_folder: str
    temporary_folder: str
    input_folders: list[str]
    picture_notes: dict[str, Json]
    wants_previews: bool


class CancelJob(TypedDict):
    """Server to worker: stop that job at its next step."""

    type: Literal["cancel"]
    job_id: str


class Free(TypedDict):
    """Server to worker: drop loaded models, and kept values, once no job runs.

    Answered by MemoryState.
    """

    type: Literal["free"]
    models: bool
    values: bool


class Ask(TypedDict):
    """Server to worker: a question about a job that ran here; answered by Answer.

    ``what``: "block_state", "value", "steps", "statistics", "thumbnail"; and without a job "plan",
    "branches", "own_types". Arguments and answers are documented in ``worker/answers.py``.
    """

    type: Literal["ask"]
    question_id: int
    what: str
    job_id: str
    arguments: dict[str, Json]


class Ping(TypedDict):
    """Server to worker: are you there? Answered by Pong even while a job runs."""

    type: Literal["ping"]
    number: int


class Stop(TypedDict):
    """Server to worker: end when the current job has ended."""

    type: Literal["stop"]


ToWorker: TypeAlias = RunJob | CancelJob | Free | Ask | Ping | Stop


class Ready(TypedDict):
    """Worker to server: torch and diffusers are imported; jobs can come."""

    type: Literal["ready"]
    device: str
    device_name: str
    memory_total: int
    memory_free: int
    torch_version: str


class JobEvent(TypedDict):
    """Worker to server: something happened in a job."""

    type: Literal["event"]
    job_id: str
    event: Event


class JobPreview(TypedDict):
    """Worker to server: a picture of the current step; a JPEG follows as a blob."""

    type: Literal["preview"]
    job_id: str
    node_id: str
    index: int
    total: int
    has_blob: Literal[True]


class JobEnded(TypedDict):
    """Worker to server: the job is over. Everything it announced is on disk.

    "interrupted" is written by the worker's supervisor, where the worker died in mid-run.
    """

    type: Literal["ended"]
    job_id: str
    outcome: Literal["done", "failed", "cancelled", "interrupted"]
    message: str
    node_id: str
    class_type: str
    kind: str
    details: str
    ran: list[str]
    kept: list[str]
    seed: int | None
    seconds: float
    loaded: list[str]
    memory_free: int


class Answer(TypedDict):
    """Worker to server: the answer to an Ask, or why there is none."""

    type: Literal["answer"]
    question_id: int
    error: str
    content: Json
    has_blob: bool
    content_type: str


class Pong(TypedDict):
    """Worker to server: here, and since when the current step has been going on."""

    type: Literal["pong"]
    number: int
    job_id: str
    seconds_since_progress: float


class LogLine(TypedDict):
    """Worker to server: a line that was logged or printed while a job ran."""

    type: Literal["log"]
    job_id: str
    level: str
    text: str


class MemoryState(TypedDict):
    """Worker to server: what is in memory after a Free; ``values_size`` in bytes."""

    type: Literal["memory"]
    loaded: list[str]
    memory_free: int
    values_size: int


class Unusable(TypedDict):
    """Worker to server: this worker cannot start, and trying again will not help."""

    type: Literal["unusable"]
    message: str
    details: str


FromWorker: TypeAlias = (
    Ready | JobEvent | JobPreview | JobEnded | Answer | Pong | LogLine | MemoryState | Unusable
)
