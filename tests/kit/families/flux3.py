"""Flux 3, and its distilled form; their processors need torchvision."""

from __future__ import annotations

from pathlib import Path

from diffusers import Flux3Transformer2DModel
from diffusers.modular_pipelines import Flux3AutoBlocks, Flux3DistilledAutoBlocks
from tests.kit.parts import (
    PROMPT,
    flux2_vae,
    picture,
    qwen3_5,
    qwen3_vl,
    qwen3_vl_processor,
    seed,
)
from tests.kit.recipes import TORCHVISION, Inputs, Recipe, write_repository
from transformers import Qwen3VLForConditionalGeneration

_WIDTH = 8


def components(*, has_flow_map: bool) -> dict[str, object]:
    return {
        "prompt_upsampler": qwen3_5(),
        "prompt_upsampler_processor": qwen3_vl_processor(),
        "text_encoder": qwen3_vl(Qwen3VLForConditionalGeneration, layers=3, width=_WIDTH),
        "tokenizer": qwen3_vl_processor(),
        "vae": flux2_vae(),
        "transformer": Flux3Transformer2DModel(
            in_channels=16,
            cond_in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=8,
            num_attention_heads=2,
            joint_attention_dim=2 * _WIDTH,
            timestep_channels=8,
            axes_dims_rope=(2, 2, 2, 2),
            flow_map=has_flow_map,
        ),
    }


def build(folder: Path) -> None:
    write_repository(folder, Flux3AutoBlocks, components(has_flow_map=False))


def build_distilled(folder: Path) -> None:
    write_repository(folder, Flux3DistilledAutoBlocks, components(has_flow_map=True))


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "max_sequence_length": 160,
        "max_new_tokens": 3,
        "text_encoder_out_layers": (1, 3),
        "generator": seed(),
    }


def edit_inputs() -> Inputs:
    return {**text_inputs(), "image": picture()}


_WORKFLOWS = {"text2image": text_inputs, "image_conditioned": edit_inputs}
_EARLY = {"max_new_tokens": 5}
"""The tiny upsampler says the same to every text, behind its long instructions."""

RECIPES = (
    Recipe("flux3", build, _WORKFLOWS, early=_EARLY, needs=TORCHVISION),
    Recipe("flux3-distilled", build_distilled, _WORKFLOWS, early=_EARLY, needs=TORCHVISION),
)
