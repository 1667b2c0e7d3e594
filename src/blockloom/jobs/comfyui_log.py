"""A job's messages in the shape of ComfyUI's history: how it began, what was kept, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from blockloom.graph.model import Json
from blockloom.jobs.messages import JobEnded

HistoryMessage: TypeAlias = tuple[str, dict[str, Json]]


def start_message(job_id: str, now: float) -> HistoryMessage:
    """``execution_start``; ``now`` in seconds."""
    return "execution_start", {"prompt_id": job_id, "timestamp": _stamp(now)}


def end_messages(ended: JobEnded, now: float) -> list[HistoryMessage]:
    """``execution_cached``, and what the end was; ``now`` in seconds."""
    place: dict[str, Json] = {"prompt_id": ended["job_id"], "timestamp": _stamp(now)}
    cached: HistoryMessage = ("execution_cached", {"nodes": _list(ended["kept"]), **place})
    if ended["outcome"] == "done":
        return [cached, ("execution_success", place)]
    node: dict[str, Json] = {
        "node_id": ended["node_id"],
        "node_type": ended["class_type"],
        "executed": _list(ended["ran"]),
        **place,
    }
    if ended["outcome"] == "cancelled":
        return [cached, ("execution_interrupted", node)]
    error: dict[str, Json] = {
        "exception_message": ended["message"],
        "exception_type": ended["kind"] or "Error",
        "traceback": _list(ended["details"].splitlines(keepends=True)),
        "current_inputs": {},
        "current_outputs": _list([*ended["kept"], *ended["ran"]]),
    }
    return [cached, ("execution_error", {**node, **error})]


def _list(items: Sequence[str]) -> list[Json]:
    return list(items)


def _stamp(now: float) -> int:
    return int(now * 1000)
