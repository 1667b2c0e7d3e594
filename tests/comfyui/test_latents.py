"""LATENT is what the autoencoder itself takes and gives, whatever diffusers' latents are."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from diffusers import AutoencoderKL, AutoencoderKLWan

from blockloom.bridge.components import component_ref
from blockloom.comfyui.latents import latents_of_comfyui, latents_to_comfyui
from blockloom.errors import UsageError
from blockloom.execution.keys import content_key
from blockloom.execution.values import PipelineBase, ValueRef
from blockloom.execution.wire import Wire


def _vae(**config: Any) -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(8, 8),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        norm_num_groups=4,
        **config,
    )


def _wire(vae: object, **numbers: int) -> Wire:
    wire = Wire.start(PipelineBase("toy"), {"vae": component_ref(vae)})
    for name, number in numbers.items():
        wire = wire.with_value(name, ValueRef(content_key(number), inline=number))
    return wire


def _wan() -> AutoencoderKLWan:
    return AutoencoderKLWan(
        base_dim=3,
        z_dim=16,
        dim_mult=[1, 1],
        num_res_blocks=1,
        temperal_downsample=[False],
    )


def test_a_scale_and_a_shift() -> None:
    wire = _wire(_vae(scaling_factor=0.25, shift_factor=0.5))
    samples = latents_to_comfyui(torch.full((1, 4, 2, 2), 1.0), wire)
    assert torch.equal(samples, torch.full((1, 4, 2, 2), 4.5))
    assert torch.equal(latents_of_comfyui({"samples": samples}, wire), torch.ones(1, 4, 2, 2))


def test_means_and_deviations_of_channels() -> None:
    vae = _wan()
    wire = _wire(vae)
    latents = torch.randn(1, 16, 1, 4, 4)
    samples = latents_to_comfyui(latents, wire)
    # As the decode step of diffusers' Wan has it.
    mean = torch.tensor(vae.config.latents_mean).view(1, 16, 1, 1, 1)
    inverse = 1.0 / torch.tensor(vae.config.latents_std).view(1, 16, 1, 1, 1)
    assert torch.allclose(samples, latents / inverse + mean)
    assert torch.allclose(latents_of_comfyui({"samples": samples}, wire), latents, atol=1e-6)


def test_tokens_are_unpacked_where_the_size_is_known() -> None:
    from diffusers import FluxPipeline

    cells = torch.arange(2 * 4 * 6 * 4).view(2, 4, 6, 4).float()
    packed = FluxPipeline._pack_latents(cells, 2, 4, 6, 4)
    wire = _wire(_vae(scaling_factor=1.0), width=8, height=12)
    assert torch.equal(latents_to_comfyui(packed, wire), cells)


@pytest.mark.parametrize(
    ("latents", "wire", "message"),
    [
        (torch.zeros(1, 6, 16), _wire(_vae()), "packed into tokens"),
        (torch.zeros(1, 6, 16), _wire(_vae(), width=64, height=64), "packed into tokens"),
        (torch.zeros(1, 4, 2, 2), None, "there is none here"),
        (torch.zeros(1, 3, 1, 2, 2), _wire(_wan()), "has 16"),
        ("text", _wire(_vae()), "no tensor"),
    ],
)
def test_what_has_no_form_in_comfyui_says_why(
    latents: object, wire: Wire | None, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        latents_to_comfyui(latents, wire)


def test_what_comes_from_comfyui_is_a_copy() -> None:
    wire = _wire(_vae(scaling_factor=1.0))
    with torch.inference_mode():
        samples = torch.zeros(1, 4, 2, 2)
    taken = latents_of_comfyui({"samples": samples}, wire)
    taken += 1
    assert torch.equal(samples, torch.zeros(1, 4, 2, 2))
    assert not taken.is_inference()
