"""ComfyUI's classes for our node types, made from the catalogue."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blockloom.comfyui import comfy
from blockloom.comfyui.bench import Bench, NodeCall, NodeResult
from blockloom.comfyui.forms import to_comfyui
from blockloom.comfyui.lineage import Origin, PipelineValue
from blockloom.errors import BlockloomError
from blockloom.execution.cancel import never_cancelled
from blockloom.execution.functions import all_arguments
from blockloom.execution.views import RunningContext
from blockloom.execution.wire import Wire
from blockloom.export.comfyui_sockets import SocketGroups, comfyui_inputs, comfyui_outputs
from blockloom.graph.check_blocks import takes_blocks
from blockloom.graph.model import Json
from blockloom.graph.node_types import Kind, NodeType
from blockloom.graph.sockets import SocketType

_log = logging.getLogger(__name__)

# Blocks have inputs of their own called "prompt", in whose place ComfyUI would put the hidden one.
_HIDDEN = {
    "blockloom_node": "UNIQUE_ID",
    "blockloom_graph": "PROMPT",
    "blockloom_notes": "EXTRA_PNGINFO",
}
_KINDS_OF_FILES = {"image": "images", "video": "images", "audio": "audio"}


class AnyType(str):
    """A type that fits every other: ComfyUI's server compares the names of types."""

    def __ne__(self, other: object) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


class OpenInputs(dict[str, Any]):
    """Declared inputs, and others besides: ComfyUI drops what is not declared.

    Members of bundles go by their full names, ``bundle.member``, and a node with blocks chosen by
    the user may read what these blocks read.
    """

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> tuple[AnyType, dict[str, Json]]:
        return (AnyType("*"), {})

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]


def node_class(node_type: NodeType, bench: Bench) -> type:
    """A class of ComfyUI's first convention that runs the node type on a bench."""
    outputs = comfyui_outputs(node_type)
    return type(
        _class_name(node_type.id),
        (_Node,),
        {
            "__doc__": node_type.description,
            "DESCRIPTION": node_type.description,
            "CATEGORY": _category(node_type),
            "FUNCTION": "run",
            "OUTPUT_NODE": node_type.is_output,
            "RETURN_TYPES": tuple(AnyType("*") if o.type == "*" else o.type for o in outputs),
            "RETURN_NAMES": tuple(output.name for output in outputs),
            "OUTPUT_TOOLTIPS": tuple(output.tooltip for output in outputs),
            "RELATIVE_PYTHON_MODULE": "custom_nodes.blockloom",
            "node_type": node_type,
            "bench": bench,
            **_change_check(node_type, bench),
        },
    )


class _Node:
    """What the classes of all node types share."""

    node_type: NodeType
    bench: Bench

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        """The inputs, as ComfyUI asks for them."""
        groups = comfyui_inputs(cls.node_type, comfy.input_files())
        return {**_declared(cls.node_type, groups), "hidden": dict(_HIDDEN)}

    @classmethod
    def VALIDATE_INPUTS(cls, input_types: Mapping[str, str]) -> bool | str:
        """Whether what is linked fits; if not, what does not and why."""
        for name, received in input_types.items():
            reason = _misfit(cls.node_type, name, received)
            if reason:
                return reason
        return True

    def run(
        self,
        blockloom_node: str = "",
        blockloom_graph: Mapping[str, Any] | None = None,
        blockloom_notes: Mapping[str, Json] | None = None,
        **values: Any,
    ) -> Any:
        """Run the node; ComfyUI calls this with everything that is linked and typed."""
        call = NodeCall(
            str(blockloom_node),
            self.bench.type_for(self.node_type, values),
            values,
            blockloom_graph if isinstance(blockloom_graph, Mapping) else {},
            blockloom_notes if isinstance(blockloom_notes, Mapping) else {},
        )
        result = self.bench.run(call)
        with comfy.in_normal_mode():
            # Only such tensors tell whether somebody wrote into them.
            found = tuple(_outputs_of(self.node_type, result))
        shown = _shown(result, call.node_id)
        return {"ui": shown, "result": found} if shown else found


