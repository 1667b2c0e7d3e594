"""Films as ComfyUI's VIDEO, which is an object of its API that was moved between versions."""

from __future__ import annotations

import importlib
from fractions import Fraction
from typing import Any

from blockloom.errors import UsageError
from blockloom.films import Film, Sound, exact_rate
from blockloom.pictures import pictures_of

_PLACES = (
    ("comfy_api.input_impl", "VideoFromComponents", "comfy_api.util", "VideoComponents"),
    (
        "comfy_api.latest._input_impl",
        "VideoFromComponents",
        "comfy_api.latest._util",
        "VideoComponents",
    ),
)


def video_of(film: Film) -> Any:
    """A film as an object with ``get_components``. Raises UsageError where ComfyUI has none."""
    from blockloom.comfyui.forms import images_to_tensor

    sound = film.sound
    audio = None if sound is None else {"waveform": sound.waveform[None], "sample_rate": sound.rate}
    images = images_to_tensor(list(film.frames))
    for module, class_name, other, components_name in _PLACES:
        try:
            make = getattr(importlib.import_module(module), class_name)
            components = getattr(importlib.import_module(other), components_name)
        except (ImportError, AttributeError):
            continue
        return make(components(images=images, audio=audio, frame_rate=film.rate))
    raise UsageError(
        "This ComfyUI has no VIDEO values.", remedy="Update ComfyUI, or save with Save WEBM."
    )


def film_of_comfyui(video: Any) -> Film:
    """The film in an object with ``get_components``: frames, rate and sound."""
    from blockloom.comfyui.forms import from_comfyui

    found = video.get_components()
    frames = tuple(pictures_of(from_comfyui(found.images, "IMAGE", None)))
    sound = from_comfyui(found.audio, "AUDIO", None) if found.audio else None
    rate = exact_rate(Fraction(found.frame_rate))
    return Film(frames, rate, sound if isinstance(sound, Sound) else None)
