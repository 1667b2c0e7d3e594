"""Jobs and what they left, in ComfyUI's shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from blockloom.graph.model import Json
from blockloom.jobs.model import Job, JobStatus
from blockloom.server.keys import Folders

JsonObject = dict[str, Json]

# What the panel of ComfyUI's newer frontends calls them.
STATUS_NAMES = {
    JobStatus.PENDING: "pending",
    JobStatus.RUNNING: "in_progress",
    JobStatus.DONE: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "cancelled",
    JobStatus.INTERRUPTED: "failed",
}
# Films are among the pictures there, and a flag beside them says that they move.
_KEYS = {"image": "images", "video": "images", "audio": "audio"}


def shown_number(number: float) -> int | float:
    """A place in the queue, as a whole number where it is one."""
    return int(number) if float(number).is_integer() else number


def prompt_of(job: Job) -> JsonObject:
    """The nodes of a job, without the envelope of a graph file."""
    prompt = job.new.graph.get("prompt")
    return prompt if isinstance(prompt, dict) else job.new.graph


def queue_item(job: Job) -> list[Json]:
    """``[number, id, prompt, extra data, output node ids]``."""
    extra: JsonObject = {**job.new.extra}
    if job.new.client_id:
        extra["client_id"] = job.new.client_id
    return [shown_number(job.new.number), job.id, prompt_of(job), extra, [*job.new.targets]]


def file_shape(path: str, folders: Folders) -> JsonObject | None:
    """``{filename, subfolder, type}`` of a file; None for one outside the folders of the server."""
    places = [("temp", folders.temporary), ("output", folders.output)]
    for kind, root in places:
        try:
            inside = Path(path).relative_to(root)
        except ValueError:
            continue
        subfolder = inside.parent.as_posix()
        return {
            "filename": inside.name,
            "subfolder": "" if subfolder == "." else subfolder,
            "type": kind,
        }
    return None


def shown_output(files: Iterable[object], texts: Iterable[object], folders: Folders) -> JsonObject:
    """What a node shows, in lists by kind; empty where it shows nothing."""
    shown: dict[str, list[Json]] = {}
    for file in files:
        if not isinstance(file, Mapping):
            continue
        shape = file_shape(str(file.get("path")), folders)
        if shape is not None:
            shown.setdefault(_KEYS.get(str(file.get("kind")), "files"), []).append(shape)
            if file.get("kind") == "video":
                shown["animated"] = [True]
    written: list[Json] = [text for text in texts if isinstance(text, str)]
    if written:
        shown["text"] = written
    return {key: list(values) for key, values in shown.items()}


def outputs_of(job: Job, folders: Folders) -> JsonObject:
    """What every node of a job shows."""
    outputs: JsonObject = {}
    for node_id, left in job.outputs.items():
        if not isinstance(left, dict):
            continue
        shown = shown_output(_list(left.get("files")), _list(left.get("texts")), folders)
        if shown:
            outputs[node_id] = shown
    return outputs


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def history_item(job: Job, folders: Folders) -> JsonObject:
    """A job as the history has it."""
    outputs = outputs_of(job, folders)
    is_done = job.status is JobStatus.DONE
    return {
        "prompt": queue_item(job),
        "outputs": outputs,
        "status": {
            "status_str": "success" if is_done else "error",
            "completed": is_done,
            "messages": [[name, data] for name, data in messages_of(job)],
        },
        "meta": {node_id: node_meta(node_id) for node_id in outputs},
    }


def node_meta(node_id: str) -> JsonObject:
    """Which node is meant and which one shows it; here they are always the same."""
    return {
        "node_id": node_id,
        "display_node": node_id,
        "parent_node": None,
        "real_node_id": node_id,
    }


def messages_of(job: Job) -> list[tuple[str, JsonObject]]:
    """The messages of a run as the history keeps them."""
    if job.log:
        return [(name, dict(data)) for name, data in job.log]
    start: JsonObject = {"prompt_id": job.id, "timestamp": _milliseconds(job.started)}
    kept: JsonObject = {"nodes": [*job.kept], **start}
    return [("execution_start", start), ("execution_cached", kept), end_message(job)]


def end_message(job: Job) -> tuple[str, JsonObject]:
    """The message with which a run ended."""
    end: JsonObject = {"prompt_id": job.id, "timestamp": _milliseconds(job.ended)}
    if job.status is JobStatus.DONE:
        return "execution_success", end
    error = job.error
    where: JsonObject = {
        "prompt_id": job.id,
        "node_id": error.node_id if error else "",
        "node_type": error.class_type if error else "",
        "executed": [*job.ran],
    }
    if job.status is JobStatus.CANCELLED:
        return "execution_interrupted", {**where, "timestamp": end["timestamp"]}
    details = error.details if error else ""
    return "execution_error", {
        **where,
        "exception_message": error.message if error else "The run was interrupted.",
        "exception_type": (error.kind if error else "") or "Error",
        "traceback": [*details.splitlines(keepends=True)],
        "current_inputs": {},
        "current_outputs": [],
        "timestamp": end["timestamp"],
    }


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)


def job_summary(job: Job, folders: Folders) -> JsonObject:
    """A job for a list; what is not known yet is left out."""
    outputs = outputs_of(job, folders)
    count, preview = _counted(outputs)
    found: JsonObject = {
        "id": job.id,
        "status": STATUS_NAMES[job.status],
        "priority": shown_number(job.new.number),
        "create_time": _milliseconds(job.created),
        "outputs_count": count,
    }
    if job.started:
        found["execution_start_time"] = _milliseconds(job.started)
    if job.ended:
        found["execution_end_time"] = _milliseconds(job.ended)
    if preview is not None:
        found["preview_output"] = preview
    if job.status in (JobStatus.FAILED, JobStatus.INTERRUPTED):
        found["execution_error"] = end_message(job)[1]
    if job.status is JobStatus.INTERRUPTED:
        # ComfyUI has no such status: it ran when server or worker died, and can be retried.
        found["is_interrupted"] = True
    workflow_id = _workflow_id(job.new.extra)
    if workflow_id:
        found["workflow_id"] = workflow_id
    return found


def job_details(job: Job, folders: Folders) -> JsonObject:
    """A job with all there is to know of it."""
    item = history_item(job, folders)
    workflow: JsonObject = {
        "prompt": prompt_of(job),
        "extra": job.new.graph.get("extra", {}),
        "extra_data": {**job.new.extra},
    }
    return {
        **job_summary(job, folders),
        "outputs": item["outputs"],
        "execution_status": item["status"],
        "workflow": workflow,
        "ran": [*job.ran],
        "kept": [*job.kept],
        "seed": job.used_seed,
        "group": job.new.group,
    }


def group_progress(group: str, counts: Mapping[JobStatus, int]) -> JsonObject:
    """How far a batch is: how many of its jobs have each status, and how many are over."""
    jobs: JsonObject = {status.value: count for status, count in counts.items()}
    over = sum(count for status, count in counts.items() if status.is_ended)
    return {"id": group, "jobs": jobs, "done": over, "total": sum(counts.values())}


def _counted(outputs: JsonObject) -> tuple[int, JsonObject | None]:
    count, preview = 0, None
    for node_id, shown in outputs.items():
        for key, values in shown.items() if isinstance(shown, dict) else ():
            if key == "animated":
                continue
            for value in values if isinstance(values, list) else ():
                count += 1
                is_kept = isinstance(value, dict) and value.get("type") == "output"
                if isinstance(value, dict) and (preview is None or is_kept):
                    preview = {**value, "nodeId": node_id, "mediaType": key}
    return count, preview


def _workflow_id(extra: Mapping[str, Json]) -> str:
    """The id ComfyUI's frontends give what is drawn."""
    found: Json = {**extra}
    for key in ("extra_pnginfo", "workflow", "id"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""