def _misfit(node_type: NodeType, name: str, received: str) -> str:
    """Why an output of that type cannot be linked to an input; "" where it can."""
    groups = comfyui_inputs(node_type)
    config = groups["required"].get(name) or groups["optional"].get(name)
    wanted = config[0] if config is not None else "*"
    # Choices are texts; whether it is one of them is seen when the node runs.
    types = wanted.split(",") if isinstance(wanted, str) else ["STRING", "COMBO"]
    if str(received) == SocketType.PIPELINE.value and types == ["*"]:
        return f'Input "{name}" takes any value, and the main wire, which is none, is linked to it.'
    is_open = "*" in (*types, received) or not isinstance(received, str)
    if is_open or not set(types).isdisjoint(received.split(",")):
        return ""
    return f'Input "{name}" takes {" or ".join(types)}, and {received} is linked to it.'


def _declared(node_type: NodeType, groups: SocketGroups) -> dict[str, Any]:
    """The groups as ComfyUI wants them: tuples, and open where more may come."""
    required = {name: _config(config) for name, config in groups["required"].items()}
    optional = {name: _config(config) for name, config in groups["optional"].items()}
    is_open = any(socket.is_bundle for socket in node_type.inputs) or takes_blocks(node_type)
    return {"required": required, "optional": OpenInputs(optional) if is_open else optional}


def _config(config: list[Json]) -> tuple[Any, ...]:
    type_, *options = config
    return (AnyType("*") if type_ == "*" else type_, *options)


def _category(node_type: NodeType) -> str:
    return "/".join(("Blockloom", *node_type.category))


def _class_name(type_id: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in type_id)


# -- what a node gives back


def _outputs_of(node_type: NodeType, result: NodeResult) -> Iterator[object]:
    found = result.outputs.values()
    wires = [value.wire for value in found if isinstance(value, PipelineValue)]
    plan = result.run.planner.plans[next(iter(result.run.order))]
    wire: Wire | None = next(iter([*wires, *plan.wires.values()]), None)
    for output in comfyui_outputs(node_type):
        value = result.outputs.get(output.name)
        if isinstance(value, Origin):
            data = result.run.fetch(value.ref)
            yield to_comfyui(data, output.type, value, wire)
        else:
            yield value


def _shown(result: NodeResult, node_id: str) -> dict[str, list[Json]]:
    """What the node wrote and shows, as ComfyUI's clients expect it; all of it JSON."""
    record = result.run.records[node_id]
    shown: dict[str, list[Json]] = {}
    for file in record.files:
        place = _place(Path(file["path"]), result)
        if place is not None:
            shown.setdefault(_KINDS_OF_FILES.get(file["kind"], "files"), []).append(place)
            if file["kind"] == "video":
                shown["animated"] = [True]
    texts: list[Json] = [text for text in record.shown if isinstance(text, str)]
    if texts:
        shown["text"] = texts
    json.dumps(shown, allow_nan=False)
    return shown


def _place(path: Path, result: NodeResult) -> dict[str, Json] | None:
    host = result.run.host
    for kind, folder in (("temp", host.previews_folder), ("output", host.output_folder)):
        if path.is_relative_to(folder):
            inside = path.relative_to(folder)
            parent = "" if str(inside.parent) == "." else inside.parent.as_posix()
            return {"filename": inside.name, "subfolder": parent, "type": kind}
    return None


# -- what lies outside a graph


def _change_check(node_type: NodeType, bench: Bench) -> dict[str, Any]:
    """``IS_CHANGED`` for nodes that read files, or whose result must not be kept."""
    if node_type.is_volatile:
        return {"IS_CHANGED": classmethod(lambda cls, **values: math.nan)}
    function = bench.workshop.functions.get(node_type.id)
    options = getattr(function, "blockloom_node", None)
    if node_type.kind is not Kind.FUNCTION or options is None or options.fingerprint is None:
        return {}
    fingerprint = options.fingerprint

    def is_changed(cls: type, /, **values: Any) -> Any:
        names = {socket.name for socket in node_type.inputs}
        given = {name: value for name, value in values.items() if name in names}
        if any(value is None for value in given.values()):
            # What comes over a link is not there yet; the node itself looks when it runs.
            return math.nan
        context = RunningContext(
            "", comfy.host({}), None, {}, never_cancelled(), lambda done, total: None
        )
        try:
            with bench.engine.runner.running(""):
                return str(fingerprint(**all_arguments(function, given, context)))  # type: ignore[arg-type]
        except BlockloomError:
            # The node says what is wrong when it runs.
            return math.nan

    return {"IS_CHANGED": classmethod(is_changed)}
