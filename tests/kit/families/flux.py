"""Flux, and Flux Kontext."""

from __future__ import annotations

from pathlib import Path

from diffusers import (
    AutoencoderKL,
    FlowMatchEulerDiscreteScheduler,
    FluxTransformer2DModel,
)
from diffusers.modular_pipelines import FluxAutoBlocks, FluxKontextAutoBlocks
from tests.kit.parts import PROMPT, clip, clip_tokenizer, picture, seed, t5, t5_tokenizer
from tests.kit.recipes import Inputs, Recipe, write_repository


def components() -> dict[str, object]:
    return {
        "text_encoder": clip(),
        "tokenizer": clip_tokenizer(),
        "text_encoder_2": t5(),
        "tokenizer_2": t5_tokenizer(),
        "vae": vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": transformer(),
    }


def vae() -> AutoencoderKL:
    """Latents of four channels, an eighth as wide as the picture."""
    return AutoencoderKL(
        block_out_channels=(4, 4, 4, 4),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=2,
        use_quant_conv=False,
        use_post_quant_conv=False,
        shift_factor=0.1,
        scaling_factor=0.4,
    )


def transformer() -> FluxTransformer2DModel:
    return FluxTransformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=8,
        pooled_projection_dim=8,
        guidance_embeds=True,
        axes_dims_rope=(2, 2, 4),
    )


def build(folder: Path) -> None:
    write_repository(folder, FluxAutoBlocks, components())


def build_kontext(folder: Path) -> None:
    write_repository(folder, FluxKontextAutoBlocks, components())


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "max_sequence_length": 32,
        "generator": seed(),
    }


def image_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(), "strength": 0.9}


def edit_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(), "_auto_resize": False, "max_area": 64 * 64}


RECIPES = (
    Recipe("flux", build, {"text2image": text_inputs, "image2image": image_inputs}),
    Recipe(
        "flux-kontext",
        build_kontext,
        {"image_conditioned": edit_inputs, "text2image": text_inputs},
    ),
)
