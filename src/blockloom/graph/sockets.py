"""Socket types: what may flow over a link, and which link may exist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SocketType(str, Enum):
    """The kinds of value on a wire; few enough to be colours on a screen.

    The names are ComfyUI's where it has one for the same thing.
    """

    PIPELINE = "PIPELINE"
    """Components and state: the main wire."""
    COMPONENT = "COMPONENT"
    """One model or helper: unet, vae, scheduler, guider, image processor."""
    IMAGE = "IMAGE"
    """A picture or a list of pictures (PIL)."""
    MASK = "MASK"
    """A picture in black and white: white is what changes."""
    VIDEO = "VIDEO"
    """Frames, as a list of pictures or a tensor."""
    AUDIO = "AUDIO"
    """A waveform."""
    TENSOR = "TENSOR"
    """A torch tensor, or a list of them: latents, embeddings, timesteps."""
    STRING = "STRING"
    INT = "INT"
    FLOAT = "FLOAT"
    BOOLEAN = "BOOLEAN"
    SEED = "SEED"
    """An integer that becomes a ``torch.Generator``."""
    LIST = "LIST"
    """A list or tuple of numbers, texts or pairs."""
    DICT = "DICT"
    """Named values."""
    OBJECT = "OBJECT"
    """Anything else that diffusers passes about: a dtype, a scheduler, a condition."""
    ANY = "ANY"
    """Every value."""


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a link may exist; if not, why, in words the artist can read."""

    is_valid: bool
    reason: str = ""


_VALID = Validity(True)

# What may flow into a socket besides its own type. Blocks take a list of prompts where one prompt
# is declared, tensors where pictures are, and a picture serves as a mask.
ACCEPTS: dict[SocketType, frozenset[SocketType]] = {
    SocketType.IMAGE: frozenset({SocketType.MASK, SocketType.VIDEO, SocketType.TENSOR}),
    SocketType.MASK: frozenset({SocketType.IMAGE, SocketType.TENSOR}),
    SocketType.VIDEO: frozenset({SocketType.IMAGE, SocketType.TENSOR}),
    SocketType.AUDIO: frozenset({SocketType.TENSOR}),
    SocketType.TENSOR: frozenset({SocketType.LIST}),
    SocketType.STRING: frozenset({SocketType.LIST}),
    SocketType.INT: frozenset({SocketType.SEED}),
    SocketType.FLOAT: frozenset({SocketType.INT, SocketType.LIST}),
    SocketType.SEED: frozenset({SocketType.INT, SocketType.OBJECT}),
    SocketType.LIST: frozenset({SocketType.TENSOR, SocketType.IMAGE}),
    SocketType.OBJECT: frozenset({SocketType.COMPONENT, SocketType.DICT, SocketType.LIST}),
    SocketType.COMPONENT: frozenset({SocketType.OBJECT}),
}


def may_link(source: SocketType, target: SocketType) -> Validity:
    """Say whether a value of type ``source`` may flow into a socket of type ``target``."""
    if source is target:
        return _VALID
    if SocketType.PIPELINE in (source, target):
        what = "The main wire" if source is SocketType.PIPELINE else f"A value ({source.value})"
        article = "an" if target.value[0] in "AEIOU" else "a"
        is_wire = target is SocketType.PIPELINE
        other = "the main wire" if is_wire else f"{article} {target.value} socket"
        return Validity(False, f"{what} does not fit {other}.")
    if SocketType.ANY in (source, target) or source in ACCEPTS.get(target, frozenset()):
        return _VALID
    return Validity(False, f"{source.value} does not fit {target.value}.")
