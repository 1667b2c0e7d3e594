"""Films and sounds as values: what counts as one, and how frames, arrays and tensors become them.

A :class:`Film` on a wire is frames with their rate and, where there is one, their sound; a
:class:`Sound` is a waveform with its rate. Blocks of diffusers know neither: they are given the
frames as a list of pictures and the waveform as a tensor, and give lists of pictures, arrays
(videos, frames, height, width, channels) or tensors (videos, frames, channels, height, width), and
bare waveforms.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import PIL.Image

from blockloom.errors import UsageError
from blockloom.pictures import pictures_of

if TYPE_CHECKING:
    import numpy
    import torch
    from numpy.typing import NDArray

MAX_FRAMES = 10_000
"""Most frames of a film: seven minutes at 24 frames a second."""

MAX_FILM_PIXELS = 1_000_000_000
"""Most pixels of all frames of a film: 3 GB in memory."""

MAX_RATE = 1000
"""Most frames a second."""

MAX_SOUND_VALUES = 2**28
"""Most samples of a sound, over all channels: 1 GB in memory."""

MAX_CHANNELS = 8
MAX_SAMPLE_RATE = 384_000

DEFAULT_RATE = Fraction(24)
"""Frames a second of what carries no rate of its own."""

_BANDS = (1, 3, 4)
_NTSC = 1001
_EXACT = 65_535


@dataclass(frozen=True, slots=True)
class Sound:
    """A waveform (channels, samples) of floats from -1 to 1, and how many samples a second are."""

    waveform: torch.Tensor
    rate: int

    @property
    def channels(self) -> int:
        return int(self.waveform.shape[0])

    @property
    def samples(self) -> int:
        return int(self.waveform.shape[1])

    @property
    def seconds(self) -> float:
        return self.samples / self.rate

    def __str__(self) -> str:
        return f"sound, {self.seconds:.2f} s at {self.rate} Hz, {self.channels} channel(s)"

    def part(self, start: int, end: int) -> Sound:
        """From one sample up to another one."""
        return Sound(self.waveform[:, max(0, start) : max(0, end)], self.rate)


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures of one size, how many of them are shown a second, and the sound to it."""

    frames: tuple[PIL.Image.Image, ...]
    rate: Fraction = DEFAULT_RATE
    sound: Sound | None = None

    @property
    def seconds(self) -> float:
        return float(len(self.frames) / self.rate)

    def __str__(self) -> str:
        width, height = self.size
        text = f"film, {len(self.frames)} frames, {width} x {height} pixels, "
        text += f"{self.seconds:.2f} s at {float(self.rate):.5g} frames a second"
        return text if self.sound is None else f"{text}, with {self.sound}"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.frames[0].size if self.frames else (0, 0)


def exact_rate(rate: float | Fraction) -> Fraction:
    """Frames a second as a fraction; 29.97 and its like are what they are short for."""
    if not 0 < rate <= MAX_RATE:
        raise UsageError(
            f"{float(rate):g} frames a second cannot be shown.",
            remedy=f"Use a frame rate above 0 and up to {MAX_RATE}.",
        )
    whole = round(float(rate) * _NTSC / 1000)
    common = Fraction(whole * 1000, _NTSC)
    if whole and abs(float(common) - float(rate)) < 0.005 and float(rate) != round(float(rate)):
        return common
    return Fraction(rate).limit_denominator(_EXACT)


# -- films


def film_of(value: object) -> Film:
    """The only film in a value; raises ``UsageError`` for none, or for several."""
    films = films_of(value)
    if len(films) == 1:
        return films[0]
    if not films:
        raise UsageError("There is no film here: the batch is empty.")
    raise UsageError(
        f"These are {len(films)} films.", remedy="Take one of them with Get Video of Batch."
    )


def films_of(value: object) -> list[Film]:
    """The films in a value; what carries no frame rate has ``DEFAULT_RATE``.

    A list of pictures is one film, a list of such lists several; an array or a tensor with five
    axes is several, with four it is one, with three a single frame.
    """
    if isinstance(value, Film):
        return [value]
    if isinstance(value, PIL.Image.Image):
        return [_film(pictures_of(value))]
    if isinstance(value, (list, tuple)):
        if all(isinstance(item, PIL.Image.Image) for item in value):
            return [_film(pictures_of(value))] if value else []
        if all(_axes_of(item) in (2, 3) for item in value):
            return [_film(pictures_of(value))]
        return [film for item in value for film in films_of(item)]
    axes = _axes_of(value)
    if axes == 5:
        return [film for one in cast("Sequence[object]", value) for film in films_of(one)]
    if axes == 4:
        return [_film(pictures_of(_frames_first(value)))]
    return [_film(pictures_of(value))]


def _film(frames: Sequence[PIL.Image.Image]) -> Film:
    return checked_film(Film(tuple(frames)))


def checked_film(film: Film) -> Film:
    """The film, where its frames have one size and it is not too long."""
    sizes = {frame.size for frame in film.frames}
    if len(sizes) > 1:
        (width, height), (other_width, other_height) = sorted(sizes)[:2]
        raise UsageError(
            "The frames of a film have one size; here are pictures of "
            f"{width} x {height} and of {other_width} x {other_height} pixels.",
            remedy="Scale or crop them to one size.",
        )
    width, height = film.size
    check_length(len(film.frames), width, height)
    return film


