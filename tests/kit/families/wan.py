"""Tiny Wan repositories: films from text, from pictures, and with a control film."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKLWan, UniPCMultistepScheduler, WanTransformer3DModel
from diffusers.modular_pipelines import WanBlocks

from tests.kit.recipes import Recipe, write_repository
from tests.kit.texts import TEXT_WIDTH, byte_tokenizer, umt5_encoder

LATENT_CHANNELS = 4


def wan_vae() -> AutoencoderKLWan:
    """Eight times smaller in space, four times in time, as the real one."""
    return AutoencoderKLWan(
        base_dim=4,
        z_dim=LATENT_CHANNELS,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.1, -0.2, 0.0, 0.3],
        latents_std=[1.1, 0.9, 1.0, 1.2],
    )


def wan_transformer(in_channels: int = LATENT_CHANNELS, **config: Any) -> WanTransformer3DModel:
    return WanTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=in_channels,
        out_channels=LATENT_CHANNELS,
        text_dim=TEXT_WIDTH,
        freq_dim=16,
        ffn_dim=16,
        num_layers=2,
        rope_max_seq_len=32,
        **config,
    )


def wan_texts() -> dict[str, Any]:
    tokenizer = byte_tokenizer()
    return {"tokenizer": tokenizer, "text_encoder": umt5_encoder(len(tokenizer))}


def _parts() -> Mapping[str, Any]:
    return {
        **wan_texts(),
        "vae": wan_vae(),
        "transformer": wan_transformer(),
        "scheduler": UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
    }


def build_wan(folder: Path) -> None:
    write_repository(folder, WanBlocks, _parts())


def text_inputs() -> dict[str, object]:
    return {
        "prompt": "a castle at sunset",
        "negative_prompt": "fog",
        "num_inference_steps": 2,
        "height": 16,
        "width": 32,
        "num_frames": 5,
        "max_sequence_length": 32,
        "generator": torch.Generator().manual_seed(0),
    }
