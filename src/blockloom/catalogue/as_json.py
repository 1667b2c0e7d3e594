"""Node types and pipelines as JSON and back; what equals a field's default is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from enum import Enum
from typing import TypeAlias, cast

from blockloom.catalogue.pipelines import PipelineEntry, Step, Workflow
from blockloom.graph.model import Json
from blockloom.graph.node_types import (
    ComponentNeed,
    InputSocket,
    Kind,
    LoopCall,
    NodeType,
    OutputSocket,
    Role,
    Selection,
    SubBlock,
    Widget,
)
from blockloom.graph.sockets import SocketType

JsonObject: TypeAlias = dict[str, Json]

_Plain = (
    NodeType | InputSocket | OutputSocket | ComponentNeed | SubBlock | Selection | Widget | LoopCall
)
_PlainPipeline = PipelineEntry | Workflow | Step


def to_json(value: _Plain | _PlainPipeline) -> JsonObject:
    """A node type, socket, pipeline … as a JSON object without the fields that are as default."""
    found: JsonObject = {}
    for field in fields(value):
        if not field.init:
            continue
        content = getattr(value, field.name)
        is_default = field.default is not MISSING and content == field.default
        is_empty = field.default_factory is not MISSING and not content
        if not is_default and not is_empty:
            found[field.name] = _to_json(content)
    return found


def _to_json(value: object) -> Json:
    if isinstance(value, Enum):
        return cast(str, value.value)
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if isinstance(value, (_Plain, _PlainPipeline)):
        return to_json(value)
    return cast(Json, value)


def node_type_from_json(
    found: JsonObject, inputs: tuple[InputSocket, ...], outputs: tuple[OutputSocket, ...]
) -> NodeType:
    """The node type that ``to_json`` wrote, with its sockets given apart.

    Like the other readers it raises TypeError or ValueError if the object is damaged.
    """
    return NodeType(
        id=_text(found, "id"),
        title=_text(found, "title"),
        category=_texts(found, "category"),
        kind=Kind(_text(found, "kind")),
        description=_text(found, "description"),
        inputs=inputs,
        outputs=outputs,
        components=tuple(
            ComponentNeed(_text(item, "name"), _text(item, "class_name"), _flag(item, "is_made"))
            for item in _objects(found, "components")
        ),
        sub_blocks=tuple(
            SubBlock(_text(item, "name"), _text(item, "type_id"), _text(item, "trigger"))
            for item in _objects(found, "sub_blocks")
        ),
        triggers=_texts(found, "triggers"),
        selects_by_presence=_flag(found, "selects_by_presence"),
        default_branch=_text(found, "default_branch"),
        selections=tuple(
            Selection(_texts(item, "present"), _text(item, "branch"), _text(item, "error"))
            for item in _objects(found, "selections")
        ),
        by_truth=_texts(found, "by_truth"),
        by_value=_texts(found, "by_value"),
        loop=_loop_call(found["loop"]) if "loop" in found else None,
        is_output=_flag(found, "is_output"),
        is_volatile=_flag(found, "is_volatile"),
        family=_text(found, "family"),
        origin=_text(found, "origin"),
        warnings=_texts(found, "warnings"),
        digest=_text(found, "digest"),
    )


def input_from_json(found: JsonObject) -> InputSocket:
    """The input socket that ``to_json`` wrote."""
    return InputSocket(
        name=_text(found, "name"),
        type=SocketType(_text(found, "type")),
        is_required=_flag(found, "is_required"),
        default=found.get("default"),
        has_default=_flag(found, "has_default"),
        default_text=_text(found, "default_text"),
        description=_text(found, "description"),
        bundle=_text(found, "bundle"),
        is_bundle=_flag(found, "is_bundle"),
        is_tuple=_flag(found, "is_tuple"),
        role=Role(_text(found, "role") or Role.USER.value),
        widget=_widget(found["widget"]) if "widget" in found else Widget(),
        title=_text(found, "title"),
        is_setting=_flag(found, "is_setting"),
    )


def output_from_json(found: JsonObject) -> OutputSocket:
    """The output socket that ``to_json`` wrote."""
    return OutputSocket(
        name=_text(found, "name"),
        type=SocketType(_text(found, "type")),
        description=_text(found, "description"),
        bundle=_text(found, "bundle"),
        title=_text(found, "title"),
    )


def pipeline_from_json(found: JsonObject) -> PipelineEntry:
    """The pipeline that ``to_json`` wrote."""
    return PipelineEntry(
        name=_text(found, "name"),
        class_name=_text(found, "class_name"),
        preset=_text(found, "preset"),
        workflows=tuple(_workflow(item) for item in _objects(found, "workflows")),
        description=_text(found, "description"),
    )


def _workflow(found: JsonObject) -> Workflow:
    return Workflow(
        name=_text(found, "name"),
        triggers=_texts(found, "triggers"),
        coarse=_steps(found, "coarse"),
        leaf=_steps(found, "leaf"),
        defaults=_object(found.get("defaults", {})),
        trigger_values=_object(found.get("trigger_values", {})),
    )


def _steps(found: JsonObject, name: str) -> tuple[Step, ...]:
    return tuple(
        Step(_text(item, "path"), _text(item, "type_id")) for item in _objects(found, name)
    )


def _loop_call(found: Json) -> LoopCall:
    fields_ = _object(found)
    return LoopCall(
        arguments=_texts(fields_, "arguments"),
        takes_any=_flag(fields_, "takes_any"),
        reads=_texts(fields_, "reads"),
        writes=_texts(fields_, "writes"),
        inputs=_texts(fields_, "inputs"),
        outputs=_texts(fields_, "outputs"),
        components=_texts(fields_, "components"),
    )


def _widget(found: Json) -> Widget:
    fields_ = _object(found)
    return Widget(
        minimum=_number(fields_, "minimum"),
        maximum=_number(fields_, "maximum"),
        step=_number(fields_, "step"),
        choices=tuple(_items(fields_, "choices")),
        is_multiline=_flag(fields_, "is_multiline"),
        look=_text(fields_, "look"),
    )


def _text(found: JsonObject, name: str) -> str:
    value = found.get(name, "")
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _flag(found: JsonObject, name: str) -> bool:
    return found.get(name, False) is True


def _number(found: JsonObject, name: str) -> float | None:
    value = found.get(name)
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    raise TypeError(f"{name} is no number")


def _items(found: JsonObject, name: str) -> list[Json]:
    value = found.get(name, [])
    if not isinstance(value, list):
        raise TypeError(f"{name} is no list")
    return value


def _texts(found: JsonObject, name: str) -> tuple[str, ...]:
    return tuple(item for item in _items(found, name) if isinstance(item, str))


def _objects(found: JsonObject, name: str) -> Iterator[JsonObject]:
    return (_object(item) for item in _items(found, name))


def _object(value: Json) -> JsonObject:
    if not isinstance(value, dict):
        raise TypeError("expected a JSON object")
    return value
