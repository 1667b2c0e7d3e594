"""What ComfyUI's editor makes of a node type: its sockets, then its widgets, each in order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from blockloom.export.comfyui_sockets import AUTO, comfyui_inputs, comfyui_outputs
from blockloom.graph.model import Json
from blockloom.graph.node_types import Kind, NodeType

COMBO = "COMBO"
_WIDGET_TYPES = frozenset({"INT", "FLOAT", "STRING", "BOOLEAN", COMBO})
_UPLOADS = ("image_upload", "video_upload")
# Whole numbers of these names have a control even where none is asked for.
_CONTROLLED_NAMES = frozenset({"seed", "noise_seed"})
# Inputs of ComfyUI's own nodes that have a control there, and none in ours of the same name.
_CONTROLLED_IN_CORE = frozenset({("PrimitiveInt", "value")})
CONTROL = "fixed"
"""What the control of a number is set to: the number stays as it is after a run."""
UPLOAD_BUTTON = "image"
"""What ComfyUI's editor keeps as the value of the button that sends a file."""


@dataclass(frozen=True, slots=True)
class ComfySocket:
    """An input that can only be linked."""

    name: str
    type: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class ComfyWidget:
    """An input that is typed, or a widget that the editor adds by itself (``is_input`` false).

    ``value`` is what it shows where nothing was typed. One with ``is_auto`` is sent only where
    something was.
    """

    name: str
    type: str
    value: Json
    is_input: bool = True
    is_auto: bool = False
    is_optional: bool = False
    is_multiline: bool = False
    is_advanced: bool = False


@dataclass(frozen=True, slots=True)
class ComfyNode:
    """A node as it is drawn: sockets, widgets in the order of their values, and outputs."""

    sockets: tuple[ComfySocket, ...] = ()
    widgets: tuple[ComfyWidget, ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    is_core: bool = False

    def widget(self, name: str) -> ComfyWidget | None:
        """The widget of an input."""
        return next(
            (found for found in self.widgets if found.is_input and found.name == name), None
        )

    def socket(self, name: str) -> ComfySocket | None:
        """The socket of that name that has no widget."""
        return next((found for found in self.sockets if found.name == name), None)


def is_of_core(node_type: NodeType) -> bool:
    """Whether ComfyUI has a node of its own under that name, which then stands for ours."""
    return node_type.kind is Kind.FUNCTION and not node_type.id.startswith("Blockloom")


def comfyui_node(node_type: NodeType) -> ComfyNode:
    """How ComfyUI's editor draws a node type."""
    sockets: list[ComfySocket] = []
    widgets: list[ComfyWidget] = []
    is_core = is_of_core(node_type)
    uploads = False
    for group, inputs in comfyui_inputs(node_type).items():
        for name, (type_, options) in inputs.items():
            told = options if isinstance(options, dict) else {}
            kind = COMBO if isinstance(type_, list) else str(type_)
            if kind not in _WIDGET_TYPES or told.get("forceInput"):
                drawn = kind.partition(",")[0] if is_core else kind
                sockets.append(ComfySocket(name, drawn, group == "optional"))
                continue
            choices = type_ if isinstance(type_, list) else []
            widget = _widget(name, kind, told, choices)
            widgets.append(
                replace(
                    widget,
                    is_optional=group == "optional" and not is_core,
                    is_auto=widget.is_auto and not is_core,
                )
            )
            if _has_control(node_type.id, name, kind, told):
                widgets.append(_added("control_after_generate", CONTROL))
            is_sound = name == "audio" and bool(told.get("audio_upload"))
            if group == "required" and (is_sound or any(told.get(name) for name in _UPLOADS)):
                uploads = True
    if uploads:
        # It has no place in the order of the inputs, so it stands behind all of them.
        widgets.append(_added("upload", UPLOAD_BUTTON))
    outputs = tuple((output.name, output.type) for output in comfyui_outputs(node_type))
    return ComfyNode(tuple(sockets), tuple(widgets), outputs, is_core)


def _has_control(type_id: str, name: str, kind: str, options: dict[str, Json]) -> bool:
    asked = options.get("control_after_generate")
    if asked is None:
        asked = kind == "INT" and name in _CONTROLLED_NAMES
    return bool(asked) or (type_id, name) in _CONTROLLED_IN_CORE


def _widget(name: str, kind: str, options: dict[str, Json], choices: list[Json]) -> ComfyWidget:
    first = choices[0] if choices else None
    value = options.get("default") or first if kind == COMBO else options.get("default")
    return ComfyWidget(
        name,
        kind,
        value,
        is_auto=bool(options.get(AUTO)),
        is_multiline=bool(options.get("multiline")),
        is_advanced=bool(options.get("advanced")),
    )


def _added(name: str, value: Json) -> ComfyWidget:
    return ComfyWidget(name, "", value, is_input=False)
