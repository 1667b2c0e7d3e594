"""Stable Diffusion 3."""

from __future__ import annotations

from pathlib import Path

from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel
from diffusers.modular_pipelines import StableDiffusion3AutoBlocks
from tests.kit.parts import PROMPT, clip, clip_tokenizer, picture, seed, t5, t5_tokenizer
from tests.kit.recipes import Inputs, Recipe, write_repository

_WIDTH = 16
"""Of the T5 encoder; the two CLIP encoders are half as wide, so that together they fit."""


def build(folder: Path) -> None:
    components = {
        "text_encoder": clip(is_projected=True),
        "tokenizer": clip_tokenizer(),
        "text_encoder_2": clip(is_projected=True),
        "tokenizer_2": clip_tokenizer(),
        "text_encoder_3": t5(_WIDTH),
        "tokenizer_3": t5_tokenizer(),
        "vae": vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=3.0),
        "transformer": transformer(),
    }
    write_repository(folder, StableDiffusion3AutoBlocks, components)


def vae() -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(4, 4, 4, 4),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=16,
        norm_num_groups=2,
        use_quant_conv=False,
        use_post_quant_conv=False,
        shift_factor=0.06,
        scaling_factor=1.5,
    )


def transformer() -> SD3Transformer2DModel:
    return SD3Transformer2DModel(
        sample_size=8,
        in_channels=16,
        out_channels=16,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=_WIDTH,
        caption_projection_dim=16,
        pooled_projection_dim=16,
        pos_embed_max_size=16,
        qk_norm="rms_norm",
        dual_attention_layers=(0,),
    )


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "negative_prompt": "a house",
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "max_sequence_length": 32,
        "generator": seed(),
    }


def image_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(), "strength": 0.9}


RECIPES = (
    Recipe("stable-diffusion-3", build, {"text2image": text_inputs, "image2image": image_inputs}),
)