def check_length(count: int, width: int, height: int, name: str = "The film") -> None:
    """Raise ``UsageError`` where a film has more frames or pixels than are allowed."""
    if count > MAX_FRAMES:
        raise UsageError(
            f"{name} has more than {MAX_FRAMES} frames.",
            remedy="Load a part of it with Load Video (Part), or cut it into shorter ones.",
        )
    if count * width * height > MAX_FILM_PIXELS:
        raise UsageError(
            f"{name} is too large: {count} frames of {width} x {height} pixels or more; "
            f"{MAX_FILM_PIXELS // 1_000_000} million pixels over all frames are allowed.",
            remedy="Load a part of it, or a smaller one, with Load Video (Part).",
        )


def _axes_of(value: object) -> int:
    """How many axes an array or a tensor has; -1 for anything else."""
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    is_array = (torch is not None and isinstance(value, torch.Tensor)) or (
        numpy is not None and isinstance(value, numpy.ndarray)
    )
    return int(getattr(value, "ndim", -1)) if is_array else -1


def _frames_first(value: object) -> object:
    """Four axes with the channels before the frames, as decoders have them inside, turned."""
    shape = cast("tuple[int, ...]", getattr(value, "shape", ()))
    if shape[0] in _BANDS and shape[1] not in _BANDS and shape[3] not in _BANDS:
        swap = getattr(value, "swapaxes", None)
        return value if swap is None else swap(0, 1)
    return value


# -- sounds


def sound_of(value: object, rate: int = 0) -> Sound:
    """The only sound in a value; raises ``UsageError`` for none, or for several."""
    sounds = sounds_of(value, rate)
    if len(sounds) == 1:
        return sounds[0]
    if not sounds:
        raise UsageError("There is no sound here: the batch is empty.")
    raise UsageError(
        f"These are {len(sounds)} sounds.", remedy="Take one of them with Get Sound of Batch."
    )


def sounds_of(value: object, rate: int = 0) -> list[Sound]:
    """The sounds in a value; bare waveforms, which do not say how fast they go, have ``rate``.

    A waveform is (samples), (channels, samples) or (sounds, channels, samples). ComfyUI's sounds,
    a ``waveform`` with a ``sample_rate``, are taken as well.
    """
    if isinstance(value, Sound):
        return [value]
    if isinstance(value, Film):
        return [] if value.sound is None else [value.sound]
    if isinstance(value, Mapping) and "waveform" in value and "sample_rate" in value:
        return sounds_of(value["waveform"], int(value["sample_rate"]))
    if isinstance(value, (list, tuple)):
        return [sound for item in value for sound in sounds_of(item, rate)]
    axes = _axes_of(value)
    if axes not in (1, 2, 3):
        what = "empty" if value is None else f"of type {type(value).__name__}"
        raise UsageError(
            f"A sound was expected, but this is {what}.",
            remedy="Connect a sound, or a decoder that makes one.",
        )
    if axes == 3:
        return [sound for one in cast("Sequence[object]", value) for sound in sounds_of(one, rate)]
    return [_sound(value, rate)]


def _sound(value: object, rate: int) -> Sound:
    import torch

    waveform = torch.as_tensor(value).detach().to("cpu", torch.float32)
    waveform = waveform[None] if waveform.ndim == 1 else waveform
    if waveform.shape[0] > MAX_CHANNELS and waveform.shape[1] <= MAX_CHANNELS:
        waveform = waveform.T
    if rate <= 0:
        raise UsageError(
            "This is a bare waveform: it does not say how many samples a second it has.",
            remedy="Put Make Sound between, and give it the model's sample rate.",
        )
    return checked_sound(Sound(waveform, rate))


def checked_sound(sound: Sound) -> Sound:
    """The sound, where it can be heard and is not too long."""
    channels, samples = sound.waveform.shape
    if not 0 < channels <= MAX_CHANNELS:
        raise UsageError(
            f"A sound has 1 to {MAX_CHANNELS} channels; these values have {channels}.",
            remedy="Latents go through a decoder first.",
        )
    if channels * samples > MAX_SOUND_VALUES:
        raise UsageError(
            f"The sound is too long: {samples} samples in {channels} channel(s); "
            f"{MAX_SOUND_VALUES // channels} are allowed.",
            remedy="Cut it into shorter ones.",
        )
    if not 0 < sound.rate <= MAX_SAMPLE_RATE:
        raise UsageError(
            f"{sound.rate} samples a second cannot be heard.",
            remedy=f"Use a sample rate up to {MAX_SAMPLE_RATE}.",
        )
    if not bool(sound.waveform.isfinite().all()):
        raise UsageError(
            "The sound has values that are no numbers (NaN or infinite).",
            remedy="A half-precision decoder does that: load the model with dtype float32.",
        )
    return sound


def waveform_array(sound: Sound) -> NDArray[numpy.float32]:
    """The waveform as a contiguous array (channels, samples) of float32."""
    import numpy

    array: NDArray[numpy.float32] = numpy.ascontiguousarray(sound.waveform.numpy())
    return array
