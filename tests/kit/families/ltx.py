"""Tiny LTX repositories: films from text or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLLTXVideo,
    FlowMatchEulerDiscreteScheduler,
    LTXVideoTransformer3DModel,
)
from diffusers.modular_pipelines import LTXAutoBlocks
from tests.kit.parts import PROMPT, picture, seed, t5, t5_tokenizer
from tests.kit.recipes import Inputs, Recipe, write_repository

LATENT_CHANNELS = 4


def _vae() -> AutoencoderKLLTXVideo:
    """32 times smaller in space and eight times in time, as the real one."""
    return AutoencoderKLLTXVideo(
        latent_channels=LATENT_CHANNELS,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1, 1),
    )


def _components() -> dict[str, Any]:
    return {
        "tokenizer": t5_tokenizer(),
        "text_encoder": t5(),
        "vae": _vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": LTXVideoTransformer3DModel(
            in_channels=LATENT_CHANNELS,
            out_channels=LATENT_CHANNELS,
            num_attention_heads=2,
            attention_head_dim=8,
            cross_attention_dim=16,
            num_layers=2,
            caption_channels=8,
        ),
    }


def build(folder: Path) -> None:
    write_repository(folder, LTXAutoBlocks, _components())


def _text() -> Inputs:
    return {
        "prompt": PROMPT,
        "negative_prompt": "fog",
        "num_inference_steps": 2,
        "height": 64,
        "width": 96,
        "num_frames": 9,
        "max_sequence_length": 32,
        "generator": seed(),
    }


def _image() -> Inputs:
    return {**_text(), "image": picture()}


RECIPES = (Recipe("ltx", build, {"text2video": _text, "image2video": _image}),)
