"""Qwen Image 2.1, and its turbo; their processor for pictures needs torchvision."""

from __future__ import annotations

from pathlib import Path

from diffusers import (
    AutoencoderKLQwenImage21,
    FlowMatchEulerDiscreteScheduler,
    QwenImage21Transformer2DModel,
)
from diffusers.modular_pipelines import QwenImage21AutoBlocks, QwenImage21TurboAutoBlocks
from tests.kit.parts import PROMPT, picture, qwen3_vl, qwen3_vl_processor, seed
from tests.kit.recipes import TORCHVISION, Inputs, Recipe, write_repository
from transformers import Qwen3VLForConditionalGeneration

_LATENTS = 4


def components() -> dict[str, object]:
    return {
        "text_encoder": qwen3_vl(Qwen3VLForConditionalGeneration),
        "processor": qwen3_vl_processor(),
        "vae": vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": QwenImage21Transformer2DModel(
            in_channels=_LATENTS,
            out_channels=_LATENTS,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=2,
            context_in_dim=8,
            axes_dims_rope=(4, 2, 2),
        ),
    }


def vae() -> AutoencoderKLQwenImage21:
    """Latents a sixteenth as wide as the picture."""
    return AutoencoderKLQwenImage21(
        base_dim=4,
        decoder_base_dim=4,
        z_dim=_LATENTS,
        dim_mult=[1, 1, 1, 1, 1],
        num_res_blocks=1,
        latents_mean=[0.1, -0.2, 0.3, 0.0],
        latents_std=[1.1, 0.9, 1.2, 1.0],
    )


def build(folder: Path) -> None:
    write_repository(folder, QwenImage21AutoBlocks, components())


def build_turbo(folder: Path) -> None:
    write_repository(folder, QwenImage21TurboAutoBlocks, components())


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "generator": seed(),
    }


def edit_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(), "output_resolution": 64}


_WORKFLOWS = {"text2image": text_inputs, "image_conditioned": edit_inputs}

RECIPES = (
    Recipe("qwenimage21", build, _WORKFLOWS, needs=TORCHVISION),
    Recipe("qwenimage21-turbo", build_turbo, _WORKFLOWS, needs=TORCHVISION),
)
