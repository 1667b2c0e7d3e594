"""Values in ComfyUI's forms, and back: IMAGE, MASK, LATENT, AUDIO, VIDEO.

What goes out knows what it was made from, so that between nodes of ours nothing is lost by the way:
there the value itself is taken, as long as nobody wrote into what stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import PIL.Image

from blockloom.comfyui.latents import latents_of_comfyui, latents_to_comfyui
from blockloom.comfyui.lineage import CarriedValue, Latent, Origin, SoundValue
from blockloom.comfyui.video import film_of_comfyui, video_of
from blockloom.errors import BlockloomError, UsageError
from blockloom.execution.wire import Wire
from blockloom.films import Sound, film_of, sounds_of
from blockloom.pictures import one_or_batch, pictures_of

if TYPE_CHECKING:
    import torch

_MARK = "blockloom_origin"
_PLAIN = (bool, int, float, str, type(None))
_BANDS = (1, 3, 4)


# -- out


def to_comfyui(data: Any, type_: str, origin: Origin, wire: Wire | None) -> object:
    """A value in the form of the ComfyUI type of an output; carried as it is where it has none."""
    if isinstance(data, _PLAIN):
        return data
    try:
        return _formed(data, type_ if type_ != "*" else _type_of(data), origin, wire)
    except BlockloomError as error:
        if type_ == "LATENT":
            return Latent(None, origin, str(error))
        return CarriedValue(origin, type(data).__name__, str(error))


def _formed(data: Any, type_: str, origin: Origin, wire: Wire | None) -> object:
    if type_ == "IMAGE":
        return _marked(images_to_tensor(data), origin)
    if type_ == "MASK":
        return _marked(masks_to_tensor(data), origin)
    if type_ == "LATENT":
        return Latent(latents_to_comfyui(data, wire), origin)
    if type_ == "AUDIO":
        return _sound(data, origin)
    if type_ == "VIDEO":
        video = video_of(film_of(data))
        setattr(video, _MARK, (origin, -1))
        return video
    return CarriedValue(origin, _described(data))


def _type_of(data: Any) -> str:
    """The ComfyUI type of what comes out of an output of any type."""
    first = data[0] if isinstance(data, (list, tuple)) and data else data
    return "IMAGE" if isinstance(first, PIL.Image.Image) else ""


def _described(data: Any) -> str:
    from blockloom.bridge.summaries import summarise

    return summarise(data).text


def _marked(tensor: torch.Tensor, origin: Origin) -> torch.Tensor:
    setattr(tensor, _MARK, (origin, tensor._version))
    return tensor


def _sound(data: Any, origin: Origin) -> SoundValue:
    sounds = sounds_of(data)
    if not sounds or any(sound.rate != sounds[0].rate for sound in sounds):
        raise UsageError("These are no sounds of one sample rate.")
    import torch

    longest = max(sound.samples for sound in sounds)
    most = max(sound.channels for sound in sounds)
    batch = torch.zeros(len(sounds), most, longest)
    for place, sound in enumerate(sounds):
        batch[place, :, : sound.samples] = sound.waveform.expand(most, -1)
    return SoundValue(batch, sounds[0].rate, origin)


def images_to_tensor(value: Any) -> torch.Tensor:
    """Pictures as ComfyUI's IMAGE: (n, height, width, channels), float32, 0 to 1.

    Pictures of other sizes than the first are scaled to it, as ComfyUI's own batches are.
    """
    import torch

    if isinstance(value, torch.Tensor) and value.ndim == 4 and value.shape[1] in _BANDS:
        return value.detach().to("cpu", torch.float32, copy=True).permute(0, 2, 3, 1).contiguous()
    if getattr(value, "ndim", 0) == 4 and value.shape[3] in _BANDS:
        return torch.tensor(value, dtype=torch.float32)
    pictures = [picture.convert("RGB") for picture in pictures_of(value)]
    return torch.stack([_pixels(picture) for picture in _of_one_size(pictures)])


def masks_to_tensor(value: Any) -> torch.Tensor:
    """Masks as ComfyUI's MASK: (n, height, width), float32, 1 for what changes."""
    import torch

    if isinstance(value, torch.Tensor) and value.ndim in (3, 4):
        plane = value[:, 0] if value.ndim == 4 else value
        return plane.detach().to("cpu", torch.float32, copy=True)
    pictures = [picture.convert("L") for picture in pictures_of(value)]
    return torch.stack([_pixels(picture)[..., 0] for picture in _of_one_size(pictures)])


def _of_one_size(pictures: Sequence[PIL.Image.Image]) -> list[PIL.Image.Image]:
    if not pictures:
        raise UsageError("There is no picture here: the batch is empty.")
    size = pictures[0].size
    how = PIL.Image.Resampling.BILINEAR
    return [one if one.size == size else one.resize(size, how) for one in pictures]


def _pixels(picture: PIL.Image.Image) -> torch.Tensor:
    import numpy
    import torch

    array = numpy.asarray(picture, dtype=numpy.float32) / 255.0
    return torch.from_numpy(array if array.ndim == 3 else array[..., None])


# -- in


def origin_of(value: Any) -> Origin | None:
    """What a value on a link was made from, if it is one of ours and nobody wrote into it."""
    if isinstance(value, CarriedValue):
        return value.origin
    if isinstance(value, (Latent, SoundValue)):
        return value.origin
    found = getattr(value, _MARK, None) if not isinstance(value, _PLAIN) else None
    if not isinstance(found, tuple):
        return None
    origin, version = found
    if version >= 0 and (value.is_inference() or value._version != version):
        return None
    return origin if isinstance(origin, Origin) else None


def from_comfyui(value: Any, type_: str, wire: Wire | None) -> object:
    """A value of ComfyUI's own, of the type of the output it comes from, as our nodes know it.

    What it holds is shared with nobody. Raises UsageError for what has no form here.
    """
    import torch

    if type_ == "LATENT" and isinstance(value, Mapping):
        return latents_of_comfyui(value, wire)
    if isinstance(value, Mapping) and "waveform" in value and "sample_rate" in value:
        return _sound_of_comfyui(value)
    if callable(getattr(value, "get_components", None)):
        return film_of_comfyui(value)
    if isinstance(value, torch.Tensor):
        if type_ == "IMAGE" and value.ndim == 4:
            return one_or_batch(_pictures(value))
        if type_ == "MASK" and value.ndim in (2, 3):
            planes = value[None] if value.ndim == 2 else value
            return one_or_batch(_pictures(planes[..., None]))
        return value.detach().clone()
    return value


def _sound_of_comfyui(value: Mapping[str, Any]) -> object:
    rate = int(value["sample_rate"])
    waves = value["waveform"].detach().clone().to("cpu").float()
    sounds = [Sound(wave, rate) for wave in (waves if waves.ndim == 3 else waves[None])]
    return sounds[0] if len(sounds) == 1 else sounds


def _pictures(tensor: torch.Tensor) -> list[PIL.Image.Image]:
    """Pictures of (n, height, width, channels); what lies outside 0 to 1 is cut off."""
    import torch

    levels = tensor.detach().to("cpu", torch.float32).clamp(0, 1).mul(255).round()
    pages = levels.to(torch.uint8).numpy()
    return [PIL.Image.fromarray(page[..., 0] if page.shape[2] == 1 else page) for page in pages]
