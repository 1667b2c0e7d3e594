"""How an input is typed: limits, steps and choices by socket type and name."""

from __future__ import annotations

from dataclasses import replace

from blockloom.graph.model import Json
from blockloom.graph.node_types import Widget
from blockloom.graph.sockets import SocketType

LARGEST_SEED = 2**63 - 1

_PIXELS = Widget(minimum=8, maximum=16384, step=8)
_FRACTION = Widget(minimum=0, maximum=1, step=0.01)
_FACTOR = Widget(minimum=0, maximum=100, step=0.1)
_SEED = Widget(minimum=0, maximum=LARGEST_SEED, step=1)
_STEPS = Widget(minimum=1, maximum=1000, step=1)
_COUNT = Widget(minimum=1, step=1)
_WHOLE = Widget(step=1)
_PER_SECOND = Widget(minimum=1, maximum=240)

_TEXTS = frozenset({"prompt", "text", "lyrics", "caption"})
_FRACTIONS = (
    "strength",
    "guidance_start",
    "guidance_end",
    "denoising_start",
    "denoising_end",
    "top_p",
)


def guess_widget(
    name: str, type_: SocketType, default: Json, can_be_latent: bool = False
) -> Widget:
    """The widget of an input; its limits always allow the default.

    ``can_be_latent`` says that the block also takes ``latent`` as its output type.
    """
    if type_ is SocketType.STRING:
        return _text_widget(name, default, can_be_latent)
    if type_ is SocketType.SEED:
        return _SEED
    if type_ is SocketType.INT:
        return _allowing(_int_widget(name), default)
    if type_ is SocketType.FLOAT:
        return _allowing(_float_widget(name), default)
    return Widget()


def _text_widget(name: str, default: Json, can_be_latent: bool) -> Widget:
    if name == "output_type":
        choices: tuple[Json, ...] = ("pil", "np", "pt")
        if can_be_latent:
            choices = (*choices, "latent")
        if isinstance(default, str) and default not in choices:
            choices = (default, *choices)
        return Widget(choices=choices)
    return Widget(is_multiline=bool(_TEXTS & set(name.split("_"))))


def _int_widget(name: str) -> Widget:
    words = name.split("_")
    if "seed" in words:
        return _SEED
    if name in ("height", "width"):
        return _PIXELS
    if name.endswith("inference_steps"):
        return _STEPS
    if words[-1] in ("fps", "rate"):
        return _PER_SECOND
    if name.endswith(("_per_prompt", "num_frames", "batch_size", "sequence_length", "layers")):
        return _COUNT
    return _WHOLE


def _float_widget(name: str) -> Widget:
    if name.endswith(_FRACTIONS):
        return _FRACTION
    if name.endswith("scale"):
        return _FACTOR
    if name.split("_")[-1] in ("fps", "rate"):
        return _PER_SECOND
    return Widget()


def _allowing(widget: Widget, default: Json) -> Widget:
    """The widget with limits that leave room for the default."""
    if isinstance(default, bool) or not isinstance(default, (int, float)):
        return widget
    if widget is _PIXELS and default % 8:
        widget = replace(widget, step=1)
    if widget.minimum is not None and default < widget.minimum:
        widget = replace(widget, minimum=None)
    if widget.maximum is not None and default > widget.maximum:
        widget = replace(widget, maximum=None)
    return widget
