"""Latents as ComfyUI has them, and as diffusers has them.

ComfyUI's are what the autoencoder gives; diffusers' are scaled for the denoiser, as the config of
the autoencoder says: ``(z - latents_mean) / latents_std * scaling_factor`` where it has means and
deviations of channels, else ``(z - shift_factor) * scaling_factor``. (The source of both is each
pipeline's own decode step in diffusers, the other way round.) Flux and its kin also pack 2 x 2
cells into one token of four times the channels; given width and height that is undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blockloom.errors import UsageError
from blockloom.execution.wire import Wire

if TYPE_CHECKING:
    import torch

_PACK = 2


@dataclass(frozen=True, slots=True)
class LatentScale:
    """How an autoencoder's latents are scaled for the denoiser, and how large its cells are."""

    factor: float = 1.0
    shift: float = 0.0
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()
    cell: int = 8

    def to_comfyui(self, latents: torch.Tensor) -> torch.Tensor:
        """What the autoencoder gives, of latents (n, channels, …)."""
        if self.mean:
            mean, deviation = self._of_channels(latents)
            return latents * deviation / self.factor + mean
        return latents / self.factor + self.shift

    def to_diffusers(self, samples: torch.Tensor) -> torch.Tensor:
        """What the denoiser takes, of the autoencoder's samples (n, channels, …)."""
        if self.mean:
            mean, deviation = self._of_channels(samples)
            return (samples - mean) / deviation * self.factor
        return (samples - self.shift) * self.factor

    def _of_channels(self, latents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        if latents.shape[1] != len(self.mean):
            raise UsageError(
                f"These latents have {latents.shape[1]} channels; the autoencoder of this model "
                f"has {len(self.mean)}.",
                remedy="Use latents of the same kind of model.",
            )
        shape = (1, -1, *([1] * (latents.ndim - 2)))
        return (
            latents.new_tensor(self.mean).view(shape),
            latents.new_tensor(self.deviation).view(shape),
        )


def scale_of(wire: Wire | None) -> LatentScale:
    """The scale of the autoencoder on a main wire. Raises UsageError where it cannot be told."""
    ref = wire.components.get("vae") if wire is not None else None
    handle: Any = ref.handle if ref is not None else None
    vae = handle.look() if handle is not None else None
    if vae is None:
        raise UsageError(
            "Latents of ComfyUI's are scaled by the model's autoencoder; there is none here.",
            remedy="Put a node with a main wire that carries a vae between.",
        )
    config: Mapping[str, Any] = vae.config
    if getattr(vae, "bn", None) is not None:
        raise UsageError(
            "The latents of this model are normalised by its autoencoder's own statistics, which "
            "ComfyUI's form of a latent does not have.",
            remedy="Decode them with the model's own decoder.",
        )
    mean, deviation = config.get("latents_mean"), config.get("latents_std")
    depth = len(config.get("block_out_channels") or (0, 0, 0, 0))
    return LatentScale(
        float(config.get("scaling_factor") or 1.0),
        float(config.get("shift_factor") or 0.0),
        _floats(mean) if deviation is not None else (),
        _floats(deviation) if mean is not None else (),
        2 ** (depth - 1),
    )


def _floats(values: Any) -> tuple[float, ...]:
    return () if values is None else tuple(map(float, values))


def latents_to_comfyui(latents: Any, wire: Wire | None) -> torch.Tensor:
    """``samples`` of ComfyUI's for diffusers' latents; raises UsageError where there are none."""
    import torch

    if not isinstance(latents, torch.Tensor) or not latents.is_floating_point():
        raise UsageError(
            "This value is no tensor, so ComfyUI's own nodes cannot take it as latent."
        )
    scale = scale_of(wire)
    if latents.ndim == 3 and wire is not None:
        latents = _unpacked(latents, _number(wire, "width"), _number(wire, "height"), scale.cell)
    if latents.ndim not in (4, 5):
        raise UsageError(
            "These latents are packed into tokens, which ComfyUI's own nodes do not know.",
            remedy="Decode them with the model's own decoder.",
        )
    return scale.to_comfyui(latents.detach()).to("cpu", copy=True).float()


def latents_of_comfyui(value: Mapping[str, Any], wire: Wire | None) -> torch.Tensor:
    """diffusers' latents of ComfyUI's ``{"samples": …}``, as a tensor of their own."""
    samples = value["samples"]
    return scale_of(wire).to_diffusers(samples.clone())


def _unpacked(
    latents: torch.Tensor, width: int | None, height: int | None, cell: int
) -> torch.Tensor:
    """Tokens (n, rows * columns, 4 * channels) as (n, channels, 2 * rows, 2 * columns)."""
    if not width or not height or latents.shape[2] % (_PACK * _PACK):
        return latents
    rows, columns = height // (cell * _PACK), width // (cell * _PACK)
    count, tokens, depth = latents.shape
    if tokens != rows * columns:
        return latents
    channels = depth // (_PACK * _PACK)
    cells = latents.view(count, rows, columns, channels, _PACK, _PACK)
    return cells.permute(0, 3, 1, 4, 2, 5).reshape(count, channels, rows * _PACK, columns * _PACK)


def _number(wire: Wire, name: str) -> int | None:
    ref = wire.values.get(name)
    return ref.inline if ref is not None and isinstance(ref.inline, int) else None
