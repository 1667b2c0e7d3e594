"""A value as a file: PNG, JSON, npy or safetensors, a film as MP4 or WebM, a sound as WAV."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import safetensors.torch
import torch

from blockloom.bridge.frames import is_waveform
from blockloom.bridge.summaries import summarise
from blockloom.bridge.thumbnails import thumbnail
from blockloom.bridge.wording import type_name
from blockloom.errors import UsageError
from blockloom.film_forms import FORMS, write_film
from blockloom.films import Film, Sound, exact_rate, films_of, sounds_of
from blockloom.graph.model import Json
from blockloom.sound_files import WAVES, write_sound

MAX_LISTED = 65_536
_WHOLE_SIDE = 4096


@dataclass(frozen=True, slots=True)
class ValueFile:
    """The bytes of a file, and what they are."""

    data: bytes
    content_type: str


def value_file(data: Any, form: str, rate: float = 0) -> ValueFile:
    """A value in one of the :data:`VALUE_FORMS`.

    Of a list of pictures PNG shows a sheet, of a film a frame. JSON has the numbers of tensors of
    up to ``MAX_LISTED`` elements, of other values their summary. A film or a sound that carries no
    rate is taken to have ``rate`` (0: a film's usual one). Raises UsageError for a form that does
    not exist or that the value cannot take.
    """
    if form in _FILMS:
        return _film(data, form, rate)
    if form == _WAV:
        return _wave(data, rate)
    write = _FORMS.get(form)
    if write is None:
        raise UsageError(
            f'"{form}" is no form of a value.', remedy=f"Use {', '.join(VALUE_FORMS)}."
        )
    return write(data)


def as_png(picture: PIL.Image.Image) -> bytes:
    """A picture as PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()


def _png(data: Any) -> ValueFile:
    is_single = isinstance(data, (list, tuple)) and len(data) == 1
    shown = data[0] if is_single else data
    if not isinstance(shown, PIL.Image.Image):
        shown = thumbnail(shown, _WHOLE_SIDE)
    if shown is None:
        raise _unfit(data, "a picture")
    return ValueFile(as_png(shown), "image/png")


def _film(data: Any, form: str, rate: float) -> ValueFile:
    """The only film, or the first of several."""
    film = next(iter(films_of(data)), None)
    if film is None or not film.frames:
        raise _unfit(data, "a film")
    if rate and not isinstance(data, Film):
        film = replace(film, rate=exact_rate(rate))
    with tempfile.TemporaryDirectory(prefix="blockloom-value-") as folder:
        path = Path(folder) / f"value.{form}"
        write_film(path, film, _FILMS[form])
        return ValueFile(path.read_bytes(), f"video/{form}")


def _wave(data: Any, rate: float) -> ValueFile:
    """The only sound, or the first of several, exactly as it is."""
    if rate == 0 and is_waveform(data):
        raise UsageError(
            "This waveform does not say how many samples a second it has.",
            remedy="Ask for it with rate=44100, or whatever its model's sample rate is.",
        )
    sounds = sounds_of(data, round(rate))
    if not sounds:
        raise _unfit(data, "a sound")
    with tempfile.TemporaryDirectory(prefix="blockloom-value-") as folder:
        path = Path(folder) / "value.wav"
        write_sound(path, sounds[0], WAVES["32 bit float"])
        return ValueFile(path.read_bytes(), "audio/wav")


def _json(data: Any) -> ValueFile:
    content: Json = {"summary": summarise(data).to_json(), "values": _listed(data)}
    return ValueFile(json.dumps(content, allow_nan=False).encode(), "application/json")


def _listed(data: Any) -> Json:
    """The numbers of a tensor or an array in nested lists; what is not finite is a text."""
    if not isinstance(data, (torch.Tensor, numpy.ndarray)):
        return None
    array = _array(data)
    if array.size > MAX_LISTED or array.dtype.kind not in "biuf":
        return None
    if array.dtype.kind == "f" and not numpy.isfinite(array).all():
        return _finite(array.tolist())
    listed: Json = array.tolist()
    return listed


def _finite(listed: Any) -> Json:
    if isinstance(listed, list):
        return [_finite(item) for item in listed]
    return listed if numpy.isfinite(listed) else str(listed)


def _npy(data: Any) -> ValueFile:
    if isinstance(data, Film):
        data = numpy.stack([numpy.asarray(frame) for frame in data.frames])
    array = _array(data.waveform if isinstance(data, Sound) else data)
    if array.dtype.kind not in "biufc":
        raise _unfit(data, "an array of numbers")
    buffer = io.BytesIO()
    numpy.save(buffer, array, allow_pickle=False)
    return ValueFile(buffer.getvalue(), "application/octet-stream")


def _safetensors(data: Any) -> ValueFile:
    tensors = {name: value.detach().to("cpu").contiguous() for name, value in _tensors(data)}
    if not tensors:
        raise _unfit(data, "tensors")
    return ValueFile(safetensors.torch.save(tensors), "application/octet-stream")


def _tensors(data: Any) -> list[tuple[str, torch.Tensor]]:
    if isinstance(data, Sound):
        return [("waveform", data.waveform.clone())]
    if isinstance(data, torch.Tensor):
        # A copy, since views share their memory and the format forbids that.
        return [("value", data.clone())]
    if isinstance(data, (list, tuple)):
        return [(str(i), item.clone()) for i, item in enumerate(data) if _is_tensor(item)]
    if isinstance(data, dict):
        return [(str(name), item.clone()) for name, item in data.items() if _is_tensor(item)]
    return []


def _is_tensor(data: Any) -> bool:
    return isinstance(data, torch.Tensor)


def _array(data: Any) -> numpy.ndarray:
    if isinstance(data, torch.Tensor):
        plain = data.detach().to("cpu")
        # numpy has no bfloat16; every value of it is a float32.
        return (plain.float() if plain.dtype is torch.bfloat16 else plain).numpy()
    if isinstance(data, (numpy.ndarray, PIL.Image.Image)):
        return numpy.asarray(data)
    raise _unfit(data, "an array")


def _unfit(data: Any, wanted: str) -> UsageError:
    return UsageError(f"A value of type {type_name(data)} cannot be written as {wanted}.")


_FORMS: dict[str, Callable[[Any], ValueFile]] = {
    "png": _png,
    "json": _json,
    "npy": _npy,
    "safetensors": _safetensors,
}
_WAV = "wav"
# To look at at once, not to keep: fast before small.
_FILMS = {
    "mp4": replace(FORMS["mp4", "h264"], options={"crf": "18", "preset": "veryfast"}),
    "webm": replace(
        FORMS["webm", "vp9"], options={**FORMS["webm", "vp9"].options, "cpu-used": "8"}
    ),
}
VALUE_FORMS = (*_FORMS, *_FILMS, _WAV)
