"""Films and sounds among the values that pipelines pass on: where their frames and samples are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy
import PIL.Image
import torch

from blockloom.films import MAX_CHANNELS, Film, Sound
from blockloom.graph.model import Json

BANDS = (1, 3, 4)
_LEAST_SIDE = 5
_LEAST_SAMPLES = 8000
_SAMPLED = 64
_SLACK = 0.05


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What a value that is a film, or several of them, says in words."""

    films: int
    frames: int
    width: int
    height: int
    rate: float | None = None
    has_sound: bool = False

    @property
    def text(self) -> str:
        """Frames, size, and where the rate is known seconds."""
        count = f"{self.films} films of " if self.films > 1 else ""
        text = f"{count}{self.frames} frame{'' if self.frames == 1 else 's'}"
        text += f", {self.width} x {self.height}"
        if self.rate:
            text += f", {self.frames / self.rate:.2f} s at {self.rate:.5g} frames a second"
        return text

    def to_json(self) -> Json:
        """For programs; ``rate`` and ``seconds`` are null where frames carry no rate."""
        return {
            "films": self.films,
            "frames": self.frames,
            "width": self.width,
            "height": self.height,
            "rate": self.rate,
            "seconds": self.frames / self.rate if self.rate else None,
            "has_sound": self.has_sound,
        }


def film_facts(data: Any) -> FilmFacts | None:
    """What is known of a film, of lists of frames inside a list, and of five axes of pixels; None
    for everything else. Reads a handful of values, and these only in main memory."""
    if isinstance(data, Film):
        return FilmFacts(1, len(data.frames), *data.size, float(data.rate), data.sound is not None)
    if isinstance(data, (list, tuple)):
        return _listed(data)
    if isinstance(data, (torch.Tensor, numpy.ndarray)) and data.ndim == 5:
        axis = frame_axis(data)
        if axis is None:
            return None
        height, width = data.shape[2:4] if has_channels_last(data) else data.shape[3:]
        return FilmFacts(int(data.shape[0]), int(data.shape[axis]), int(width), int(height))
    return None


def _listed(data: Any) -> FilmFacts | None:
    if not data or not all(isinstance(item, (list, tuple)) and item for item in data):
        return None
    if not all(isinstance(item[0], PIL.Image.Image) for item in data):
        return None
    return FilmFacts(len(data), max(map(len, data)), *data[0][0].size)


def frame_axis(data: Any) -> int | None:
    """Where the frames are in five axes of pixels; None where these are no pixels but latents."""
    shape = data.shape
    if has_channels_last(data):
        return 1 if looks_like_pixels(data) else None
    if min(shape[3:]) < _LEAST_SIDE or not looks_like_pixels(data):
        return None
    if shape[2] in BANDS:
        return 1
    return 2 if shape[1] in BANDS else None


def has_channels_last(data: Any) -> bool:
    """Whether the pixels of an array of pictures are at its end, as numpy has them."""
    is_array = isinstance(data, numpy.ndarray)
    return is_array and data.shape[-1] in BANDS and min(data.shape[-3:-1]) >= _LEAST_SIDE


def looks_like_pixels(data: Any) -> bool:
    """Whether a handful of values are in the range that pictures have."""
    if 0 in data.shape:
        return False
    if isinstance(data, torch.Tensor):
        if data.device.type != "cpu" or not _is_plain(data):
            return False
        if data.dtype == torch.uint8:
            return True
        if not data.is_floating_point():
            return False
        step = max(1, data.numel() // _SAMPLED)
        values = data.detach().reshape(-1)[::step] if data.is_contiguous() else data.detach()[0, 0]
        low, high = float(values.min()), float(values.max())
    else:
        if data.dtype == numpy.uint8:
            return True
        if data.dtype.kind != "f":
            return False
        values = data.flat[:: max(1, data.size // _SAMPLED)]
        low, high = float(values.min()), float(values.max())
    return low >= -_SLACK and high <= 1 + _SLACK


# -- sounds


def sound_facts(data: Any) -> dict[str, Json] | None:
    """What is known of a sound, or of what can only be a waveform; None for everything else."""
    if isinstance(data, Sound):
        return _told(data.channels, data.samples, data.rate)
    if isinstance(data, dict) and isinstance(data.get("waveform"), torch.Tensor):
        rate, shape = data.get("sample_rate"), data["waveform"].shape
        channels = int(shape[-2]) if len(shape) > 1 else 1
        return _told(channels, int(shape[-1]), rate) if isinstance(rate, int) and rate else None
    if is_waveform(data):
        return _told(int(data.shape[-2]), int(data.shape[-1]), None)
    return None


def _told(channels: int, samples: int, rate: int | None) -> dict[str, Json]:
    seconds = samples / rate if rate else None
    return {"channels": channels, "samples": samples, "rate": rate, "seconds": seconds}


def is_waveform(data: Any) -> bool:
    """Whether numbers can only be a sound: few rows, and very many samples in each."""
    if not isinstance(data, (torch.Tensor, numpy.ndarray)) or data.ndim not in (2, 3):
        return False
    if isinstance(data, torch.Tensor):
        is_real = data.is_floating_point() and _is_plain(data)
    else:
        is_real = data.dtype.kind == "f"
    rows = data.shape[-2] * (data.shape[0] if data.ndim == 3 else 1)
    return is_real and 0 < rows <= 2 * MAX_CHANNELS and data.shape[-1] >= _LEAST_SAMPLES


def _is_plain(tensor: torch.Tensor) -> bool:
    return tensor.layout is torch.strided and not tensor.is_quantized and not tensor.is_meta


def waveform_in(data: Any) -> torch.Tensor | None:
    """The samples (channels, samples) of a sound, of several those of the first."""
    if isinstance(data, Sound):
        return data.waveform
    if isinstance(data, dict) and isinstance(data.get("waveform"), torch.Tensor):
        data = data["waveform"]
    elif not is_waveform(data):
        return None
    tensor = torch.as_tensor(data).detach()
    tensor = tensor[0] if tensor.ndim == 3 else tensor
    return tensor[None] if tensor.ndim == 1 else tensor
