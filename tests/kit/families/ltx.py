"""Tiny LTX repositories: films from text or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLLTXVideo,
    FlowMatchEulerDiscreteScheduler,
    LTXVideoTransformer3DModel,
)
from diffusers.modular_pipelines import LTXAutoBlocks

from tests.kit.recipes import Inputs, Recipe, write_repository
from tests.kit.texts import TEXT_WIDTH, t5_encoder, t5_tokenizer
from tests.kit.values import picture, seeded

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
    tokenizer = t5_tokenizer()
    return {
        "tokenizer": tokenizer,
        "text_encoder": t5_encoder(len(tokenizer)),
        "vae": _vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": LTXVideoTransformer3DModel(
            in_channels=LATENT_CHANNELS,
            out_channels=LATENT_CHANNELS,
            num_attention_heads=2,
            attention_head_dim=8,
            cross_attention_dim=16,
            num_layers=2,
            caption_channels=TEXT_WIDTH,
        ),
    }


def build_ltx(folder: Path) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        write_repository(folder, LTXAutoBlocks, _components())


def _text() -> Inputs:
    return {
        "prompt": "a castle at sunset",
        "negative_prompt": "fog",
        "num_inference_steps": 2,
        "height": 64,
        "width": 96,
        "num_frames": 9,
        "max_sequence_length": 32,
        "generator": seeded(),
    }


def _image() -> Inputs:
    return {**_text(), "image": picture(96, 64)}


RECIPES = (Recipe("ltx", build_ltx, {"text2video": _text, "image2video": _image}),)
