"""MiniMax H3: films with sound, from text, first and last frames, or references."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import (
    AutoencoderKLMiniMaxH3,
    AutoencoderKLMiniMaxH3Audio,
    MiniMaxH3Transformer3DModel,
)
from diffusers.modular_pipelines import MiniMaxH3Blocks
from diffusers.modular_pipelines.minimax_h3.references import (
    MiniMaxH3AudioReference,
    MiniMaxH3ImageReference,
)
from diffusers.schedulers.scheduling_minimax_h3 import MiniMaxH3Scheduler
from tests.kit.parts import (
    PROMPT,
    picture,
    qwen3_vl,
    qwen3_vl_processor,
    qwen_tokenizer,
    seed,
)
from tests.kit.recipes import TORCHVISION, Inputs, Recipe, write_repository
from transformers import Qwen3VLForConditionalGeneration

_CHANNELS = 4
_SOUND = 4
_SOUND_RATE = 160
"""Samples a second: four to each of the forty latents that a second has."""


def _vae() -> AutoencoderKLMiniMaxH3:
    """Sixteen times smaller in space; 17 frames make five latents, as in the real one."""
    return AutoencoderKLMiniMaxH3(
        latent_channels=_CHANNELS,
        block_out_channels=(4, 4, 4, 4),
        layers_per_block=1,
        spatial_downsample_factors=(2, 2, 2, 2),
        temporal_downsample_factors=(1, 2, 2, 1),
        norm_num_groups=2,
        decoder_num_layers=1,
        decoder_num_attention_heads=2,
        decoder_attention_head_dim=8,
        decoder_num_register_tokens=2,
        decoder_ffn_mult=2,
        latents_mean=(0.1,) * _CHANNELS,
        latents_std=(1.1,) * _CHANNELS,
    )


def _audio_vae() -> AutoencoderKLMiniMaxH3Audio:
    return AutoencoderKLMiniMaxH3Audio(
        encoder_dim=4,
        encoder_rates=(2, 2),
        latent_dim=16,
        latent_channels=_SOUND,
        num_attention_heads=2,
        decoder_dim=8,
        decoder_rates=(2, 2),
        decoder_kernel_sizes=(4, 4),
        resblock_kernel_sizes=(3,),
        resblock_dilation_sizes=((1, 3),),
        sampling_rate=_SOUND_RATE,
        latents_mean=[0.0] * _SOUND,
        latents_std=[1.0] * _SOUND,
    )


def _transformer() -> MiniMaxH3Transformer3DModel:
    return MiniMaxH3Transformer3DModel(
        num_attention_heads=2,
        attention_head_dim=16,
        hidden_size=16,
        num_layers=1,
        num_refiner_layers=1,
        ffn_dim=16,
        in_channels=_CHANNELS,
        audio_in_channels=_SOUND,
        text_dim=8,
        freq_dim=8,
        time_embed_hidden_dim=16,
        time_embed_dim=8,
        rope_freq_dim=2,
    )


def build(folder: Path) -> None:
    """The pipeline reads the fiftieth layer of the text encoder, and not the last one."""
    components = {
        "text_encoder": qwen3_vl(Qwen3VLForConditionalGeneration, layers=51),
        "tokenizer": qwen_tokenizer(),
        "processor": qwen3_vl_processor(),
        "vae": _vae(),
        "audio_vae": _audio_vae(),
        "scheduler": MiniMaxH3Scheduler(shift=12.0),
        "audio_scheduler": MiniMaxH3Scheduler(shift=3.0),
        "transformer": _transformer(),
        "transformer_ref": _transformer(),
    }
    config = {
        "canvas_short_edge": 32,
        "canvas_max_pixels": 32 * 64,
        "reference_image_short_edge": 64,
    }
    write_repository(folder, MiniMaxH3Blocks, components, **config)


def text_inputs() -> Inputs:
    """Five seconds are the least."""
    return {
        "prompt": PROMPT,
        "height": 32,
        "width": 32,
        "num_frames": 124,
        "num_inference_steps": 2,
        "generator": seed(),
    }


def frame_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(48), "last_image": picture(48, hue=60)}


def reference_inputs() -> Inputs:
    sound = torch.sin(torch.arange(2 * 6 * _SOUND_RATE) / 7).reshape(2, -1)
    references = [
        MiniMaxH3ImageReference(image=picture(48)),
        MiniMaxH3AudioReference(audio=sound, sample_rate=_SOUND_RATE),
    ]
    return {**text_inputs(), "references": references}


RECIPES = (
    Recipe(
        "minimax-h3",
        build,
        {"t2va": text_inputs, "fl2va": frame_inputs, "ref2va": reference_inputs},
        needs=TORCHVISION,
    ),
)
