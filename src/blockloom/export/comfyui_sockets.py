"""The sockets of a node type as ComfyUI declares those of its classes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from blockloom.graph.block_lists import BLOCKS
from blockloom.graph.literals import MAX_SEED, takes_literals
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, Kind, NodeType, Role
from blockloom.graph.sockets import ACCEPTS, SocketType
from blockloom.media_suffixes import AUDIO_SUFFIXES, PICTURE_SUFFIXES, VIDEO_SUFFIXES

AUTO = "blockloom_auto"
"""The option of inputs whose widget is sent only where somebody typed into it: a value that is
always sent would take the place of the one that comes along the main wire."""
SHOWN = "blockloom_default"
"""The option of such inputs beside it, where no wire brings a value: what the widget shows is what
the node uses."""
MAX_INT = 2**53 - 1
"""What a browser counts exactly."""
LATENT = "LATENT"

SocketGroups: TypeAlias = dict[str, dict[str, list[Json]]]

_NAMES = {SocketType.SEED: "INT", SocketType.ANY: "*"}
_WIDGETS = frozenset(
    {
        SocketType.STRING,
        SocketType.INT,
        SocketType.FLOAT,
        SocketType.BOOLEAN,
        SocketType.SEED,
    }
)
_JSON_TYPED = frozenset({SocketType.LIST, SocketType.DICT, SocketType.OBJECT})
FILES = {
    "picture": ("image_upload", PICTURE_SUFFIXES),
    "video": ("video_upload", (*VIDEO_SUFFIXES, ".gif")),
    "audio": ("audio_upload", (*AUDIO_SUFFIXES, *VIDEO_SUFFIXES)),
}
"""What an input names that has such a look: ComfyUI's word for sending one, and how it may end."""
# The inputs of blocks that are shown from the start; the rest is behind "advanced".
_USED_MOST = frozenset(
    {
        "prompt",
        "negative_prompt",
        "generator",
        "num_inference_steps",
        "strength",
        "height",
        "width",
        "num_frames",
        "guidance_scale",
    }
)


@dataclass(frozen=True, slots=True)
class ComfyOutput:
    """An output: its name, which links may use, its type, and what it is."""

    name: str
    type: str
    tooltip: str


def comfyui_inputs(node_type: NodeType, files: tuple[str, ...] = ()) -> SocketGroups:
    """``{"required": {name: [TYPE, options]}, "optional": …}`` in the order of the sockets.

    Of a block only its main wire is required: whatever else it reads may come along that wire.
    ``files`` are the names in the input folder, for inputs that name one. Whole bundles are left
    out: their members come along the main wire, or by their names (``bundle.member``).
    """
    groups: SocketGroups = {"required": {}, "optional": {}}
    reads_wire = node_type.is_block or node_type.kind is Kind.COMPONENT
    for socket in node_type.inputs:
        if socket.is_bundle:
            continue
        is_wire = socket.type is SocketType.PIPELINE
        is_needed = socket.is_required and (is_wire or not reads_wire)
        config = _input(socket, reads_wire=reads_wire, is_needed=is_needed, files=files)
        if not node_type.is_block and AUTO in _options(config) and _default(socket):
            _options(config)[SHOWN] = True
        groups["required" if is_needed else "optional"][socket.name] = config
    return groups


def comfyui_outputs(node_type: NodeType) -> tuple[ComfyOutput, ...]:
    """The outputs in their order; the first of a block is ``pipeline``."""
    return tuple(
        ComfyOutput(socket.name, output_type(socket.name, socket.type), socket.description)
        for socket in node_type.outputs
    )


def output_type(name: str, type_: SocketType) -> str:
    """What ComfyUI calls the type of an output of that name."""
    return LATENT if is_latent(name, type_) else type_name(type_)


def is_latent(name: str, type_: SocketType) -> bool:
    """Whether a socket carries what ComfyUI calls a latent."""
    return type_ is SocketType.TENSOR and (name == "latents" or name.endswith("_latents"))


