"""What requests and answers look like, as JSON schemas: the tables behind ``openapi.json``.

Answers may hold more than is said here, never less.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from blockloom.graph.model import Json
from blockloom.jobs.model import JobStatus
from blockloom.server.job_shapes import STATUS_NAMES

Schema = dict[str, Json]

TEXT: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
YES_NO: Final[Schema] = {"type": "boolean"}
ANY: Final[Schema] = {}
OBJECT: Final[Schema] = {"type": "object"}


def one_of(*values: str) -> Schema:
    """One of some texts."""
    return {"type": "string", "enum": [*values]}


def list_of(item: Schema, *, most: int | None = None) -> Schema:
    """A list of like things."""
    found: Schema = {"type": "array", "items": item}
    return found if most is None else {**found, "maxItems": most}


def map_of(item: Schema) -> Schema:
    """Like things by name."""
    return {"type": "object", "additionalProperties": item}


def or_null(item: Schema) -> Schema:
    """A thing, or null where there is none."""
    return {"oneOf": [item, {"type": "null"}]}


def record(required: Mapping[str, Schema], **optional: Schema) -> Schema:
    """An object with parts of its own kinds."""
    found: Schema = {"type": "object", "properties": {**required, **optional}}
    return {**found, "required": [*required]} if required else found


def named(name: str) -> Schema:
    """One of ``SCHEMAS``."""
    return {"$ref": f"#/components/schemas/{name}"}


_IDS = list_of(TEXT)
_QUEUED = list_of(named("QueueItem"))
_STATUS = one_of(*sorted(set(STATUS_NAMES.values())))
_COUNTS = map_of(WHOLE)

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Error": record(
        {
            "error": record(
                {"type": TEXT, "message": TEXT, "details": TEXT},
                remedy=TEXT,
                problems=list_of(named("Problem")),
                extra_info=OBJECT,
            )
        },
        node_errors=OBJECT,
    ),
    "Problem": record(
        {"code": TEXT, "message": TEXT, "remedy": TEXT, "is_warning": YES_NO},
        node=or_null(TEXT),
        class_type=or_null(TEXT),
        socket=or_null(TEXT),
        side=or_null(TEXT),
    ),
    "Node": record(
        {"class_type": TEXT},
        inputs={**map_of(ANY), "description": "A value, or a link: [node id, output]."},
        _meta=OBJECT,
    ),
    "Prompt": {**map_of(named("Node")), "description": "The nodes of a graph by their ids."},
    "File": record({"filename": TEXT, "subfolder": TEXT, "type": one_of("output", "temp")}),
    "Shown": {
        "type": "object",
        "description": "What a node shows, by kind.",
        "properties": {"text": list_of(TEXT)},
        "additionalProperties": list_of(ANY),
    },
    "QueueItem": {
        "type": "array",
        "description": "Number, id, prompt, extra data, ids of the nodes to run to.",
        "prefixItems": [NUMBER, TEXT, named("Prompt"), OBJECT, _IDS],
        "minItems": 5,
        "maxItems": 5,
    },
    "HistoryItem": record(
        {
            "prompt": named("QueueItem"),
            "outputs": map_of(named("Shown")),
            "status": record(
                {
                    "status_str": one_of("success", "error"),
                    "completed": YES_NO,
                    "messages": list_of({"type": "array", "prefixItems": [TEXT, OBJECT]}),
                }
            ),
            "meta": map_of(OBJECT),
        }
    ),
    "Job": record(
        {
            "id": TEXT,
            "status": _STATUS,
            "priority": NUMBER,
            "create_time": WHOLE,
            "outputs_count": WHOLE,
        },
        execution_start_time=WHOLE,
        execution_end_time=WHOLE,
        execution_error=OBJECT,
        workflow_id=TEXT,
        outputs=map_of(named("Shown")),
        workflow=OBJECT,
        ran=_IDS,
        kept=_IDS,
        seed=or_null(WHOLE),
        group=TEXT,
    ),
    "Work": record(
        {
            "is_paused": YES_NO,
            "jobs": {
                **record({status.value: WHOLE for status in JobStatus}),
                "description": "How many jobs there are of each status.",
            },
            "workers": list_of(record({"id": TEXT, "device": TEXT, "state": TEXT, "error": TEXT})),
        }
    ),
    "NodeType": {**OBJECT, "description": "A node type; what is as default is left out."},
    "UserFile": record({"path": TEXT, "size": WHOLE, "modified": NUMBER, "created": NUMBER}),
}

_STORED = record({"name": TEXT, "subfolder": TEXT, "type": one_of("input")})
_WRITTEN: Schema = {"oneOf": [TEXT, named("UserFile")]}
_CANCELLED = record({"cancelled": _IDS})
_PICTURE: Schema = {"type": "string", "contentMediaType": "application/octet-stream"}
_OVERWRITE: Mapping[str, Schema] = {"overwrite": YES_NO, "full_info": YES_NO}
_PLACE: Mapping[str, Schema] = {
    "step": WHOLE,
    "side": one_of("read", "written"),
    "item": {**list_of(TEXT), "description": "The path to a value inside, a name each."},
}

# By module and name of the handler, as in all tables below.
QUERIES: Final[Mapping[str, Mapping[str, Schema]]] = {
    "prompts.post_prompt": {"clientId": TEXT},
    "history.get_history": {"max_items": WHOLE, "offset": WHOLE},
    "history.get_jobs": {
        "status": {**TEXT, "description": "Statuses with commas between."},
        "text": TEXT,
        "model": TEXT,
        "group": TEXT,
        "workflow_id": TEXT,
        "sort_by": one_of("created_at", "execution_duration"),
        "sort_order": one_of("desc", "asc"),
        "limit": WHOLE,
        "offset": WHOLE,
    },
    "view.get_view": {
        "filename": TEXT,
        "type": one_of("output", "input", "temp"),
        "subfolder": TEXT,
        "preview": {**TEXT, "description": "webp, jpeg or png; with a quality: webp;90."},
        "channel": one_of("rgba", "rgb", "a"),
        "size": {**WHOLE, "minimum": 1, "maximum": 8192},
    },
    "graphs.get_template": {"model": TEXT, "leaf": YES_NO},
    "graphs.get_node_types": {"query": TEXT},
    "block_states.get_value": {
        "form": one_of("png", "json", "npy", "safetensors", "mp4", "webm", "wav"),
        "rate": {**NUMBER, "minimum": 0, "maximum": 384_000},
        **_PLACE,
    },
    "block_states.get_statistics": {**_PLACE, "per_channel": YES_NO},
    "block_states.get_thumbnail": {**_PLACE, "size": WHOLE},
    "userdata.list_files": {"dir": TEXT, "recurse": YES_NO, "split": YES_NO, "full_info": YES_NO},
    "userdata.list_entries": {"path": TEXT},
    "userdata.put_file": _OVERWRITE,
    "userdata.move_file": _OVERWRITE,
    "sockets.get_ws": {"clientId": TEXT},
}

# What a request has to hold; none means that its body is not looked at.
BODIES: Final[Mapping[str, tuple[str, Schema]]] = {
    "prompts.post_prompt": (
        "application/json",
        record(
            {"prompt": named("Prompt")},
            prompt_id={**TEXT, "maxLength": 200},
            client_id={**TEXT, "maxLength": 200},
            number=NUMBER,
            front=YES_NO,
            extra=OBJECT,
            extra_data=OBJECT,
            partial_execution_targets=or_null(_IDS),
            seed=or_null(WHOLE),
            batch=record({}, mode=TEXT, inputs=map_of(list_of(ANY))),
        ),
    ),
    "queue.post_queue": ("application/json", record({}, clear=YES_NO, delete=_IDS)),
    "queue.post_interrupt": ("application/json", record({}, prompt_id=TEXT, hard=YES_NO)),
    "queue.post_free": ("application/json", record({}, free_memory=YES_NO, unload_models=YES_NO)),
    "history.post_history": ("application/json", record({}, clear=YES_NO, delete=_IDS)),
    "history.cancel_jobs": ("application/json", record({"job_ids": {**_IDS, "minItems": 1}})),
    "uploads.post_image": (
        "multipart/form-data",
        record({"image": _PICTURE}, subfolder=TEXT, type=one_of("input"), overwrite=TEXT),
    ),
    "origins.post_origin": ("multipart/form-data", record({"image": _PICTURE})),
    "uploads.post_mask": (
        "multipart/form-data",
        record(
            {"image": _PICTURE, "original_ref": {**TEXT, "contentMediaType": "application/json"}},
            subfolder=TEXT,
            type=one_of("input"),
            overwrite=TEXT,
        ),
    ),
    "userdata.post_settings": ("application/json", OBJECT),
    "userdata.post_setting": ("application/json", ANY),
    "userdata.put_file": ("application/octet-stream", _PICTURE),
    "graphs.post_check": (
        "application/json",
        {
            "anyOf": [
                record({"prompt": named("Prompt")}, extra=OBJECT, targets=_IDS),
                named("Prompt"),
            ]
        },
    ),
    "expanding.post_expand": ("application/json", record({"graph": OBJECT, "node": TEXT})),
    "expanding.post_group": (
        "application/json",
        record({"graph": OBJECT, "nodes": _IDS}, title=TEXT),
    ),
    "exporting.post_export": (
        "application/json",
        record({"graph": OBJECT, "to": one_of("comfyui")}),
    ),
    "exporting.post_import": ("application/json", record({"graph": OBJECT}, workflow=ANY)),
    "work.post_work": ("application/json", record({"is_paused": YES_NO})),
    "work.move_job": ("application/json", record({}, before=or_null(TEXT))),
}

# What comes back where all is well. None is an empty answer, text an answer that is no JSON.
ANSWERS: Final[Mapping[str, Schema | str | None]] = {
    "prompts.get_prompt": record({"exec_info": record({"queue_remaining": WHOLE})}),
    "prompts.post_prompt": record(
        {"prompt_id": TEXT, "number": NUMBER, "node_errors": OBJECT},
        prompt_ids=_IDS,
        warnings=list_of(named("Problem")),
    ),
    "queue.get_queue": record(dict.fromkeys(("queue_running", "queue_pending"), _QUEUED)),
    "queue.post_queue": None,
    "queue.post_interrupt": None,
    "queue.post_free": None,
    "history.get_history": map_of(named("HistoryItem")),
    "history.get_history_of": map_of(named("HistoryItem")),
    "history.post_history": None,
    "history.get_jobs": record(
        {
            "jobs": list_of(named("Job")),
            "pagination": record(
                {"offset": WHOLE, "limit": or_null(WHOLE), "total": WHOLE, "has_more": YES_NO}
            ),
        }
    ),
    "history.cancel_jobs": _CANCELLED,
    "history.get_job": named("Job"),
    "history.cancel_job": record({"id": TEXT, "cancelled": YES_NO}),
    "object_info.get_all": map_of(OBJECT),
    "object_info.get_one": map_of(OBJECT),
    "uploads.post_image": _STORED,
    "uploads.post_mask": _STORED,
    "origins.post_origin": record(
        {"prompt": OBJECT, "extra": OBJECT, "seed": or_null(WHOLE), "node": TEXT}
    ),
    "view.get_view": "*/*",
    "userdata.get_users": record({"storage": TEXT, "migrated": YES_NO}),
    "userdata.get_settings": OBJECT,
    "userdata.post_settings": None,
    "userdata.get_setting": ANY,
    "userdata.post_setting": None,
    "userdata.list_files": list_of({"oneOf": [TEXT, list_of(TEXT), named("UserFile")]}),
    "userdata.list_entries": list_of(
        record(
            {"name": TEXT, "path": TEXT, "type": one_of("directory", "file")},
            size=WHOLE,
            modified=NUMBER,
        )
    ),
    "userdata.get_file": "*/*",
    "userdata.put_file": _WRITTEN,
    "userdata.delete_file": None,
    "userdata.move_file": _WRITTEN,
    "system.get_features": record({"supports_preview_metadata": YES_NO, "max_upload_size": WHOLE}),
    "system.get_system_stats": record(
        {"system": OBJECT, "devices": list_of(record({"name": TEXT, "type": TEXT}))}
    ),
    "system.get_models": _IDS,
    "system.get_models_of": _IDS,
    "system.get_none": list_of(ANY, most=0),
    "system.get_nothing": {**OBJECT, "maxProperties": 0},
    "sockets.get_ws": None,
    "editor.get_page": "text/html",
    "editor.get_asset": "*/*",
    "whole_catalogue.get_catalogue": record(
        {
            "version": TEXT,
            "node_types": list_of(named("NodeType")),
            "pipelines": list_of(OBJECT),
            "accepts": map_of(_IDS),
            "problems": list_of(TEXT),
        }
    ),
    "graphs.get_templates": record(
        {"templates": list_of(record({"pipeline": TEXT, "workflows": list_of(OBJECT)}))}
    ),
    "graphs.get_template": record({"prompt": named("Prompt"), "extra": OBJECT}),
    "graphs.post_check": record(
        {
            "can_run": YES_NO,
            "problems": list_of(named("Problem")),
            "order": _IDS,
            "nodes": map_of(OBJECT),
            "plan": or_null(map_of(TEXT)),
        }
    ),
    "expanding.post_expand": record(
        {"prompt": named("Prompt"), "extra": OBJECT, "nodes": _IDS, "reason": TEXT}
    ),
    "expanding.post_group": record({"prompt": named("Prompt"), "extra": OBJECT, "node": TEXT}),
    "exporting.post_export": record(
        {"workflow": OBJECT, "prompt": named("Prompt"), "problems": list_of(named("Problem"))}
    ),
    "exporting.post_import": record({"prompt": named("Prompt"), "extra": OBJECT}),
    "reloading.post_reload": record({"node_types": WHOLE, "problems": list_of(TEXT)}),
    "graphs.get_node_types": record({}, ids=_IDS, node_types=list_of(named("NodeType"))),
    "graphs.get_node_type": named("NodeType"),
    "examples.get_examples": list_of(record({"name": TEXT, "title": TEXT, "description": TEXT})),
    "examples.get_example": record({"prompt": named("Prompt")}, extra=OBJECT),
    "block_states.get_block_state": OBJECT,
    "block_states.get_block_states": record({"nodes": map_of(OBJECT)}),
    "block_states.get_state": record(
        {"node_id": TEXT, "has_wire": YES_NO, "components": _IDS, "values": list_of(OBJECT)}
    ),
    "block_states.get_value": "*/*",
    "block_states.get_steps": OBJECT,
    "block_states.get_statistics": OBJECT,
    "block_states.get_thumbnail": "image/png",
    "work.get_work": named("Work"),
    "work.post_work": named("Work"),
    "work.retry_job": record({"id": TEXT, "status": _STATUS}),
    "work.move_job": record({"id": TEXT}),
    "work.get_job_log": record(
        {"id": TEXT, "lines": list_of(record({"time": TEXT, "level": TEXT, "text": TEXT}))}
    ),
    "work.get_group": record(
        {"id": TEXT, "jobs": _COUNTS, "ids": _IDS, "done": WHOLE, "total": WHOLE}
    ),
    "work.cancel_group": _CANCELLED,
    "models.get_models": record(
        {"models": list_of(record({"name": TEXT, "kind": TEXT, "source": TEXT}))}
    ),
    "metrics.get_metrics": "text/plain",
    "openapi.get_openapi": record({"openapi": TEXT, "paths": map_of(OBJECT)}),
}

# Other good answers than 200: to who has a thing already, or asks for a part of it …
MORE_STATUSES: Final[Mapping[str, Mapping[str, str]]] = {
    "object_info.get_all": {"304": "It has not changed."},
    "whole_catalogue.get_catalogue": {"304": "It has not changed."},
    "editor.get_page": {"304": "It has not changed."},
    "editor.get_asset": {"304": "It has not changed."},
    "view.get_view": {"206": "A part of it.", "304": "It has not changed."},
    "userdata.get_file": {"206": "A part of it.", "304": "It has not changed."},
}
# … and what there is in its place.
OTHER_STATUSES: Final[Mapping[str, Mapping[str, str]]] = {
    "userdata.delete_file": {"204": "It is gone."},
    "sockets.get_ws": {"101": "A WebSocket."},
}