def _input(
    socket: InputSocket, *, reads_wire: bool, is_needed: bool, files: tuple[str, ...]
) -> list[Json]:
    options = texts_of(socket)
    if socket.widget.look in FILES:
        return file_choices(socket, files)
    is_typed = socket.type in _WIDGETS and socket.role is not Role.INTERMEDIATE
    if socket.name == BLOCKS and socket.is_setting:
        return ["STRING", {**options, "multiline": False, "default": "", AUTO: True}]
    if not is_typed:
        if socket.type in _WIDGETS:
            options["forceInput"] = True
        return [_accepted(socket), options]
    if not is_needed:
        options[AUTO] = True
        if reads_wire and socket.name not in _USED_MOST and not socket.is_required:
            options["advanced"] = True
    if socket.widget.choices:
        return [[*socket.widget.choices], {**_default(socket), **options}]
    return [type_name(socket.type), {**_widget(socket), **options}]


def _options(config: list[Json]) -> dict[str, Json]:
    options = config[1]
    return options if isinstance(options, dict) else {}


def type_name(type_: SocketType) -> str:
    """What ComfyUI calls a socket type."""
    return _NAMES.get(type_, type_.value)


def file_choices(socket: InputSocket, files: Iterable[str]) -> list[Json]:
    """The config of an input that names a file: those of its kind, and that one can be sent."""
    upload, suffixes = FILES[socket.widget.look]
    fitting: list[Json] = [name for name in files if name.lower().endswith(suffixes)]
    return [fitting, {upload: True, **texts_of(socket)}]


def texts_of(socket: InputSocket) -> dict[str, Json]:
    """What ComfyUI shows of an input beside its value."""
    found: dict[str, Json] = {}
    if socket.description:
        found["tooltip"] = socket.description
    if socket.title:
        found["display_name"] = socket.title
    return found


def _accepted(socket: InputSocket) -> str:
    """The type of an input, or all the types it takes."""
    if socket.type is SocketType.ANY:
        return "*"
    taken = [socket.type, *sorted(ACCEPTS.get(socket.type, ()), key=lambda type_: type_.value)]
    if socket.type in _WIDGETS or socket.type is SocketType.PIPELINE:
        taken = [socket.type]
    names = [type_name(type_) for type_ in taken]
    if SocketType.TENSOR in taken:
        names.insert(names.index("TENSOR"), LATENT)
    if socket.type in _JSON_TYPED and takes_literals(socket.type):
        # Typed as JSON in a text field.
        names.append("STRING")
    return ",".join(dict.fromkeys(names))


def _default(socket: InputSocket) -> dict[str, Json]:
    is_given = socket.has_default and socket.default is not None
    return {"default": socket.default} if is_given else {}


def _widget(socket: InputSocket) -> dict[str, Json]:
    """The options of a widget; one without a default shows what means nothing."""
    found = _default(socket)
    if socket.type is SocketType.STRING:
        text = found.get("default", "")
        shown = text if isinstance(text, str) else ""
        return {"default": shown, "multiline": socket.widget.is_multiline}
    if socket.type is SocketType.BOOLEAN:
        return {"default": bool(found.get("default", False))}
    limits = number_limits(socket)
    low, high = limits["min"], limits["max"]
    number = found.get("default", 0)
    if not isinstance(number, (int, float)) or not isinstance(low, (int, float)):
        number = low
    if isinstance(number, (int, float)) and isinstance(low, (int, float)):
        number = max(number, low)
        if isinstance(high, (int, float)):
            number = min(number, high)
    return {"default": number, **limits}


def number_limits(socket: InputSocket) -> dict[str, Json]:
    """Limits, step and rounding of a number: an editor without them cuts values to its own."""
    widget = socket.widget
    if socket.type is SocketType.SEED:
        low, high, step = widget.minimum or 0, widget.maximum or MAX_SEED, 1.0
        found: dict[str, Json] = {"control_after_generate": True}
    else:
        low = max(-MAX_INT, -MAX_INT if widget.minimum is None else widget.minimum)
        high = min(MAX_INT, MAX_INT if widget.maximum is None else widget.maximum)
        step = widget.step or (1.0 if socket.type is SocketType.INT else 0.01)
        found = {}
    if socket.type is SocketType.FLOAT:
        return {**found, "min": low, "max": high, "step": step, "round": min(step, 0.001)}
    return {**found, "min": int(low), "max": int(high), "step": max(1, int(step))}
